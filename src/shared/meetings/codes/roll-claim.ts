/**
 * A member's own word: I have read the code that an officer shows at this sitting. It is no mark: an officer's phone makes the
 * mark of it. The endpoint checks the officer's signature, so a claim that arrived rests on a code that was really shown.
 */
import * as v from 'valibot'
import { Count, Id, RequiredText, ShortText } from '../../fields.ts'
import { isMemberOf } from '../../org/actor.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { Meeting } from '../meeting.ts'
import { STEP_MS, WINDOW_MS } from './bureau-time.ts'
import { sittingCodeStatement } from './statements.ts'

export const rollClaim = defineRecord({
  type: 'roll-claim',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    meetingTitle: v.optional(ShortText, ''),
    sittingId: Id,
    personId: Id,
    name: RequiredText,
    /** The officer whose key signed the code. */
    shownBy: Id,
    keyId: Id,
    step: Count,
    signature: v.pipe(v.string(), v.maxLength(100)),
  }),
  indexes: ['meetingId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.sittingId}:${f.personId}`,
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  deviceSignature: (f) => ({
    keyId: f.keyId,
    person: f.shownBy,
    signature: f.signature,
    statement: sittingCodeStatement(f.sittingId, f.step),
  }),
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = parents[0]?.fields as Meeting | undefined
    if (actor.personId !== next.personId || meeting?.unitId !== next.unitId) return 'forbidden'
    if (!meeting.sittings.some((sitting) => sitting.id === next.sittingId)) return 'invalid-fields'
    // Of a time that has not come yet, nobody has shown one.
    if (next.step * STEP_MS > actor.now + WINDOW_MS) return 'invalid-fields'
    return isMemberOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  refusals: {
    'bad-signature': '会场码的签名核对不上，没有收下。请告诉考勤的人，由他点名。',
    'invalid-fields': '会场码与这场会议对不上，没有收下。请告诉考勤的人，由他点名。',
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `扫会场码 · ${f.meetingTitle}`,
})
export type RollClaim = FieldsOf<typeof rollClaim>
