/**
 * A lesson of a week. For everyone it is one record in `org`; for some units it is a copy in each unit's scope, tied
 * together by `issueId`. A revised lesson says that it was revised, and when.
 */
import * as v from 'valibot'
import { BodyText, Count, FileRef, Id, Millis, RequiredText, ShortText, Week } from '../fields.ts'
import { secrecyMarkIn } from '../circulation/intake/secrecy-marks.ts'
import { isOffice } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { ORG_SCOPE, unitScope } from '../sync/scopes.ts'

export const lesson = defineRecord({
  type: 'lesson',
  schemaVersion: 1,
  schema: v.object({
    issueId: Id,
    /** null: for everyone. */
    unitId: v.nullable(Id),
    week: Week,
    columnId: Id,
    title: RequiredText,
    /** Markdown without raw HTML. */
    body: BodyText,
    attachments: v.optional(v.pipe(v.array(FileRef), v.maxLength(20)), []),
    publishAt: Millis,
    revision: v.optional(Count, 1),
    revisedAt: v.optional(v.nullable(Millis), null),
    revisionNote: v.optional(ShortText, ''),
    withdrawn: v.optional(v.boolean(), false),
  }),
  indexes: ['week', 'issueId'],
  scopeOf: (f) => (f.unitId === null ? ORG_SCOPE : unitScope(f.unitId)),
  blobs: (f) => f.attachments.map((file) => file.sha256),
  canWrite: ({ actor, next }) => {
    if (!isOffice(actor)) return 'forbidden'
    return secrecyMarkIn(next.title)?.level === 'refuse' ? 'secrecy-mark' : true
  },
  conflict: 'content',
  keepOnPhone: 12,
  retention: 'kept',
  label: (f) => `每周一课 · ${f.title}`,
})
export type Lesson = FieldsOf<typeof lesson>
