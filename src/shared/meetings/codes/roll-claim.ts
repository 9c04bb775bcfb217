/**
 * A member's own word: I have read the code that an officer shows at this sitting. It is no mark: an officer's phone makes the
 * mark of it. The endpoint checks both signatures, so a claim that arrived rests on a code that was really shown, and was really
 * read by the member's phone.
 */
import * as v from 'valibot'
import { Count, Id, RequiredText, ShortText } from '../../fields.ts'
import { isMemberOf } from '../../org/actor.ts'
import { canonicalJson } from '../../sync/canonical.ts'
import { defineRecord, type DeviceSignature } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import type { Meeting } from '../meeting.ts'
import { STEP_MS, WINDOW_MS } from './bureau-time.ts'
import { sittingCodeStatement } from './statements.ts'

const Signature = v.pipe(v.string(), v.maxLength(100))

const fields = v.object({
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
  signature: Signature,
  /** By the reader's own phone, over all of the above. Both absent where it has no key, and in what older apps wrote. */
  readerKeyId: v.optional(Id),
  readerSignature: v.optional(Signature),
})
export type RollClaim = v.InferOutput<typeof fields>

/** Who has read a sitting's code says so: the whole claim, with the signature that was read. */
export const claimStatement = (claim: Omit<RollClaim, 'readerSignature'>): string =>
  canonicalJson({
    purpose: 'window-hall/roll-claim',
    version: 1,
    unit: claim.unitId,
    meeting: claim.meetingId,
    title: claim.meetingTitle,
    sitting: claim.sittingId,
    person: claim.personId,
    name: claim.name,
    shownBy: claim.shownBy,
    key: claim.keyId,
    step: claim.step,
    signature: claim.signature,
    readerKey: claim.readerKeyId ?? null,
  })

export const rollClaim = defineRecord({
  type: 'roll-claim',
  schemaVersion: 1,
  schema: fields,
  indexes: ['meetingId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.sittingId}:${f.personId}`,
  personOf: (f) => f.personId,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  deviceSignature: (f) => {
    const statement = sittingCodeStatement(f.sittingId, f.step)
    const shown: DeviceSignature = { keyId: f.keyId, person: f.shownBy, signature: f.signature, statement }
    const { readerKeyId: keyId, readerSignature: signature } = f
    if (keyId === undefined || signature === undefined) return shown
    return [shown, { keyId, signature, statement: claimStatement(f) }]
  },
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = parents[0]?.fields as Meeting | undefined
    if (actor.personId !== next.personId || meeting?.unitId !== next.unitId) return 'forbidden'
    if (!meeting.sittings.some((sitting) => sitting.id === next.sittingId)) return 'invalid-fields'
    if ((next.readerKeyId === undefined) !== (next.readerSignature === undefined)) return 'invalid-fields'
    // Of a time that has not come yet, nobody has shown one.
    if (next.step * STEP_MS > actor.now + WINDOW_MS) return 'invalid-fields'
    return isMemberOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  refusals: {
    'bad-signature': '会场码或本机的签名核对不上，没有收下。请告诉考勤的人，由他点名。',
    'invalid-fields': '会场码与这场会议对不上，没有收下。请告诉考勤的人，由他点名。',
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `扫会场码 · ${f.meetingTitle}`,
})
