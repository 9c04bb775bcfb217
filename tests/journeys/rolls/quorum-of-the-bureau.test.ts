/**
 * May 21 members vote? The rules as the endpoint lays them, each with its article, on a roster made from memberships: 2 预备,
 * 1 留党察看, 3 on leave, and the edges. The readings are 待核; these rows fix what they come to.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import type { MeetingKind } from '../../../src/shared/meetings/meeting-kind.ts'
import { motionPasses, quorumOf } from '../../../src/shared/meetings/quorum.ts'
import { rollLines } from '../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../src/shared/meetings/roll-figures.ts'
import { rosterOf } from '../../../src/shared/meetings/roster.ts'
import type { Role } from '../../../src/shared/org/role.ts'
import { setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { markOf, memberOf } from '../../shared/meetings/factories.ts'

let endpoint: TestEndpoint
const kinds = new Map<string, MeetingKind>()
beforeAll(async () => {
  endpoint = await setupEndpoint({ inMemory: true })
  for (const name of ['支部党员大会', '支委会', '党小组会']) {
    const row = await endpoint.store.read((tx) => tx.record('meeting-kind', meetingKindId(name)))
    kinds.set(name, JSON.parse(row!.fields) as MeetingKind)
  }
})
afterAll(() => endpoint.close())

const meeting = { unitId: 'b', date: '2026-11-23' }
interface Branch {
  members: number
  probationary?: number
  underProbation?: number
  suspended?: number
  /** Of those with a vote. */
  onLeave?: number
  /** Of those with a vote: marked in another sitting than the one where the vote is taken. */
  elsewhere?: number
  guests?: number
}

/** Those without a vote stand first; everybody else comes. */
function figuresOf(branch: Branch) {
  const { members, probationary = 0, underProbation = 0, suspended = 0, onLeave = 0, elsewhere = 0 } = branch
  const without = probationary + underProbation + suspended
  const memberships = Array.from({ length: members }, (_, n) =>
    memberOf(`p${n}`, {
      // What the membership says of 预备 and 留党察看 does not matter.
      votingRight: n < probationary + underProbation || n >= without,
      memberKind:
        n < probationary ? 'probationary' : n < probationary + underProbation ? 'under-probation' : 'full',
    }),
  )
  const roster = rosterOf(meeting, kinds.get('支部党员大会')!, memberships, [], 'branch')
  const marks = roster.map(({ personId }, n) => {
    const voter = n - without
    if (voter >= 0 && voter < onLeave) return markOf(`m${n}`, personId, 'leave', { leaveKind: 'duty' })
    const isElsewhere = voter >= onLeave && voter < onLeave + elsewhere
    return markOf(`m${n}`, personId, 'present', { sittingId: isElsewhere ? 't' : 's' })
  })
  for (let n = 0; n < (branch.guests ?? 0); n++) marks.push(markOf(`g${n}`, `guest${n}`, 'present'))
  return rollFigures(rollLines(roster, marks, 's'))
}

/** What, branch, 应到, 有表决权应到, 有表决权实到, may vote, missing. */
const ROWS: [string, Branch, number, number, number, boolean, number][] = [
  ['the example', { members: 21, probationary: 2, underProbation: 1, onLeave: 3 }, 21, 18, 15, true, 0],
  ['exactly half', { members: 21, probationary: 2, underProbation: 1, onLeave: 9 }, 21, 18, 9, true, 0],
  ['one below half', { members: 21, probationary: 2, underProbation: 1, onLeave: 10 }, 21, 18, 8, false, 1],
  [
    'one more suspended: half of 17 is 9',
    { members: 21, probationary: 2, underProbation: 1, suspended: 1, onLeave: 9 },
    21,
    17,
    8,
    false,
    1,
  ],
  [
    'the rest in another sitting: the vote is against the whole branch',
    { members: 21, probationary: 2, underProbation: 1, elsewhere: 10 },
    21,
    18,
    8,
    false,
    1,
  ],
  ['guests change nothing', { members: 21, onLeave: 11, guests: 5 }, 21, 21, 10, false, 1],
  ['nobody with a vote', { members: 3, probationary: 3 }, 3, 0, 0, false, 0],
]

describe('支部党员大会', () => {
  it.each(ROWS)('%s', (_, branch, expected, votersExpected, votersPresent, holds, missing) => {
    const rule = kinds.get('支部党员大会')!.quorum!
    expect(rule.article).toBe('《中国共产党支部工作条例（试行）》第十一条：有表决权的党员到会须达半数以上')
    expect(rule.toBeChecked).toBe(true)
    const figures = figuresOf(branch)
    expect(figures).toMatchObject({ expected, votersExpected, votersPresent })
    expect(quorumOf(rule, figures)).toMatchObject({ holds, missing })
  })
  it.each([
    [9, false],
    [10, true],
  ])('%i in favour of 18 who should come', (inFavour, holds) => {
    const rule = kinds.get('支部党员大会')!.passing!
    expect(rule.article).toBe(
      '《中国共产党支部工作条例（试行）》第十一条：赞成须超过应到会有表决权党员的半数',
    )
    const figures = figuresOf(ROWS[0]![1])
    expect(motionPasses(rule, figures, inFavour).holds).toBe(holds)
  })
})

it.each([
  [5, 3, true],
  [5, 2, false],
  [4, 2, true],
])('支委会 of %i with %i here', (members, here, holds) => {
  const { quorum, roster: kind } = kinds.get('支委会')!
  expect(quorum!.article).toBe('《中国共产党支部工作条例（试行）》第十二条：支部委员到会须达半数以上')
  const ids = Array.from({ length: members }, (_, n) => `p${n}`)
  const roles = ids.map((personId): Role => ({
    personId,
    unitId: 'b',
    name: '',
    role: 'branch-officer',
    title: '委员',
    from: '2024-01-01',
    to: null,
    revokedForCause: false,
  }))
  const all = [...ids, 'other'].map((id) => memberOf(id))
  const roster = rosterOf(meeting, { roster: kind }, all, roles, 'branch')
  const marks = ids.slice(0, here).map((id) => markOf(id, id, 'present'))
  const figures = rollFigures(rollLines(roster, marks, 's'))
  expect(figures.expected).toBe(members)
  expect(quorumOf(quorum!, figures).holds).toBe(holds)
})

it('党小组会 does not vote', () => expect(kinds.get('党小组会')!.quorum).toBeNull())
