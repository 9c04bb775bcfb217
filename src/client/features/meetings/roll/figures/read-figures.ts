/** The figures of one meeting as the tables show them, from the rows on the phone. */
import { spanHolds } from '../../../../../shared/org/actor.ts'
import { civilInstant } from '../../../../../shared/civil-time.ts'
import { attendanceLines } from '../../../../../shared/meetings/attendance/attendance.ts'
import {
  figuresByGroup,
  figuresBySitting,
  type FiguresRow,
  type Group,
} from '../../../../../shared/meetings/attendance/figures-table.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { readRoll, type MeetingRoll } from '../../model/read-meetings.ts'

export interface MeetingFigures {
  roll: MeetingRoll
  /** Empty where the unit has no groups on this phone. */
  groups: FiguresRow[]
  sittings: FiguresRow[]
  sum: FiguresRow
  /** Came to more than one sitting: counted once in the sum. */
  twice: string[]
}

/** The groups of a branch with who was in them on the day. */
export async function groupsOf(db: PhoneDb, branchId: string, date: string): Promise<Group[]> {
  const noon = civilInstant(date, '12:00')
  const units = (await db.records('unit').toArray()).filter(
    ({ fields }) => fields.kind === 'group' && fields.parentId === branchId,
  )
  units.sort((a, b) => (a.fields.order ?? 0) - (b.fields.order ?? 0) || (a.id < b.id ? -1 : 1))
  return await Promise.all(
    units.map(async ({ id, fields }) => {
      const members = await db.records('membership').where('fields.unitId').equals(id).toArray()
      const there = members.filter((m) => spanHolds(m.fields, noon))
      return { id, name: fields.name, personIds: new Set(there.map((m) => m.fields.personId)) }
    }),
  )
}

export async function readFigures(db: PhoneDb, meetingId: string): Promise<MeetingFigures | null> {
  const roll = await readRoll(db, meetingId)
  if (roll === null) return null
  const { unitId, date, sittings } = roll.meeting.fields
  const ids = sittings.map(({ id }) => id)
  const lines = attendanceLines(roll.roster, roll.marks, ids)
  const bySitting = figuresBySitting(roll.roster, roll.marks, sittings)
  return {
    roll,
    groups: figuresByGroup(lines, await groupsOf(db, unitId, date)),
    sittings: bySitting.rows,
    sum: { key: 'sum', name: '合计', figures: bySitting.sum },
    twice: bySitting.twice.map(({ name }) => name),
  }
}
