/** A meeting of a unit, held in one or several sittings, one a shift. Who should come follows from the memberships of its day. */
import * as v from 'valibot'
import { CivilDate, FileRef, Id, LongText, Millis, RequiredText, ShortText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { unitScope } from '../sync/scopes.ts'

export const Sitting = v.object({
  id: Id,
  name: RequiredText,
  startsAt: Millis,
  place: v.optional(ShortText, ''),
})
export type Sitting = v.InferOutput<typeof Sitting>

export const meeting = defineRecord({
  type: 'meeting',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    kindId: Id,
    title: RequiredText,
    /** The day by which voting rights and the roster are judged. */
    date: CivilDate,
    sittings: v.pipe(v.array(Sitting), v.minLength(1), v.maxLength(12)),
    agenda: v.optional(LongText, ''),
    chairId: v.optional(v.nullable(Id), null),
    recorderId: v.optional(v.nullable(Id), null),
    /** 列席: never counted in 应到. */
    guests: v.optional(
      v.pipe(
        v.array(v.object({ name: RequiredText, personId: v.optional(v.nullable(Id), null) })),
        v.maxLength(300),
      ),
      [],
    ),
    attachments: v.optional(v.pipe(v.array(FileRef), v.maxLength(20)), []),
    state: v.optional(v.picklist(['planned', 'held', 'cancelled']), 'planned'),
  }),
  indexes: ['unitId', 'date'],
  scopeOf: (f) => unitScope(f.unitId),
  parents: (f) => [{ type: 'unit', id: f.unitId }],
  blobs: (f) => f.attachments.map((file) => file.sha256),
  canWrite: ({ actor, next }) => isOfficerOf(actor, next.unitId) || 'forbidden',
  conflict: 'content',
  keepOnPhone: 24,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `会议 · ${f.title}`,
})
export type Meeting = FieldsOf<typeof meeting>
