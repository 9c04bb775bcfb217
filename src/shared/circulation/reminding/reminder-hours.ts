/**
 * When a reminder (催阅) may be shown, and how often one may be made: the only place that says so.
 *
 * Guarantee: nobody is reminded outside these hours. One that is made outside them is kept and shown when the next hours begin.
 * Source: product.md, what it must never do, 5. The hours are those of the hall as a whole, by civil time; whose shift it is
 * will be known from the shift roster.
 */
import { civilDate, civilInstant, civilTime, DAY_MS } from '../../civil-time.ts'

/** 'HH:MM' by the hall's wall clock; `to` is exclusive. */
export const REMINDER_HOURS = { from: '08:00', to: '20:00' } as const
/** One person is reminded of one circulation at most so often in all, and at most once within the gap. */
export const MOST_REMINDERS = 3
export const REMINDER_GAP_MS = DAY_MS

/** The moment from which a reminder is shown (UTC ms): at once within the hours, else when they begin next. */
export function reminderShownFrom(madeAt: number): number {
  const time = civilTime(madeAt)
  if (time < REMINDER_HOURS.from) return civilInstant(civilDate(madeAt), REMINDER_HOURS.from)
  if (time >= REMINDER_HOURS.to) return civilInstant(civilDate(madeAt + DAY_MS), REMINDER_HOURS.from)
  return madeAt
}

/** Why one more reminder can't be made now; null when it can. @param times when the earlier ones were made (UTC ms) */
export function reminderBar(times: readonly number[], now: number): 'too-many' | 'too-soon' | null {
  if (times.length >= MOST_REMINDERS) return 'too-many'
  return times.some((at) => now - at < REMINDER_GAP_MS) ? 'too-soon' : null
}
