/**
 * What follows from shift rosters, as pure functions of the set of rosters that a phone holds: which shift somebody has,
 * whether they can come to a meeting, whether they may be reminded now. What nobody wrote is unknown, never free: no
 * roster, no claim.
 *
 * Dates and hours are those of the hall's wall clock (UTC+8), whatever the phone's own zone. A shift belongs to the date on
 * which it begins, so the night shift of the 31st ends on the 1st of the next month.
 */
import { civilDate, civilInstant, DAY_MS } from '../../civil-time.ts'
import {
  DEFAULT_HOURS,
  WORKING_SHIFTS,
  type ShiftKind,
  type ShiftRoster,
  type WorkingShift,
} from './shift-roster.ts'

/** What the questions need of a roster. */
export type RosterFacts = Pick<ShiftRoster, 'unitId' | 'month' | 'days' | 'hours'>

export interface Shift {
  kind: ShiftKind
  /** UTC ms; of 休息 and 请假 the civil day. */
  from: number
  /** Exclusive. */
  to: number
}

/** Who comes off a night shift sleeps before anything else: for these hours they count as resting. */
export const REST_AFTER_NIGHT_MS = 8 * 3_600_000
/** What a meeting takes unless told otherwise. */
export const MEETING_MINUTES = 60

export const isWorking = (kind: ShiftKind): kind is WorkingShift =>
  (WORKING_SHIFTS as readonly ShiftKind[]).includes(kind)

/** The civil date `days` later; earlier when negative. */
export const dateAfter = (date: string, days: number): string => civilDate(civilInstant(date) + days * DAY_MS)

/** Hours of a shift as its roster has them. */
export function hoursOf(roster: Pick<RosterFacts, 'hours'>, kind: WorkingShift): string {
  return roster.hours?.[kind] ?? DEFAULT_HOURS[kind]
}

/** @param hours '23:00-08:00' */
function spanOf(date: string, hours: string): { from: number; to: number } {
  const from = civilInstant(date, hours.slice(0, 5))
  const to = civilInstant(date, hours.slice(6, 11))
  return { from, to: to > from ? to : to + DAY_MS }
}

/**
 * The shift that begins on a civil date; null when nobody wrote one. Where two units wrote for the same person, work and
 * leave go before rest, then the unit's id decides: the same on every phone.
 */
export function shiftOn(rosters: readonly RosterFacts[], personId: string, date: string): Shift | null {
  const month = date.slice(0, 7)
  const day = date.slice(8, 10)
  let found: Shift | null = null
  let foundIn = ''
  for (const roster of rosters) {
    if (roster.month !== month) continue
    const kind = roster.days?.[personId]?.[day] ?? null
    if (kind === null) continue
    const goesBefore =
      found === null ||
      (found.kind === 'rest' && kind !== 'rest') ||
      ((found.kind === 'rest') === (kind === 'rest') && roster.unitId < foundIn)
    if (!goesBefore) continue
    const whole = { from: civilInstant(date), to: civilInstant(date) + DAY_MS }
    found = { kind, ...(isWorking(kind) ? spanOf(date, hoursOf(roster, kind)) : whole) }
    foundIn = roster.unitId
  }
  return found
}

/**
 * The last day of the leave that covers a date, 'YYYY-MM-DD'; null when the person is not on leave then. Days of rest between
 * two days of leave belong to it.
 */
export function onLeaveUntil(rosters: readonly RosterFacts[], personId: string, date: string): string | null {
  let last: string | null = null
  for (let day = date; ; day = dateAfter(day, 1)) {
    const kind = shiftOn(rosters, personId, day)?.kind
    if (kind === 'leave') last = day
    else if (kind !== 'rest' || last === null) return last
  }
}

/** `on-shift`: at work meanwhile; `resting`: a day off, or just off a night shift; `unknown`: nobody wrote a shift. */
export type CanAttend = 'yes' | 'on-shift' | 'resting' | 'leave' | 'unknown'

/** Working shifts that may keep a person from what takes this long: of the day, of the one before, of the one into which it goes. */
function worksAround(
  rosters: readonly RosterFacts[],
  personId: string,
  startsAt: number,
  endsAt: number,
): Shift[] {
  const dates = [...new Set([civilDate(startsAt), civilDate(endsAt - 1)])]
  return [dateAfter(dates[0]!, -1), ...dates].flatMap((date) => {
    const shift = shiftOn(rosters, personId, date)
    return shift !== null && isWorking(shift.kind) ? [shift] : []
  })
}

/** When the shift begins (UTC ms) that calls a person away from what began before it; null where none does. */
export function calledAwayAt(
  rosters: readonly RosterFacts[],
  personId: string,
  startsAt: number,
  minutes = MEETING_MINUTES,
): number | null {
  const endsAt = startsAt + minutes * 60_000
  const meets = worksAround(rosters, personId, startsAt, endsAt).filter(
    ({ from, to }) => from < endsAt && startsAt < to,
  )
  const first = Math.min(...meets.map(({ from }) => from))
  return meets.length > 0 && first > startsAt ? first : null
}

/** Can the person come to what begins at `startsAt` (UTC ms) and takes `minutes`? */
export function canAttend(
  rosters: readonly RosterFacts[],
  personId: string,
  startsAt: number,
  minutes = MEETING_MINUTES,
): CanAttend {
  const endsAt = startsAt + minutes * 60_000
  const date = civilDate(startsAt)
  const today = shiftOn(rosters, personId, date)
  if (today?.kind === 'leave') return 'leave'
  const works = worksAround(rosters, personId, startsAt, endsAt)
  if (works.some(({ from, to }) => from < endsAt && startsAt < to)) return 'on-shift'
  const isOffNight = ({ kind, to }: Shift) =>
    kind === 'night' && to <= startsAt && startsAt < to + REST_AFTER_NIGHT_MS
  if (works.some(isOffNight)) return 'resting'
  if (today === null) return 'unknown'
  return today.kind === 'rest' ? 'resting' : 'yes'
}

/**
 * Is the person at work at this moment? null when nobody wrote a shift for the day, and none of the day before reaches into
 * it: whoever asks then uses hours that fit everyone.
 */
export function isOnShift(rosters: readonly RosterFacts[], personId: string, at: number): boolean | null {
  const date = civilDate(at)
  const today = shiftOn(rosters, personId, date)
  const before = shiftOn(rosters, personId, dateAfter(date, -1))
  const holds = (shift: Shift | null) =>
    shift !== null && isWorking(shift.kind) && shift.from <= at && at < shift.to
  if (holds(today) || holds(before)) return true
  return today === null ? null : false
}
