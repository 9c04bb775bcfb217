/**
 * Guarantee: what a vote comes to follows from the count, the roll and the rule that stand in it, and from nothing else; corrections
 * supersede, in whatever order they arrive. The readings (待核) are data of the meeting kinds; the article stands beside.
 */
import { assert, property, shuffledSubarray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VotingRule } from '../../../../src/shared/meetings/meeting-kind.ts'
import {
  arithmeticInWords,
  quorumInWords,
  standingVotes,
  voteAnswer,
  votesInWords,
  votesOf,
  type Counted,
  type StoredResolution,
} from '../../../../src/shared/meetings/voting/outcome.ts'
import type { Resolution } from '../../../../src/shared/meetings/voting/resolution.ts'

/** 《中国共产党支部工作条例（试行）》第十一条: 半数以上 of those with a vote are there (待核). */
const QUORUM: VotingRule = {
  comparator: '>=',
  part: [1, 2],
  base: 'voters',
  article: '第十一条',
  toBeChecked: true,
}
/** 第十一条: 超过半数 of all with a vote who should come, 应到会, not of those there (待核). */
const PASSING: VotingRule = { ...QUORUM, comparator: '>' }

/** 21 members: 2 预备 and 1 留党察看 have no vote; 3 with a vote are on leave. */
const BRANCH = { expected: 21, present: 18, votersExpected: 18, votersPresent: 15 }
const vote = (inFavour: number, over: Partial<Counted> = {}): Counted => ({
  ...BRANCH,
  inFavour,
  against: 0,
  abstained: 0,
  quorum: QUORUM,
  passing: PASSING,
  ...over,
})

describe('21 members, 2 预备, 1 留党察看, 3 on leave', () => {
  it.each([
    // article, in favour, outcome
    ['第十一条：应到会有表决权 18 人，超过半数是 10', 9, 'rejected'],
    ['第十一条：9 是到会 15 人的半数以上，但不超过应到会的半数', 9, 'rejected'],
    ['第十一条：应到会有表决权 18 人，超过半数是 10', 10, 'carried'],
    ['第十一条：到会有表决权的全部赞成', 15, 'carried'],
    ['第十一条：无人赞成', 0, 'rejected'],
  ])('%s：%i → %s', (_, inFavour, outcome) => expect(voteAnswer(vote(inFavour)).outcome).toBe(outcome))

  it.each([
    // voters there, outcome of 10 in favour
    ['第十一条：8 人到会，不到 18 人的半数', 8, 8, 'invalid'],
    ['第十一条：9 人到会，正好半数，可以表决；9 票不超过半数', 9, 9, 'rejected'],
    ['第十一条：10 人到会，全部赞成', 10, 10, 'carried'],
  ])('%s', (_, votersPresent, inFavour, outcome) =>
    expect(voteAnswer(vote(inFavour, { votersPresent, present: votersPresent + 3 })).outcome).toBe(outcome),
  )

  it('people without a vote do not carry the quorum', () =>
    expect(voteAnswer(vote(8, { present: 11, votersPresent: 8 })).outcome).toBe('invalid'))
})

describe('半数以上 and 超过半数 part at even numbers only', () => {
  it.each([
    [18, 9, false, true],
    [17, 9, true, true],
    [17, 8, false, false],
    [2, 1, false, true],
    [1, 1, true, true],
  ])('%i with a vote, %i in favour: 超过半数 %s, 半数以上 %s', (votersExpected, inFavour, over, atLeast) => {
    const of = { votersExpected, votersPresent: votersExpected, expected: 30, present: 30 }
    expect(voteAnswer(vote(inFavour, of)).passing.holds).toBe(over)
    expect(voteAnswer(vote(inFavour, { ...of, passing: QUORUM })).passing.holds).toBe(atLeast)
  })
  it('nobody with a vote passes nothing', () =>
    expect(voteAnswer(vote(0, { votersExpected: 0, votersPresent: 0, quorum: null })).outcome).toBe(
      'rejected',
    ))
})

it('says its arithmetic in words', () => {
  const counted = { ...vote(10, { against: 1, abstained: 2 }), secret: true }
  expect(quorumInWords(counted)).toBe('应到会有表决权 18 人，到会 15 人，须达到 1/2，至少 9 人')
  expect(arithmeticInWords(counted)).toBe('应到会有表决权 18 人，赞成 10 票，须超过 1/2，至少 10 票，通过')
  expect(votesInWords(counted)).toBe('赞成 10，反对 1，弃权 2，未投 2（无记名）')
  expect(arithmeticInWords(vote(8, { votersPresent: 8, present: 8 }))).toContain('到会人数不够，表决无效')
})

describe('corrections', () => {
  const row = (id: string, at: number, over: Partial<Resolution> = {}): StoredResolution => ({
    id,
    observedAt: at,
    fields: { motion: id, supersedes: [], withdrawn: false, ...over } as unknown as Resolution,
  })
  const rows = [
    row('a', 1),
    row('b', 2),
    row('a2', 3, { supersedes: ['a'] }),
    row('a3', 4, { supersedes: ['a2'] }),
    row('b2', 5, { supersedes: ['b'], withdrawn: true }),
    row('c', 6),
    row('c2', 7, { supersedes: ['c'] }),
    row('c3', 8, { supersedes: ['c'] }),
  ]
  it('stand in the place of what they correct; two of them at once are shown both and count not', () => {
    const votes = votesOf(rows)
    expect(votes.map(({ heads, earlier }) => [heads.map((h) => h.id), earlier.map((e) => e.id)])).toEqual([
      [['a3'], ['a2', 'a']],
      [['b2'], ['b']],
      [['c2', 'c3'], ['c']],
    ])
    expect(standingVotes(votes).map(({ id }) => id)).toEqual(['a3'])
  })
  it('come to the same in any order of arrival', () =>
    assert(
      property(shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(votesOf(shuffled)).toEqual(votesOf(rows))
      }),
    ))
  it('a ring of corrections hangs nobody', () =>
    expect(
      votesOf([row('x', 1, { supersedes: ['y'] }), row('y', 2, { supersedes: ['x'] })]).length,
    ).toBeGreaterThan(0))
})
