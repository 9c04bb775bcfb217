/**
 * Whoever writes goes first: between two bookings the engine waits until a write that has begun is on the disk and the screens
 * have read it, so that the thumb waits for one booking at the most and never for the next one too.
 *
 * Only a courtesy, and bounded: somebody who never stops writing holds each booking up by {@link LONGEST_MS}, no more.
 */
import type { Timers } from './clock.ts'

/** After a write the screens ask the database anew; a booking that begins sooner would stand before them in its queue. */
export const SCREEN_MS = 25
export const LONGEST_MS = 250

export interface GiveWay {
  /** Runs a write of the person. */
  writing<T>(work: () => Promise<T>): Promise<T>
  /** Resolves at once when nobody writes. */
  untilQuiet(): Promise<void>
}

export function createGiveWay(timers: Timers): GiveWay {
  let writes = 0
  const waiting: (() => void)[] = []
  const pause = (ms: number) => new Promise<void>((resolve) => void timers.after(ms, resolve))

  function end(): void {
    writes -= 1
    if (writes > 0) return
    for (const resolve of waiting.splice(0)) resolve()
  }

  return {
    async writing(work) {
      writes += 1
      try {
        return await work()
      } finally {
        void pause(SCREEN_MS).then(end)
      }
    },
    async untilQuiet() {
      if (writes === 0) return
      await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), pause(LONGEST_MS)])
    },
  }
}
