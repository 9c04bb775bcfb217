/** Sittings whose roll this person may take, that have begun (or begin within the hour) and in which people are not marked yet. */
import { isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import { DAY_MS } from '../../../../shared/civil-time.ts'
import { attendanceLines } from '../../../../shared/meetings/attendance/attendance.ts'
import type { Sitting } from '../../../../shared/meetings/meeting.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { rollIsOpen } from './meeting-words.ts'
import { readRolls, type MeetingRow } from './read-meetings.ts'

export interface RollToTake {
  meeting: MeetingRow
  sitting: Sitting
  expected: number
  /** People without a settled state in any sitting. */
  open: number
  /** Among them: marked differently by several officers. */
  contradictions: number
}

/** Older rolls stay in the list of meetings, but no longer ask. */
const ASKS_FOR_MS = 14 * DAY_MS

export async function readRollsToTake(
  db: PhoneDb,
  actor: Actor,
  meetings: readonly MeetingRow[],
  now: number,
): Promise<RollToTake[]> {
  const begun = meetings.flatMap((meeting) => {
    const { fields } = meeting
    if (fields.state !== 'planned' || !isOfficerOf(actor, fields.unitId)) return []
    const [sitting] = fields.sittings
      .filter((s) => rollIsOpen(s, now) && now - s.startsAt < ASKS_FOR_MS)
      .sort((a, b) => b.startsAt - a.startsAt)
    return sitting === undefined ? [] : [{ meeting, sitting }]
  })
  const read = await readRolls(
    db,
    begun.map(({ meeting }) => meeting),
  )
  const rolls: RollToTake[] = []
  for (const [at, { roster, marks }] of read.entries()) {
    const { meeting, sitting } = begun[at]!
    const lines = attendanceLines(
      roster,
      marks,
      meeting.fields.sittings.map((s) => s.id),
    )
    const open = lines.filter((line) => line.state === 'cleared').length
    const contradictions = lines.filter((line) => line.contradiction).length
    if (open > 0) rolls.push({ meeting, sitting, expected: lines.length, open, contradictions })
  }
  return rolls.sort((a, b) => a.sitting.startsAt - b.sitting.startsAt)
}
