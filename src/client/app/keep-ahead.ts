/**
 * Starts what the slices keep on the phone ahead of need (`<slice>.ahead.ts`), after the first screen is there. A slice that
 * cannot be loaded now is tried again at the next start; nothing that is on the screen waits for it.
 */
import type { Phone } from '../storage/phone.ts'

type Ahead = () => Promise<{ keepAhead: (phone: Phone) => () => void }>

const START_AFTER_MS = 1500

/** @returns how to stop all of it */
export function startKeepingAhead(
  phone: Phone,
  slices: readonly Ahead[] = Object.values(
    import.meta.glob<{ keepAhead: (phone: Phone) => () => void }>('../features/*/*.ahead.ts'),
  ),
): () => void {
  const stops: (() => void)[] = []
  let isStopped = false
  const timer = setTimeout(() => {
    for (const load of slices) {
      load().then(
        ({ keepAhead }) => {
          if (!isStopped) stops.push(keepAhead(phone))
        },
        () => undefined,
      )
    }
  }, START_AFTER_MS)
  return () => {
    isStopped = true
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
