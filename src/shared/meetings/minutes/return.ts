/** Sent back to the writer with a sentence, instead of being confirmed. */
import * as v from 'valibot'
import { Id, LongText, ShortText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import { ledOf, mayConfirm } from './who-confirms.ts'

export const minutesReturn = defineRecord({
  type: 'minutes-return',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    title: v.optional(ShortText, ''),
    proposalId: Id,
    writerId: Id,
    returnedBy: Id,
    sentence: v.pipe(LongText, v.trim(), v.minLength(1, '请写一句')),
  }),
  indexes: ['meetingId'],
  scopeOf: (f) => fileScope(f.unitId, f.writerId),
  subject: (f) => f.proposalId,
  personOf: (f) => f.writerId,
  parents: (f) => [
    { type: 'meeting', id: f.meetingId },
    { type: 'minutes-proposal', id: f.proposalId },
  ],
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = ledOf(parents.find((p) => p.type === 'meeting')?.fields)
    const proposal = parents.find((p) => p.type === 'minutes-proposal')?.fields
    if (meeting?.unitId !== next.unitId || actor.personId !== next.returnedBy) return 'forbidden'
    if (proposal?.['meetingId'] !== next.meetingId || proposal['writerId'] !== next.writerId)
      return 'forbidden'
    return mayConfirm(actor, meeting, next.writerId, observedAt) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `纪要退回 · ${f.title}`,
})
export type MinutesReturn = FieldsOf<typeof minutesReturn>
