/**
 * 写好了: what the recorder hands to the chair, word for word: the text of the minutes, or a correction of minutes that are fixed.
 * What is confirmed later is this text with these files and no other.
 */
import * as v from 'valibot'
import { Id, Ids, LongText, Millis, ShortText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { fileScope } from '../../sync/scopes.ts'
import { Attached } from './attached.ts'
import { keeperOf, ledOf, mayRecord } from './who-confirms.ts'

/** Less than a body may hold: the confirmed record carries it beside the signed facts. */
export const MinutesText = v.pipe(v.string(), v.maxLength(50_000, '不超过 50000 字'))

export const minutesProposal = defineRecord({
  type: 'minutes-proposal',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    title: ShortText,
    about: v.picklist(['minutes', 'correction']),
    /** In whose file it lies: the chair's; the writer's own where there is none. */
    keeperId: Id,
    writerId: Id,
    writerName: v.optional(ShortText, ''),
    body: MinutesText,
    /** Of a correction: why. */
    why: v.optional(LongText, ''),
    /** Of minutes. */
    files: Attached,
    proposedAt: Millis,
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['meetingId'],
  scopeOf: (f) => fileScope(f.unitId, f.keeperId),
  subject: (f) => f.meetingId,
  personOf: (f) => f.keeperId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  blobs: (f) => (f.files ?? []).map(({ sha256 }) => sha256),
  // A recorder who is no officer puts nothing into the chair's file; the proposal carries it there.
  uploadScopeOf: (f) => fileScope(f.unitId, f.writerId),
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = ledOf(parents[0]?.fields)
    if (meeting?.unitId !== next.unitId || actor.personId !== next.writerId) return 'forbidden'
    if (next.body.trim() === '') return 'invalid-fields'
    if (next.about === 'correction' && next.why.trim() === '') return 'reason-required'
    if (next.about === 'correction' && next.files !== undefined) return 'invalid-fields'
    // The chair was changed meanwhile: it would lie where nobody looks for it.
    if (next.keeperId !== keeperOf(meeting, next.writerId)) return 'frozen'
    return mayRecord(actor, meeting, observedAt) || 'forbidden'
  },
  refusals: {
    frozen: '会议的主持人已经更换，没有收下。写的还在草稿里，请再点一次“写好了”。',
    'reason-required': '更正没有写明原因，没有收下。请补上原因再提。',
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `${f.about === 'minutes' ? '纪要' : '纪要更正'}请确认 · ${f.title}`,
})
export type MinutesProposal = FieldsOf<typeof minutesProposal>
