/** The year of all branches as the endpoint counts it, checked before it is shown. Never stored. */
import * as v from 'valibot'
import type { BureauYear } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'
import { PERIOD_STATES } from '../../../../../shared/meetings/year/standing.ts'
import { ask } from '../../../../remote/questions.ts'

const Sums = { due: v.number(), held: v.number(), overdue: v.number() }
const Answer: v.GenericSchema<unknown, BureauYear> = v.object({
  year: v.number(),
  at: v.number(),
  kinds: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      cadence: v.nullable(
        v.object({
          per: v.picklist(['month', 'quarter', 'year']),
          times: v.number(),
          source: v.string(),
          toBeChecked: v.boolean(),
        }),
      ),
    }),
  ),
  units: v.array(
    v.object({
      unitId: v.string(),
      name: v.string(),
      branchId: v.nullable(v.string()),
      kinds: v.array(
        v.object({
          kindId: v.string(),
          ...Sums,
          periods: v.array(v.tuple([v.number(), v.number(), v.number(), v.picklist(PERIOD_STATES)])),
        }),
      ),
    }),
  ),
})

/** @throws RemoteProblem */
export const askBureauYear = (year: number, signal?: AbortSignal): Promise<BureauYear> =>
  ask(`meeting-year?year=${year}`, { schema: Answer, ...(signal ? { signal } : {}) })
