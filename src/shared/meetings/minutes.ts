/** Minutes: in work at the desk of the unit; fixed as a new record in the unit's scope. */
import * as v from 'valibot'
import { BodyText, Id, Millis, RequiredText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { deskScope, unitScope } from '../sync/scopes.ts'

export const minutes = defineRecord({
  type: 'minutes',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    title: RequiredText,
    stage: v.picklist(['in-work', 'fixed']),
    body: v.optional(BodyText, ''),
    confirmedBy: v.optional(v.nullable(Id), null),
    confirmedAt: v.optional(v.nullable(Millis), null),
  }),
  indexes: ['meetingId'],
  scopeOf: (f) => (f.stage === 'fixed' ? unitScope(f.unitId) : deskScope(f.unitId)),
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  canWrite: ({ actor, next, current, parents }) => {
    if (parents[0]?.fields.unitId !== next.unitId) return 'forbidden'
    if (current?.stage === 'fixed') return 'already-recorded'
    return isOfficerOf(actor, next.unitId) || 'forbidden'
  },
  conflict: 'content',
  keepOnPhone: 24,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `纪要 · ${f.title}`,
})
export type Minutes = FieldsOf<typeof minutes>
