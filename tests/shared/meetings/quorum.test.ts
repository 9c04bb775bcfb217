/**
 * The figures of the voting rules, each with the article that it is read from. 待核: the readings are data of the meeting kinds;
 * these tables only fix the arithmetic.
 */
import { describe, expect, it } from 'vitest'
import type { VotingRule } from '../../../src/shared/meetings/meeting-kind.ts'
import { motionPasses, neededOf, quorumOf } from '../../../src/shared/meetings/quorum.ts'
import { rollLines } from '../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../src/shared/meetings/roll-figures.ts'
import { line, markOf } from './factories.ts'

/** 《中国共产党支部工作条例（试行）》第十一条: 半数以上 of those with a vote present (待核). */
const GENERAL_QUORUM: VotingRule = {
  comparator: '>=',
  part: [1, 2],
  base: 'voters',
  article: '第十一条',
  toBeChecked: true,
}
/** 第十一条: passes with 超过半数 of all with a vote who should come (待核). */
const GENERAL_PASSING: VotingRule = { ...GENERAL_QUORUM, comparator: '>' }
/** 支委会: 半数以上 of the committee (待核). */
const COMMITTEE_QUORUM: VotingRule = { ...GENERAL_QUORUM, base: 'roster' }

const figuresOf = (expected: number, present: number, voters: number, votersPresent: number) => {
  const roster = Array.from({ length: expected }, (_, at) => line(`p${at}`, at < voters))
  const marks = roster
    .filter((_, at) => at < votersPresent || (at >= voters && at < voters + present - votersPresent))
    .map((person, at) => markOf(`m${at}`, person.personId, 'present'))
  return rollFigures(rollLines(roster, marks, 's'))
}

describe('needed people', () => {
  it.each([
    ['>=', 0, 0],
    ['>', 0, 1],
    ['>=', 1, 1],
    ['>', 1, 1],
    ['>=', 2, 1],
    ['>', 2, 2],
    ['>=', 17, 9],
    ['>', 17, 9],
    ['>=', 18, 9],
    ['>', 18, 10],
    ['>=', 29, 15],
    ['>', 29, 15],
    ['>=', 300, 150],
    ['>', 300, 151],
  ] as const)('%s half of %i is %i', (comparator, base, needed) =>
    expect(neededOf({ comparator, part: [1, 2] }, base)).toBe(needed),
  )
  it('counts other parts in whole numbers', () => {
    expect(neededOf({ comparator: '>=', part: [4, 5] }, 21)).toBe(17)
    expect(neededOf({ comparator: '>=', part: [2, 3] }, 3)).toBe(2)
    expect(neededOf({ comparator: '>', part: [2, 3] }, 3)).toBe(3)
  })
})

describe('支部党员大会 of 21: 2 预备, 1 留党察看, 3 on leave', () => {
  // 18 have a vote; the 3 on leave are among them, so 15 of them and the 3 without a vote are here.
  const figures = figuresOf(21, 18, 18, 15)
  it('counts 应到 21, 有表决权 18', () =>
    expect(figures).toMatchObject({ expected: 21, present: 18, votersExpected: 18, votersPresent: 15 }))
  it('may vote', () =>
    expect(quorumOf(GENERAL_QUORUM, figures)).toEqual({ holds: true, needed: 9, base: 18, missing: 0 }))
  it.each([
    [9, false, 1],
    [10, true, 0],
    [15, true, 0],
  ])('%i in favour of 18 who should come', (inFavour, holds, missing) =>
    expect(motionPasses(GENERAL_PASSING, figures, inFavour)).toMatchObject({ holds, needed: 10, missing }),
  )
})

describe('the edge of a quorum', () => {
  it.each([
    // voters, voters present, may vote
    [18, 8, false],
    [18, 9, true],
    [17, 8, false],
    [17, 9, true],
    [1, 0, false],
    [1, 1, true],
  ])('%i with a vote, %i here', (voters, here, holds) =>
    expect(quorumOf(GENERAL_QUORUM, figuresOf(voters, here, voters, here)).holds).toBe(holds),
  )
  it('never holds for nobody, though 0 ≥ 0', () => {
    expect(quorumOf(GENERAL_QUORUM, figuresOf(3, 3, 0, 0)).holds).toBe(false)
    expect(motionPasses(GENERAL_PASSING, figuresOf(0, 0, 0, 0), 0).holds).toBe(false)
  })
  it('people without a vote do not help', () =>
    expect(quorumOf(GENERAL_QUORUM, figuresOf(21, 11, 18, 8)).holds).toBe(false))
  it('half of an even number is enough with ≥ and not with >', () => {
    const figures = figuresOf(18, 9, 18, 9)
    expect(quorumOf(GENERAL_QUORUM, figures).holds).toBe(true)
    expect(quorumOf(GENERAL_PASSING, figures).holds).toBe(false)
  })
  it('支委会 counts its whole roster', () =>
    expect(quorumOf(COMMITTEE_QUORUM, figuresOf(5, 3, 0, 0))).toMatchObject({
      holds: true,
      needed: 3,
      base: 5,
    }))
})
