/**
 * One tab of a person syncs at a time, where the browser has Web Locks. Only a saving: two tabs at once are correct too,
 * because numbering, outcomes and pages are each one transaction. So a lock that does not come (a frozen tab holds it)
 * is done without after a while.
 */
import type { Timers } from './clock.ts'

const LONGEST_WAIT_MS = 35_000

export type WithLock = <T>(work: () => Promise<T>) => Promise<T>

export const withoutLock: WithLock = (work) => work()

export function createWebLock(name: string, timers: Timers, locks: LockManager | undefined): WithLock {
  if (locks === undefined) return withoutLock
  return async function withLock<T>(work: () => Promise<T>): Promise<T> {
    const giveUp = new AbortController()
    const cancel = timers.after(LONGEST_WAIT_MS, () => giveUp.abort())
    let outcome: { value: T } | undefined
    try {
      await locks.request(name, { signal: giveUp.signal }, async () => {
        cancel()
        outcome = { value: await work() }
      })
    } catch (error) {
      if (!giveUp.signal.aborted) throw error
    } finally {
      cancel()
    }
    return outcome === undefined ? await work() : outcome.value
  }
}
