/** One mark of the roll: a person in a sitting. A correction is a new mark that supersedes, with its reason where it has one. */
import * as v from 'valibot'
import { Id, Ids, RequiredText, ShortText } from '../fields.ts'
import { isOfficerOf } from '../org/actor.ts'
import { defineRecord, type FieldsOf } from '../sync/define-record.ts'
import { fileScope } from '../sync/scopes.ts'

export const ROLL_STATES = ['present', 'late', 'leave', 'absent', 'cleared'] as const
export type RollState = (typeof ROLL_STATES)[number]
export const ROLL_STATE_WORDS = {
  present: '到会',
  late: '迟到',
  leave: '请假',
  absent: '缺席',
  cleared: '未点',
} as const
export const LEAVE_KINDS = ['duty', 'sick', 'personal', 'errand'] as const
export type LeaveKind = (typeof LEAVE_KINDS)[number]
export const LEAVE_WORDS = { duty: '值班', sick: '病', personal: '事', errand: '公差' } as const
export const ROLL_METHODS = ['tap', 'scan', 'code', 'paper'] as const
export const ROLL_METHOD_WORDS = { tap: '点名', scan: '扫码', code: '报码', paper: '纸质补录' } as const

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
