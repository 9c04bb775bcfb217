/** What the figures of a branch's year say in words. */
import { periodsOf } from '../../../../../shared/meetings/year/periods.ts'
import type { BranchLine, YearSums } from '../../../../../shared/meetings/year/bureau/branch-lines.ts'
import type { KindYear, YearKind } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'
import type { ShownPeriod } from '../PeriodCells.vue'
import { standingInWords } from '../year-words.ts'

export const QUARTER_WORDS = ['一季', '二季', '三季', '四季'] as const

/** Held of those due: 3/4; — where nothing is due and nothing was held. */
export const heldOfDue = ({ due, held }: YearSums): string =>
  due === 0 && held === 0 ? '—' : `${held}/${due}`

/** 应开 41 次，已开 30 次 */
export const sumsInWords = ({ due, held }: YearSums): string => `应开 ${due} 次，已开 ${held} 次`

/** 一季缺 1 次 · 三季缺 2 次; empty where nothing is missing. */
export function missingInWords({ quarters, yearly }: BranchLine): string {
  const words = (word: string, { overdue }: YearSums) => (overdue > 0 ? `${word}缺 ${overdue} 次` : '')
  return [...quarters.map((sums, at) => words(QUARTER_WORDS[at]!, sums)), words('一年一次的', yearly)]
    .filter(Boolean)
    .join(' · ')
}

export function cellsOfKind({ cadence }: YearKind, { periods }: KindYear, year: number): ShownPeriod[] {
  const named = cadence === null ? [] : periodsOf(cadence.per, year)
  return periods.flatMap(([due, held, overdue, state], at) => {
    const period = named[at]
    if (period === undefined) return []
    const [word, tone] = standingInWords({ state, held, due, missing: overdue }) ?? [
      state === 'open' ? '本期应开' : '还没有到',
      'plain',
    ]
    return [{ key: period.key, name: period.name, word, tone }]
  })
}

export const figuresOf = ({ due, held, overdue }: YearSums) => [
  { label: '全年应开', value: due },
  { label: '已开', value: held },
  { label: '过期没有开', value: overdue },
]
