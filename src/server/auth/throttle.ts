/**
 * Sign-in slows down after failures, by account and by address: the wait doubles from the fifth failure on, up to 15 minutes.
 * At the account a try is noted before its password is checked, so that a volley sent at once gets no more tries than one after
 * the other; at the address only when it failed, because a whole hall signs in on Monday morning. A success clears the
 * account's; an hour without a failure is forgotten. Nothing else is counted.
 */
import type { ReadTx, WriteTx } from '../store/record-store.ts'

const FREE_FAILURES = 5
/** From so many failures on the next makes a person wait. It tells of no account: one that does not exist is counted likewise. */
export const WARNED_FROM = FREE_FAILURES - 1
const MAX_WAIT_MS = 15 * 60_000
/** An address may belong to a whole hall behind one router. */
const ADDRESS_FREE_FAILURES = 50
/** Otherwise the mistakes of months would add up at an address, and shut out everyone there. */
const FORGOTTEN_AFTER_MS = 60 * 60_000

export async function waitMs(tx: ReadTx, keys: readonly string[], now: number): Promise<number> {
  const entries = await Promise.all(keys.map((key) => tx.throttle(key)))
  return Math.max(0, ...entries.map((entry) => (entry === undefined ? 0 : entry.until - now)))
}

export async function noteFailure(tx: WriteTx, keys: readonly string[], now: number): Promise<void> {
  for (const key of keys) {
    const entry = await tx.throttle(key)
    const isForgotten = entry === undefined || entry.until + FORGOTTEN_AFTER_MS < now
    await putFailures(tx, key, (isForgotten ? 0 : entry.failures) + 1, now)
  }
}

/** The wait that stands, 0 when the try may go on: then it is noted at the account as failed, until it is cleared. */
export async function noteTry(tx: WriteTx, account: string, address: string, now: number): Promise<number> {
  const wait = await waitMs(tx, [account, address], now)
  if (wait === 0) await noteFailure(tx, [account], now)
  return wait
}

export async function clearFailures(tx: WriteTx, key: string): Promise<void> {
  await tx.putThrottle(key, 0, 0)
}

async function putFailures(tx: WriteTx, key: string, failures: number, now: number): Promise<void> {
  const free = key.startsWith('address:') ? ADDRESS_FREE_FAILURES : FREE_FAILURES
  const wait = failures < free ? 0 : Math.min(MAX_WAIT_MS, 1000 * 2 ** Math.min(20, failures - free))
  await tx.putThrottle(key, failures, now + wait)
}
