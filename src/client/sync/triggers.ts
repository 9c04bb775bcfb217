/** What wakes the engine in a browser: the network, the screen, a timer while visible, nudges of the endpoint. */
import type { WakeReason } from './core.ts'

const VISIBLE_INTERVAL_MS = 60_000
/** A hall's phones are not all to ask at once when a nudge comes. */
const NUDGE_SPREAD_MS = 1_500
/** EventSource reconnects by itself; after this many failures in a row the timer is enough. */
const MAX_LIVE_ERRORS = 5

export interface TriggerTarget {
  wake(reason: WakeReason): void
  wentOffline(): void
}

/** Begins to listen. @returns what stops it */
export type Triggers = (target: TriggerTarget) => () => void

function openLive(target: TriggerTarget): () => void {
  if (typeof EventSource === 'undefined') return () => undefined
  const source = new EventSource('/api/live')
  let errors = 0
  source.addEventListener('open', () => {
    errors = 0
  })
  source.addEventListener('moved', () => {
    setTimeout(() => target.wake('nudge'), Math.random() * NUDGE_SPREAD_MS)
  })
  source.addEventListener('error', () => {
    errors += 1
    if (errors >= MAX_LIVE_ERRORS) source.close()
  })
  return () => source.close()
}

/** A hidden page keeps no connection open: phones close it anyway, and it costs battery. */
export const browserTriggers: Triggers = (target) => {
  let closeLive = openLive(target)
  const isVisible = () => document.visibilityState === 'visible'
  const onVisibility = () => {
    closeLive()
    if (!isVisible()) return
    closeLive = openLive(target)
    target.wake('visible')
  }
  const onOnline = () => target.wake('online')
  const onOffline = () => target.wentOffline()
  const timer = setInterval(() => {
    if (isVisible()) target.wake('timer')
  }, VISIBLE_INTERVAL_MS)
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('online', onOnline)
  addEventListener('offline', onOffline)
  return () => {
    closeLive()
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('online', onOnline)
    removeEventListener('offline', onOffline)
  }
}
