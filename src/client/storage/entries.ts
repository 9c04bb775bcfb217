/** What outbox, outcomes, pages and 需处理 all ask of the queue, and the one function that writes a row again. */
import { definitionOf } from '../../shared/sync/registry.ts'
import { blobsIn, parentsIn } from './ask-definition.ts'
import type { PhoneDb } from './db.ts'
import { screenRow } from './overlay.ts'
import type { OutboxEntry, PhoneRecord } from './rows.ts'

export const keyOf = (item: { type: string; id: string }): string => `${item.type}/${item.id}`

export async function entriesOf(db: PhoneDb, type: string, id: string): Promise<OutboxEntry[]> {
  return await db.outbox.where('[type+id]').equals([type, id]).sortBy('seq')
}

/** Computes and writes the row again, after base or outbox of the record changed. Inside the caller's transaction. */
export async function refreshRow(
  db: PhoneDb,
  type: string,
  id: string,
  personId: string,
  base: PhoneRecord | undefined,
): Promise<void> {
  if (definitionOf(type) === undefined) return
  const entries = await entriesOf(db, type, id)
  const row = screenRow(base, entries, personId)
  if (row === undefined) await db.rows(type).delete(id)
  else await db.rows(type).put(row)
  const shown = entries.some((entry) => entry.scopeDropped !== true)
  if (shown && base !== undefined) await db.base.put({ type, id, scope: base.scope, record: base })
  else await db.base.delete([type, id])
}

/** The parents that must be at the endpoint before the entry is accepted. */
export function requiredParents(entry: Pick<OutboxEntry, 'type' | 'fields' | 'op'>): string[] {
  if (entry.op === 'delete') return []
  return parentsIn(entry.type, entry.fields)
    .filter((p) => p.optional !== true)
    .map(keyOf)
}

/** SHA-256 of the files that the entry names. */
export function blobsNamedBy(entry: Pick<OutboxEntry, 'type' | 'fields' | 'op'>): readonly string[] {
  if (entry.op === 'delete' || definitionOf(entry.type)?.conflict === 'draft') return []
  return blobsIn(entry.type, entry.fields)
}
