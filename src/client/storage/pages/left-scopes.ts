/**
 * What has left this phone because the person may no longer read it. Promise: kept, in the transaction that takes it away, until
 * the person has seen it said; what they gain again is not said any more.
 */
import type { PhoneDb } from '../db.ts'
import { readMeta, writeMeta } from '../meta.ts'

/**
 * Inside the transaction of the page.
 * @param dropped scopes of which something was on the phone
 * @param gained scopes that the same page gives
 */
export async function noteLeft(
  db: PhoneDb,
  dropped: readonly string[],
  gained: readonly string[],
): Promise<void> {
  if (dropped.length === 0 && gained.length === 0) return
  const scopes = new Set([...(await leftScopes(db)), ...dropped])
  for (const scope of gained) scopes.delete(scope)
  if (scopes.size === 0) await forgetLeft(db)
  else await writeMeta(db, 'left', [...scopes])
}

export const leftScopes = async (db: PhoneDb): Promise<string[]> => (await readMeta(db, 'left')) ?? []

/** The person has seen it. */
export const forgetLeft = (db: PhoneDb): Promise<void> => db.meta.delete('left')
