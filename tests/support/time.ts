/** One time for a whole history: the endpoint's clock and the timers of all phones move only when the test says so. */
import type { Timers } from '../../src/client/sync/clock.ts'
import { MONDAY, type ManualClock } from './endpoint.ts'

export interface Time extends ManualClock, Timers {
  /** A phone's own clock, which may be wrong and may jump. Its timers are right all the same. */
  phoneClock(offsetMs?: number): { now: () => number; jump: (ms: number) => void }
}

export function createTime(start = MONDAY): Time {
  let at = start
  let timers: { at: number; run: () => void }[] = []
  const moveTo = (until: number) => {
    for (;;) {
      const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      timers = timers.filter((timer) => timer !== next)
      at = Math.max(at, next.at)
      next.run()
    }
    at = until
  }
  return {
    now: () => at,
    advance: (ms) => moveTo(at + ms),
    set: moveTo,
    after(delayMs, run) {
      const timer = { at: at + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    phoneClock(offsetMs = 0) {
      let offset = offsetMs
      return { now: () => at + offset, jump: (ms) => void (offset += ms) }
    },
  }
}
