/** A clock and timers that move only when a test says so. */
import type { Clock, Timers } from '../../../src/client/sync/clock.ts'

export interface ManualClock extends Clock, Timers {
  /** Sets the clock forward, firing what becomes due, in order. */
  tick(ms: number): void
  /** The phone's clock jumps; timers do not notice. */
  jump(ms: number): void
  /** Delays of the timers that wait. */
  pending(): number[]
}

export function createManualClock(startAt = 1_800_000_000_000): ManualClock {
  let elapsed = 0
  let offset = startAt
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => offset + elapsed,
    after(delayMs, run) {
      const timer = { at: elapsed + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((t) => t !== timer)
      }
    },
    tick(ms) {
      const until = elapsed + ms
      for (;;) {
        const next = timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers = timers.filter((t) => t !== next)
        elapsed = next.at
        next.run()
      }
      elapsed = until
    },
    jump(ms) {
      offset += ms
    },
    pending: () => timers.map((t) => t.at - elapsed),
  }
}
