/**
 * What this phone has delivered for others. Its author's phone offers it again after a restore; where that one is lost, or never
 * heard of the delivery, this phone is the only witness.
 *
 * Promises: kept with the delivery in one transaction, as it was signed, for thirty days; offered again only where the restored
 * store lacks it; gone with its scope, and with the record when that is erased.
 */
import { DAY_MS } from '../../../../shared/civil-time.ts'
import { definitionOf } from '../../../../shared/sync/registry.ts'
import type { PhoneDb } from '../../db.ts'
import type { CarriedRow, NewOutboxEntry, OutboxEntry } from '../../rows.ts'
import { keyOf } from '../entries.ts'
import { payloadOf } from '../outbox.ts'

/** Older than any backup that is put back. */
const KEPT_MS = 30 * DAY_MS

/** Inside the transaction that books the acceptances. */
export async function keepCarried(
  db: PhoneDb,
  accepted: readonly { entry: OutboxEntry }[],
  serverTime: number,
): Promise<void> {
  const rows = accepted.flatMap(({ entry }): CarriedRow[] => {
    const { signed, type, id, scope, conflict, label, savedAt } = entry
    if (signed === undefined || entry.scopeDropped === true) return []
    // An edit says nothing to a store that lacks what it rests on.
    if (entry.baseRev !== 0) return []
    const waiting = { conflict, label, savedAt, n: null, hash: null, attempts: 0 }
    const kept = { ...payloadOf(entry), ...waiting, signed }
    return [{ type, id, scope, entry: kept, deliveredAt: serverTime }]
  })
  if (rows.length > 0) await db.carried.bulkPut(rows)
}

/** After a restore: what the store lacks. Inside a transaction over all tables. @param seen `type/id` of what it has */
export async function carriedAgain(
  db: PhoneDb,
  seen: ReadonlySet<string>,
  now: number,
): Promise<NewOutboxEntry[]> {
  const rows = await db.carried
    .filter((row) => !seen.has(keyOf(row)) && definitionOf(row.type) !== undefined)
    .toArray()
  const waiting = new Set((await db.outbox.toArray()).map(keyOf))
  return rows
    .filter((row) => !waiting.has(keyOf(row)))
    .map(({ entry, deliveredAt }) => ({ ...entry, savedAt: now, offeredAgain: deliveredAt }))
}

/** @param serverTime of an answer that has just come */
export async function forgetOldCarried(db: PhoneDb, serverTime: number): Promise<void> {
  await db.carried.filter(({ deliveredAt }) => deliveredAt < serverTime - KEPT_MS).delete()
}
