/** Sums of a self-assessment and of a score sheet, in tenths, so that 0.1 + 0.2 is 0.3 on every phone. */
import type { Answer } from './self-assessment.ts'
import type { Adjustment, Score } from './score-sheet.ts'
import type * as v from 'valibot'
import type { Indicator, IndicatorSet } from './indicator-set.ts'

const inTenths = (points: number) => Math.round(points * 10)

export function sumPoints(points: readonly (number | null | undefined)[]): number {
  return points.reduce<number>((sum, p) => sum + inTenths(p ?? 0), 0) / 10
}

/** A score within 0 … max; a figure outside is cut to the nearest bound. */
export function withinIndicator(indicator: Pick<Indicator, 'max'>, score: number): number {
  return Math.min(indicator.max, Math.max(0, inTenths(score) / 10))
}

export function selfTotal(set: Pick<IndicatorSet, 'indicators'>, answers: Record<string, Answer>): number {
  return sumPoints(set.indicators.map((i) => answers[i.id]?.score))
}

/** Indicators that still have no self-score. */
export function unanswered(
  set: Pick<IndicatorSet, 'indicators'>,
  answers: Record<string, Answer>,
): Indicator[] {
  return set.indicators.filter((i) => answers[i.id]?.score == null)
}

export function sheetTotal(
  set: Pick<IndicatorSet, 'indicators'>,
  scores: Record<string, Score>,
  adjustments: Record<string, v.InferOutput<typeof Adjustment>>,
): number {
  return sumPoints([
    // A score beyond its indicator's maximum counts as the maximum.
    ...set.indicators.map((i) => {
      const score = scores[i.id]?.score
      return score == null ? null : withinIndicator(i, score)
    }),
    ...Object.values(adjustments).map((a) => a.points),
  ])
}

/** A deduction without a reason: what stands below the maximum and has none. */
export function deductionsWithoutReason(
  set: Pick<IndicatorSet, 'indicators'>,
  scores: Record<string, Score>,
): Indicator[] {
  return set.indicators.filter((i) => {
    const score = scores[i.id]
    return score?.score != null && score.score < i.max && (score.reason ?? '').trim() === ''
  })
}
