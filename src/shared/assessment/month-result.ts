/**
 * A frozen month: a copy for each side, its lines embedded, with both totals: here alone the two sides meet. Written by the
 * office's command; a later correction is a new fact that supersedes and says why.
 */
import * as v from 'valibot'
import { Id, Ids, Millis, Month, Points, RequiredText, ShortText } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { idFrom } from '../sync/canonical.ts'
import { monthInWords } from '../civil-time.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'
import { SIDES, type Side } from './sides.ts'

export const ResultLine = v.object({
  indicatorId: Id,
  title: ShortText,
  max: Points,
  selfScore: v.nullable(Points),
  score: v.nullable(Points),
  reason: v.optional(ShortText, ''),
  evidence: v.optional(ShortText, ''),
  scorerId: v.nullable(Id),
  at: v.nullable(Millis),
})
export type ResultLine = v.InferOutput<typeof ResultLine>

/** Fixed by person, month and side, so that a submission or a sheet can ask whether the month is frozen. */
export const monthResultId = (personId: string, month: string, side: Side): string =>
  idFrom('month-result', personId, month, side)

export const monthResult = defineRecord({
  type: 'month-result',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    name: RequiredText,
    unitId: Id,
    month: Month,
    side: v.picklist(SIDES),
    setId: Id,
    lines: v.pipe(v.array(ResultLine), v.maxLength(200)),
    adjustments: v.optional(v.array(v.object({ points: Points, reason: ShortText })), []),
    total: Points,
    /** Both sides' totals; null for a side that was not scored. */
    partyTotal: v.nullable(Points),
    workTotal: v.nullable(Points),
    frozenBy: Id,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['month', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.personId}:${f.month}:${f.side}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'three years',
  label: (f) => `月度结果 · ${monthInWords(f.month)}`,
})
export type MonthResult = FieldsOf<typeof monthResult>
