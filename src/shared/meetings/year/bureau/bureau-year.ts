/**
 * The year of every branch and group of the bureau: what of its meetings was due, held and overdue. Figures and names of units
 * only: no person, no title, no day of a meeting. The endpoint makes it, the office's page reads it.
 */
import { compareUnitNames } from '../../../org/order/unit-order.ts'
import type { Unit } from '../../../org/unit.ts'
import type { MeetingKind } from '../../meeting-kind.ts'
import type { PeriodState, YearQuestion } from '../standing.ts'
import { unitYear } from '../unit-year.ts'
import { yearPlanId, type YearPlan } from '../year-plan.ts'

/** Due, held, overdue, and how it stands; the periods follow `periodsOf` of the kind's cadence. */
export type PeriodFigures = [due: number, held: number, overdue: number, state: PeriodState]

export interface KindYear {
  kindId: string
  due: number
  held: number
  overdue: number
  /** Empty for a kind without a cadence. */
  periods: PeriodFigures[]
}

export interface YearUnit {
  unitId: string
  name: string
  /** The branch that a group belongs to; null for a branch, and for a group without one. */
  branchId: string | null
  kinds: KindYear[]
}

export interface YearKind {
  id: string
  name: string
  cadence: Omit<NonNullable<MeetingKind['cadence']>, 'since'> | null
}

export interface BureauYear {
  year: number
  /** When it was counted, UTC ms. */
  at: number
  /** Those that some unit of the bureau holds, in their order. */
  kinds: YearKind[]
  /** Branches in the order of the bureau, each followed by its groups. */
  units: YearUnit[]
}

export interface BureauYearParts extends Pick<
  YearQuestion,
  'year' | 'kinds' | 'meetings' | 'attended' | 'today'
> {
  at: number
  units: readonly { id: string; fields: Unit }[]
  /** Of this year, of whatever unit. */
  plans: readonly { id: string; fields: Pick<YearPlan, 'countedFrom'> }[]
}

type StoredUnit = BureauYearParts['units'][number]

const inOrder = (a: StoredUnit, b: StoredUnit): number =>
  (a.fields.order ?? 0) - (b.fields.order ?? 0) ||
  compareUnitNames(a.fields.name, b.fields.name) ||
  (a.id < b.id ? -1 : 1)

function inLists<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const lists = new Map<Key, Item[]>()
  for (const item of items) {
    const list = lists.get(keyOf(item)) ?? []
    list.push(item)
    lists.set(keyOf(item), list)
  }
  return lists
}

export function bureauYear({ at, units, plans, ...parts }: BureauYearParts): BureauYear {
  const { year } = parts
  const meetingsOf = inLists(parts.meetings, ({ fields }) => fields.unitId)
  const planOf = new Map(plans.map(({ id, fields }) => [id, fields]))
  const isThere = ({ id, fields }: StoredUnit) =>
    fields.endedOn == null || fields.endedOn >= `${year}-01-01` || meetingsOf.has(id)
  const sorted = [...units].sort(inOrder)
  const branches = sorted.filter(({ fields }) => fields.kind === 'branch')
  const groups = sorted.filter(({ fields }) => fields.kind === 'group')
  const branchIds = new Set(branches.map(({ id }) => id))
  const branchOf = ({ fields: { parentId } }: StoredUnit) =>
    parentId !== null && branchIds.has(parentId) ? parentId : null
  const groupsOf = inLists(groups, branchOf)
  const ofUnit = (unit: StoredUnit): YearUnit => ({
    unitId: unit.id,
    name: unit.fields.name,
    branchId: unit.fields.kind === 'group' ? branchOf(unit) : null,
    kinds: unitYear({
      ...parts,
      unit,
      plan: planOf.get(yearPlanId(unit.id, year)),
      meetings: meetingsOf.get(unit.id) ?? [],
    }).map(({ kindId, due, held, overdue, periods }) => ({
      kindId,
      due,
      held,
      overdue,
      periods: periods.map((p): PeriodFigures => [p.due, p.held, p.overdue, p.state]),
    })),
  })
  const shown = [
    ...branches.flatMap((b) => [b, ...(groupsOf.get(b.id) ?? [])]),
    ...(groupsOf.get(null) ?? []),
  ]
    .filter(isThere)
    .map(ofUnit)
  const held = new Set(shown.flatMap(({ kinds }) => kinds.map(({ kindId }) => kindId)))
  return {
    year,
    at,
    kinds: [...parts.kinds]
      .filter(({ id }) => held.has(id))
      .sort((a, b) => (a.fields.order ?? 0) - (b.fields.order ?? 0) || (a.id < b.id ? -1 : 1))
      .map(({ id, fields: { name, cadence } }) => ({
        id,
        name,
        cadence: cadence && {
          per: cadence.per,
          times: cadence.times,
          source: cadence.source,
          toBeChecked: cadence.toBeChecked ?? false,
        },
      })),
    units: shown,
  }
}
