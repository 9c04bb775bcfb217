/** Filling by pattern, by last month, by stretch; and the way back. */
import { describe, expect, it } from 'vitest'
import {
  continueFrom,
  daysOf,
  fillPattern,
  fillRange,
  monthAfter,
  onlyChanged,
  turnOf,
} from '../../../../../src/client/features/meetings/shifts/fill.ts'
import {
  readPattern,
  shiftFrom,
  shiftWithHours,
} from '../../../../../src/client/features/meetings/shifts/shift-words.ts'
import type { ShiftKind } from '../../../../../src/shared/org/shifts/shift-roster.ts'
import type { RosterFacts } from '../../../../../src/shared/org/shifts/shifts.ts'

const L: Record<string, ShiftKind | null> = {
  早: 'early',
  晚: 'late',
  夜: 'night',
  休: 'rest',
  假: 'leave',
  '-': null,
}
const kinds = (letters: string) => [...letters].map((letter) => L[letter] ?? null)
const roster = (month: string, letters: string, from = 1): RosterFacts => ({
  unitId: 'u',
  month,
  hours: {},
  days: {
    li: Object.fromEntries(kinds(letters).map((kind, at) => [String(at + from).padStart(2, '0'), kind])),
  },
})
const line = (changes: Record<string, ShiftKind | null>, month: string) =>
  daysOf(month)
    .map(({ day }) => Object.entries(L).find(([, kind]) => kind === (changes[`days/li/${day}`] ?? null))?.[0])
    .join('')

it('knows the days of a month with their weekdays', () => {
  expect(daysOf('2028-02')).toHaveLength(29)
  expect(daysOf('2026-11')[0]).toEqual({ date: '2026-11-01', day: '01', weekday: '日', isWeekend: true })
  expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
})

it('reads a pattern as people write it, and names what is none', () => {
  expect(readPattern('早早、晚晚 夜，休')).toEqual({ kinds: kinds('早早晚晚夜休'), strange: [] })
  expect(readPattern('早班 中班 夜班 休')).toEqual({ kinds: kinds('早晚夜休'), strange: [] })
  expect(readPattern('早加晚')).toEqual({ kinds: kinds('早晚'), strange: ['加'] })
  expect([shiftFrom(' 中班 '), shiftFrom('休息'), shiftFrom('加班'), shiftFrom('')]).toEqual([
    'late',
    'rest',
    undefined,
    undefined,
  ])
  expect(shiftWithHours('night', { hours: {} })).toBe('夜班 23:00–次日 08:00')
  expect(shiftWithHours('late', { hours: { late: '15:00-00:00' } })).toBe('晚班 15:00–次日 00:00')
})

it('repeats a pattern from a day to the end of the month', () => {
  expect(line(fillPattern('li', '2026-11', '26', kinds('早晚休') as ShiftKind[]), '2026-11')).toBe(
    `${'-'.repeat(25)}早晚休早晚`,
  )
  expect(fillPattern('li', '2026-11', '01', [])).toEqual({})
})

it('paints a stretch in either direction', () => {
  expect(fillRange('li', '03', '01', 'rest')).toEqual(fillRange('li', '01', '03', 'rest'))
  expect(Object.keys(fillRange('li', '09', '11', null))).toEqual(['days/li/09', 'days/li/10', 'days/li/11'])
})

describe('as last month went on', () => {
  it.each([
    ['早早晚晚夜休早早晚晚夜休', '早早晚晚夜休'],
    ['夜休早早晚晚夜休早早晚晚', '夜休早早晚晚'],
    ['早早早早', '早'],
    ['早假晚早晚早晚', '晚早'],
    ['早晚夜早休晚', null],
    ['----', null],
  ])('%s has the turn %s', (month, turn) => {
    const found = turnOf(kinds(month))
    expect(found).toEqual(turn === null ? null : month === '早假晚早晚早晚' ? null : kinds(turn))
  })

  it('goes on in the turn over the border, without the leave', () => {
    const november = roster('2026-11', '早早晚晚夜休'.repeat(5))
    expect(line(continueFrom([november], ['li'], '2026-12'), '2026-12')).toBe(`${'早早晚晚夜休'.repeat(5)}早`)
    const withLeave = roster('2026-11', `${'早早晚晚夜休'.repeat(4)}早早假假夜休`)
    expect(line(continueFrom([withLeave], ['li'], '2026-12'), '2026-12')).toBe(
      `${'早早晚晚夜休'.repeat(5)}早`,
    )
    const shifted = roster('2026-11', `${'早早晚晚夜休'.repeat(4)}早早晚`, 4)
    expect(line(continueFrom([shifted], ['li'], '2026-12'), '2026-12').slice(0, 6)).toBe('晚夜休早早晚')
  })

  it('without a turn goes by the days of the week, and what is written stays', () => {
    const november = roster('2026-11', '休早早晚夜休早早晚夜晚早早晚休晚晚早夜早早休早晚早早夜早假早')
    const changes = continueFrom([november, roster('2026-12', '夜')], ['li', 'nobody'], '2026-12')
    const filled = line(changes, '2026-12')
    expect(filled[0]).toBe('-')
    // Thursday 3 December as Thursday 26 November; a leave of Sunday 29 November is not copied.
    expect(filled[2]).toBe('早')
    expect(filled[5]).toBe('-')
    expect(Object.keys(changes).some((path) => path.includes('nobody'))).toBe(false)
  })
})

it('what changes nothing is no change, and the way back is what stood', () => {
  const { changes, before } = onlyChanged(roster('2026-12', '早晚'), {
    'days/li/01': 'early',
    'days/li/02': 'rest',
    'days/li/03': 'night',
    'days/new/01': null,
  })
  expect(changes).toEqual({ 'days/li/02': 'rest', 'days/li/03': 'night' })
  expect(before).toEqual({ 'days/li/02': 'late', 'days/li/03': null })
})
