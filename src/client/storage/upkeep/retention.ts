/**
 * What is older than its type's `keepOnPhone` leaves the phone. Judged by the endpoint's clock, never by the phone's: a phone
 * that was set three years ahead would otherwise empty itself. Nothing that waits is touched.
 */
import { DAY_MS } from '../../../shared/civil-time.ts'
import { definitionOf, definitions } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { forgetOldCarried } from '../outbox/between-phones/carried.ts'
import { blobsOfRows, removeUnnamedBlobs } from '../pages/drop.ts'
import type { PhoneRecord } from '../rows.ts'

const MONTH_MS = 30.44 * DAY_MS

/** Rows are looked at a few at a time, so that neither the thumb nor a write waits for the whole table. */
const PART = 500

type Dated = Pick<PhoneRecord, 'receivedAt'>

/** @param serverTime of an answer that has just come */
export function isPastKeeping(type: string, { receivedAt }: Dated, serverTime: number): boolean {
  const months = definitionOf(type)?.keepOnPhone ?? 'always'
  return months !== 'always' && receivedAt !== null && receivedAt < serverTime - months * MONTH_MS
}

async function oldIds(db: PhoneDb, type: string, serverTime: number): Promise<string[]> {
  const old: string[] = []
  for (let last = ''; ;) {
    const rows = await db.rows(type).where('id').above(last).limit(PART).toArray()
    for (const row of rows) if (isPastKeeping(type, row, serverTime)) old.push(row.id)
    if (rows.length < PART) return old
    last = rows.at(-1)?.id ?? last
  }
}

/** @param serverTime of an answer that has just come @returns how many rows were removed */
export async function pruneOld(db: PhoneDb, serverTime: number): Promise<number> {
  await forgetOldCarried(db, serverTime)
  let removed = 0
  for (const { type, keepOnPhone } of definitions) {
    if (keepOnPhone === 'always') continue
    const ids = await oldIds(db, type, serverTime)
    if (ids.length === 0) continue
    removed += await db.transaction('rw', db.tables, async () => {
      const rows = (await db.rows(type).bulkGet(ids)).filter((row) => row !== undefined)
      // Looked at again under the lock: something of it may wait since.
      const old = rows.filter((row) => row.pending === 0 && isPastKeeping(type, row, serverTime))
      await db.rows(type).bulkDelete(old.map((row) => row.id))
      await removeUnnamedBlobs(db, blobsOfRows(type, old))
      return old.length
    })
  }
  return removed
}
