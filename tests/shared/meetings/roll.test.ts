import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attendanceLines } from '../../../src/shared/meetings/attendance/attendance.ts'
import { presentElsewhere } from '../../../src/shared/meetings/attendance/came-elsewhere.ts'
import { LEAVE_KINDS, ROLL_STATES } from '../../../src/shared/meetings/mark-words.ts'
import { rollLines, type StoredMark } from '../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../src/shared/meetings/roll-figures.ts'
import { rosterOf } from '../../../src/shared/meetings/roster.ts'
import { line, markOf, memberOf } from './factories.ts'

const roster = ['a', 'b', 'c'].map((id) => line(id, id !== 'c'))
const stateOf = (marks: StoredMark[], personId = 'a') =>
  rollLines(roster, marks, 's').find((l) => l.personId === personId)

/** Histories of officers who each saw some of the earlier marks. */
const histories = fc
  .array(
    fc.record({
      person: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom(...ROLL_STATES),
      leaveKind: fc.constantFrom(null, ...LEAVE_KINDS),
      sees: fc.array(fc.nat(20)),
      at: fc.nat(5),
    }),
    { maxLength: 24 },
  )
  .map((steps) =>
    steps.map(({ person, state, leaveKind, sees, at }, n) => {
      const supersedes = sees
        .filter((seen) => seen < n && steps[seen]?.person === person)
        .map((seen) => `m${seen}`)
      const kind = state === 'leave' ? leaveKind : null
      return markOf(`m${n}`, person, state, { leaveKind: kind, supersedes, observedAt: at })
    }),
  )

describe('a roll', () => {
  it('is the same for any order of arrival, and for marks that came twice', () => {
    fc.assert(
      fc.property(
        histories.chain((marks) =>
          fc.tuple(fc.constant(marks), fc.shuffledSubarray(marks, { minLength: marks.length })),
        ),
        ([marks, shuffled]) => {
          expect(rollLines(roster, shuffled, 's')).toEqual(rollLines(roster, marks, 's'))
          const once = new Map([...shuffled, ...marks].map((mark) => [mark.id, mark]))
          expect(rollLines(roster, [...once.values()], 's')).toEqual(rollLines(roster, marks, 's'))
        },
      ),
      { numRuns: 2000 },
    )
  })
  it('always adds up to 应到', () => {
    fc.assert(
      fc.property(histories, (marks) => {
        const f = rollFigures(rollLines(roster, marks, 's'))
        expect(f.present + f.leave + f.absent + f.unmarked).toBe(f.expected)
        expect(f.expected).toBe(3)
        expect(f.votersExpected).toBe(2)
        expect(f.contradictions).toBeLessThanOrEqual(f.unmarked)
      }),
      { numRuns: 1000 },
    )
  })
  it('takes two equal marks of two officers as one', () => {
    const marks = [markOf('1', 'a', 'present'), markOf('2', 'a', 'present')]
    expect(stateOf(marks)).toMatchObject({ state: 'present', contradiction: false })
    expect(rollFigures(rollLines(roster, marks, 's')).present).toBe(1)
  })
  it('counts a contradiction as not marked until a person settles it', () => {
    const marks = [markOf('1', 'a', 'present'), markOf('2', 'a', 'leave', { leaveKind: 'duty' })]
    expect(stateOf(marks)).toMatchObject({ state: 'cleared', contradiction: true })
    const settled = [...marks, markOf('3', 'a', 'leave', { leaveKind: 'duty', supersedes: ['1', '2'] })]
    expect(stateOf(settled)).toMatchObject({ state: 'leave', leaveKind: 'duty', contradiction: false })
  })
  it('sees a contradiction between two kinds of leave', () => {
    const marks = [
      markOf('1', 'a', 'leave', { leaveKind: 'duty' }),
      markOf('2', 'a', 'leave', { leaveKind: 'sick' }),
    ]
    expect(stateOf(marks)?.contradiction).toBe(true)
  })
  it('shows who was cleared as not marked', () => {
    const marks = [markOf('1', 'a', 'present'), markOf('2', 'a', 'cleared', { supersedes: ['1'] })]
    expect(stateOf(marks)).toMatchObject({ state: 'cleared', contradiction: false })
  })
  it('leaves marks of another sitting and of people outside the roster alone', () => {
    const marks = [markOf('1', 'a', 'present', { sittingId: 't' }), markOf('2', 'guest', 'present')]
    expect(rollFigures(rollLines(roster, marks, 's'))).toMatchObject({ expected: 3, present: 0 })
  })
})

