/**
 * When a reminder (催阅) may be shown, and how often one may be made: the only place that says so, for phones and endpoint.
 *
 * Guarantee: nobody is reminded outside these hours. Whose shift is known is reminded within the own shift alone, so a night
 * shift by night; nobody on a day of rest or of leave, nor in the hours of sleep after a night shift. Whose shift nobody wrote:
 * within the bureau's hours. A reminder that is made outside them is kept and shown when the next begin.
 * Source: product.md, what it must never do, 5.
 */
import { civilDate, civilInstant, DAY_MS } from '../../civil-time.ts'
import {
  isWorking,
  REST_AFTER_NIGHT_MS,
  shiftOn,
  dateAfter,
  type RosterFacts,
} from '../../org/shifts/shifts.ts'
import { USUAL_REMINDER_HOURS, type ReminderHours } from '../../org/unit.ts'

/** One person is reminded of one circulation at most so often in all, and at most once within the gap. */
export const MOST_REMINDERS = 3
export const REMINDER_GAP_MS = DAY_MS
/** Further than this a roster is never written. */
const LOOK_AHEAD_DAYS = 92

/** What decides when one person may be reminded. */
export interface ReminderPlan {
  personId: string
  /** The bureau's. */
  hours: ReminderHours
  /** All that are known: of the branch, of a section. */
  rosters: readonly RosterFacts[]
}

/** As the bureau has set them. @param bureau the root unit, where it is known */
export const reminderHoursOf = (
  bureau: { reminderHours?: ReminderHours | undefined } | undefined,
): ReminderHours => bureau?.reminderHours ?? USUAL_REMINDER_HOURS

interface Span {
  from: number
  /** Exclusive. */
  to: number
}

/** The stretch that begins on this date; null: none. */
function spanOn({ personId, hours, rosters }: ReminderPlan, date: string): Span | null {
  const shift = shiftOn(rosters, personId, date)
  if (shift !== null) return isWorking(shift.kind) ? shift : null
  const before = shiftOn(rosters, personId, dateAfter(date, -1))
  const awake = before?.kind === 'night' ? before.to + REST_AFTER_NIGHT_MS : 0
  const from = Math.max(civilInstant(date, hours.from), awake)
  const to = civilInstant(date, hours.to)
  return from < to ? { from, to } : null
}

/** Yesterday's night shift reaches into today. */
const spansAround = (plan: ReminderPlan, at: number): Span[] =>
  [at - DAY_MS, at].flatMap((ms) => spanOn(plan, civilDate(ms)) ?? [])

/** May the person be reminded at this moment (UTC ms)? */
export const isReminderTime = (plan: ReminderPlan, at: number): boolean =>
  spansAround(plan, at).some(({ from, to }) => from <= at && at < to)

/** The moment from which a reminder is shown (UTC ms): at once within the hours, else when they begin next; null: not in sight. */
export function reminderShownFrom(madeAt: number, plan: ReminderPlan): number | null {
  for (let days = -1; days <= LOOK_AHEAD_DAYS; days++) {
    const span = spanOn(plan, civilDate(madeAt + days * DAY_MS))
    if (span !== null && madeAt < span.to) return Math.max(span.from, madeAt)
  }
  return null
}

/** Why the person is not to be reminded today: on leave, or a day of rest. Who is still at work on a night shift is there. */
export function awayOn(plan: ReminderPlan, now: number): 'leave' | 'rest' | null {
  const kind = shiftOn(plan.rosters, plan.personId, civilDate(now))?.kind
  if (kind !== 'leave' && kind !== 'rest') return null
  return isReminderTime(plan, now) ? null : kind
}

export type ReminderBar = 'leave' | 'rest' | 'too-many' | 'too-soon'

/** Why one more reminder can't be made now; null when it can. @param times when the earlier ones were made (UTC ms) */
export function reminderBar(times: readonly number[], plan: ReminderPlan, now: number): ReminderBar | null {
  if (times.length >= MOST_REMINDERS) return 'too-many'
  return awayOn(plan, now) ?? (times.some((at) => now - at < REMINDER_GAP_MS) ? 'too-soon' : null)
}
