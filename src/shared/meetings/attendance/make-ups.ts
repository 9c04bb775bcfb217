/** 补学: whose sentence stands, and for whom it is still open. */
import { headsOf } from '../../sync/heads.ts'
import type { MakeUp } from '../make-up.ts'
import type { Meeting } from '../meeting.ts'
import { owesMakeUp, type AttendanceStanding } from './attendance.ts'

export interface StoredMakeUp {
  id: string
  fields: MakeUp
  observedAt: number
}

/** The standing one of each person, among those of one meeting. */
export function standingMakeUps<T extends StoredMakeUp>(rows: readonly T[]): Map<string, T> {
  const heads = headsOf(rows.map((row) => ({ ...row, supersedes: row.fields.supersedes ?? [] })))
  return new Map(heads.sort((a, b) => a.observedAt - b.observedAt).map((row) => [row.fields.personId, row]))
}

/** 补学 is open for who owes it, once the roll says so, until they have written it; a corrected mark closes and opens it anew. */
export function makeUpIsOpen(of: {
  meeting: { fields: Pick<Meeting, 'state'> }
  /** Undefined: need not come. */
  mine: ({ personId: string } & Pick<AttendanceStanding, 'state'>) | undefined
  /** The standing ones of this meeting, by person. */
  makeUps: ReadonlyMap<string, unknown>
}): boolean {
  const { mine } = of
  if (mine === undefined || of.meeting.fields.state === 'cancelled') return false
  return owesMakeUp(mine) && !of.makeUps.has(mine.personId)
}
