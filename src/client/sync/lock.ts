/**
 * Tabs of a person make one step at a time, where the browser has Web Locks. Only a saving: two tabs at once are correct too,
 * because numbering, outcomes and pages are each one transaction. So a lock that does not come (a frozen tab holds it) is
 * done without after a while, and not waited for again before another while.
 *
 * Held for a step, not for the round: what is written in the second tab need not wait until the first has loaded everything.
 */
import type { Timers } from './clock.ts'

/** Longer than any request takes: who still holds the lock then makes no step. */
export const LONGEST_WAIT_MS = 35_000
const WITHOUT_FOR_MS = 5 * 60_000

export type WithLock = <T>(work: () => Promise<T>) => Promise<T>

export const withoutLock: WithLock = (work) => work()

export function createWebLock(name: string, timers: Timers, locks: LockManager | undefined): WithLock {
  if (locks === undefined) return withoutLock
  let isHolderFrozen = false

  /** @returns undefined when the lock did not come */
  async function locked<T>(lock: LockManager, work: () => Promise<T>): Promise<{ value: T } | undefined> {
    const giveUp = new AbortController()
    const cancel = timers.after(LONGEST_WAIT_MS, () => giveUp.abort())
    let outcome: { value: T } | undefined
    // A signal and `ifAvailable` exclude each other.
    const options = isHolderFrozen ? { ifAvailable: true } : { signal: giveUp.signal }
    try {
      await lock.request(name, options, async (held) => {
        cancel()
        if (held === null) return
        isHolderFrozen = false
        outcome = { value: await work() }
      })
    } catch (error) {
      if (!giveUp.signal.aborted) throw error
      isHolderFrozen = true
      timers.after(WITHOUT_FOR_MS, () => (isHolderFrozen = false))
    } finally {
      cancel()
    }
    return outcome
  }

  return async function withLock(work) {
    const outcome = await locked(locks, work)
    return outcome === undefined ? await work() : outcome.value
  }
}
