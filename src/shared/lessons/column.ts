/** A column of the weekly lesson: 党的理论, 党建风采, 通知要求, 廉政提醒, and what the office adds. */
import * as v from 'valibot'
import { Count, RequiredText } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'

export const column = defineRecord({
  type: 'column',
  schemaVersion: 1,
  schema: v.object({
    name: RequiredText,
    order: v.optional(Count, 0),
    hidden: v.optional(v.boolean(), false),
  }),
  indexes: [],
  scopeOf: () => ORG_SCOPE,
  deletable: true,
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept',
  label: (f) => `栏目 · ${f.name}`,
})
export type Column = FieldsOf<typeof column>
