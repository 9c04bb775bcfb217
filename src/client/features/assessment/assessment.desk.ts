/** For the desk: how far the month is in the whole bureau, and for scorers the self-assessments that wait. */
import { civilDate, civilMonth, lastDayOfMonth } from '../../../shared/civil-time.ts'
import { SIDE_WORDS } from '../../../shared/assessment/sides.ts'
import { ask } from '../../remote/questions.ts'
import type { Phone } from '../../storage/phone.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import {
  isReady,
  isWholly,
  lackInWords,
  monthToFreeze,
  MonthAnswer,
  type MonthUnit,
} from './desk/month-desk.ts'
import { deadlineInWords, monthsBack, shortMonth } from './month-words.ts'
import { readReviews } from './scoring/reviews.ts'
import { scoringUnits } from './scoring/scoring-units.ts'

const sum = (units: readonly MonthUnit[], of: (unit: MonthUnit) => number): number =>
  units.reduce((total, unit) => total + Math.max(0, of(unit)), 0)

export function monthMatters(units: readonly MonthUnit[], month: string, now: number): DeskMatter[] {
  const to = '/desk/months'
  const isOver = civilDate(now) > lastDayOfMonth(month)
  const ready = units.filter((u) => u.members > 0 && isReady(u) && !isWholly(u)).length
  const missing = sum(units, (u) => u.members - u.submitted)
  const unscored = sum(units, (u) => u.members - u.partyDone) + sum(units, (u) => u.members - u.workDone)
  const when = isOver ? `${shortMonth(month)}已过` : deadlineInWords(month, now)
  const matters: DeskMatter[] = [
    {
      key: 'ready',
      count: ready,
      unit: '个',
      title: `支部的 ${shortMonth(month)}可以定稿`,
      second: '两侧都已评完',
      to,
      isUrgent: true,
    },
    {
      key: 'unscored',
      count: isOver ? unscored : 0,
      unit: '份',
      title: `${shortMonth(month)}评分没有完成`,
      second: lackInWords(units),
      to,
      isUrgent: true,
    },
    {
      key: 'missing',
      count: missing,
      unit: '人',
      title: `没有交 ${shortMonth(month)}自评`,
      second: `共 ${sum(units, (u) => u.members)} 人 · ${when}`,
      to,
    },
  ]
  return matters.filter(({ count }) => count > 0)
}

async function ofBureau({ now, signal }: DeskContext<Phone>): Promise<DeskMatter[]> {
  const month = monthToFreeze(now)
  const { units } = await ask(`month?month=${month}`, { schema: MonthAnswer, signal })
  return monthMatters(units, month, now)
}

async function ofScorer({ phone, actor, now }: DeskContext<Phone>): Promise<DeskMatter[]> {
  const thisMonth = civilMonth(now)
  const matters: DeskMatter[] = []
  for (const unit of await scoringUnits(phone.db, actor)) {
    for (const month of monthsBack(thisMonth, 2)) {
      const { reviews } = await readReviews(phone.db, unit, month, now)
      matters.push({
        key: `${unit.unitId}-${month}`,
        count: reviews.filter(({ state }) => state === 'waiting').length,
        unit: '份',
        title: `${shortMonth(month)}自评待评`,
        second: `${unit.name} · ${SIDE_WORDS[unit.side]}`,
        to: `/scoring?month=${month}&unit=${unit.unitId}`,
        isUrgent: month !== thisMonth,
      })
    }
  }
  return matters.filter(({ count }) => count > 0)
}

export const deskSources: readonly DeskSource<Phone>[] = [
  { order: 40, for: 'office', name: '月度定稿', isAsked: true, load: ofBureau },
  { order: 40, for: 'scorer', name: '评分', load: ofScorer },
]
