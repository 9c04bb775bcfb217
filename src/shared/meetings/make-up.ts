/** 补学: closes an absence on shift: read, a sentence, done. */
import * as v from 'valibot'
import { Id, Ids, LongText, ShortText } from '../fields.ts'
import { isMemberOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'

export const makeUp = defineRecord({
  type: 'make-up',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    meetingTitle: v.optional(ShortText, ''),
    personId: Id,
    sentence: LongText,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['meetingId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.meetingId}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (actor.personId !== next.personId || parents[0]?.fields.unitId !== next.unitId) return 'forbidden'
    return isMemberOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `补学 · ${f.meetingTitle}`,
})
export type MakeUp = FieldsOf<typeof makeUp>
