/**
 * The year of one unit from its records, as its own page and the office's page of all branches show it: both call this and
 * nothing else, so they never differ over the same records.
 */
import type { Unit } from '../../org/unit.ts'
import { yearStanding, type KindStanding, type YearQuestion } from './standing.ts'
import type { YearPlan } from './year-plan.ts'

export interface UnitYearParts extends Pick<
  YearQuestion,
  'year' | 'kinds' | 'meetings' | 'attended' | 'today'
> {
  unit: { id: string; fields: Pick<Unit, 'kind' | 'endedOn'> }
  /** Of this unit and year; undefined: nobody has planned. */
  plan: Pick<YearPlan, 'countedFrom'> | undefined
}

export const unitYear = ({ unit, plan, ...parts }: UnitYearParts): KindStanding[] =>
  yearStanding({
    ...parts,
    unit: { id: unit.id, kind: unit.fields.kind },
    from: plan?.countedFrom ?? null,
    to: unit.fields.endedOn ?? null,
  })
