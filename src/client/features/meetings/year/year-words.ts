/** What a period of a kind says, and where it leads. */
import { openItems } from '../../../../shared/meetings/year/propose.ts'
import { PER_WORDS } from '../../../../shared/meetings/year/periods.ts'
import type { KindStanding, PeriodStanding } from '../../../../shared/meetings/year/standing.ts'
import type { PlanItem } from '../../../../shared/meetings/year/year-plan.ts'
import type { Tone } from '../../../ui/words.ts'
import type { YearView } from './read-year.ts'

export interface PeriodCell {
  key: string
  name: string
  word: string
  tone: Tone | 'plain'
  /** The meeting that was held or is arranged. */
  meetingId: string | undefined
  /** What the plan means for it, as long as no meeting has taken it up. */
  item: (PlanItem & { id: string }) | undefined
  isOverdue: boolean
}

/** 27 日 where the period is its month, 11 月 27 日 elsewhere. */
const dayWord = (date: string, { key }: PeriodStanding): string =>
  `${key.length === 7 && date.startsWith(key) ? '' : `${Number(date.slice(5, 7))} 月 `}${Number(date.slice(8))} 日`

/** 每月 1 次. */
export const cadenceInWords = ({ kind }: Pick<KindStanding, 'kind'>): string =>
  kind.cadence === null ? '按需要召开' : `${PER_WORDS[kind.cadence.per]} ${kind.cadence.times} 次`

export const isToBeChecked = ({ kind }: Pick<KindStanding, 'kind'>): boolean =>
  kind.cadence?.toBeChecked === true && !kind.cadence.source.includes('待核')

function wordOf(
  period: PeriodStanding,
  view: YearView,
  item: PlanItem | undefined,
): [string, Tone | 'plain'] {
  const { state, held, due, plannedIds } = period
  if (state === 'not-asked') return ['不计', 'plain']
  if (state === 'held') return [held > 1 ? `已开 ${held} 次` : '已开', 'green']
  if (state === 'overdue') return [due > 1 ? `缺 ${period.missing} 次` : '没有开', 'amber']
  const arranged = plannedIds.map((id) => view.meetings.get(id)?.date).find((date) => date !== undefined)
  if (arranged !== undefined) return [`${dayWord(arranged, period)}开`, 'grey']
  if (item !== undefined) return [`拟 ${dayWord(item.date, period)}`, 'grey']
  return [state === 'open' ? '本期应开' : '没有安排', 'plain']
}

export function cellsOf(standing: KindStanding, view: YearView): PeriodCell[] {
  return standing.periods.map((period) => {
    const [item] = openItems(view.plan, standing.kindId, period)
    const [word, tone] = wordOf(period, view, item)
    return {
      key: period.key,
      name: period.name,
      word,
      tone,
      meetingId: period.heldIds[0] ?? period.plannedIds[0],
      item,
      isOverdue: period.state === 'overdue',
    }
  })
}

/** 应开 28 次，已开 20 次，缺 2 次. */
export function sumInWords(standing: readonly KindStanding[]): string {
  const sum = (of: (each: KindStanding) => number) => standing.reduce((total, each) => total + of(each), 0)
  const overdue = sum((each) => each.overdue)
  const parts = [`全年应开 ${sum((each) => each.due)} 次`, `已开 ${sum((each) => each.held)} 次`]
  return [...parts, ...(overdue > 0 ? [`过期没有开的 ${overdue} 次`] : [])].join('，')
}
