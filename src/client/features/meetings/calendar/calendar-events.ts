/**
 * Meetings and own shifts as entries of a phone's calendar.
 *
 * Guarantee: an entry keeps its uid for ever and its sequence only grows, so that a file taken in a second time changes what
 * stands there and adds nothing twice; a cancelled meeting, or a shift that was taken back, is told as cancelled; what stands
 * nowhere any more is told by given.ts. No person is named in it: a phone's calendar is shared with families and clouds. So the
 * agenda stays out as well.
 */
import { lastDayOfMonth } from '../../../../shared/civil-time.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { SHIFT_WORDS, type ShiftRoster } from '../../../../shared/org/shifts/shift-roster.ts'
import { isWorking, MEETING_MINUTES, shiftOn } from '../../../../shared/org/shifts/shifts.ts'

export interface CalendarEvent {
  uid: string
  sequence: number
  title: string
  place: string
  /** UTC ms. */
  from: number
  to: number
  /** The civil date; then `from` and `to` say nothing. */
  wholeDay?: string
  isCancelled: boolean
}

/** What a record's row says about its age: the endpoint's revision, which grows with each change. */
export interface Revised {
  rev: number
  pending: 0 | 1
}

const DOMAIN = 'window-hall'
/** A change that has not arrived yet is newer than what it rests on. */
const sequenceOf = ({ rev, pending }: Revised): number => rev + pending

const SHIFT = 'shift.'
export const isOfShifts = (uid: string): boolean => uid.startsWith(SHIFT)
export const isOfMeetings = (uid: string): boolean => !isOfShifts(uid)
export const isOfMeeting =
  (meetingId: string) =>
  (uid: string): boolean =>
    uid.startsWith(`${meetingId}.`)

export function eventsOfMeeting(row: { id: string; fields: Meeting } & Revised): CalendarEvent[] {
  const { sittings, title, state } = row.fields
  return sittings.map((sitting) => ({
    uid: `${row.id}.${sitting.id}@${DOMAIN}`,
    sequence: sequenceOf(row),
    title: sittings.length > 1 ? `${title}（${sitting.name}）` : title,
    place: sitting.place ?? '',
    from: sitting.startsAt,
    to: sitting.startsAt + MEETING_MINUTES * 60_000,
    isCancelled: state === 'cancelled',
  }))
}

/** The own shifts of a roster's month; days that were written and taken back are cancelled. */
export function eventsOfShifts(row: { fields: ShiftRoster } & Revised, personId: string): CalendarEvent[] {
  const { month, unitId, days } = row.fields
  const own = days?.[personId] ?? {}
  const last = lastDayOfMonth(month).slice(8)
  return Object.keys(own)
    .filter((day) => /^\d\d$/.test(day) && day >= '01' && day <= last)
    .sort()
    .map((day) => {
      const date = `${month}-${day}`
      const shift = shiftOn([row.fields], personId, date)
      const event = {
        uid: `${SHIFT}${unitId}.${personId}.${date}@${DOMAIN}`,
        sequence: sequenceOf(row),
        title: shift === null ? '排班' : SHIFT_WORDS[shift.kind],
        place: '',
        from: shift?.from ?? 0,
        to: shift?.to ?? 0,
        isCancelled: shift === null,
      }
      return shift !== null && isWorking(shift.kind) ? event : { ...event, wholeDay: date }
    })
}