describe('a meeting in several sittings', () => {
  const marks = [
    markOf('1', 'a', 'absent', { sittingId: 's' }),
    markOf('2', 'a', 'late', { sittingId: 't' }),
    markOf('3', 'b', 'present', { sittingId: 's' }),
    markOf('4', 'b', 'leave', { sittingId: 's' }),
  ]
  it('has come who came to any sitting', () => {
    const lines = attendanceLines(roster, marks, ['s', 't'])
    expect(lines.map((l) => [l.state, l.sittingId])).toEqual([
      ['late', 't'],
      ['cleared', null],
      ['cleared', null],
    ])
    expect(lines[1]?.contradiction).toBe(true)
  })
  it('says where a person has already come', () => {
    expect([...presentElsewhere(marks, roster, ['s', 't'], 's')]).toEqual([['a', ['t']]])
    expect([...presentElsewhere(marks, roster, ['s', 't'], 't')]).toEqual([])
  })
  it('names who came to two on the roll of each, with all the others, and counts them once', () => {
    const twice = [
      markOf('1', 'a', 'present', { sittingId: 's' }),
      markOf('2', 'a', 'late', { sittingId: 't' }),
      markOf('3', 'a', 'leave', { sittingId: 'u', leaveKind: 'duty' }),
      markOf('4', 'b', 'absent', { sittingId: 't' }),
    ]
    const ids = ['s', 't', 'u']
    const named = ids.map((id) => [...presentElsewhere(twice, roster, ids, id)])
    expect(named).toEqual([[['a', ['t']]], [['a', ['s']]], [['a', ['s', 't']]]])
    expect(rollFigures(attendanceLines(roster, twice, ids))).toMatchObject({
      present: 1,
      leave: 0,
      absent: 1,
    })
  })
  it.each([
    ['present', 'absent', 'leave', 'cleared', true],
    ['leave', 'absent', 'leave', 'leave', false],
    ['leave', 'absent', 'absent', 'cleared', true],
    ['present', 'leave', 'present', 'present', false],
    ['present', 'leave', 'late', 'late', false],
  ] as const)(
    'one sitting says both %s and %s, the other %s: %s for the meeting, open %s',
    (one, other, there, state, contradiction) => {
      const said = [
        markOf('1', 'a', one, { sittingId: 's' }),
        markOf('2', 'a', other, { sittingId: 's' }),
        markOf('3', 'a', there, { sittingId: 't' }),
      ]
      for (const given of [said, said.toReversed()])
        expect(attendanceLines(roster, given, ['s', 't'])[0]).toMatchObject({ state, contradiction })
    },
  )
})

describe('a roster', () => {
  const meeting = { unitId: 'b', date: '2026-11-23' }
  const all = { roster: 'members' as const }
  const ids = (memberships: ReturnType<typeof memberOf>[], kind: 'branch' | 'group' = 'branch') =>
    rosterOf(meeting, all, memberships, [], kind).map((l) => l.personId)

  it('leaves out who left the day before, and takes in who left the day after', () => {
    // `to` is the first day outside.
    expect(ids([memberOf('a', { to: '2026-11-23' }), memberOf('b', { to: '2026-11-24' })])).toEqual(['b'])
  })
  it('leaves out who comes tomorrow, and people who are not in the Party', () => {
    expect(ids([memberOf('a', { from: '2026-11-24' }), memberOf('b', { memberKind: 'none' })])).toEqual([])
  })
  it('counts a person once who left and came back', () => {
    expect(ids([memberOf('a', { to: '2026-01-01' }), memberOf('a', { from: '2026-06-01' })])).toEqual(['a'])
  })
  it('counts a member of two branches in the primary one only; in a group each', () => {
    expect(ids([memberOf('a', { primary: false }), memberOf('b')])).toEqual(['b'])
    expect(ids([memberOf('a', { primary: false })], 'group')).toEqual(['a'])
  })
  it('gives no vote to 预备 and 留党察看 whatever the membership says, nor to who is suspended', () => {
    const lines = rosterOf(
      meeting,
      all,
      [
        memberOf('full'),
        memberOf('probationary', { memberKind: 'probationary' }),
        memberOf('under', { memberKind: 'under-probation' }),
        memberOf('suspended', { votingRight: false }),
      ],
      [],
    )
    expect(lines.filter((l) => l.votingRight).map((l) => l.personId)).toEqual(['full'])
    expect(lines).toHaveLength(4)
  })
  it('of a committee is its officers of that day', () => {
    const role = (personId: string, to: string | null) => ({
      personId,
      unitId: 'b',
      name: '',
      role: 'branch-officer' as const,
      title: '委员',
      from: '2024-01-01',
      to,
      revokedForCause: false,
    })
    const lines = rosterOf(
      meeting,
      { roster: 'committee' },
      [memberOf('a'), memberOf('b'), memberOf('c')],
      [role('a', null), role('b', '2026-11-23')],
      'branch',
    )
    expect(lines.map((l) => l.personId)).toEqual(['a'])
  })
})
