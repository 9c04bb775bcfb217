import type { Membership } from '../../../src/shared/org/membership.ts'
import type { LeaveKind, RollState } from '../../../src/shared/meetings/mark-words.ts'
import type { StoredMark } from '../../../src/shared/meetings/roll.ts'
import type { RosterLine } from '../../../src/shared/meetings/roster.ts'

export const line = (personId: string, votingRight = true): RosterLine => ({
  personId,
  name: personId,
  memberKind: votingRight ? 'full' : 'probationary',
  votingRight,
  handOrder: 0,
})

interface MarkParts {
  sittingId?: string
  leaveKind?: LeaveKind | null
  supersedes?: string[]
  observedAt?: number
}

export const markOf = (
  id: string,
  personId: string,
  state: RollState,
  { sittingId = 's', leaveKind = null, supersedes = [], observedAt = 0 }: MarkParts = {},
): StoredMark => ({
  id,
  observedAt,
  fields: {
    unitId: 'b',
    meetingId: 'm',
    sittingId,
    personId,
    name: personId,
    state,
    leaveKind,
    method: 'tap',
    markedBy: 'o',
    reason: '',
    proof: null,
    byHand: '',
    paperDate: null,
    supersedes,
  },
})

export const memberOf = (personId: string, changes: Partial<Membership> = {}): Membership => ({
  personId,
  unitId: 'b',
  name: personId,
  staffNo: '',
  memberKind: 'full',
  votingRight: true,
  primary: true,
  handOrder: 0,
  from: '2020-01-01',
  to: null,
  ...changes,
})
