/**
 * Entries that wait for something that the endpoint misses: another record, or a file. They are sent again when it has
 * arrived, and otherwise with growing pauses, a bounded number of times, seven days at most; then they go to 需处理.
 */
import { DAY_MS } from '../../../shared/civil-time.ts'
import type { Outcome } from '../../../shared/sync/protocol/push.ts'
import { moveToAttention } from './attention.ts'
import type { PhoneDb } from '../db.ts'
import { blobsNamedBy, keyOf, requiredParents } from './entries.ts'
import type { HeldFor, OutboxEntry } from '../rows.ts'

export const MAX_DEFERRED_MS = 7 * DAY_MS
export const MAX_DEFERRALS = 40
const FIRST_PAUSE_MS = 60_000
export const LONGEST_PAUSE_MS = 6 * 3_600_000

/** @param attempts how often it was deferred before, from 0 */
export function deferralPauseMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20), LONGEST_PAUSE_MS)
}

const heldKey = (heldFor: HeldFor): string => ('blob' in heldFor ? heldFor.blob : keyOf(heldFor))

/** What the endpoint says it misses; where an older endpoint does not say, the first thing that the entry rests on. */
function missingOf(entry: OutboxEntry, outcome: Outcome): HeldFor {
  const detail = outcome.detail ?? ''
  if (outcome.code === 'missing-file') return { blob: detail || (blobsNamedBy(entry)[0] ?? '') }
  const named = detail.replace(':', '/') || (requiredParents(entry)[0] ?? '')
  const [type = '', id = ''] = named.split('/')
  return { type, id }
}

async function parentWasRefused(db: PhoneDb, heldFor: HeldFor): Promise<boolean> {
  if ('blob' in heldFor) return false
  const key: [string, string] = [heldFor.type, heldFor.id]
  if ((await db.outbox.where('[type+id]').equals(key).count()) > 0) return false
  return (await db.attention.where('[type+id]').equals(key).count()) > 0
}

/** Books a `deferred` outcome. Inside the caller's transaction over all tables. */
export async function deferEntry(
  db: PhoneDb,
  entry: OutboxEntry,
  outcome: Outcome,
  context: { now: number; personId: string },
): Promise<void> {
  const heldFor = missingOf(entry, outcome)
  // A clock that was ahead when it was first deferred does not stretch the seven days.
  const since = Math.min(entry.deferredSince ?? context.now, context.now)
  const tooLong = context.now - since > MAX_DEFERRED_MS || entry.attempts + 1 > MAX_DEFERRALS
  if (tooLong || (await parentWasRefused(db, heldFor))) {
    const code = 'blob' in heldFor ? 'missing-file' : 'parent-refused'
    await moveToAttention(db, entry, { code, ...context })
    return
  }
  // The endpoint does not have a file that this phone thought it had: send the bytes again.
  if ('blob' in heldFor) await db.blobs.update(heldFor.blob, { upload: 1 })
  const heldUntil = context.now + deferralPauseMs(entry.attempts)
  const attempts = entry.attempts + 1
  await db.outbox.update(entry.seq, {
    n: null,
    hash: null,
    attempts,
    heldFor,
    heldUntil,
    deferredSince: since,
  })
}

/** Lets go what waited for these records (`type/id`) or files (SHA-256). Inside a transaction that covers the outbox. */
export async function releaseHeld(db: PhoneDb, arrived: ReadonlySet<string>): Promise<void> {
  if (arrived.size === 0) return
  // All in one answer: a cursor would wait for each entry by itself.
  const queue = await db.outbox.toArray()
  const released = queue.filter(({ heldFor }) => heldFor !== undefined && arrived.has(heldKey(heldFor)))
  if (released.length === 0) return
  await db.outbox.bulkPut(released.map(({ heldFor: _for, heldUntil: _until, ...entry }) => entry))
}
