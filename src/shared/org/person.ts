/** A person's own entry. Least fields: no ID number, no home address. */
import * as v from 'valibot'
import { Id, RequiredText } from '../fields.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope, ROOT_UNIT_ID } from '../sync/scopes.ts'
import { isAdministrator } from './actor.ts'

export const person = defineRecord({
  type: 'person',
  schemaVersion: 1,
  schema: v.object({
    personId: Id,
    staffNo: v.pipe(RequiredText, v.maxLength(40)),
    name: RequiredText,
    postingUnitId: v.optional(v.nullable(Id), null),
  }),
  indexes: ['personId'],
  scopeOf: (f) => fileScope(ROOT_UNIT_ID, f.personId),
  personOf: (f) => f.personId,
  canWrite: ({ actor }) => isAdministrator(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'while employed; afterwards as the bureau’s archive rules say',
  label: (f) => `人员 · ${f.name}`,
})
export type Person = FieldsOf<typeof person>
