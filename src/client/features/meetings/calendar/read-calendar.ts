/** Meetings and own shifts of a month, from the rows on the phone. Called inside live queries. */
import { civilDate } from '../../../../shared/civil-time.ts'
import type { Meeting, Sitting } from '../../../../shared/meetings/meeting.ts'
import type { ShiftRoster } from '../../../../shared/org/shifts/shift-roster.ts'
import { isOfficerOf, spanHolds, type Actor } from '../../../../shared/org/actor.ts'
import { calledAwayAt, canAttend, shiftOn, type CanAttend } from '../../../../shared/org/shifts/shifts.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { ownShiftInWords, SHIFT_LETTERS, SHIFT_TONES } from '../shifts/shift-words.ts'
import { aroundMonth } from '../shifts/read-shifts.ts'
import { daysOf } from '../shifts/fill.ts'
import type { Revised } from './calendar-events.ts'
import type { MonthCell } from './MonthGrid.vue'

export interface DaySitting {
  meetingId: string
  title: string
  sitting: Sitting
  isSingle: boolean
  isCancelled: boolean
  /** By the own shifts. */
  answer: CanAttend
  /** When the own shift begins that it runs into (UTC ms). */
  calledAwayAt: number | null
}

export interface CalendarView {
  cells: Map<string, MonthCell>
  sittingsOf(date: string): DaySitting[]
  /** 早班 08:00–16:00; '' when nobody wrote one. */
  shiftOf(date: string): string
  /** Not over yet, also the cancelled ones. */
  coming: ({ id: string; fields: Meeting } & Revised)[]
  /** Of this month and later. */
  rosters: ({ fields: ShiftRoster } & Revised)[]
  hasShifts: boolean
}

export async function readCalendar(db: PhoneDb, actor: Actor, month: string): Promise<CalendarView> {
  const [allMeetings, rosterRows] = await Promise.all([
    db.records('meeting').orderBy('fields.date').toArray(),
    db.records('shift-roster').toArray(),
  ])
  const memberOf = new Set(actor.memberships.filter((m) => spanHolds(m, actor.now)).map((m) => m.unitId))
  const meetings = allMeetings.filter(
    ({ fields }) => memberOf.has(fields.unitId) || isOfficerOf(actor, fields.unitId),
  )
  const around = new Set(aroundMonth(month))
  const rosters = rosterRows.map(({ fields }) => fields).filter((roster) => around.has(roster.month))
  const bySitting = meetings
    .flatMap(({ id, fields }) =>
      fields.sittings.map((sitting) => ({
        meetingId: id,
        title: fields.title,
        sitting,
        isSingle: fields.sittings.length === 1,
        isCancelled: fields.state === 'cancelled',
      })),
    )
    .sort((a, b) => a.sitting.startsAt - b.sitting.startsAt)
  const byDate = groupByDate(bySitting)
  const today = civilDate(actor.now)
  const cells = new Map<string, MonthCell>()
  for (const { date } of daysOf(month)) {
    const kind = shiftOn(rosters, actor.personId, date)?.kind
    const dots = (byDate.get(date) ?? []).filter(({ isCancelled }) => !isCancelled).length
    const spoken = [
      kind === undefined ? '' : ownShiftInWords(rosters, actor.personId, date),
      dots > 0 ? `${dots} 场会` : '',
    ]
    cells.set(date, {
      ...(kind === undefined ? {} : { letter: SHIFT_LETTERS[kind], tone: SHIFT_TONES[kind] }),
      dots,
      spoken: spoken.filter((part) => part !== '').join('，'),
    })
  }
  return {
    cells,
    sittingsOf: (date) =>
      (byDate.get(date) ?? []).map((each) => ({
        ...each,
        answer: canAttend(rosters, actor.personId, each.sitting.startsAt),
        calledAwayAt: calledAwayAt(rosters, actor.personId, each.sitting.startsAt),
      })),
    shiftOf: (date) => ownShiftInWords(rosters, actor.personId, date),
    coming: meetings.filter(({ fields }) =>
      fields.sittings.some(({ startsAt }) => civilDate(startsAt) >= today),
    ),
    rosters: rosterRows.filter(
      ({ fields }) => fields.month >= today.slice(0, 7) && fields.days?.[actor.personId] !== undefined,
    ),
    hasShifts: rosterRows.some(({ fields }) => fields.days?.[actor.personId] !== undefined),
  }
}

function groupByDate<T extends { sitting: Sitting }>(sittings: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of sittings) {
    const date = civilDate(each.sitting.startsAt)
    groups.set(date, [...(groups.get(date) ?? []), each])
  }
  return groups
}
