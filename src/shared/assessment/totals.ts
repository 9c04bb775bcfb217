/** Sums of a self-assessment, in tenths, so that 0.1 + 0.2 is 0.3 on every phone; those of a score sheet are in sheet-total.ts. */
import type { Answer } from './self-assessment.ts'
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
