/**
 * Minutes that are fixed, in the unit's scope: the recorder's words and files exactly as they were proposed, the facts of the meeting as
 * they stood, confirmed by somebody who did not write them, signed by that person's device over both. Nobody changes them; a
 * correction is a record of its own.
 *
 * Those without a proposal are of older versions of the app (and `in-work`, at the desk of the unit): they stay readable, and are
 * never said to be confirmed.
 */
import * as v from 'valibot'
import { BodyText, CivilDate, Count, Id, LongText, Millis, RequiredText, ShortText } from '../../fields.ts'
import { isOfficerOf } from '../../org/actor.ts'
import { canonicalJson, sha256Hex } from '../../sync/canonical.ts'
import { defineRecord } from '../../sync/define-record.ts'
import { deskScope, unitScope } from '../../sync/scopes.ts'
import { Attached, attachedPart, isSameAttached } from './attached.ts'
import { ledOf, mayConfirm } from './who-confirms.ts'

/** Two presses, or two officers, make one record. */
export const fixedMinutesId = (meetingId: string): string => `${meetingId}-fixed`

const ATTENDANCE = v.object({
  expected: Count,
  present: Count,
  late: Count,
  leave: Count,
  absent: Count,
  unmarked: Count,
  votersExpected: Count,
  votersPresent: Count,
})

/** What is taken from the meeting, its roll and its votes: nothing here was typed again. No defaults: it is signed as it stands. */
export const MinutesFacts = v.object({
  unitName: ShortText,
  kindName: ShortText,
  date: CivilDate,
  sittings: v.pipe(
    v.array(v.object({ name: ShortText, startsAt: Millis, place: ShortText, present: v.nullable(Count) })),
    v.maxLength(12),
  ),
  chair: ShortText,
  recorder: ShortText,
  guests: v.pipe(v.array(ShortText), v.maxLength(300)),
  agenda: LongText,
  /** null: no roll was taken, or whoever confirmed could not see it. */
  attendance: v.nullable(ATTENDANCE),
  /** Who did not come, with the kind of leave. */
  away: v.pipe(v.array(v.object({ name: ShortText, why: ShortText })), v.maxLength(500)),
  resolutions: v.pipe(
    v.array(
      v.object({
        id: Id,
        motion: LongText,
        inFavour: Count,
        against: Count,
        abstained: Count,
        secret: v.boolean(),
        outcome: v.picklist(['carried', 'rejected', 'invalid']),
        arithmetic: LongText,
      }),
    ),
    v.maxLength(100),
  ),
  attachments: v.pipe(v.array(v.object({ name: ShortText, sha256: ShortText })), v.maxLength(20)),
})
export type MinutesFacts = v.InferOutput<typeof MinutesFacts>

const Fields = v.object({
  unitId: Id,
  meetingId: Id,
  title: RequiredText,
  stage: v.picklist(['in-work', 'fixed']),
  body: v.optional(BodyText, ''),
  confirmedBy: v.optional(v.nullable(Id), null),
  confirmedAt: v.optional(v.nullable(Millis), null),
  /** From here on: of confirmed minutes. */
  proposalId: v.optional(v.nullable(Id), null),
  writerId: v.optional(v.nullable(Id), null),
  facts: v.optional(v.nullable(MinutesFacts), null),
  /** As they were proposed. */
  files: Attached,
  /** Both null where the confirmer's browser has no WebCrypto. */
  keyId: v.optional(v.nullable(Id), null),
  deviceSignature: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200))), null),
})
export type Minutes = v.InferOutput<typeof Fields>

export const minutes = defineRecord({
  type: 'minutes',
  schemaVersion: 1,
  schema: Fields,
  indexes: ['meetingId'],
  scopeOf: (f) => (f.stage === 'fixed' ? unitScope(f.unitId) : deskScope(f.unitId)),
  subject: (f) => f.meetingId,
  parents: (f) => [
    { type: 'meeting', id: f.meetingId },
    ...(f.proposalId === null ? [] : [{ type: 'minutes-proposal', id: f.proposalId }]),
  ],
  blobs: (f) => (f.files ?? []).map(({ sha256 }) => sha256),
  // One meeting has one that is fixed, whatever id it is sent under.
  related: (f) => (f.stage === 'fixed' ? [{ type: 'minutes', subject: f.meetingId }] : []),
  deviceSignature: (f) =>
    f.keyId === null || f.deviceSignature === null
      ? null
      : { keyId: f.keyId, signature: f.deviceSignature, statement: minutesStatement(f) },
  canWrite: ({ actor, next, current, parents, related = [], observedAt }) => {
    const meeting = ledOf(parents.find((p) => p.type === 'meeting')?.fields)
    if (meeting?.unitId !== next.unitId) return 'forbidden'
    if (current?.stage === 'fixed' || related.some(({ fields }) => fields['stage'] === 'fixed'))
      return 'already-recorded'
    if (next.stage === 'in-work') return isOfficerOf(actor, next.unitId) || 'forbidden'
    if (next.proposalId === null) {
      // Of an older app. Whoever confirms is the chair there too, where the meeting names one.
      const isChair = meeting.chairId == null || meeting.chairId === actor.personId
      return (isChair && isOfficerOf(actor, next.unitId)) || 'not-confirmed'
    }
    const proposal = parents.find((p) => p.type === 'minutes-proposal')?.fields
    const isOfThis =
      proposal?.['meetingId'] === next.meetingId &&
      proposal['about'] === 'minutes' &&
      proposal['writerId'] === next.writerId &&
      proposal['body'] === next.body
    if (!isOfThis || actor.personId !== next.confirmedBy) return 'forbidden'
    if (actor.personId === next.writerId) return 'same-person'
    // An app that knows of no files confirmed without them: its sentence says to update.
    if (!isSameAttached(next.files, proposal['files'] as Minutes['files'])) return 'not-confirmed'
    return mayConfirm(actor, meeting, next.writerId ?? '', observedAt) || 'not-confirmed'
  },
  refusals: {
    'not-confirmed': '纪要由会议的主持人确认后定稿，没有收下。写的还在，请更新应用，点“写好了”请主持人确认。',
    'same-person': '纪要不能由写的人自己确认，没有收下。请主持人或另一位委员确认。',
  },
  conflict: 'content',
  keepOnPhone: 24,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `纪要 · ${f.title}`,
})

type Stated = Pick<
  Minutes,
  | 'unitId'
  | 'meetingId'
  | 'title'
  | 'body'
  | 'writerId'
  | 'proposalId'
  | 'facts'
  | 'files'
  | 'confirmedBy'
  | 'confirmedAt'
  | 'keyId'
>

/** Of everything that is confirmed: the words, the facts, the files. It stands on each printed page. */
export const minutesSha256 = (f: Pick<Minutes, 'title' | 'body' | 'facts' | 'files'>): string =>
  sha256Hex(canonicalJson({ title: f.title, body: f.body, facts: f.facts, ...attachedPart(f.files) }))

/** What the confirmer's device signs, as canonical JSON. */
export const minutesStatement = (f: Stated): string =>
  canonicalJson({
    purpose: 'window-hall/minutes',
    version: 1,
    unit: f.unitId,
    meeting: f.meetingId,
    proposal: f.proposalId,
    writer: f.writerId,
    textSha256: minutesSha256(f),
    confirmedBy: f.confirmedBy,
    confirmedAt: f.confirmedAt,
    key: f.keyId,
  })
