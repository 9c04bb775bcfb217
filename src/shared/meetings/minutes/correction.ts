/**
 * A correction of minutes that are fixed: what and why, written by one and confirmed by another, as the minutes were. The first
 * text stays as it is; this stands under it.
 */
import * as v from 'valibot'
import { Id, LongText, Millis, ShortText } from '../../fields.ts'
import { canonicalJson, idFrom } from '../../sync/canonical.ts'
import { defineRecord } from '../../sync/define-record.ts'
import { unitScope } from '../../sync/scopes.ts'
import { MinutesText } from './proposal.ts'
import { ledOf, mayConfirm } from './who-confirms.ts'

/** One proposal makes one correction. */
export const correctionId = (proposalId: string): string => idFrom('minutes-correction', proposalId)

const Fields = v.object({
  unitId: Id,
  meetingId: Id,
  minutesId: Id,
  title: ShortText,
  what: MinutesText,
  why: LongText,
  writerId: Id,
  proposalId: Id,
  confirmedBy: Id,
  confirmedAt: Millis,
  keyId: v.nullable(Id),
  deviceSignature: v.nullable(v.pipe(v.string(), v.maxLength(200))),
})
export type MinutesCorrection = v.InferOutput<typeof Fields>

export const minutesCorrection = defineRecord({
  type: 'minutes-correction',
  schemaVersion: 1,
  schema: Fields,
  indexes: ['meetingId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: (f) => f.minutesId,
  parents: (f) => [
    { type: 'meeting', id: f.meetingId },
    { type: 'minutes', id: f.minutesId },
    { type: 'minutes-proposal', id: f.proposalId },
  ],
  deviceSignature: (f) =>
    f.keyId === null || f.deviceSignature === null
      ? null
      : { keyId: f.keyId, signature: f.deviceSignature, statement: correctionStatement(f) },
  canWrite: ({ actor, next, parents, observedAt }) => {
    const fieldsOf = (type: string) => parents.find((p) => p.type === type)?.fields
    const meeting = ledOf(fieldsOf('meeting'))
    const corrected = fieldsOf('minutes')
    const proposal = fieldsOf('minutes-proposal')
    const isOfThis =
      meeting?.unitId === next.unitId &&
      corrected?.['meetingId'] === next.meetingId &&
      corrected['stage'] === 'fixed' &&
      proposal?.['meetingId'] === next.meetingId &&
      proposal['about'] === 'correction' &&
      proposal['writerId'] === next.writerId &&
      proposal['body'] === next.what &&
      proposal['why'] === next.why
    if (!isOfThis || actor.personId !== next.confirmedBy) return 'forbidden'
    if (actor.personId === next.writerId) return 'same-person'
    return mayConfirm(actor, meeting, next.writerId, observedAt) || 'forbidden'
  },
  refusals: {
    'same-person': '更正不能由写的人自己确认，没有收下。请主持人或另一位委员确认。',
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its minutes',
  label: (f) => `纪要更正 · ${f.title}`,
})

type Stated = Omit<MinutesCorrection, 'deviceSignature'>

/** What the confirmer's device signs, as canonical JSON. */
export const correctionStatement = (f: Stated): string =>
  canonicalJson({
    purpose: 'window-hall/minutes-correction',
    version: 1,
    unit: f.unitId,
    meeting: f.meetingId,
    minutes: f.minutesId,
    proposal: f.proposalId,
    writer: f.writerId,
    title: f.title,
    what: f.what,
    why: f.why,
    confirmedBy: f.confirmedBy,
    confirmedAt: f.confirmedAt,
    key: f.keyId,
  })
