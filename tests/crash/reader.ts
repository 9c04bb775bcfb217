/** A phone that reads page by page through all of it: rows and cursor move together, a page without a whole answer is asked again. */
import { setTimeout as pause } from 'node:timers/promises'
import type { PullAnswer, WireRecord } from '../../src/shared/sync/protocol/pull.ts'
import type { Connection } from '../support/endpoint.ts'
import { ask, type Load } from './load.ts'
import type { Random } from '../support/random.ts'

export interface Reader {
  readonly staffNo: string
  readonly connection: Connection
  readonly random: Random
  cursor: string | null
  readonly rows: Map<string, WireRecord>
  readonly scopes: Set<string>
  /** Where each scope's ledger stood, as it was told. */
  readonly marks: Map<string, string>
}

export const createReader = (connection: Connection, random: Random, staffNo: string): Reader => ({
  staffNo,
  connection,
  random,
  cursor: null,
  rows: new Map(),
  scopes: new Set(),
  marks: new Map(),
})

/** @throws when a page contradicts what was read before */
function take(reader: Reader, page: PullAnswer): void {
  const { add, drop, reset } = page.scopes
  if (drop.length + reset.length > 0) throw new Error(`dropped ${drop.join()}, reset ${reset.join()}`)
  for (const scope of add) reader.scopes.add(scope)
  for (const [scope, [before, reached]] of Object.entries(page.heads ?? {})) {
    const known = reader.marks.get(scope) ?? null
    if (known !== before) throw new Error(`the history of ${scope} was rewritten: ${known} is ${before}`)
    reader.marks.set(scope, reached)
  }
  for (const record of page.records) {
    const key = `${record.type}:${record.id}`
    const held = reader.rows.get(key)
    if (held !== undefined && held.rev >= record.rev)
      throw new Error(`${key} went from revision ${held.rev} to ${record.rev}`)
    reader.rows.set(key, record)
  }
  reader.cursor = page.cursor
}

export async function runReader(load: Load, reader: Reader): Promise<void> {
  const { connection, random } = reader
  for (let isLast = false; load.problems.length === 0;) {
    const limit = isLast ? 500 : 1 + random.below(8)
    const body = { protocol: 1, deviceId: connection.deviceId, cursor: reader.cursor, limit }
    const page = (await ask(load, connection, '/api/pull', body)) as PullAnswer | undefined
    if (page === undefined) {
      await pause(3 + random.below(20))
      continue
    }
    load.pages += 1
    // Now and then the page is lost before it is written: the same cursor is asked again.
    if (!isLast && random.chance(0.05)) continue
    take(reader, page)
    if (page.more) continue
    if (isLast) return
    isLast = load.isDelivered
    await pause(5)
  }
}
