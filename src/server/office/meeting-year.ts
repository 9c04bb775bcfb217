/**
 * What of a year's meetings is due, held and overdue over the whole bureau, unit by unit, for the Party office.
 *
 * Guarantee: figures and names of units only; whoever does not hold the bureau's office role is refused before anything
 * is counted. Two questions to the store, however many branches there are.
 */
import * as v from 'valibot'
import { civilDate } from '../../shared/civil-time.ts'
import { bureauYear } from '../../shared/meetings/year/bureau/bureau-year.ts'
import type { Meeting } from '../../shared/meetings/meeting.ts'
import type { MeetingKind } from '../../shared/meetings/meeting-kind.ts'
import type { YearPlan } from '../../shared/meetings/year/year-plan.ts'
import type { Unit } from '../../shared/org/unit.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { Refusal } from '../problem.ts'
import { mustBeOffice, parsed, type Question } from './question.ts'

const Year = v.pipe(v.string(), v.regex(/^2\d{3}$/), v.transform(Number))

export const meetingYearQuestion: Question = async ({ tx, actor, now, parameters }) => {
  mustBeOffice(actor)
  const asked = v.safeParse(Year, parameters.year)
  if (!asked.success) throw new Refusal('bad-request', { field: 'year', message: '年份应写成 2026 的样子。' })
  const year = asked.output
  const rows = await tx.records({ types: ['unit', 'meeting-kind', 'year-plan'] })
  const of = <Fields>(type: string) => parsed<Fields>(rows.filter((row) => row.type === type))
  const held = await tx.meetingsOfYear(year)
  const answer = bureauYear({
    year,
    at: now,
    today: civilDate(now),
    units: of<Unit>('unit'),
    kinds: of<MeetingKind>('meeting-kind'),
    plans: of<YearPlan>('year-plan'),
    meetings: held.map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as Meeting })),
    attended: new Set(held.filter(({ attended }) => attended).map(({ id }) => id)),
  })
  return answer as unknown as JsonObject
}
