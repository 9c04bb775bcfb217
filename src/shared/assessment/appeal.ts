/** 申诉: a member answers a line of the month's result. */
import * as v from 'valibot'
import { Id, Ids, LongText, Month } from '../fields.ts'
import { monthInWords } from '../civil-time.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'

export const appeal = defineRecord({
  type: 'appeal',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    unitId: Id,
    resultId: Id,
    month: Month,
    indicatorId: v.optional(v.nullable(Id), null),
    text: v.pipe(LongText, v.trim(), v.minLength(1)),
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['resultId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.resultId}:${f.indicatorId ?? ''}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'month-result', id: f.resultId }],
  canWrite: ({ actor, next, parents }) => {
    const result = parents[0]?.fields
    return (
      (actor.personId === next.personId &&
        result?.personId === next.personId &&
        result.unitId === next.unitId) ||
      'forbidden'
    )
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'three years',
  label: (f) => `申诉 · ${monthInWords(f.month)}`,
})
export type Appeal = FieldsOf<typeof appeal>
