/** 今日, for scorers: the reviews that wait. Loaded only for them. */
import { SIDE_WORDS } from '../../../../shared/assessment/sides.ts'
import { civilMonth } from '../../../../shared/civil-time.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { TodayItem } from '../../../ui/today.ts'
import { monthsBack, shortMonth } from '../month-words.ts'
import { readReviews } from './reviews.ts'
import type { ScoringUnit } from './scoring-units.ts'

export async function reviewItems(
  db: PhoneDb,
  units: readonly ScoringUnit[],
  now: number,
): Promise<TodayItem[]> {
  const items: TodayItem[] = []
  for (const unit of units) {
    for (const month of monthsBack(civilMonth(now), 2)) {
      const { reviews } = await readReviews(db, unit, month, now)
      const waiting = reviews.filter((review) => review.state === 'waiting').length
      if (waiting === 0) continue
      items.push({
        key: `review-${unit.unitId}-${month}`,
        title: `${waiting} 份自评待评`,
        second: `${unit.name} · ${shortMonth(month)} · ${SIDE_WORDS[unit.side]}`,
        group: 'officer',
        to: `/scoring?month=${month}&unit=${unit.unitId}`,
      })
    }
  }
  return items
}
