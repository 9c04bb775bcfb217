/** Meetings of a year with who came to them, as the year's sheets count them. Called inside live queries. */
import { attendanceLines } from '../../../../shared/meetings/attendance/attendance.ts'
import { standingMakeUps } from '../../../../shared/meetings/attendance/make-ups.ts'
import { rollIsTaken, type MeetingAttendance } from '../../../../shared/meetings/year/attendance-sheet.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { MakeUpRow } from '../model/make-ups.ts'
import type { MeetingRow, MeetingRoll } from '../model/read-meetings.ts'

/** Of the year, on this phone; of these units alone where some are named. */
export async function meetingsOfYear(
  db: PhoneDb,
  year: number,
  unitIds?: readonly string[],
): Promise<MeetingRow[]> {
  const rows = await db.records('meeting').where('fields.date').between(`${year}-`, `${year}.`).toArray()
  return rows
    .filter(({ fields }) => unitIds === undefined || unitIds.includes(fields.unitId))
    .map(({ id, fields, pending }) => ({ id, fields, pending }))
}

export const asAsked = (
  { id, fields }: MeetingRow,
  rest: Pick<MeetingAttendance, 'lines' | 'isTaken' | 'madeUp'>,
): MeetingAttendance => ({
  id,
  unitId: fields.unitId,
  kindId: fields.kindId,
  title: fields.title,
  date: fields.date,
  isCancelled: fields.state === 'cancelled',
  ...rest,
})

export const linesOf = ({ meeting, roster, marks }: MeetingRoll) =>
  attendanceLines(
    roster,
    marks,
    meeting.fields.sittings.map(({ id }) => id),
  )

/** By meeting; all that is on this phone. */
async function readMadeUp(db: PhoneDb, meetingIds: readonly string[]): Promise<Map<string, MakeUpRow[]>> {
  const rows = await db
    .records('make-up')
    .where('fields.meetingId')
    .anyOf([...meetingIds])
    .toArray()
  const found = new Map<string, MakeUpRow[]>()
  for (const row of rows) {
    const list = found.get(row.fields.meetingId)
    if (list === undefined) found.set(row.fields.meetingId, [row])
    else list.push(row)
  }
  return found
}

export interface RollsAttendance {
  meetings: MeetingAttendance[]
  /** Marks and 补学 that the endpoint has not accepted yet. */
  waiting: number
}

/** As the officers of the unit see them: everybody's line. */
export async function attendanceOfRolls(
  db: PhoneDb,
  rolls: readonly MeetingRoll[],
): Promise<RollsAttendance> {
  const madeUp = await readMadeUp(
    db,
    rolls.map(({ meeting }) => meeting.id),
  )
  const isWaiting = ({ pending }: { pending: 0 | 1 }): boolean => pending === 1
  const meetings = rolls.map((roll) => {
    const lines = linesOf(roll)
    const own = standingMakeUps(madeUp.get(roll.meeting.id) ?? [])
    return asAsked(roll.meeting, { lines, isTaken: rollIsTaken(lines), madeUp: new Set(own.keys()) })
  })
  return {
    meetings,
    waiting: [...rolls.flatMap(({ marks }) => marks), ...[...madeUp.values()].flat()].filter(isWaiting)
      .length,
  }
}
