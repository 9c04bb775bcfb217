/**
 * A vote that was taken: the motion, the count, and the rule and the roll by which it was judged, as they stood then. A fact: a
 * correction supersedes it with a reason, and a roll that is corrected later changes nothing that was found.
 */
import * as v from 'valibot'
import { Count, Id, Ids, LongText, Millis, ShortText } from '../../fields.ts'
import { isOfficerOf } from '../../org/actor.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { unitScope } from '../../sync/scopes.ts'
import { VotingRule } from '../meeting-kind.ts'

export const resolution = defineRecord({
  type: 'resolution',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    /** In which the vote was taken: the quorum is of this one. */
    sittingId: Id,
    motion: v.pipe(LongText, v.trim(), v.minLength(1, '请写表决的事项')),
    /** 无记名 */
    secret: v.boolean(),
    inFavour: Count,
    against: Count,
    abstained: Count,
    /** The roll of that sitting, against the whole unit. */
    expected: Count,
    present: Count,
    votersExpected: Count,
    votersPresent: Count,
    quorum: v.nullable(VotingRule),
    passing: VotingRule,
    recordedBy: Id,
    recordedAt: Millis,
    /** Entered by mistake: it is not a result any more. */
    withdrawn: v.optional(v.boolean(), false),
    /** Of a correction. */
    reason: v.optional(ShortText, ''),
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['meetingId'],
  scopeOf: (f) => unitScope(f.unitId),
  subject: (f) => f.meetingId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    const meeting = parents[0]?.fields as unknown as
      { unitId: string; sittings: { id: string }[] } | undefined
    if (meeting?.unitId !== next.unitId || actor.personId !== next.recordedBy) return 'forbidden'
    if (!meeting.sittings.some(({ id }) => id === next.sittingId)) return 'invalid-fields'
    const { votersPresent, votersExpected, present, expected } = next
    if (next.inFavour + next.against + next.abstained > votersPresent) return 'invalid-fields'
    if (votersPresent > votersExpected || votersPresent > present || present > expected)
      return 'invalid-fields'
    const corrects = next.supersedes.length > 0 || next.withdrawn
    if (corrects && next.reason.trim() === '') return 'reason-required'
    return isOfficerOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  refusals: {
    'invalid-fields': '票数或人数对不上，没有收下。你写的还在，请核对后重新录入。',
    'reason-required': '更正没有写明原因，没有收下。请补上原因再录。',
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `表决 · ${f.motion.slice(0, 40)}`,
})
export type Resolution = FieldsOf<typeof resolution>
