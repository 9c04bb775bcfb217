/** A command: a bulk act that happens wholly or not at all, with a client-made id and a stored outcome. */
import type * as v from 'valibot'
import type { Actor } from '../../shared/org/actor.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { WriteTx } from '../store/record-store.ts'
import type { Parts } from '../routes/parts.ts'

export interface CommandContext {
  tx: WriteTx
  parts: Parts
  actor: Actor
  now: number
  /** Scopes that were written, for the nudges. */
  moved: Set<string>
}

export interface Command<
  Schema extends v.GenericSchema<unknown, unknown> = v.GenericSchema<unknown, unknown>,
> {
  name: string
  schema: Schema
  /** The outcome is not stored and not repeated: it holds something that is shown once. */
  shownOnce?: true
  /** Throws a Refusal to undo everything. */
  run(context: CommandContext, body: v.InferOutput<Schema>): Promise<JsonObject>
}

export function defineCommand<Schema extends v.GenericSchema<unknown, unknown>>(
  command: Command<Schema>,
): Command {
  return command as unknown as Command
}
