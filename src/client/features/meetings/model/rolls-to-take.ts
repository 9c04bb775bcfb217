/** Sittings whose roll this person may take, that have begun (or begin within the hour) and in which people are not marked yet. */
import { isOfficerOf, type Actor } from '../../../../shared/org/actor.ts'
import { DAY_MS } from '../../../../shared/civil-time.ts'
import { attendanceLines } from '../../../../shared/meetings/attendance.ts'
import type { Sitting } from '../../../../shared/meetings/meeting.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { rollIsOpen } from './meeting-words.ts'
import { readRoll, type MeetingRow } from './read-meetings.ts'

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
  const rolls: RollToTake[] = []
  for (const meeting of meetings) {
    const { fields } = meeting
    if (fields.state !== 'planned' || !isOfficerOf(actor, fields.unitId)) continue
    const begun = fields.sittings
      .filter((s) => rollIsOpen(s, now) && now - s.startsAt < ASKS_FOR_MS)
      .sort((a, b) => b.startsAt - a.startsAt)
    const sitting = begun[0]
    if (sitting === undefined) continue
    const roll = await readRoll(db, meeting.id)
    if (roll === null) continue
    const lines = attendanceLines(
      roll.roster,
      roll.marks,
      fields.sittings.map((s) => s.id),
    )
    const open = lines.filter((line) => line.state === 'cleared').length
    const contradictions = lines.filter((line) => line.contradiction).length
    if (open > 0) rolls.push({ meeting, sitting, expected: lines.length, open, contradictions })
  }
  return rolls.sort((a, b) => a.sitting.startsAt - b.sitting.startsAt)
}
