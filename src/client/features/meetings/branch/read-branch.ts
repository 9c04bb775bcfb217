/** What the 支部 tab says at first sight. */
import { civilDate } from '../../../../shared/civil-time.ts'
import { dateAfter } from '../../../../shared/org/shifts/shifts.ts'
import { ownShiftInWords } from '../shifts/shift-words.ts'
import { readRosters } from '../shifts/read-shifts.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import { readActor } from '../../../storage/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readMeetings, type MeetingRow } from '../model/read-meetings.ts'
import { readMyUnits, type MyUnit } from '../model/read-units.ts'
import { lastStart } from '../model/meeting-words.ts'
import { readRollsToTake, type RollToTake } from '../model/rolls-to-take.ts'

export interface BranchView {
  units: MyUnit[]
  next: MeetingRow | undefined
  rolls: RollToTake[]
  members: number
  /** 早班 08:00–16:00; '' when nobody wrote one. */
  shiftToday: string
  shiftTomorrow: string
}

const GOING_ON_MS = 2 * 3_600_000

/** A meeting is coming until two hours after its last sitting began. */
export function nextMeeting(meetings: readonly MeetingRow[], now: number): MeetingRow | undefined {
  return meetings
    .filter((m) => m.fields.state === 'planned' && lastStart(m.fields) + GOING_ON_MS >= now)
    .sort((a, b) => lastStart(a.fields) - lastStart(b.fields))[0]
}

export async function readBranch(phone: Phone): Promise<BranchView> {
  const now = phone.now()
  const actor = await readActor(phone.db, phone.person.id, now)
  const [units, meetings] = await Promise.all([readMyUnits(phone.db, actor), readMeetings(phone.db, actor)])
  const home = units.find((unit) => unit.member) ?? units[0]
  const memberships =
    home === undefined
      ? []
      : await phone.db.records('membership').where('fields.unitId').equals(home.id).toArray()
  const today = civilDate(now)
  const tomorrow = dateAfter(today, 1)
  const rosters = await readRosters(phone.db, [...new Set([today, tomorrow].map((date) => date.slice(0, 7)))])
  return {
    shiftToday: ownShiftInWords(rosters, phone.person.id, today),
    shiftTomorrow: ownShiftInWords(rosters, phone.person.id, tomorrow),
    units,
    next: nextMeeting(meetings, now),
    rolls: await readRollsToTake(phone.db, actor, meetings, now),
    members: new Set(memberships.filter((m) => spanHolds(m.fields, now)).map((m) => m.fields.personId)).size,
  }
}
