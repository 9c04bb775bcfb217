/** One mark of the roll: a person in a sitting. A correction is a new mark that supersedes, with its reason where it has one. */
import * as v from 'valibot'
import { LEAVE_KINDS, ROLL_METHODS, ROLL_STATE_WORDS, ROLL_STATES } from './mark-words.ts'
import { CivilDate, Id, Ids, RequiredText, ShortText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'
import { RollProof } from './codes/roll-proof.ts'

export const rollMark = defineRecord({
  type: 'roll-mark',
  schemaVersion: 1,
  schema: v.object({
    unitId: Id,
    meetingId: Id,
    sittingId: Id,
    personId: Id,
    name: RequiredText,
    state: v.picklist(ROLL_STATES),
    leaveKind: v.optional(v.nullable(v.picklist(LEAVE_KINDS)), null),
    method: v.picklist(ROLL_METHODS),
    markedBy: Id,
    reason: v.optional(ShortText, ''),
    /** Of a code that was read; null for a mark that rests on what the officer saw or heard. */
    proof: v.optional(v.nullable(RollProof), null),
    /** Why the code that was read proved less (codes/by-hand.ts) and counts by the officer's own word; else empty. */
    byHand: v.optional(ShortText, ''),
    /** 纸质补录: the date on the sheet; null for every other way. */
    paperDate: v.optional(v.nullable(CivilDate), null),
    supersedes: v.optional(Ids, []),
  }),
  indexes: ['meetingId', 'personId'],
  scopeOf: (f) => fileScope(f.unitId, f.personId),
  subject: (f) => `${f.sittingId}:${f.personId}`,
  personOf: (f) => f.personId,
  supersedes: (f) => f.supersedes,
  parents: (f) => [{ type: 'meeting', id: f.meetingId }],
  canWrite: ({ actor, next, parents, observedAt }) => {
    if (parents[0]?.fields.unitId !== next.unitId || actor.personId !== next.markedBy) return 'forbidden'
    return isOfficerOf(actor, next.unitId, observedAt) || 'forbidden'
  },
  conflict: 'fact',
  keepOnPhone: 24,
  retention: 'with its meeting',
  label: (f) => `考勤 · ${f.name} ${ROLL_STATE_WORDS[f.state]}`,
})
export type RollMark = FieldsOf<typeof rollMark>
