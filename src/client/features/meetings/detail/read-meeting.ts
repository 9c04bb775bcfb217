/** One meeting as its page shows it: to a member their own mark, to an officer the figures. */
import { isOfficerOf } from '../../../../shared/org/actor.ts'
import { attendanceLines, type AttendanceLine } from '../../../../shared/meetings/attendance.ts'
import type { Minutes } from '../../../../shared/meetings/minutes.ts'
import { rollFigures, rollLines, type RollFigures } from '../../../../shared/meetings/roll.ts'
import { sortRoster } from '../../../../shared/org/roster-order.ts'
import { readActor } from '../../../storage/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readMakeUps, type MakeUpRow } from '../model/make-ups.ts'
import { readRoll, type MeetingRoll } from '../model/read-meetings.ts'

/** Fixed ids: two presses, or two officers, make one record. */
export const inWorkMinutesId = (meetingId: string): string => `${meetingId}-work`
export const fixedMinutesId = (meetingId: string): string => `${meetingId}-fixed`

export interface MinutesRow {
  id: string
  fields: Minutes
  pending: 0 | 1
}

export interface SittingSummary {
  id: string
  name: string
  figures: RollFigures
  marked: number
}

export interface MeetingView extends MeetingRoll {
  isOfficer: boolean
  isExpected: boolean
  /** The reader's own line over all sittings. */
  mine: AttendanceLine | undefined
  minePending: 0 | 1
  lines: AttendanceLine[]
  figures: RollFigures
  sittings: SittingSummary[]
  /** The standing make-up of each person. */
  makeUps: Map<string, MakeUpRow>
  inWork: MinutesRow | undefined
  fixed: MinutesRow | undefined
  people: Map<string, string>
}

async function readMinutes(phone: Phone, meetingId: string) {
  const rows = await phone.db.records('minutes').where('fields.meetingId').equals(meetingId).toArray()
  return {
    inWork: rows.find((row) => row.fields.stage === 'in-work'),
    fixed: rows.find((row) => row.fields.stage === 'fixed'),
  }
}

export async function readMeeting(phone: Phone, meetingId: string): Promise<MeetingView | null> {
  const roll = await readRoll(phone.db, meetingId)
  if (roll === null) return null
  const { fields } = roll.meeting
  const actor = await readActor(phone.db, phone.person.id, phone.now())
  const branchId = actor.unitsById.get(fields.unitId)?.parentId ?? fields.unitId
  const [makeUps, minutes, names] = await Promise.all([
    readMakeUps(phone, meetingId),
    readMinutes(phone, meetingId),
    phone.db.records('membership').where('fields.unitId').anyOf([fields.unitId, branchId]).toArray(),
  ])
  const roster = sortRoster(roll.roster, 'strokes')
  const sittingIds = fields.sittings.map((s) => s.id)
  const lines = attendanceLines(roster, roll.marks, sittingIds)
  const mine = lines.find((line) => line.personId === phone.person.id)
  const mineIds = new Set(mine?.heads.map((head) => head.id))
  return {
    ...roll,
    ...minutes,
    isOfficer: isOfficerOf(actor, fields.unitId),
    isExpected: mine !== undefined,
    mine,
    minePending: roll.marks.some((m) => mineIds.has(m.id) && m.pending === 1) ? 1 : 0,
    lines,
    figures: rollFigures(lines),
    sittings: fields.sittings.map((s) => {
      const own = rollLines(roster, roll.marks, s.id)
      return {
        id: s.id,
        name: s.name,
        figures: rollFigures(own),
        marked: own.filter((l) => l.heads.length > 0).length,
      }
    }),
    makeUps,
    people: new Map(names.map((m) => [m.fields.personId, m.fields.name])),
  }
}
