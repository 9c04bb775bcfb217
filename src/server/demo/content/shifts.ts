/** Shifts of the first branch, this month and the next, and its plan of the year. The turn is 早早晚晚夜休, a day later for each. */
import { civilInstant, lastDayOfMonth } from '../../../shared/civil-time.ts'
import { yearPlanId, planItemId, storedItem } from '../../../shared/meetings/year/year-plan.ts'
import { shiftRosterId, type ShiftKind } from '../../../shared/org/shifts/shift-roster.ts'
import { meetingKindId } from '../../commands/make-bureau.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID } from '../people/units.ts'

const TURN: readonly ShiftKind[] = ['early', 'early', 'late', 'late', 'night', 'rest']
/** One is away for the week to come; the secretary works by day from Monday to Friday. */
const AWAY = '1018'
const AWAY_DAYS = 7

const monthAfter = (month: string): string => daysFrom(lastDayOfMonth(month), 1).slice(0, 7)
const dayCount = (date: string): number => civilInstant(date) / 86_400_000

export async function fillShifts(context: DemoContext): Promise<void> {
  const { today } = context
  const people = context.people.filter(({ branch }) => branch === '窗口第一支部')
  const secretary = personIdOf(STAFF.secretary)
  const writtenAt = civilInstant(daysFrom(today, -6), '16:00')
  const away = new Set(Array.from({ length: AWAY_DAYS }, (_, at) => daysFrom(today, at)))
  const kindOf = (staffNo: string, index: number, date: string): ShiftKind => {
    const number = Math.floor(dayCount(date))
    if (staffNo === AWAY && away.has(date)) return 'leave'
    if (staffNo === STAFF.secretary) return (number + 4) % 7 >= 5 ? 'rest' : 'early'
    return TURN[(number + index) % TURN.length] ?? 'rest'
  }
  const month = today.slice(0, 7)
  for (const each of [month, monthAfter(month)]) {
    const dates = Array.from({ length: Number(lastDayOfMonth(each).slice(8)) }, (_, at) =>
      daysFrom(`${each}-01`, at),
    )
    const days = Object.fromEntries(
      people.map(({ staffNo }, index) => [
        personIdOf(staffNo),
        Object.fromEntries(dates.map((date) => [date.slice(8), kindOf(staffNo, index, date)])),
      ]),
    )
    const fields = { unitId: FIRST_BRANCH_ID, month: each, days, hours: {} }
    await context.put('shift-roster', shiftRosterId(FIRST_BRANCH_ID, each), fields, secretary, writtenAt)
  }
  await fillPlan(context, secretary, writtenAt)
}

/** The branch keeps its year here since the month before: what lies further back is not counted. */
async function fillPlan(context: DemoContext, by: string, at: number): Promise<void> {
  const { today } = context
  const year = Number(today.slice(0, 4))
  const begun = `${daysFrom(`${today.slice(0, 7)}-01`, -1).slice(0, 7)}-01`
  const countedFrom = begun.startsWith(`${year}-`) ? begun : null
  const next = monthAfter(today.slice(0, 7))
  const kindId = meetingKindId('主题党日')
  const item = { kindId, date: `${next}-12`, subject: '把办事指南再走一遍（示例）' }
  const items = next.startsWith(`${year}-`) ? { [planItemId(kindId, next, 1)]: storedItem(item) } : {}
  const fields = { unitId: FIRST_BRANCH_ID, year, countedFrom, items }
  await context.put('year-plan', yearPlanId(FIRST_BRANCH_ID, year), fields, by, at)
}
