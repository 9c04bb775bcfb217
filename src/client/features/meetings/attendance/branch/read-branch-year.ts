/** The attendance of a branch, or of a group, as its officers see it. Called inside live queries. */
import { civilDate } from '../../../../../shared/civil-time.ts'
import type { Actor } from '../../../../../shared/org/actor.ts'
import type { Group } from '../../../../../shared/meetings/attendance/figures-table.ts'
import { rosterOf } from '../../../../../shared/meetings/roster.ts'
import {
  attendanceSheet,
  type AttendanceSheet,
  type MeetingAttendance,
} from '../../../../../shared/meetings/year/attendance-sheet.ts'
import { periodsOf, type Period } from '../../../../../shared/meetings/year/periods.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { UNKNOWN_KIND, readRolls } from '../../model/read-meetings.ts'
import { readMyUnits, type MyUnit } from '../../model/read-units.ts'
import { groupsOf } from '../../roll/figures/read-figures.ts'
import { attendanceOfRolls, meetingsOfYear } from '../read-meetings-of.ts'

export interface BranchYear {
  /** Those whose rolls the reader takes: branches, and groups whose branch is not among them. */
  units: MyUnit[]
  unit: MyUnit | undefined
  /** Of the whole year: the branch's own meetings and those of its groups. */
  meetings: MeetingAttendance[]
  sheet: AttendanceSheet
  /** The branch's groups at the end of the period. */
  groups: Group[]
  /** Who took the rolls, by id. */
  names: ReadonlyMap<string, string>
  /** Marks and 补学 of the year that wait. */
  waiting: number
  today: string
}

/** '' is the whole year, '1' to '4' a quarter. */
export const periodOf = (year: number, quarter: string): Period =>
  periodsOf('quarter', year)[Number(quarter) - 1] ?? periodsOf('year', year)[0]!

function unitsWithRolls(units: readonly MyUnit[]): MyUnit[] {
  const led = units.filter(({ officer, kind }) => officer && kind !== 'section')
  return led.filter(({ kind, parentId }) => kind === 'branch' || led.every(({ id }) => id !== parentId))
}

const NOTHING = attendanceSheet({ period: { from: '', to: '' }, today: '', meetings: [], kinds: [] })

async function readNames(db: PhoneDb, unitIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .records('membership')
    .where('fields.unitId')
    .anyOf([...unitIds])
    .toArray()
  return new Map(rows.map(({ fields }) => [fields.personId, fields.name]))
}

export async function readBranchYear(
  db: PhoneDb,
  actor: Actor,
  asked: { unitId: string; year: number; quarter: string },
): Promise<BranchYear> {
  const today = civilDate(actor.now)
  const units = unitsWithRolls(await readMyUnits(db, actor))
  const unit = units.find(({ id }) => id === asked.unitId) ?? units[0]
  const empty = { units, unit, meetings: [], sheet: NOTHING, groups: [], names: new Map(), waiting: 0, today }
  if (unit === undefined) return empty
  const period = periodOf(asked.year, asked.quarter)
  const until = period.to < today ? period.to : today
  const groups = unit.kind === 'branch' ? await groupsOf(db, unit.id, until) : []
  const unitIds = [unit.id, ...groups.map(({ id }) => id)]
  const [rolls, kinds, memberships, names] = await Promise.all([
    meetingsOfYear(db, asked.year, unitIds).then((rows) => readRolls(db, rows)),
    db.records('meeting-kind').toArray(),
    db.records('membership').where('fields.unitId').equals(unit.id).toArray(),
    readNames(db, unitIds),
  ])
  const { meetings, waiting } = await attendanceOfRolls(db, rolls)
  const members = rosterOf(
    { unitId: unit.id, date: until },
    UNKNOWN_KIND,
    memberships.map(({ fields }) => fields),
    [],
    unit.kind,
  )
  const sheet = attendanceSheet({ period, today, meetings, kinds, members })
  return { units, unit, meetings, sheet, groups, names, waiting, today }
}
