/** What a period of a kind says, and where it leads. */
import type { MeetingKind } from '../../../../shared/meetings/meeting-kind.ts'
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

interface WithCadence {
  kind: { cadence: Omit<NonNullable<MeetingKind['cadence']>, 'since'> | null }
}

/** 每月 1 次. */
export const cadenceInWords = ({ kind }: WithCadence): string =>
  kind.cadence === null ? '按需要召开' : `${PER_WORDS[kind.cadence.per]} ${kind.cadence.times} 次`

export const isToBeChecked = ({ kind }: WithCadence): boolean =>
  kind.cadence?.toBeChecked === true && !kind.cadence.source.includes('待核')

export type PeriodWord = [word: string, tone: Tone | 'plain']

/** As it stands by the figures alone; undefined while the period runs or is to come. */
export function standingInWords({
  state,
  held,
  due,
  missing,
}: Pick<PeriodStanding, 'state' | 'held' | 'due' | 'missing'>): PeriodWord | undefined {
  if (state === 'not-asked') return ['不计', 'plain']
  if (state === 'held') return [held > 1 ? `已开 ${held} 次` : '已开', 'green']
  if (state === 'overdue') return [due > 1 ? `缺 ${missing} 次` : '没有开', 'amber']
  return undefined
}

function wordOf(period: PeriodStanding, view: YearView, item: PlanItem | undefined): PeriodWord {
  const settled = standingInWords(period)
  if (settled !== undefined) return settled
  const { state, plannedIds } = period
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

/** Of those held: beyond what their period asked for, or in a period that asks for none. */
const beyondDue = ({ held, periods }: KindStanding): number =>
  held - periods.reduce((total, period) => total + Math.min(period.held, period.due), 0)

/** 全年应开 28 次，已开 20 次（其中 1 次是应开以外的），过期没有开的 2 次；按需要另开 3 次. */
export function sumInWords(standing: readonly KindStanding[]): string {
  const asked = standing.filter(({ kind }) => kind.cadence !== null)
  const sum = (some: readonly KindStanding[], of: (each: KindStanding) => number) =>
    some.reduce((total, each) => total + of(each), 0)
  const overdue = sum(asked, (each) => each.overdue)
  // Without it the three figures do not add up.
  const beyond = sum(asked, beyondDue)
  const asNeeded = sum(standing, ({ kind, held }) => (kind.cadence === null ? held : 0))
  const parts = [
    `全年应开 ${sum(asked, (each) => each.due)} 次`,
    `已开 ${sum(asked, (each) => each.held)} 次${beyond > 0 ? `（其中 ${beyond} 次是应开以外的）` : ''}`,
    ...(overdue > 0 ? [`过期没有开的 ${overdue} 次`] : []),
  ]
  return `${parts.join('，')}${asNeeded > 0 ? `；按需要另开 ${asNeeded} 次` : ''}`
}
