/** Time as the shells need it: injected, so that a test moves it by hand. */

export interface Timers {
  /** @returns what cancels it */
  after(delayMs: number, run: () => void): () => void
}

export interface Clock {
  /** The device's own time (UTC ms), right or wrong. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

export const systemTimers: Timers = {
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs)
    return () => clearTimeout(handle)
  },
}
