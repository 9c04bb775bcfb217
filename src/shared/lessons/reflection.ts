/** 心得: private until shared. One for each person and lesson; use `reflectionId` so that two phones mean the same one. */
import * as v from 'valibot'
import { Id, LongText, ShortText } from '../fields.ts'
import { idFrom } from '../sync/canonical.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { privateScope } from '../sync/scopes.ts'

export const reflectionId = (personId: string, lessonId: string): string =>
  idFrom('reflection', personId, lessonId)

export const reflection = defineRecord({
  type: 'reflection',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    lessonId: Id,
    lessonTitle: v.optional(ShortText, ''),
    text: v.optional(LongText, ''),
  }),
  indexes: ['lessonId'],
  scopeOf: (f) => privateScope(f.personId),
  personOf: (f) => f.personId,
  canWrite: ({ actor, next }) => actor.personId === next.personId || 'forbidden',
  conflict: 'draft',
  keepOnPhone: 'always',
  retention: 'until the person deletes it',
  label: (f) => `心得 · ${f.lessonTitle}`,
})
export type Reflection = FieldsOf<typeof reflection>
