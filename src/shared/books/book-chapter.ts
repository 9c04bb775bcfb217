/** A chapter of a pocket book: where it stands, and the file that holds its Markdown. */
import * as v from 'valibot'
import { Count, Id, RequiredText, Sha256 } from '../fields.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE } from '../sync/scopes.ts'

export const bookChapter = defineRecord({
  type: 'book-chapter',
  schemaVersion: 1,
  schema: v.object({
    bookId: Id,
    order: Count,
    title: RequiredText,
    level: v.optional(Count, 1),
    sha256: Sha256,
    sizeBytes: Count,
    paragraphs: Count,
  }),
  indexes: ['bookId'],
  scopeOf: () => ORG_SCOPE,
  parents: (f) => [{ type: 'book', id: f.bookId }],
  blobs: (f) => [f.sha256],
  canWrite: ({ actor }) => isOffice(actor) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 'always',
  retention: 'kept',
  label: (f) => `章节 · ${f.title}`,
})
export type BookChapter = FieldsOf<typeof bookChapter>
