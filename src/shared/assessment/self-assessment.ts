/** A self-assessment in work: private until submitted, one for each person, month and side. */
import * as v from 'valibot'
import { Id, LongText, Month, Points, ShortText } from '../fields.ts'
import { idFrom } from '../sync/canonical.ts'
import { monthInWords } from '../civil-time.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { privateScope } from '../sync/scopes.ts'
import { SIDES, type Side } from './sides.ts'

export const Answer = v.object({
  score: v.optional(v.nullable(Points), null),
  sentence: v.optional(LongText, ''),
  evidence: v.optional(ShortText, ''),
})
export type Answer = v.InferOutput<typeof Answer>
export const Answers = v.record(v.string(), Answer)

export const selfAssessmentId = (personId: string, month: string, side: Side): string =>
  idFrom('self-assessment', personId, month, side)

export const selfAssessment = defineRecord({
  type: 'self-assessment',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    month: Month,
    side: v.picklist(SIDES),
    setId: Id,
    answers: v.optional(Answers, {}),
  }),
  indexes: ['month'],
  scopeOf: (f) => privateScope(f.personId),
  personOf: (f) => f.personId,
  canWrite: ({ actor, next }) => actor.personId === next.personId || 'forbidden',
  conflict: 'draft',
  keepOnPhone: 24,
  retention: 'until the person deletes it',
  label: (f) => `自评草稿 · ${monthInWords(f.month)}`,
})
export type SelfAssessment = FieldsOf<typeof selfAssessment>
