/**
 * What 今日 says about the assessment: the member's own, due this month, until it is submitted; a result that has newly come;
 * for scorers the reviews that wait. Who has already done the thing is not reminded.
 */
import { SIDE_WORDS } from '../../../shared/assessment/sides.ts'
import { civilDate, civilInstant, civilMonth, DAY_MS, lastDayOfMonth } from '../../../shared/civil-time.ts'
import type { Phone } from '../../storage/phone.ts'
import type { TodayContext, TodayItem, TodaySource } from '../../ui/today.ts'
import { daysLeft, deadlineInWords, pointsInWords, shortMonth } from './month-words.ts'
import type * as ReviewsToday from './scoring/reviews-today.ts'
import { scoringUnits } from './scoring/scoring-units.ts'
import { readSide, type SideState } from './side-state.ts'

type Context = TodayContext<Phone>

const NEW_RESULT_MS = 7 * DAY_MS
const ITEMS_A_MINUTE = 4

const isDue = (side: SideState): boolean =>
  side.unitId !== null && side.set !== null && ['untouched', 'draft', 'changed'].includes(side.status)

const isHandedIn = ({ status, submission }: SideState, today: string): boolean =>
  status === 'submitted' && civilDate(submission!.observedAt) === today

function selfItem(side: SideState, now: number): TodayItem {
  const left = side.status === 'changed' ? '提交后有改动，还没有再次提交' : leftInWords(side)
  return {
    key: `self-${side.month}-${side.side}`,
    title: `${shortMonth(side.month)}自评 · ${SIDE_WORDS[side.side]}`,
    second: `${left} · ${deadlineInWords(side.month, now)}`,
    minutes: Math.max(1, Math.ceil(side.missing / ITEMS_A_MINUTE)),
    dueAt: civilInstant(lastDayOfMonth(side.month)) + DAY_MS,
    group: daysLeft(side.month, now) === 0 ? 'today' : 'week',
    to: `/assessment/${side.month}/${side.side}`,
  }
}

const leftInWords = (side: SideState): string =>
  side.missing === 0 ? '已全部打分，还没有提交' : `还差 ${side.missing} 项`

async function resultItems({ phone, actor, now }: Context): Promise<TodayItem[]> {
  const rows = await phone.db
    .records('month-result')
    .where('fields.personId')
    .equals(actor.personId)
    .filter((row) => row.receivedAt !== null && now - row.receivedAt < NEW_RESULT_MS)
    .toArray()
  const months = [...new Set(rows.map((row) => row.fields.month))].sort()
  return months.map((month): TodayItem => {
    const totals = rows
      .filter((row) => row.fields.month === month)
      .map((row) => `${SIDE_WORDS[row.fields.side]} ${pointsInWords(row.fields.total)} 分`)
    return {
      key: `result-${month}`,
      title: `${shortMonth(month)}结果已定稿`,
      second: `${[...new Set(totals)].join('，')} · 逐项可看，可申诉`,
      minutes: 2,
      group: 'week',
      to: `/assessment/${month}/result`,
    }
  })
}

let reviewsHere: typeof ReviewsToday | undefined

async function reviewItems({ phone, actor, now }: Context): Promise<TodayItem[]> {
  const units = await scoringUnits(phone.db, actor)
  if (units.length === 0) return []
  // Most people score nobody. Once it is here nothing is waited for: a transaction would end meanwhile.
  reviewsHere ??= await Promise.resolve(import('./scoring/reviews-today.ts'))
  return reviewsHere.reviewItems(phone.db, units, now)
}

export const todayItems: TodaySource<Phone> = {
  order: 40,
  tables: [
    'indicator-set',
    'self-assessment',
    'submission',
    'month-result',
    'unit',
    'membership',
    'score-sheet',
    'appeal',
  ],
  async load(context) {
    const { phone, actor, now } = context
    const month = civilMonth(now)
    const sides = await Promise.all([
      readSide(phone.db, actor, month, 'party'),
      readSide(phone.db, actor, month, 'work'),
    ])
    const today = civilDate(now)
    context.done?.(sides.filter((side) => isHandedIn(side, today)).length)
    const own = sides.filter(isDue).map((side) => selfItem(side, now))
    return [...own, ...(await resultItems(context)), ...(await reviewItems(context))]
  },
}
