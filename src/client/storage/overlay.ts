/**
 * What stands on the screen: the endpoint's version with this phone's pending edits on top. Pure. Every place that changes
 * base or outbox computes the row here, so that a pull can never undo what a person just wrote.
 */
import { flatten, unflatten } from '../../shared/sync/flat-paths.ts'
import type { JsonObject, JsonValue } from '../../shared/sync/json.ts'
import type { WireRecord } from '../../shared/sync/protocol/pull.ts'
import type { OutboxEntry, PhoneRecord } from './rows.ts'

/** A record as it came over the wire, as a row without pending edits. */
export function wireToRow(wire: WireRecord, fields: JsonObject = wire.fields): PhoneRecord {
  const row: PhoneRecord = {
    id: wire.id,
    scope: wire.scope,
    rev: wire.rev,
    schemaVersion: wire.schemaVersion,
    fields,
    author: wire.author,
    observedAt: wire.observedAt,
    receivedAt: wire.receivedAt,
    pending: 0,
  }
  return wire.history === undefined ? row : { ...row, history: wire.history }
}

/**
 * Changes given as flat paths, as nested parts, or mixed, brought to flat paths.
 * @throws TypeError for a key that cannot be a path segment.
 */
export function toFlatChanges(changes: Readonly<Record<string, unknown>>): JsonObject {
  const flat: JsonObject = {}
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) continue
    const isPart = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isPart && Object.keys(value).length > 0) flatten(value as JsonObject, key, flat)
    else flat[key] = value as JsonValue
  }
  // Checks every segment of every path.
  unflatten(structuredClone(flat))
  return flat
}

/** @throws TypeError when a path would go through a leaf. */
export function applyChanges(fields: JsonObject, changes: JsonObject): JsonObject {
  return unflatten(structuredClone({ ...flatten(fields), ...changes }))
}

function fieldsAfter(fields: JsonObject | undefined, entry: OutboxEntry): JsonObject {
  if (entry.conflict !== 'draft') return entry.fields
  try {
    return applyChanges(fields ?? {}, entry.fields)
  } catch (error) {
    // The endpoint's shape has changed under the edit: the edit waits in the outbox and the endpoint settles it.
    if (error instanceof TypeError && fields !== undefined) return fields
    throw error
  }
}

/**
 * @param base the endpoint's version, undefined when it never had the record
 * @param entries of this record, in the order of the queue
 * @returns undefined when nothing is to be shown: deleted here, or never existed
 */
export function screenRow(
  base: PhoneRecord | undefined,
  entries: readonly OutboxEntry[],
  personId: string,
): PhoneRecord | undefined {
  const kept = entries.filter((entry) => entry.scopeDropped !== true)
  const last = kept.at(-1)
  if (last === undefined) return base
  if (last.op === 'delete') return undefined
  let fields = base?.fields
  for (const entry of kept) if (entry.op === 'put') fields = fieldsAfter(fields, entry)
  const row: PhoneRecord = {
    id: last.id,
    scope: last.scope,
    rev: base?.rev ?? 0,
    schemaVersion: last.schemaVersion,
    fields: fields ?? {},
    author: personId,
    observedAt: last.observedAt,
    receivedAt: base?.receivedAt ?? null,
    pending: 1,
  }
  return base?.history === undefined ? row : { ...row, history: base.history }
}
