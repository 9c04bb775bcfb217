/**
 * Who came in a quarter or a year: person by person and kind by kind. Counted by the roll's own figures and by no second rule.
 *
 * Guarantee: a meeting counts for a person who stood in its roster on its day, when its day lies in the period, it was not
 * cancelled and its roll was taken. Each such meeting is exactly one of 实到, 请假, 缺席, 待核定 or 未点; so 应到 is their sum
 * for each person, kind and period, the unit's line is the sum of its people's, and the year's that of its quarters.
 * A meeting without a roll is nobody's absence: it is told apart. 补学 closes what was missed and never counts as 实到.
 */
import { owesMakeUp, type AttendanceLine } from '../attendance/attendance.ts'
import type { MeetingKind } from '../meeting-kind.ts'
import { rollFigures, type RollFigures } from '../roll-figures.ts'
import type { RosterLine } from '../roster.ts'
import type { Period } from './periods.ts'

/** What is asked of a meeting. */
export interface MeetingAttendance {
  id: string
  unitId: string
  kindId: string
  title: string
  /** Civil date: it counts in the period of this day. */
  date: string
  isCancelled: boolean
  /** Of the people of its roster, over all sittings; on a member's phone only the own one. */
  lines: readonly AttendanceLine[]
  /** Whether somebody took the roll, as far as this phone knows. */
  isTaken: boolean
  /** Who has written 补学. */
  madeUp: ReadonlySet<string>
}

/** Somebody of the roster has a word in it; marks that were all taken back are none. */
export const rollIsTaken = (lines: readonly AttendanceLine[]): boolean =>
  lines.some(({ state, contradiction }) => state !== 'cleared' || contradiction)

/** One meeting of one person. */
export interface AttendanceEntry {
  meeting: MeetingAttendance
  line: AttendanceLine
  /** 补学 is owed: on leave or absent. */
  isOwed: boolean
  isMadeUp: boolean
}

export interface AttendanceFigures extends RollFigures {
  /** On leave or absent: each owes 补学. */
  owed: number
  /** Of those, made up. */
  madeUp: number
}

export const figuresOf = (entries: readonly AttendanceEntry[]): AttendanceFigures => ({
  ...rollFigures(entries.map(({ line }) => line)),
  owed: entries.filter(({ isOwed }) => isOwed).length,
  madeUp: entries.filter(({ isMadeUp }) => isMadeUp).length,
})

/** 未点: in the roll, but nobody has said a word on them. Contradictions (待核定) are not among them. */
export const notMarked = (f: Pick<RollFigures, 'unmarked' | 'contradictions'>): number =>
  f.unmarked - f.contradictions

/** 出勤率 in whole percent of 应到, 100 only where nobody is missing; null where nobody should have come. */
export function rateOf({ present, expected }: Pick<RollFigures, 'present' | 'expected'>): number | null {
  if (expected === 0) return null
  const percent = Math.round((present / expected) * 100)
  return present < expected ? Math.min(percent, 99) : percent
}

export interface Sums {
  all: AttendanceFigures
  /** Of the kinds that were met at all. */
  byKind: ReadonlyMap<string, AttendanceFigures>
}

export interface PersonAttendance extends RosterLine, Sums {
  /** In the order of their days. */
  entries: AttendanceEntry[]
}

export interface AttendanceSheet extends Sums {
  /** Kinds of which a meeting counts, in their order. */
  kinds: { id: string; name: string }[]
  people: PersonAttendance[]
  /** In the order of their days. */
  counted: MeetingAttendance[]
  /** Their day has passed, and nobody took the roll. */
  untaken: MeetingAttendance[]
}

export interface AttendanceQuestion {
  period: Pick<Period, 'from' | 'to'>
  /** Civil date. */
  today: string
  meetings: readonly MeetingAttendance[]
  kinds: readonly { id: string; fields: Pick<MeetingKind, 'name' | 'order'> }[]
  /** Have a line also where they should have come to nothing. */
  members?: readonly RosterLine[]
}

const byDay = (a: MeetingAttendance, b: MeetingAttendance): number =>
  a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1

function grouped(
  entries: readonly AttendanceEntry[],
  keyOf: (entry: AttendanceEntry) => string,
): Map<string, AttendanceEntry[]> {
  const groups = new Map<string, AttendanceEntry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return groups
}

/** Of one person, of a group, of all: whatever is added up, it is added up here. */
export function sumsOf(entries: readonly AttendanceEntry[]): Sums {
  const own = grouped(entries, ({ meeting }) => meeting.kindId)
  const byKind = new Map([...own].map(([kindId, some]) => [kindId, figuresOf(some)]))
  return { all: figuresOf(entries), byKind }
}

export const within = ({ date }: { date: string }, period: Pick<Period, 'from' | 'to'>): boolean =>
  period.from <= date && date <= period.to

function entryOf(meeting: MeetingAttendance, line: AttendanceLine): AttendanceEntry {
  const isOwed = owesMakeUp(line)
  return { meeting, line, isOwed, isMadeUp: isOwed && meeting.madeUp.has(line.personId) }
}

/** A kind whose record is not on the phone is still shown. */
function kindsOf({ kinds }: AttendanceQuestion, counted: readonly MeetingAttendance[]) {
  const used = new Set(counted.map(({ kindId }) => kindId))
  const known = kinds
    .filter(({ id }) => used.has(id))
    .sort((a, b) => (a.fields.order ?? 0) - (b.fields.order ?? 0) || (a.id < b.id ? -1 : 1))
    .map(({ id, fields }) => ({ id, name: fields.name }))
  const missing = [...used].filter((id) => known.every((kind) => kind.id !== id)).sort()
  return [...known, ...missing.map((id) => ({ id, name: '其他会议' }))]
}

/** People come in the order in which they are met; a screen sorts them by the order of its rosters. */
export function attendanceSheet(question: AttendanceQuestion): AttendanceSheet {
  const asked = question.meetings
    .filter((meeting) => !meeting.isCancelled && within(meeting, question.period))
    .sort(byDay)
  const counted = asked.filter(({ isTaken }) => isTaken)
  const entries = counted.flatMap((meeting) => meeting.lines.map((line) => entryOf(meeting, line)))
  const own = grouped(entries, ({ line }) => line.personId)
  // The newest line names the person: a name that was corrected, 预备 that became 正式.
  const people = new Map<string, RosterLine>()
  for (const line of [...entries.map((entry) => entry.line), ...(question.members ?? [])])
    people.set(line.personId, line)
  return {
    kinds: kindsOf(question, counted),
    people: [...people.values()].map(({ personId, name, memberKind, votingRight, handOrder }) => {
      const mine = own.get(personId) ?? []
      return {
        personId,
        name,
        memberKind,
        votingRight,
        handOrder,
        entries: mine,
        ...sumsOf(mine),
      }
    }),
    ...sumsOf(entries),
    counted,
    untaken: asked.filter(({ isTaken, date }) => !isTaken && date < question.today),
  }
}
