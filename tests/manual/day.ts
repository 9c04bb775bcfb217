/**
 * The day of every picture: a Tuesday afternoon that never moves, so that pictures change only when the screens do. The endpoint's
 * clock goes on by a second a minute, which no picture shows and which limits of tries need.
 */
import type { BrowserContext } from 'playwright-core'

/** Tuesday 24 November 2026, 16:20 in China: between the sittings of the demo's meeting. */
export const DAY = Date.parse('2026-11-24T16:20:00+08:00')
const SLOWER = 60

export const slowNow = (): number => DAY + Math.round(performance.now() / SLOWER)

/** A worker has a clock of its own, which nobody stops: sync then runs in the page, as where a browser gives no worker. */
function keepSyncInPage(): void {
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      if (String(url).includes('sync-worker')) throw new Error('sync in the page')
      super(url, options)
    }
  }
}

/** Before the first page is opened, and again where something happens after what the office has done. */
export async function stopClock(context: BrowserContext, at = DAY): Promise<void> {
  await context.addInitScript(keepSyncInPage)
  await context.clock.setFixedTime(at)
}
