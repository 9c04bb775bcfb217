/**
 * What is older than its type's `keepOnPhone` leaves the phone. Judged by the endpoint's clock, never by the phone's: a phone
 * that was set three years ahead would otherwise empty itself. Nothing that waits is touched.
 */
import { DAY_MS } from '../../shared/civil-time.ts'
import { definitions } from '../../shared/sync/registry.ts'
import type { PhoneDb } from './db.ts'
import { blobsOfRows, removeUnnamedBlobs } from './drop.ts'

const MONTH_MS = 30.44 * DAY_MS

/** @param serverTime of an answer that has just come @returns how many rows were removed */
export async function pruneOld(db: PhoneDb, serverTime: number): Promise<number> {
  let removed = 0
  for (const { type, keepOnPhone } of definitions) {
    if (keepOnPhone === 'always') continue
    const limit = serverTime - keepOnPhone * MONTH_MS
    removed += await db.transaction('rw', db.tables, async () => {
      const old = await db
        .rows(type)
        .filter((row) => row.pending === 0 && row.receivedAt !== null && row.receivedAt < limit)
        .toArray()
      if (old.length === 0) return 0
      await db.rows(type).bulkDelete(old.map((row) => row.id))
      await removeUnnamedBlobs(db, blobsOfRows(type, old))
      return old.length
    })
  }
  return removed
}
