/**
 * After an update of the app: rows that lie on the phone are brought to the schema versions of this app, at open.
 *
 * Promises: rows, their bases and the paths of drafts that were not sent yet become of one version; what was numbered is never
 * changed (the endpoint must recognise it), and the endpoint upgrades it on arrival; nothing is scanned when nothing is new.
 */
import { upgradeFields, type AnyDefinition } from '../../../shared/sync/define-record.ts'
import { flatten } from '../../../shared/sync/flat-paths.ts'
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import { definitions } from '../../../shared/sync/registry.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import type { PhoneDb } from '../db.ts'
import { entriesOf, refreshRow } from '../outbox/entries.ts'
import { readMeta, writeMeta } from '../meta.ts'
import { applyChanges } from '../outbox/overlay.ts'
import type { OutboxEntry, PhoneRecord } from '../rows.ts'
import { StorageTrouble } from '../trouble.ts'

const isOlder = (definition: AnyDefinition, of: { schemaVersion: number }): boolean =>
  of.schemaVersion < definition.schemaVersion

function upgraded(definition: AnyDefinition, row: PhoneRecord): PhoneRecord {
  if (!isOlder(definition, row)) return row
  const fields = upgradeFields(definition, row.fields, row.schemaVersion)
  return { ...row, fields, schemaVersion: definition.schemaVersion }
}

/** What the upgrade of the whole draft changes against the upgrade of what it rested on. */
function upgradedPaths(
  definition: AnyDefinition,
  base: PhoneRecord | undefined,
  entry: OutboxEntry,
): JsonObject {
  const from = entry.schemaVersion
  const before = base?.fields ?? {}
  const flatBefore = base === undefined ? {} : flatten(upgradeFields(definition, before, from))
  const flatAfter = flatten(upgradeFields(definition, applyChanges(before, entry.fields), from))
  const changed = Object.entries(flatAfter).filter(
    ([path, value]) => canonicalJson([flatBefore[path] ?? null]) !== canonicalJson([value]),
  )
  return Object.fromEntries(changed)
}

/** Drafts that were edited and not sent; one whose earlier edit is in flight waits for that one's outcome. */
async function upgradeUnsent(
  db: PhoneDb,
  definition: AnyDefinition,
  base: PhoneRecord | undefined,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const [only, ...others] = entries
  if (only === undefined || others.length > 0 || only.n !== null) return
  if (only.conflict !== 'draft' || only.op !== 'put' || !isOlder(definition, only)) return
  const fields = upgradedPaths(definition, base, only)
  await db.outbox.update(only.seq, { fields, schemaVersion: definition.schemaVersion })
}

async function upgradeType(db: PhoneDb, definition: AnyDefinition, personId: string): Promise<void> {
  const { type } = definition
  for (const row of await db.rows(type).toArray()) {
    if (row.pending === 0) {
      if (isOlder(definition, row)) await db.rows(type).put(upgraded(definition, row))
      continue
    }
    const entries = await entriesOf(db, type, row.id)
    const base = (await db.base.get([type, row.id]))?.record
    await upgradeUnsent(db, definition, base, entries)
    // While an edit is in flight its base keeps its version; the screen's row is upgraded from both (overlay.ts).
    const isInFlight = entries.some((entry) => entry.n !== null)
    const newBase = base === undefined || isInFlight ? base : upgraded(definition, base)
    await refreshRow(db, type, row.id, personId, newBase)
  }
}

/**
 * @returns the types whose rows were looked through
 * @throws StorageTrouble when a newer version of the app has been here: its rows are not for this one to write
 */
export async function upgradeRows(db: PhoneDb, personId: string): Promise<string[]> {
  const before = (await readMeta(db, 'schemas')) ?? {}
  if (definitions.some((d) => d.schemaVersion < (before[d.type] ?? 1)))
    throw new StorageTrouble('outdated', undefined)
  const due = definitions.filter((d) => d.schemaVersion > (before[d.type] ?? 1))
  for (const definition of due) {
    const { type, schemaVersion } = definition
    await db.transaction('rw', [db.rows(type), db.base, db.outbox, db.meta], async () => {
      await upgradeType(db, definition, personId)
      const now = (await readMeta(db, 'schemas')) ?? {}
      await writeMeta(db, 'schemas', { ...now, [type]: schemaVersion })
    })
  }
  return due.map(({ type }) => type)
}
