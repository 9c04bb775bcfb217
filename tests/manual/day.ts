/**
 * The day of every picture: a Tuesday afternoon that never moves, so that pictures change only when the screens do. The endpoint's
 * clock goes on by a second a minute, which no picture shows and which limits of tries need.
 */
import type { BrowserContext } from 'playwright-core'

/** Tuesday 24 November 2026, 16:20 in China: between the sittings of the demo's meeting. */
export const DAY = Date.parse('2026-11-24T16:20:00+08:00')
const SLOWER = 60

export const slowNow = (): number => DAY + Math.round(performance.now() / SLOWER)

/** Before the first page is opened, and again where something happens after what the office has done. */
export const stopClock = (context: BrowserContext, at = DAY): Promise<void> => context.clock.setFixedTime(at)
