/**
 * What has left this phone because the person may no longer read it. Promise: kept, in the transaction that takes it away, until
 * the person has seen it said; what they gain again is not said any more.
 */
import type { PhoneDb } from './db.ts'
import { readMeta, writeMeta, type LeftScopes } from './meta.ts'

export type { LeftScopes } from './meta.ts'

/**
 * Inside the transaction of the page.
 * @param dropped scopes of which something was on the phone
 * @param gained scopes that the same page gives
 * @param at the endpoint's clock
 */
export async function noteLeft(
  db: PhoneDb,
  dropped: readonly string[],
  gained: readonly string[],
  at: number,
): Promise<void> {
  if (dropped.length === 0 && gained.length === 0) return
  const before = await readMeta(db, 'left')
  const scopes = [...new Set([...(before?.scopes ?? []), ...dropped])].filter((s) => !gained.includes(s))
  if (scopes.length === 0) await db.meta.delete('left')
  else await writeMeta(db, 'left', { scopes, at: dropped.length > 0 ? at : (before?.at ?? at) })
}

export const leftScopes = async (db: PhoneDb): Promise<LeftScopes | null> =>
  (await readMeta(db, 'left')) ?? null

/** The person has seen it. */
export const forgetLeft = (db: PhoneDb): Promise<void> => db.meta.delete('left')
