/**
 * 排班: the shifts of a unit in one month. One record for a unit and a month, each day of each person a path of its own:
 * two officers who fill it offline, even for the same person, both keep what they wrote.
 *
 * Its readers are the whole unit, as of the sheet on the wall. So 请假 stands here without its kind: who is ill is not for
 * colleagues to read.
 */
import * as v from 'valibot'
import { Id, Month } from '../../fields.ts'
import { monthInWords } from '../../civil-time.ts'
import { idFrom } from '../../sync/canonical.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { unitScope } from '../../sync/scopes.ts'
import { isOfficerOf } from '../actor.ts'

export const SHIFT_KINDS = ['early', 'late', 'night', 'rest', 'leave'] as const
export type ShiftKind = (typeof SHIFT_KINDS)[number]
export const WORKING_SHIFTS = ['early', 'late', 'night'] as const
export type WorkingShift = (typeof WORKING_SHIFTS)[number]
export const SHIFT_WORDS = {
  early: '早班',
  late: '晚班',
  night: '夜班',
  rest: '休息',
  leave: '请假',
} as const satisfies Record<ShiftKind, string>

/** '08:00-16:00'; an end that is not after the beginning is on the next day. */
const HOURS = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/
const Hours = v.pipe(v.string(), v.regex(HOURS, '时间应写成 08:00-16:00 的样子'))
/** Until the unit writes its own. */
export const DEFAULT_HOURS: Readonly<Record<WorkingShift, string>> = {
  early: '08:00-16:00',
  late: '16:00-23:00',
  night: '23:00-08:00',
}

/** A month of more people does not fit into one push; a larger unit keeps its shifts by branch. */
export const MAX_SHIFT_PEOPLE = 150

/** By the day's two digits. null: taken back, as if nothing had been written. */
const Days = v.record(v.string(), v.nullable(v.picklist(SHIFT_KINDS)))

export const shiftRosterId = (unitId: string, month: string): string => idFrom('shift-roster', unitId, month)

export const shiftRoster = defineRecord({
  type: 'shift-roster',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    month: Month,
    /** By person, then by day: `days/<person>/07`. */
    days: v.optional(
      v.pipe(
        v.record(v.string(), Days),
        v.check(
          (days) => Object.keys(days).length <= MAX_SHIFT_PEOPLE,
          `一份排班最多 ${MAX_SHIFT_PEOPLE} 人`,
        ),
      ),
      {},
    ),
    /** By the kind of shift; `DEFAULT_HOURS` for what is not here. */
    hours: v.optional(v.record(v.string(), Hours), {}),
  }),
  indexes: ['unitId', 'month'],
  scopeOf: (f) => unitScope(f.unitId),
  parents: (f) => [{ type: 'unit', id: f.unitId }],
  canWrite: ({ actor, next, observedAt }) => isOfficerOf(actor, next.unitId, observedAt) || 'forbidden',
  conflict: 'draft',
  keepOnPhone: 14,
  retention: 'two years',
  label: (f) => `排班 · ${monthInWords(f.month)}`,
})
export type ShiftRoster = FieldsOf<typeof shiftRoster>
