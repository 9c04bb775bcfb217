/** A reflection as its author shared it with the branch: a copy, which later edits of the private one do not change. */
import * as v from 'valibot'
import { Id, Ids, LongText, RequiredText, ShortText } from '../fields.ts'
import { isMemberOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'

export const sharedReflection = defineRecord({
  type: 'shared-reflection',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    name: RequiredText,
    unitId: Id,
    lessonId: Id,
    lessonTitle: v.optional(ShortText, ''),
    text: v.pipe(LongText, v.trim(), v.minLength(1)),
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['lessonId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: (f) => `${f.lessonId}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  canWrite: ({ actor, next, observedAt }) =>
    (actor.personId === next.personId && isMemberOf(actor, next.unitId, observedAt)) || 'forbidden',
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'two years',
  label: (f) => `分享心得 · ${f.lessonTitle}`,
})
export type SharedReflection = FieldsOf<typeof sharedReflection>
