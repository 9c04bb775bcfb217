/**
 * What a reader leaves in a book. All of it is private: no role opens it.
 * `reading-position` is one paragraph of one chapter, and the one named exception to "nothing about reading is recorded".
 */
import * as v from 'valibot'
import { CivilDate, Count, Id, LongText } from '../fields.ts'
import { idFrom } from '../sync/canonical.ts'
import { defineRecord, type FieldsOf, type WriteQuestion } from '../sync/define-record.ts'
import { privateScope } from '../sync/scopes.ts'

const own = ({ actor, next }: WriteQuestion<{ personId: string }>) =>
  actor.personId === next.personId || 'forbidden'
/** `bookId` and `chapterId` are both the lesson's id where the text is a lesson. `paragraph` counts blocks from 0. */
const Place = { personId: Id, bookId: Id, chapterId: Id, paragraph: Count }

const privateDraft = {
  schemaVersion: 1,
  scopeOf: (f: { personId: string }) => privateScope(f.personId),
  personOf: (f: { personId: string }) => f.personId,
  canWrite: own,
  conflict: 'draft',
  keepOnPhone: 'always',
  retention: 'until the person deletes it',
} as const

export const readingPositionId = (personId: string, bookId: string): string =>
  idFrom('reading-position', personId, bookId)

export const readingPosition = defineRecord({
  type: 'reading-position',
  schema: v.object({ ...Place }),
  indexes: ['bookId'],
  label: () => '阅读位置',
  ...privateDraft,
})
export type ReadingPosition = FieldsOf<typeof readingPosition>

export const highlight = defineRecord({
  type: 'highlight',
  schema: v.object({ ...Place, quote: LongText, start: Count, end: Count }),
  indexes: ['bookId'],
  label: () => '划线',
  ...privateDraft,
})
export type Highlight = FieldsOf<typeof highlight>

export const note = defineRecord({
  type: 'note',
  schema: v.object({ ...Place, quote: v.optional(LongText, ''), text: v.optional(LongText, '') }),
  indexes: ['bookId'],
  label: () => '笔记',
  ...privateDraft,
})
export type Note = FieldsOf<typeof note>

export const recallCard = defineRecord({
  type: 'recall-card',
  schema: v.object({
    personId: Id,
    bookId: v.nullable(Id),
    front: LongText,
    back: LongText,
    dueOn: CivilDate,
    stability: v.optional(v.number(), 0),
    difficulty: v.optional(v.number(), 0),
  }),
  indexes: ['dueOn'],
  label: (f: { front: string }) => `温故卡 · ${f.front.slice(0, 20)}`,
  ...privateDraft,
})
export type RecallCard = FieldsOf<typeof recallCard>
