/**
 * A scope that the person may no longer read leaves the phone in the transaction of the page that says so: rows, base,
 * quarantine, files that nothing else names. What was not sent goes to 需处理 with its data.
 */
import type { IndexableType, Table } from 'dexie'
import { definitions } from '../../../shared/sync/registry.ts'
import { moveToAttention } from '../outbox/attention.ts'
import { blobsIn } from '../ask-definition.ts'
import type { PhoneDb } from '../db.ts'
import { blobsNamedBy } from '../outbox/entries.ts'
import type { PhoneRecord } from '../rows.ts'

const SLICE = 500

const definitionsWithBlobs = definitions.filter((definition) => definition.blobs !== undefined)

/** Files that the rows name. */
export function blobsOfRows(type: string, rows: readonly (PhoneRecord | undefined)[]): string[] {
  if (!definitionsWithBlobs.some((d) => d.type === type)) return []
  return rows.flatMap((row) => (row === undefined ? [] : blobsIn(type, row.fields)))
}

/** Removes those of the candidates that no row, entry or refused write names. Inside a transaction over all tables. */
export async function removeUnnamedBlobs(db: PhoneDb, candidates: Iterable<string>): Promise<void> {
  const unnamed = new Set(candidates)
  if (unnamed.size === 0) return
  for (const { type } of definitionsWithBlobs) {
    if (unnamed.size === 0) return
    await db.rows(type).each((row) => {
      for (const sha256 of blobsOfRows(type, [row])) unnamed.delete(sha256)
    })
  }
  const written = [...(await db.outbox.toArray()), ...(await db.attention.toArray())]
  for (const sha256 of written.flatMap((entry) => blobsNamedBy(entry))) unnamed.delete(sha256)
  // Made here and not uploaded yet: a record may still be about to name it.
  await db.blobs
    .where('sha256')
    .anyOf([...unnamed])
    .and((row) => row.upload === 0)
    .delete()
  // The pieces of a file that stays are the file.
  const staying = new Set(
    await db.blobs
      .where('sha256')
      .anyOf([...unnamed])
      .primaryKeys(),
  )
  await db.pieces
    .where('sha256')
    .anyOf([...unnamed].filter((sha256) => !staying.has(sha256)))
    .delete()
}

/** A few at a time: ten thousand in one task would hold up the thumb. */
async function deleteOfScope(table: Table<unknown, IndexableType>, scope: string): Promise<number> {
  const keys = await table.where('scope').equals(scope).primaryKeys()
  for (let at = 0; at < keys.length; at += SLICE) await table.bulkDelete(keys.slice(at, at + SLICE))
  return keys.length
}

/** Inside a transaction over all tables. @returns how many rows there were */
export async function dropScope(
  db: PhoneDb,
  scope: string,
  context: { now: number; personId: string },
): Promise<number> {
  const candidates: string[] = []
  for (const { type } of definitionsWithBlobs)
    candidates.push(...blobsOfRows(type, await db.rows(type).where('scope').equals(scope).toArray()))
  const tables = [...definitions.map(({ type }) => db.rows(type)), db.base, db.quarantine, db.carried]
  const counts = await Promise.all(
    tables.map((table) => deleteOfScope(table as Table<unknown, IndexableType>, scope)),
  )
  for (const entry of await db.outbox.where('scope').equals(scope).sortBy('seq')) {
    // In flight: its outcome decides, but nothing of it may come back to the screen.
    if (entry.n !== null) await db.outbox.update(entry.seq, { scopeDropped: true })
    else if ((await db.outbox.get(entry.seq)) !== undefined)
      await moveToAttention(db, entry, { code: 'forbidden', ...context })
  }
  await removeUnnamedBlobs(db, candidates)
  return counts.reduce((sum, count) => sum + count, 0)
}
