/** A branch with a group, and another branch, over a year of random memberships, meetings and marks. */
import * as fc from 'fast-check'
import { attendanceLines } from '../../../../src/shared/meetings/attendance/attendance.ts'
import { LEAVE_KINDS, ROLL_STATES } from '../../../../src/shared/meetings/mark-words.ts'
import type { MeetingKind } from '../../../../src/shared/meetings/meeting-kind.ts'
import type { StoredMark } from '../../../../src/shared/meetings/roll.ts'
import { rosterOf } from '../../../../src/shared/meetings/roster.ts'
import { rollIsTaken, type MeetingAttendance } from '../../../../src/shared/meetings/year/attendance-sheet.ts'
import { MEMBER_KINDS, type Membership } from '../../../../src/shared/org/membership.ts'
import type { Role } from '../../../../src/shared/org/role.ts'
import { markOf, memberOf } from '../factories.ts'

export const PEOPLE = ['a', 'b', 'c', 'd', 'e'] as const
const kind = (name: string, order: number, roster: MeetingKind['roster']): MeetingKind => ({
  name,
  order,
  unitKinds: ['branch', 'group'],
  roster,
  cadence: null,
  quorum: null,
  passing: null,
})
export const KINDS = [
  { id: 'general', fields: kind('支部党员大会', 0, 'members') },
  { id: 'committee', fields: kind('支委会', 1, 'committee') },
  { id: 'theme', fields: kind('主题党日', 2, 'members') },
]
export const UNIT_KINDS = { branch: 'branch', group: 'group', other: 'branch' } as const
export type UnitName = keyof typeof UNIT_KINDS

export interface WorldMeeting {
  id: string
  unitId: UnitName
  kindId: string
  date: string
  isCancelled: boolean
  sittings: readonly string[]
  marks: StoredMark[]
  madeUp: string[]
}
export interface World {
  memberships: Membership[]
  roles: Role[]
  meetings: WorldMeeting[]
}

const day = fc
  .integer({ min: 0, max: 364 })
  .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
const span = fc
  .tuple(fc.constantFrom('2025-06-01', '2026-01-01', '2026-03-10', '2026-08-20'), fc.option(day, { freq: 1 }))
  .map(([from, to]) => ({ from, to: to !== null && to > from ? to : null }))
const unitName = fc.constantFrom<UnitName>('branch', 'branch', 'branch', 'group', 'other')

const membership = fc
  .record({
    personId: fc.constantFrom(...PEOPLE),
    unitId: unitName,
    span,
    memberKind: fc.constantFrom('full' as const, 'full' as const, ...MEMBER_KINDS),
    votingRight: fc.boolean(),
    primary: fc.nat(3).map((n) => n > 0),
  })
  .map(({ personId, span: held, ...rest }) => memberOf(personId, { ...rest, ...held }))
const role = fc
  .record({ personId: fc.constantFrom(...PEOPLE), span })
  .map(
    ({ personId, span: held }) => ({ personId, unitId: 'branch', role: 'branch-officer', ...held }) as Role,
  )

const meetingOf = fc.record({
  unitId: unitName,
  kindId: fc.constantFrom(...KINDS.map(({ id }) => id)),
  date: day,
  isCancelled: fc.nat(9).map((n) => n === 0),
  sittings: fc.constantFrom(['s1'], ['s1', 's2']),
  // A stranger among them: a guest who was marked by mistake.
  steps: fc.array(
    fc.record({
      person: fc.constantFrom(...PEOPLE, 'guest'),
      sitting: fc.constantFrom('s1', 's2'),
      state: fc.constantFrom(...ROLL_STATES),
      leaveKind: fc.constantFrom(...LEAVE_KINDS),
      sees: fc.array(fc.nat(12)),
    }),
    { minLength: 2, maxLength: 12 },
  ),
  madeUp: fc.subarray([...PEOPLE]),
})

export const worlds: fc.Arbitrary<World> = fc
  .record({
    memberships: fc.array(membership, { minLength: 6, maxLength: 14 }),
    roles: fc.array(role, { maxLength: 4 }),
    meetings: fc.array(meetingOf, { minLength: 3, maxLength: 14 }),
  })
  .map(({ memberships, roles, meetings }) => ({
    memberships,
    roles,
    meetings: meetings.map(({ steps, ...rest }, n) => ({
      ...rest,
      id: `m${n}`,
      marks: steps.map(({ person, sitting, state, leaveKind, sees }, at) =>
        markOf(`m${n}-${at}`, person, state, {
          sittingId: sitting,
          leaveKind: state === 'leave' ? leaveKind : null,
          observedAt: at,
          supersedes: sees
            .filter((s) => s < at && steps[s]?.person === person && steps[s]?.sitting === sitting)
            .map((s) => `m${n}-${s}`),
        }),
      ),
    })),
  }))

/** As a phone reads it: the roster of the meeting's day, the marks of its sittings. */
export const meetingsOf = ({ memberships, roles, meetings }: World): MeetingAttendance[] =>
  meetings.map(({ id, unitId, kindId, date, isCancelled, sittings, marks, madeUp }) => {
    const roster = rosterOf(
      { unitId, date },
      KINDS.find((one) => one.id === kindId)!.fields,
      memberships,
      roles,
      UNIT_KINDS[unitId],
    )
    const lines = attendanceLines(roster, marks, sittings)
    return {
      id,
      unitId,
      kindId,
      title: id,
      date,
      isCancelled,
      lines,
      isTaken: rollIsTaken(lines),
      madeUp: new Set(madeUp),
    }
  })
