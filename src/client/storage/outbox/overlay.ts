/**
 * What stands on the screen: the endpoint's version with this phone's pending edits on top. Pure. Every place that changes
 * base or outbox computes the row here, so that a pull can never undo what a person just wrote.
 */
import { upgradeFields, type AnyDefinition } from '../../../shared/sync/define-record.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import { flatten, unflatten } from '../../../shared/sync/flat-paths.ts'
import type { JsonObject, JsonValue } from '../../../shared/sync/json.ts'
import type { WireRecord } from '../../../shared/sync/protocol/pull.ts'
import type { NewOutboxEntry, PhoneRecord } from '../rows.ts'

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

/** The same, brought up to this version of the app. Its `schemaVersion` says what its fields are. */
export function upgradedRow(wire: WireRecord, definition: AnyDefinition): PhoneRecord {
  const fields = upgradeFields(definition, wire.fields, wire.schemaVersion)
  const schemaVersion = Math.max(wire.schemaVersion, definition.schemaVersion)
  return { ...wireToRow(wire, fields), schemaVersion }
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

/** Fields with the version of the schema that they are of. */
interface Versioned {
  fields: JsonObject | undefined
  schemaVersion: number
}

/** An entry may have been written before the app was updated: its paths are of its own version. */
function after(standing: Versioned, entry: NewOutboxEntry): Versioned {
  const { type, schemaVersion } = entry
  if (entry.conflict !== 'draft') return { fields: entry.fields, schemaVersion }
  const definition = definitionOf(type)
  const { fields } =
    definition === undefined || schemaVersion <= standing.schemaVersion
      ? standing
      : upgradedTo({ ...definition, schemaVersion }, standing)
  return {
    fields: fieldsAfter(fields, entry),
    schemaVersion: Math.max(schemaVersion, standing.schemaVersion),
  }
}

const upgradedTo = (definition: AnyDefinition, { fields, schemaVersion }: Versioned): Versioned => ({
  fields: fields === undefined ? undefined : upgradeFields(definition, fields, schemaVersion),
  schemaVersion: Math.max(schemaVersion, definition.schemaVersion),
})

function fieldsAfter(fields: JsonObject | undefined, entry: NewOutboxEntry): JsonObject {
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
  entries: readonly NewOutboxEntry[],
  personId: string,
): PhoneRecord | undefined {
  const kept = entries.filter((entry) => entry.scopeDropped !== true)
  const last = kept.at(-1)
  if (last === undefined) return base
  if (last.op === 'delete') return undefined
  const definition = definitionOf(last.type)
  let shown: Versioned = {
    fields: base?.fields,
    schemaVersion: base?.schemaVersion ?? kept[0]!.schemaVersion,
  }
  for (const entry of kept) if (entry.op === 'put') shown = after(shown, entry)
  if (definition !== undefined) shown = upgradedTo(definition, shown)
  const row: PhoneRecord = {
    id: last.id,
    scope: last.scope,
    rev: base?.rev ?? 0,
    schemaVersion: shown.schemaVersion,
    fields: shown.fields ?? {},
    author: last.signed?.person ?? personId,
    observedAt: last.observedAt,
    receivedAt: base?.receivedAt ?? null,
    pending: 1,
  }
  return base?.history === undefined ? row : { ...row, history: base.history }
}
