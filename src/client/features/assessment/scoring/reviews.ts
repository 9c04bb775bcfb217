/** Whom a desk scores in a month, and how far each sheet is. Only the desk's own side is ever read here. */
import { setForMonth } from '../../../../shared/assessment/applicable-set.ts'
import type { ScoreSheet } from '../../../../shared/assessment/score-sheet.ts'
import type { Submission } from '../../../../shared/assessment/submission.ts'
import { sheetTotal } from '../../../../shared/assessment/sheet-total.ts'
import { civilInstant, lastDayOfMonth } from '../../../../shared/civil-time.ts'
import { spanHolds } from '../../../../shared/org/actor.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'
import { allSets, newestHead, type SetRow } from '../side-state.ts'
import type { ScoringUnit } from './scoring-units.ts'

export type ReviewState = 'waiting' | 'not-submitted' | 'done' | 'frozen'

export interface Review {
  personId: string
  name: string
  staffNo: string
  submission: PhoneRecord<Submission> | null
  sheet: PhoneRecord<ScoreSheet> | null
  scored: number
  count: number
  total: number
  appeals: number
  state: ReviewState
}

/** As the roster stood on the month's last day, or stands now while the month runs. */
export async function peopleOfMonth(
  db: PhoneDb,
  unitId: string,
  month: string,
  now: number,
): Promise<{ personId: string; name: string; staffNo: string }[]> {
  const asOf = Math.min(now, civilInstant(lastDayOfMonth(month), '12:00'))
  const rows = await db.records('membership').where('fields.unitId').equals(unitId).toArray()
  const current = rows
    .map((row) => row.fields)
    .filter((m) => m.memberKind !== 'none' && spanHolds({ from: m.from, to: m.to ?? null }, asOf))
    .sort((a, b) => a.handOrder - b.handOrder || a.name.localeCompare(b.name, 'zh'))
  return [...new Map(current.map((m) => [m.personId, m])).values()]
}

export interface ReviewList {
  set: SetRow | null
  reviews: Review[]
}

export async function readReviews(
  db: PhoneDb,
  unit: Pick<ScoringUnit, 'unitId' | 'side'>,
  month: string,
  now: number,
): Promise<ReviewList> {
  const { unitId, side } = unit
  const inMonth = <T extends 'submission' | 'month-result' | 'appeal'>(type: T) =>
    db.records(type).filter((row) => row.fields.month === month && row.fields.unitId === unitId)
  const isOfDesk = ({ fields }: { fields: ScoreSheet }) => fields.unitId === unitId && fields.side === side
  const [people, sets, submissions, results, appeals, sheets] = await Promise.all([
    peopleOfMonth(db, unitId, month, now),
    allSets(db),
    inMonth('submission').toArray(),
    inMonth('month-result').toArray(),
    inMonth('appeal').toArray(),
    db.records('score-sheet').where('fields.month').equals(month).filter(isOfDesk).toArray(),
  ])
  const applicable = setForMonth(sets, side, month) ?? null
  const reviews = people.map(({ personId, name, staffNo }): Review => {
    const sheet = sheets.find((row) => row.fields.personId === personId) ?? null
    const own = submissions.filter((s) => s.fields.personId === personId && s.fields.side === side)
    const set = (sheet === null ? undefined : sets.find((s) => s.id === sheet.fields.setId)) ?? applicable
    const submission = newestHead(own)
    const isFrozen = results.some((r) => r.fields.personId === personId && r.fields.side === side)
    const scores = sheet?.fields.scores ?? {}
    return {
      personId,
      name,
      staffNo,
      submission,
      sheet,
      scored: set?.fields.indicators.filter((i) => scores[i.id]?.score != null).length ?? 0,
      count: set?.fields.indicators.length ?? 0,
      total: set === null ? 0 : sheetTotal(set.fields, scores, sheet?.fields.adjustments ?? {}),
      appeals: appeals.filter((a) => a.fields.personId === personId).length,
      state: stateOf(isFrozen, sheet, submission),
    }
  })
  return { set: applicable, reviews }
}

function stateOf(
  isFrozen: boolean,
  sheet: PhoneRecord<ScoreSheet> | null,
  submission: PhoneRecord<Submission> | null,
): ReviewState {
  if (isFrozen) return 'frozen'
  if (sheet?.fields.done === true) return 'done'
  return submission === null ? 'not-submitted' : 'waiting'
}
