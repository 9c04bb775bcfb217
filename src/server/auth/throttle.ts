/**
 * Sign-in slows down after failures, by account and by address: the wait doubles from the fifth failure on, up to 15 minutes.
 * A success clears the account's. Nothing else is counted.
 */
import type { ReadTx, WriteTx } from '../store/record-store.ts'

const FREE_FAILURES = 5
const MAX_WAIT_MS = 15 * 60_000
/** An address may belong to a whole hall behind one router. */
const ADDRESS_FREE_FAILURES = 50

export async function waitMs(tx: ReadTx, keys: readonly string[], now: number): Promise<number> {
  const entries = await Promise.all(keys.map((key) => tx.throttle(key)))
  return Math.max(0, ...entries.map((entry) => (entry === undefined ? 0 : entry.until - now)))
}

export async function noteFailure(tx: WriteTx, keys: readonly string[], now: number): Promise<void> {
  for (const key of keys) {
    const failures = ((await tx.throttle(key))?.failures ?? 0) + 1
    const free = key.startsWith('address:') ? ADDRESS_FREE_FAILURES : FREE_FAILURES
    const wait = failures < free ? 0 : Math.min(MAX_WAIT_MS, 1000 * 2 ** Math.min(20, failures - free))
    await tx.putThrottle(key, failures, now + wait)
  }
}

export async function clearFailures(tx: WriteTx, keys: readonly string[]): Promise<void> {
  for (const key of keys) if ((await tx.throttle(key)) !== undefined) await tx.putThrottle(key, 0, 0)
}
