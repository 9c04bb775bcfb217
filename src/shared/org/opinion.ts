/** 意见建议: what a person says about the app or the work, to the Party office. */
import * as v from 'valibot'
import { Id, LongText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope, ROOT_UNIT_ID } from '../sync/scopes.ts'

export const opinion = defineRecord({
  type: 'opinion',
  schemaVersion: 1,
  schema: v.object({ personId: Id, text: v.pipe(LongText, v.trim(), v.minLength(1)) }),
  indexes: ['personId'],
  scopeOf: (f) => fileScope(ROOT_UNIT_ID, f.personId),
  subject: (f) => f.personId,
  personOf: (f) => f.personId,
  canWrite: ({ actor, next }) => actor.personId === next.personId || 'forbidden',
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'two years',
  label: () => '意见建议',
})
export type Opinion = FieldsOf<typeof opinion>
