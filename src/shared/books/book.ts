/** A pocket book in one edition. Its table of contents is its chapters, in their `order`. */
import * as v from 'valibot'
import { Count, LongText, RequiredText, ShortText } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'

export const book = defineRecord({
  type: 'book',
  schemaVersion: 1,
  schema: v.object({
    title: RequiredText,
    subtitle: v.optional(ShortText, ''),
    description: v.optional(LongText, ''),
    edition: v.optional(ShortText, ''),
    order: v.optional(Count, 0),
    withdrawn: v.optional(v.boolean(), false),
  }),
  indexes: [],
  scopeOf: () => ORG_SCOPE,
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept',
  label: (f) => `口袋书 · ${f.title}`,
})
export type Book = FieldsOf<typeof book>
