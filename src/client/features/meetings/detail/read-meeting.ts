/** One meeting as its page shows it: to a member their own mark, to an officer the figures. */
import { civilMonth } from '../../../../shared/civil-time.ts'
import { isOfficerOf, spanHolds, type Actor } from '../../../../shared/org/actor.ts'
import { attendanceLines, type AttendanceLine } from '../../../../shared/meetings/attendance/attendance.ts'
import { figuresBySitting } from '../../../../shared/meetings/attendance/figures-table.ts'
import { mayRecord } from '../../../../shared/meetings/minutes/who-confirms.ts'
import { rollLines } from '../../../../shared/meetings/roll.ts'
import { rollFigures, type RollFigures } from '../../../../shared/meetings/roll-figures.ts'
import { sittingFor, type SittingTime } from '../../../../shared/meetings/sittings/who-can-come.ts'
import { votesOf, type Vote } from '../../../../shared/meetings/voting/outcome.ts'
import type { Resolution } from '../../../../shared/meetings/voting/resolution.ts'
import type { RosterFacts } from '../../../../shared/org/shifts/shifts.ts'
import { sortRoster } from '../../../../shared/org/order/roster-order.ts'
import { readActor } from '../../../storage/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readBureauNow } from '../codes/bureau-now.ts'
import { readMakeUps, type MakeUpRow } from '../model/make-ups.ts'
import { readRoll, type MeetingRoll } from '../model/read-meetings.ts'
import { readMinutes, type MinutesState } from '../minutes/read-minutes.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'
import { aroundMonth, readRosters } from '../shifts/read-shifts.ts'

export interface SittingSummary {
  id: string
  name: string
  figures: RollFigures
  marked: number
}

export interface MeetingView extends MeetingRoll, MinutesState {
  actor: Actor
  isOfficer: boolean
  /** May write the minutes. */
  isRecorder: boolean
  /** Somebody else who may confirm where the chair may not. */
  hasOtherOfficer: boolean
  isExpected: boolean
  /** The reader's own line over all sittings. */
  mine: AttendanceLine | undefined
  minePending: 0 | 1
  lines: AttendanceLine[]
  figures: RollFigures
  /** Of those without a mark, who can come to no sitting by the shift roster. */
  awayUnmarked: number
  sittings: SittingSummary[]
  /** Came to several sittings: counted once. */
  twice: string[]
  /** The standing make-up of each person. */
  makeUps: Map<string, MakeUpRow>
  votes: Vote<PhoneRecord<Resolution>>[]
  people: Map<string, string>
}

/** At work or on leave in every sitting; who has no shift is not. */
function isAway(
  rosters: readonly RosterFacts[],
  personId: string,
  sittings: readonly SittingTime[],
): boolean {
  const { sittingId, answer } = sittingFor(rosters, personId, sittings)
  return sittingId === null && answer !== 'unknown'
}

export async function readMeeting(phone: Phone, meetingId: string): Promise<MeetingView | null> {
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return null
  const { fields } = roll.meeting
  const actor = await readActor(phone.db, phone.person.id, await readBureauNow(phone))
  const branchId = actor.unitsById.get(fields.unitId)?.parentId ?? fields.unitId
  const unitIds = [fields.unitId, branchId]
  const months = fields.sittings.flatMap(({ startsAt }) => aroundMonth(civilMonth(startsAt)))
  const [makeUps, minutes, names, resolutions, roles, rosters] = await Promise.all([
    readMakeUps(phone, meetingId),
    readMinutes(phone.db, meetingId),
    phone.db.records('membership').where('fields.unitId').anyOf(unitIds).toArray(),
    phone.db.records('resolution').where('fields.meetingId').equals(meetingId).toArray(),
    phone.db.records('role').where('fields.unitId').anyOf(unitIds).toArray(),
    readRosters(phone.db, [...new Set(months)]),
  ])
  const roster = sortRoster(roll.roster, 'strokes')
  const sittingIds = fields.sittings.map((s) => s.id)
  const lines = attendanceLines(roster, roll.marks, sittingIds)
  const mine = lines.find((line) => line.personId === phone.person.id)
  const mineIds = new Set(mine?.heads.map((head) => head.id))
  return {
    ...roll,
    ...minutes,
    actor,
    isOfficer: isOfficerOf(actor, fields.unitId),
    isRecorder: mayRecord(actor, fields),
    hasOtherOfficer: roles.some(
      ({ fields: r }) =>
        (r.role === 'branch-officer' || r.role === 'group-leader') &&
        r.personId !== phone.person.id &&
        spanHolds(r, actor.now),
    ),
    isExpected: mine !== undefined,
    mine,
    minePending: roll.marks.some((m) => mineIds.has(m.id) && m.pending === 1) ? 1 : 0,
    lines,
    figures: rollFigures(lines),
    awayUnmarked: lines.filter(
      ({ state, contradiction, personId }) =>
        state === 'cleared' && !contradiction && isAway(rosters, personId, fields.sittings),
    ).length,
    sittings: fields.sittings.map((s) => {
      const own = rollLines(roster, roll.marks, s.id)
      return {
        id: s.id,
        name: s.name,
        figures: rollFigures(own),
        marked: own.filter((l) => l.heads.length > 0).length,
      }
    }),
    twice: figuresBySitting(roster, roll.marks, fields.sittings).twice.map(({ name }) => name),
    makeUps,
    votes: votesOf(resolutions),
    people: new Map(names.map((m) => [m.fields.personId, m.fields.name])),
  }
}
