/** Indicators written as rows, so that a set can be read like a table. */
import type { Indicator } from '../../../shared/assessment/indicator-set.ts'

/** Group, aspect of 星级党员, title, one sentence, points. */
export type IndicatorRow = readonly [
  group: string,
  aspect: string,
  title: string,
  description: string,
  max: number,
]

const STEP = 0.5

/** Ids are the prefix and the place: p01, p02 … */
export function indicatorsOf(prefix: string, rows: readonly IndicatorRow[]): Indicator[] {
  return rows.map(([group, aspect, title, description, max], index) => ({
    id: `${prefix}${String(index + 1).padStart(2, '0')}`,
    group,
    aspect,
    title,
    description,
    max,
    step: STEP,
  }))
}
