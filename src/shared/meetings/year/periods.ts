/** The periods of a year by which a kind of meeting is due: months, quarters, or the year itself. */
import { civilInstant, lastDayOfMonth } from '../../civil-time.ts'
import type { MeetingKind } from '../meeting-kind.ts'

export type Per = NonNullable<MeetingKind['cadence']>['per']

export interface Period {
  /** '2026-03', '2026-Q1', '2026'. */
  key: string
  /** 3 月, 第一季度, 全年. */
  name: string
  /** First and last civil date. */
  from: string
  to: string
}

export const PER_WORDS: Readonly<Record<Per, string>> = { month: '每月', quarter: '每季度', year: '每年' }
const QUARTERS = ['第一季度', '第二季度', '第三季度', '第四季度'] as const

const monthOf = (year: number, month: number): string => `${year}-${String(month).padStart(2, '0')}`

export function periodsOf(per: Per, year: number): Period[] {
  if (per === 'year') return [{ key: String(year), name: '全年', from: `${year}-01-01`, to: `${year}-12-31` }]
  if (per === 'quarter')
    return QUARTERS.map((name, at) => ({
      key: `${year}-Q${at + 1}`,
      name,
      from: `${monthOf(year, at * 3 + 1)}-01`,
      to: lastDayOfMonth(monthOf(year, at * 3 + 3)),
    }))
  return Array.from({ length: 12 }, (_, at) => {
    const month = monthOf(year, at + 1)
    return { key: month, name: `${at + 1} 月`, from: `${month}-01`, to: lastDayOfMonth(month) }
  })
}

/**
 * Is a period asked of a unit that exists from one day to another? When at least half of it lies within: a branch founded on
 * 10 March owes that month's meeting, but not the first quarter's.
 * @param from, to inclusive civil dates; null: without end
 */
export function isAsked(period: Period, from: string | null, to: string | null): boolean {
  const begin = from !== null && from > period.from ? from : period.from
  const end = to !== null && to < period.to ? to : period.to
  const lengthOf = (a: string, b: string) => civilInstant(b) - civilInstant(a)
  const whole = lengthOf(period.from, period.to)
  return begin <= end && lengthOf(begin, end) * 2 >= whole
}
