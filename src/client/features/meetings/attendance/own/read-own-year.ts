/** A member's own year, from the rows on the phone: the same count as in the branch's sheet. Called inside live queries. */
import { civilDate } from '../../../../../shared/civil-time.ts'
import { spanHolds } from '../../../../../shared/org/actor.ts'
import {
  attendanceSheet,
  rollIsTaken,
  type AttendanceSheet,
} from '../../../../../shared/meetings/year/attendance-sheet.ts'
import { periodsOf, type Period } from '../../../../../shared/meetings/year/periods.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { readOwnAttendance } from '../../model/own-attendance.ts'
import { readRolls, type RollMarkRow } from '../../model/read-meetings.ts'
import { asAsked, linesOf, meetingsOfYear } from '../read-meetings-of.ts'

export interface OwnQuarter extends Period {
  sheet: AttendanceSheet
}

export interface OwnYear {
  year: AttendanceSheet
  /** Those with a meeting, the newest first. */
  quarters: OwnQuarter[]
  /** The own marks by meeting, corrected ones too. */
  marks: ReadonlyMap<string, RollMarkRow[]>
  /** When the first sitting begins (UTC ms), by meeting. */
  startsAt: ReadonlyMap<string, number>
  kindNames: ReadonlyMap<string, string>
  names: ReadonlyMap<string, string>
  /** Who corrects a roll of the unit: 支部书记 王宁. */
  correctors: ReadonlyMap<string, string[]>
  /** Own marks of the year whose meeting is not on this phone: of a unit that one has left. */
  elsewhere: { unitName: string; marks: RollMarkRow[] }[]
}

/** Without an own mark it is told by what else is here: minutes that give figures, or marks of others at an officer's. */
async function readTaken(
  db: PhoneDb,
  meetings: Awaited<ReturnType<typeof meetingsOfYear>>,
): Promise<Set<string>> {
  const ids = meetings.map(({ id }) => id)
  const [minutes, rolls] = await Promise.all([
    db.records('minutes').where('fields.meetingId').anyOf(ids).toArray(),
    readRolls(db, meetings),
  ])
  const counted = minutes.filter(({ fields }) => fields.stage === 'fixed' && fields.facts?.attendance != null)
  const marked = rolls.filter((roll) => rollIsTaken(linesOf(roll)))
  return new Set([
    ...counted.map(({ fields }) => fields.meetingId),
    ...marked.map(({ meeting }) => meeting.id),
  ])
}

/** The officers of each unit today, the first of them 支部书记 where there is one. */
async function readCorrectors(
  db: PhoneDb,
  unitIds: readonly string[],
  now: number,
): Promise<Map<string, string[]>> {
  const roles = await db
    .records('role')
    .where('fields.unitId')
    .anyOf([...unitIds])
    .toArray()
  const names = await readNames(
    db,
    roles.map(({ fields }) => fields.personId),
  )
  const rank = (title: string): number => (title === '支部书记' ? 0 : 1)
  const found = new Map<string, string[]>()
  for (const { fields } of roles.sort((a, b) => rank(a.fields.title) - rank(b.fields.title))) {
    const leads = fields.role === 'branch-officer' || fields.role === 'group-leader'
    const name = names.get(fields.personId)
    if (!leads || name === undefined || !spanHolds({ from: fields.from, to: fields.to ?? null }, now))
      continue
    found.set(fields.unitId, [...(found.get(fields.unitId) ?? []), `${fields.title}${name}`])
  }
  return found
}

async function readNames(db: PhoneDb, personIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .records('membership')
    .where('fields.personId')
    .anyOf([...new Set(personIds)])
    .toArray()
  return new Map(rows.map(({ fields }) => [fields.personId, fields.name]))
}

function byMeeting(marks: readonly RollMarkRow[]): Map<string, RollMarkRow[]> {
  const found = new Map<string, RollMarkRow[]>()
  for (const mark of marks)
    found.set(mark.fields.meetingId, [...(found.get(mark.fields.meetingId) ?? []), mark])
  return found
}

async function readElsewhere(
  db: PhoneDb,
  marks: ReadonlyMap<string, RollMarkRow[]>,
  year: number,
): Promise<OwnYear['elsewhere']> {
  const found = new Map<string, RollMarkRow[]>()
  const held = await db.records('meeting').bulkGet([...marks.keys()])
  const here = new Set(held.map((meeting) => meeting?.id))
  for (const [meetingId, own] of marks) {
    const newest = [...own].sort((a, b) => a.observedAt - b.observedAt).at(-1)
    if (here.has(meetingId) || newest === undefined) continue
    if (!civilDate(newest.observedAt).startsWith(`${year}-`)) continue
    found.set(newest.fields.unitId, [...(found.get(newest.fields.unitId) ?? []), newest])
  }
  const units = await db.records('unit').bulkGet([...found.keys()])
  return [...found].map(([unitId, list]) => ({
    unitName: units.find((unit) => unit?.id === unitId)?.fields.name ?? '',
    marks: list,
  }))
}

export async function readOwnYear(phone: Phone, year: number): Promise<OwnYear> {
  const { db } = phone
  const me = phone.person.id
  const now = phone.now()
  const today = civilDate(now)
  const [rows, kinds, ownRows] = await Promise.all([
    meetingsOfYear(db, year),
    db.records('meeting-kind').toArray(),
    db.records('roll-mark').where('fields.personId').equals(me).toArray(),
  ])
  const own = await readOwnAttendance(db, me, rows)
  const withoutMark = own.filter(({ mine }) => !rollIsTaken([mine])).map(({ meeting }) => meeting)
  const taken = await readTaken(db, withoutMark)
  const meetings = own.map(({ meeting, mine, makeUps }) =>
    asAsked(meeting, {
      lines: [mine],
      isTaken: rollIsTaken([mine]) || taken.has(meeting.id),
      madeUp: new Set(makeUps.keys()),
    }),
  )
  const sheetOf = (period: Period): AttendanceSheet => attendanceSheet({ period, today, meetings, kinds })
  const marks = byMeeting(ownRows)
  const unitIds = [...new Set(own.map(({ meeting }) => meeting.fields.unitId))]
  const [correctors, names, elsewhere] = await Promise.all([
    readCorrectors(db, unitIds, now),
    readNames(
      db,
      ownRows.map(({ fields }) => fields.markedBy),
    ),
    readElsewhere(db, marks, year),
  ])
  return {
    year: sheetOf(periodsOf('year', year)[0]!),
    quarters: periodsOf('quarter', year)
      .map((period) => ({ ...period, sheet: sheetOf(period) }))
      .filter(({ sheet }) => sheet.counted.length > 0 || sheet.untaken.length > 0)
      .reverse(),
    marks,
    startsAt: new Map(
      rows.map(({ id, fields }) => [id, Math.min(...fields.sittings.map((sitting) => sitting.startsAt))]),
    ),
    kindNames: new Map(kinds.map(({ id, fields }) => [id, fields.name])),
    names,
    correctors,
    elsewhere,
  }
}
