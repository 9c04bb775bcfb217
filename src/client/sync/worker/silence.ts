/** Notices that a worker does not answer any more. */
import type { Timers } from '../clock.ts'

/** A worker answers within a few milliseconds; a booking of a large page may take a second on an old phone. */
export const SILENT_MS = 30_000
/** What slept through the limit answers at once when it is asked again. */
export const GRACE_MS = 2000

export interface Silence {
  /** Something is wanted of the worker: it has to answer. */
  watch(): void
  /** It said something. */
  broken(): void
}

export function createSilence(timers: Timers, ask: () => void, onSilent: () => void): Silence {
  let cancel: (() => void) | undefined
  const askAgain = (): void => {
    cancel = timers.after(GRACE_MS, () => {
      cancel = undefined
      onSilent()
    })
    ask()
  }
  return {
    watch() {
      if (cancel !== undefined) return
      cancel = timers.after(SILENT_MS, askAgain)
      ask()
    },
    broken() {
      cancel?.()
      cancel = undefined
    },
  }
}
