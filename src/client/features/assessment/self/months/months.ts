/** The months of a member's own assessment. */
import { SIDES } from '../../../../../shared/assessment/sides.ts'
import { civilMonth } from '../../../../../shared/civil-time.ts'
import type { Actor } from '../../../../../shared/org/actor.ts'
import type { PhoneDb } from '../../../../storage/db.ts'
import { monthsBack } from '../../month-words.ts'
import { readSide, type SideState } from '../../side-state.ts'

export interface MonthState {
  month: string
  sides: SideState[]
}

export const isTouched = ({ status }: SideState): boolean => status !== 'untouched' && status !== 'no-set'

/** This month, the last one while it isn't frozen, and every earlier one that has something. Newest first. */
export async function readMonths(db: PhoneDb, actor: Actor): Promise<MonthState[]> {
  const thisMonth = civilMonth(actor.now)
  const [results, drafts, submissions] = await Promise.all([
    db.records('month-result').where('fields.personId').equals(actor.personId).toArray(),
    db.records('self-assessment').toArray(),
    db.records('submission').where('fields.personId').equals(actor.personId).toArray(),
  ])
  const own = drafts.filter((draft) => draft.fields.personId === actor.personId)
  const touched = [...results, ...own, ...submissions].map((row) => row.fields.month)
  const months = [...new Set([...monthsBack(thisMonth, 2), ...touched])].sort().reverse()
  const states = await Promise.all(
    months.map(async (month) => ({
      month,
      sides: await Promise.all(SIDES.map((side) => readSide(db, actor, month, side))),
    })),
  )
  return states.filter(({ month, sides }) => month >= thisMonth || sides.some(isTouched))
}
