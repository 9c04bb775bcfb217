/** The sum of a score sheet, and what it still lacks. Apart from totals.ts: no first screen asks for it. */
import type * as v from 'valibot'
import type { Indicator, IndicatorSet } from './indicator-set.ts'
import type { Adjustment, Score } from './score-sheet.ts'
import { sumPoints, withinIndicator } from './totals.ts'

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
