/** One desk's sheet as it stands on this phone, with the self-assessment that was submitted to this desk beside it. */
import type { Appeal } from '../../../../../shared/assessment/appeal.ts'
import { setForMonth } from '../../../../../shared/assessment/applicable-set.ts'
import type { Indicator, IndicatorSet } from '../../../../../shared/assessment/indicator-set.ts'
import type { Side } from '../../../../../shared/assessment/sides.ts'
import type { MonthResult } from '../../../../../shared/assessment/month-result.ts'
import { scoreSheetId, type Score, type ScoreSheet } from '../../../../../shared/assessment/score-sheet.ts'
import type { Submission } from '../../../../../shared/assessment/submission.ts'
import { deductionsWithoutReason } from '../../../../../shared/assessment/sheet-total.ts'
import { isScorerOf } from '../../../../../shared/org/actor.ts'
import { readActor } from '../../../../storage/actor.ts'
import type { Phone } from '../../../../storage/phone.ts'
import type { PhoneRecord } from '../../../../storage/rows.ts'
import { readNames } from '../../names.ts'
import { appealsOf } from '../../result/month-result.ts'
import { allSets, newestHead, readResult, type SetRow } from '../../side-state.ts'

export interface SheetKey {
  month: string
  side: Side
  unitId: string
  personId: string
}

export interface SheetRead {
  mayScore: boolean
  name: string
  unitName: string
  set: SetRow | null
  sheet: PhoneRecord<ScoreSheet> | null
  submission: PhoneRecord<Submission> | null
  result: PhoneRecord<MonthResult> | null
  appeals: PhoneRecord<Appeal>[]
  names: Map<string, string>
}

export async function readSheet(phone: Phone, key: SheetKey): Promise<SheetRead> {
  const { db } = phone
  const { month, side, unitId, personId } = key
  const [actor, unit, sheet, submissions, sets, result] = await Promise.all([
    readActor(db, phone.person.id, phone.now()),
    db.records('unit').get(unitId),
    db.records('score-sheet').get(scoreSheetId(unitId, personId, month, side)),
    db.records('submission').where('fields.personId').equals(personId).toArray(),
    allSets(db),
    readResult(db, personId, month, side),
  ])
  const own = submissions.filter(
    ({ fields: f }) => f.month === month && f.side === side && f.unitId === unitId,
  )
  const scores = Object.values<Partial<Score>>(sheet?.fields.scores ?? {})
  const scorers = scores.map((score) => score.scorerId ?? '').filter(Boolean)
  const names = await readNames(db, [personId, ...scorers])
  return {
    mayScore: isScorerOf(actor, unitId),
    name: names.get(personId) ?? sheet?.fields.name ?? '',
    unitName: unit?.fields.name ?? '',
    set: setOf(sets, key, sheet, result),
    sheet: sheet ?? null,
    submission: newestHead(own),
    result,
    appeals: result === null ? [] : await appealsOf(db, result),
    names,
  }
}

/** What was finished keeps the set that it was judged by; a sheet in work follows the month's. */
function setOf(
  sets: readonly SetRow[],
  { side, month }: SheetKey,
  sheet: PhoneRecord<ScoreSheet> | undefined,
  result: PhoneRecord<MonthResult> | null,
): SetRow | null {
  const fixed = result?.fields.setId ?? (sheet?.fields.done === true ? sheet.fields.setId : undefined)
  return sets.find((s) => s.id === fixed) ?? setForMonth(sets, side, month) ?? null
}

/** What stands in the way of 完成评分. */
export interface Unfinished {
  unscored: Indicator[]
  withoutReason: Indicator[]
}

export function unfinishedOf(
  set: Pick<IndicatorSet, 'indicators'>,
  scores: Record<string, Score>,
): Unfinished {
  return {
    unscored: set.indicators.filter((i) => scores[i.id]?.score == null),
    withoutReason: deductionsWithoutReason(set, scores),
  }
}

export function scoreOf(scores: Readonly<Record<string, Partial<Score>>> | undefined, id: string): Score {
  const score = scores?.[id]
  return {
    score: score?.score ?? null,
    reason: score?.reason ?? '',
    evidence: score?.evidence ?? '',
    scorerId: score?.scorerId ?? null,
    at: score?.at ?? null,
  }
}
