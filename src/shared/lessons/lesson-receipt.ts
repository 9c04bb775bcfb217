/** 已学: a mark that a person makes, never measured. Taking it back is a new fact with `learned: false`. */
import * as v from 'valibot'
import { Count, Id, Ids, ShortText, Week } from '../fields.ts'
import { isMemberOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'

export const lessonReceipt = defineRecord({
  type: 'lesson-receipt',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    /** The person's primary unit. */
    unitId: Id,
    lessonId: Id,
    week: Week,
    lessonTitle: v.optional(ShortText, ''),
    lessonRevision: Count,
    learned: v.boolean(),
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['lessonId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.lessonId}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'lesson', id: f.lessonId }],
  canWrite: ({ actor, next, observedAt }) =>
    (actor.personId === next.personId && isMemberOf(actor, next.unitId, observedAt)) || 'forbidden',
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'two years',
  label: (f) => `${f.learned ? '已学' : '取消已学'} · ${f.lessonTitle}`,
})
export type LessonReceipt = FieldsOf<typeof lessonReceipt>
