/**
 * A year's plan of a unit: which meeting is meant for which day. Light on purpose: an item is a day and perhaps a subject, not
 * a meeting, so nobody is invited by it. It becomes a meeting through the form. One record for a unit and a year, each item
 * a path of its own: two officers who plan offline both keep what they wrote, and proposals made twice are made once.
 */
import * as v from 'valibot'
import { CivilDate, Count, Id, ShortText } from '../../fields.ts'
import { isOfficerOf } from '../../org/actor.ts'
import { idFrom } from '../../sync/canonical.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { unitScope } from '../../sync/scopes.ts'

/** Kind, day, and what it will be about where that is known. An array: written whole or not at all. */
const StoredItem = v.tuple([Id, CivilDate, ShortText])

export interface PlanItem {
  kindId: string
  date: string
  subject: string
}
/** As the record keeps it. */
export const storedItem = ({ kindId, date, subject }: PlanItem): [string, string, string] => [
  kindId,
  date,
  subject,
]

export const yearPlanId = (unitId: string, year: number): string => idFrom('year-plan', unitId, String(year))

export const yearPlan = defineRecord({
  type: 'year-plan',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    year: v.pipe(Count, v.minValue(2000), v.maxValue(2999)),
    /** Counted from this day: the branch was founded, or began to keep its year here. null: the whole year. */
    countedFrom: v.optional(v.nullable(CivilDate), null),
    /** By `planItemId`; null: taken away. */
    items: v.optional(v.record(v.string(), v.nullable(StoredItem)), {}),
  }),
  indexes: ['unitId'],
  scopeOf: (f) => unitScope(f.unitId),
  parents: (f) => [{ type: 'unit', id: f.unitId }],
  canWrite: ({ actor, next, observedAt }) => isOfficerOf(actor, next.unitId, observedAt) || 'forbidden',
  conflict: 'draft',
  keepOnPhone: 36,
  retention: 'five years',
  label: (f) => `会议年度计划 · ${f.year} 年`,
})
export type YearPlan = FieldsOf<typeof yearPlan>

/** The n-th of a kind in a period: the same proposal is the same item on every phone. */
export const planItemId = (kindId: string, periodKey: string, n: number): string =>
  `${kindId}_${periodKey}_${n}`

/** The items that stand, by the order of their days. */
export function planItems(plan: Pick<YearPlan, 'items'> | undefined): (PlanItem & { id: string })[] {
  return Object.entries(plan?.items ?? {})
    .flatMap(([id, item]) => {
      if (item === null) return []
      const [kindId, date, subject] = item
      return [{ id, kindId, date, subject }]
    })
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1))
}
