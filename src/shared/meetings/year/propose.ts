/** A plan for the year in one go: a day for each meeting that is still missing, to be changed by hand. */
import { civilDate, civilInstant, DAY_MS } from '../../civil-time.ts'
import type { KindStanding, PeriodStanding } from './standing.ts'
import { planItemId, planItems, type PlanItem, type YearPlan } from './year-plan.ts'

export interface ProposedItem extends PlanItem {
  id: string
  periodKey: string
}

/** Sunday and Saturday are left for rest: the next Monday, or the Friday before where the period would end. */
function onWorkday(date: string, period: { to: string }): string {
  const weekday = new Date(`${date}T00:00:00.000Z`).getUTCDay()
  if (weekday !== 0 && weekday !== 6) return date
  const next = civilDate(civilInstant(date) + (weekday === 6 ? 2 : 1) * DAY_MS)
  return next <= period.to ? next : civilDate(civilInstant(date) - (weekday === 6 ? 1 : 2) * DAY_MS)
}

/** Evenly within the period, where the last one of its kind stood: a fixed day of the month stays fixed. */
function dayFor(period: PeriodStanding, n: number, of: number, habit: number | null): string {
  const last = Number(period.to.slice(8, 10))
  const isMonth = period.from.slice(0, 7) === period.to.slice(0, 7)
  if (isMonth && of === 1) {
    const day = Math.min(habit ?? 15, last)
    return onWorkday(`${period.from.slice(0, 8)}${String(day).padStart(2, '0')}`, period)
  }
  const from = civilInstant(period.from)
  const days = (civilInstant(period.to) - from) / DAY_MS + 1
  return onWorkday(civilDate(from + Math.floor((days * (n + 0.5)) / of) * DAY_MS), period)
}

/** The day of the month on which a kind was held last; null when it was not. */
export function habitOf(
  meetings: readonly {
    fields: { kindId: string; unitId: string; date: string; state?: string | undefined }
  }[],
  unitId: string,
  kindId: string,
): number | null {
  const dates = meetings
    .filter(
      ({ fields }) => fields.unitId === unitId && fields.kindId === kindId && fields.state !== 'cancelled',
    )
    .map(({ fields }) => fields.date)
    .sort()
  const last = dates.at(-1)
  return last === undefined ? null : Number(last.slice(8, 10))
}

/** The items of a plan that stand within a period and kind, in the order of their days. */
export function itemsOf(
  plan: Pick<YearPlan, 'items'> | undefined,
  kindId: string,
  period: { from: string; to: string },
): (PlanItem & { id: string })[] {
  return planItems(plan).filter(
    (item) => item.kindId === kindId && period.from <= item.date && item.date <= period.to,
  )
}

/** The items that no meeting has taken up yet: the first meetings of a period take up its first items. */
export function openItems(
  plan: Pick<YearPlan, 'items'> | undefined,
  kindId: string,
  period: PeriodStanding,
): (PlanItem & { id: string })[] {
  return itemsOf(plan, kindId, period).slice(period.held + period.plannedIds.length)
}

/**
 * What is due from today on and neither held, nor arranged, nor in the plan. Nothing is proposed for days that have passed:
 * what is overdue is held as soon as it can be, so it is proposed for the week to come where its period allows.
 */
export function proposePlan(
  standing: readonly KindStanding[],
  plan: Pick<YearPlan, 'items'> | undefined,
  today: string,
  habit: (kindId: string) => number | null = () => null,
): ProposedItem[] {
  return standing.flatMap(({ kindId, periods }) =>
    periods.flatMap((period) => {
      const { due, held, plannedIds, to, key } = period
      if (to < today) return []
      const planned = itemsOf(plan, kindId, period)
      const standingAlready = Math.max(held + plannedIds.length, planned.length)
      const taken = new Set(planItems(plan).map(({ id }) => id))
      return Array.from({ length: Math.max(0, due - standingAlready) }, (_, at) => {
        const n = standingAlready + at
        let number = n + 1
        while (taken.has(planItemId(kindId, key, number))) number++
        taken.add(planItemId(kindId, key, number))
        const day = dayFor(period, n, due, habit(kindId))
        const soon = onWorkday(civilDate(civilInstant(today) + 7 * DAY_MS), period)
        const date = day >= today ? day : soon <= to ? soon : to
        return { id: planItemId(kindId, key, number), periodKey: key, kindId, date, subject: '' }
      })
    }),
  )
}
