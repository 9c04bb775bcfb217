/** What outbox, outcomes, pages and 需处理 all ask of the queue, and the one function that writes a row again. */
import { definitionOf } from '../../../shared/sync/registry.ts'
import { blobsIn, parentsIn } from '../ask-definition.ts'
import type { PhoneDb } from '../db.ts'
import { screenRow } from './overlay.ts'
import type { BaseRow, NewOutboxEntry, OutboxEntry, PhoneRecord } from '../rows.ts'

export const keyOf = (item: { type: string; id: string }): string => `${item.type}/${item.id}`

export async function entriesOf(db: PhoneDb, type: string, id: string): Promise<OutboxEntry[]> {
  return await db.outbox.where('[type+id]').equals([type, id]).sortBy('seq')
}

/** The queue of each of these records, by `type/id`. Many are answered in one go: a cursor would wait for each entry. */
export async function queueOf(
  db: PhoneDb,
  records: readonly { type: string; id: string }[],
): Promise<Map<string, OutboxEntry[]>> {
  const [only] = records
  if (only === undefined) return new Map()
  const entries =
    records.length === 1 ? await entriesOf(db, only.type, only.id) : await db.outbox.orderBy('seq').toArray()
  const queue = new Map(records.map((record): [string, OutboxEntry[]] => [keyOf(record), []]))
  for (const entry of entries) queue.get(keyOf(entry))?.push(entry)
  return queue
}

/** What the row of one record rests on. */
export interface Ground {
  type: string
  id: string
  /** The endpoint's version; undefined when it has none. */
  base: PhoneRecord | undefined
  /** All of the record that are in the queue, in its order. */
  entries: readonly NewOutboxEntry[]
}

/**
 * Computes and writes rows again, after base or outbox of the records changed. Inside the caller's transaction. All at once:
 * one after another each would wait for the browser's database process and back.
 */
export async function writeRows(db: PhoneDb, grounds: readonly Ground[], personId: string): Promise<void> {
  const known = grounds.filter(({ type }) => definitionOf(type) !== undefined)
  const bases: BaseRow[] = []
  const baseless: [string, string][] = []
  const rows = new Map<string, { put: PhoneRecord[]; gone: string[] }>()
  for (const { type, id, base, entries } of known) {
    const row = screenRow(base, entries, personId)
    const ofType = rows.get(type) ?? { put: [], gone: [] }
    rows.set(type, ofType)
    if (row === undefined) ofType.gone.push(id)
    else ofType.put.push(row)
    const shown = entries.some((entry) => entry.scopeDropped !== true)
    if (shown && base !== undefined) bases.push({ type, id, scope: base.scope, record: base })
    else baseless.push([type, id])
  }
  await Promise.all([
    ...[...rows].flatMap(([type, { put, gone }]) => [
      put.length > 0 && db.rows(type).bulkPut(put),
      gone.length > 0 && db.rows(type).bulkDelete(gone),
    ]),
    bases.length > 0 && db.base.bulkPut(bases),
    baseless.length > 0 && db.base.bulkDelete(baseless),
  ])
}

/** Reads the record's queue and writes its row again, after base or outbox changed. Inside the caller's transaction. */
export async function refreshRow(
  db: PhoneDb,
  type: string,
  id: string,
  personId: string,
  base: PhoneRecord | undefined,
): Promise<void> {
  await writeRows(db, [{ type, id, base, entries: await entriesOf(db, type, id) }], personId)
}

/** Handed from phone to phone, as its author signed it: the payload is never changed, and either phone may deliver it first. */
export const isOnTwoPhones = ({ signed, handed }: Pick<OutboxEntry, 'signed' | 'handed'>): boolean =>
  signed !== undefined || handed === true

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
