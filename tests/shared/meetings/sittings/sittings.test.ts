/** Which sitting suits whom, and times proposed by the shifts. */
import { describe, expect, it } from 'vitest'
import { civilInstant, civilTime } from '../../../../src/shared/civil-time.ts'
import type { ShiftKind } from '../../../../src/shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../../src/shared/org/shifts/shifts.ts'
import { proposeSittings } from '../../../../src/shared/meetings/sittings/propose-sittings.ts'
import {
  coverOf,
  expectedIn,
  notExpectedIn,
  sittingFor,
} from '../../../../src/shared/meetings/sittings/who-can-come.ts'

/** On 2 December 2026; `n1` was on the night shift of the day before. */
const DAY = '2026-12-02'
const SHIFTS: Record<string, [ShiftKind | null, ShiftKind | null]> = {
  e1: ['rest', 'early'],
  e2: ['early', 'early'],
  l1: ['late', 'late'],
  n1: ['night', 'night'],
  off: ['early', 'rest'],
  away: ['leave', 'leave'],
  new: [null, null],
}
const rosters: RosterFacts[] = [
  {
    unitId: 'u',
    month: '2026-12',
    hours: {},
    days: Object.fromEntries(
      Object.entries(SHIFTS).map(([id, [first, second]]) => [id, { '01': first, '02': second }]),
    ),
  },
]
const people = Object.keys(SHIFTS)
const sitting = (id: string, time: string) => ({ id, startsAt: civilInstant(DAY, time) })
const both = [sitting('late', '16:30'), sitting('early', '10:00')]

describe('the sitting of a person', () => {
  it.each([
    ['e1', 'late', 'yes'],
    ['l1', 'early', 'yes'],
    ['n1', 'late', 'yes'],
    ['off', 'early', 'resting'],
    ['away', null, 'leave'],
    ['new', null, 'unknown'],
  ])('%s comes to %s: %s', (personId, sittingId, answer) => {
    expect(sittingFor(rosters, personId, both)).toEqual({ sittingId, answer })
  })

  it('is none where one is at work in all of them', () => {
    expect(sittingFor(rosters, 'e1', [sitting('a', '09:00'), sitting('b', '15:00')])).toEqual({
      sittingId: null,
      answer: 'on-shift',
    })
    expect(sittingFor(rosters, 'e1', [])).toEqual({ sittingId: null, answer: 'unknown' })
  })

  it('expects each person in one sitting only', () => {
    expect(expectedIn(rosters, people, both, 'early')).toEqual(new Set(['l1', 'off']))
    expect(expectedIn(rosters, people, both, 'late')).toEqual(new Set(['e1', 'e2', 'n1']))
    expect(expectedIn([], people, both, 'late')).toEqual(new Set())
  })
})

describe('who is not expected in a sitting', () => {
  const whyIn = (sittings: readonly { id: string; startsAt: number }[], sittingId: string) =>
    [...notExpectedIn(rosters, people, sittings, sittingId)].map(([id, why]) => [
      id,
      why.answer,
      why.shift,
      why.instead,
    ])
  it('is at work, on leave, or suits another one better; of whom nobody wrote a shift nothing is claimed', () => {
    expect(whyIn(both, 'early')).toEqual([
      ['e1', 'on-shift', 'early', 'late'],
      ['e2', 'on-shift', 'early', 'late'],
      ['n1', 'resting', null, 'late'],
      ['away', 'leave', null, null],
    ])
    expect(whyIn(both, 'late')).toEqual([
      ['l1', 'on-shift', 'late', 'early'],
      ['off', 'resting', null, 'early'],
      ['away', 'leave', null, null],
    ])
  })
  it('by the night shift of the day before, where that still goes on', () => {
    expect(whyIn([sitting('a', '07:20')], 'a')).toEqual([
      ['e1', 'on-shift', 'early', null],
      ['e2', 'on-shift', 'early', null],
      ['n1', 'on-shift', 'night', null],
      ['away', 'leave', null, null],
    ])
  })
  it('is nobody without rosters, nor in a sitting that the meeting does not have', () => {
    expect(notExpectedIn([], people, both, 'late').size).toBe(0)
    expect(whyIn(both, 'gone')).toEqual([])
  })
  it('leaves nobody out: expected, not expected and unknown are all of them, each once', () => {
    for (const { id } of both) {
      const expected = expectedIn(rosters, people, both, id)
      const not = notExpectedIn(rosters, people, both, id)
      expect([...expected].filter((personId) => not.has(personId))).toEqual([])
      expect(people.filter((personId) => !expected.has(personId) && !not.has(personId))).toEqual(['new'])
    }
  })
})

it('says who can come to which, and who to none, by the shift that keeps them', () => {
  const cover = coverOf(rosters, people, [sitting('a', '07:20')])
  expect(cover.bySitting.get('a')).toEqual(['l1', 'off'])
  expect(cover.resting).toEqual(['off'])
  expect([...cover.missing]).toEqual([
    ['early', ['e1', 'e2']],
    ['night', ['n1']],
  ])
  expect([cover.onLeave, cover.unknown]).toEqual([['away'], ['new']])
})

describe('proposed sittings', () => {
  it('take as few as suit all who work that day, named by their shifts', () => {
    const proposed = proposeSittings(rosters, people, DAY)
    expect(proposed.map(({ name, startsAt, personIds }) => [name, civilTime(startsAt), personIds])).toEqual([
      ['晚班场', '15:00', ['l1']],
      ['早班场', '16:30', ['e1', 'e2']],
      ['夜班场', '20:00', ['n1']],
    ])
  })

  it('are one where one suits all, and none where nobody wrote shifts', () => {
    expect(proposeSittings(rosters, ['e1', 'e2'], DAY)).toHaveLength(1)
    expect(proposeSittings([], people, DAY)).toEqual([])
    expect(proposeSittings(rosters, ['new', 'away', 'off'], DAY)).toEqual([])
  })
})
