/**
 * One person's own line in many meetings, for 今日. Of the rosters and marks only the person's own rows are read, by their
 * index: a year of meetings costs as many reads as one.
 */
import { attendanceLines, type AttendanceLine } from '../../../../shared/meetings/attendance/attendance.ts'
import { standingMakeUps } from '../../../../shared/meetings/attendance/make-ups.ts'
import { rosterOf } from '../../../../shared/meetings/roster.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { MakeUpRow } from './make-ups.ts'
import { readKinds, type MeetingRow } from './read-meetings.ts'

export interface OwnAttendance {
  meeting: MeetingRow
  mine: AttendanceLine
  /** As {@link standingMakeUps} gives it, of this person alone. */
  makeUps: Map<string, MakeUpRow>
}

/** Those of the meetings to which the person should come, in their order. */
export async function readOwnAttendance(
  db: PhoneDb,
  personId: string,
  meetings: readonly MeetingRow[],
): Promise<OwnAttendance[]> {
  const ownOf = <T extends 'membership' | 'role' | 'roll-mark' | 'make-up'>(type: T) =>
    db.records(type).where('fields.personId').equals(personId).toArray()
  const unitIds = [...new Set(meetings.map((m) => m.fields.unitId))]
  const [kindOf, units, memberships, roles, marks, makeUps] = await Promise.all([
    readKinds(db, meetings),
    db.records('unit').bulkGet(unitIds),
    ownOf('membership'),
    ownOf('role'),
    ownOf('roll-mark'),
    ownOf('make-up'),
  ])
  const unitKinds = new Map(units.map((unit) => [unit?.id, unit?.fields.kind]))
  return meetings.flatMap((meeting) => {
    const { unitId, kindId, sittings } = meeting.fields
    const [mine] = attendanceLines(
      rosterOf(
        meeting.fields,
        kindOf(kindId),
        memberships.map((m) => m.fields),
        roles.map((r) => r.fields),
        unitKinds.get(unitId),
      ),
      marks.filter((m) => m.fields.meetingId === meeting.id),
      sittings.map((s) => s.id),
    )
    if (mine === undefined) return []
    const own = makeUps.filter((m) => m.fields.meetingId === meeting.id)
    return [{ meeting, mine, makeUps: standingMakeUps(own) }]
  })
}
