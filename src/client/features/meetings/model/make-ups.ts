/** 补学: who has made up, and for whom it is still open. Apart from the meeting's page, because 今日 asks it too. */
import { owesMakeUp, type AttendanceLine } from '../../../../shared/meetings/attendance.ts'
import type { MakeUp } from '../../../../shared/meetings/make-up.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'
import type { Phone } from '../../../storage/phone.ts'
import type { MeetingRow } from './read-meetings.ts'

export interface MakeUpRow {
  id: string
  fields: MakeUp
  observedAt: number
  pending: 0 | 1
}

/** The standing one of each person, among those of one meeting. */
export function standingMakeUps(rows: readonly MakeUpRow[]): Map<string, MakeUpRow> {
  const heads = headsOf(rows.map((row) => ({ ...row, supersedes: row.fields.supersedes ?? [] })))
  return new Map(heads.sort((a, b) => a.observedAt - b.observedAt).map((row) => [row.fields.personId, row]))
}

export async function readMakeUps(phone: Phone, meetingId: string): Promise<Map<string, MakeUpRow>> {
  return standingMakeUps(
    await phone.db.records('make-up').where('fields.meetingId').equals(meetingId).toArray(),
  )
}

/** 补学 is open for who owes it, once the roll says so, until they have written it; a corrected mark closes and opens it anew. */
export function makeUpIsOpen(view: {
  mine: AttendanceLine | undefined
  makeUps: Map<string, MakeUpRow>
  meeting: MeetingRow
}): boolean {
  const { mine } = view
  if (mine === undefined || view.meeting.fields.state === 'cancelled') return false
  return owesMakeUp(mine) && !view.makeUps.has(mine.personId)
}
