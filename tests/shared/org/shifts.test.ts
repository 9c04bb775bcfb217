/** Who is on which shift, and what follows from it: at the edges of months, over midnight, on a phone of another zone. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { civilInstant } from '../../../src/shared/civil-time.ts'
import { MAX_SHIFT_PEOPLE, shiftRoster, type ShiftKind } from '../../../src/shared/org/shifts/shift-roster.ts'
import {
  calledAwayAt,
  canAttend,
  isOnShift,
  onLeaveUntil,
  shiftOn,
  type RosterFacts,
} from '../../../src/shared/org/shifts/shifts.ts'

const LETTERS: Record<string, ShiftKind | null> = {
  e: 'early',
  l: 'late',
  n: 'night',
  r: 'rest',
  x: 'leave',
  '-': null,
}
/** A roster of one person from letters, beginning on the 1st or on `from`. */
function roster(
  month: string,
  letters: string,
  more: Partial<RosterFacts> & { from?: number } = {},
): RosterFacts {
  const { from = 1, ...rest } = more
  const days = Object.fromEntries(
    [...letters].map((letter, at) => [String(at + from).padStart(2, '0'), LETTERS[letter] ?? null]),
  )
  return { unitId: 'a', month, days: { li: days }, hours: {}, ...rest }
}
const at = (date: string, time: string) => civilInstant(date, time)

describe('the shift of a day', () => {
  const november = roster('2026-11', 'n-r', { from: 30 })
  it.each([
    ['2026-11-30', 'night', '2026-11-30T15:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01', 'rest', '2026-11-30T16:00:00.000Z', '2026-12-01T16:00:00.000Z'],
    ['2026-12-02', 'early', '2026-12-02T00:00:00.000Z', '2026-12-02T08:00:00.000Z'],
    ['2026-12-03', 'late', '2026-12-03T08:00:00.000Z', '2026-12-03T15:00:00.000Z'],
  ])('%s: %s from %s to %s, by the clock of the hall', (date, kind, from, to) => {
    const shift = shiftOn([november, roster('2026-12', 'rel')], 'li', date)
    expect(shift?.kind).toBe(kind)
    expect([shift?.from, shift?.to].map((ms) => new Date(ms ?? 0).toISOString())).toEqual([from, to])
  })

  it('is unknown where nobody wrote one, where it was taken back, and for somebody else', () => {
    const rosters = [roster('2026-12', 'e-')]
    expect(shiftOn(rosters, 'li', '2026-12-02')).toBeNull()
    expect(shiftOn(rosters, 'li', '2026-12-03')).toBeNull()
    expect(shiftOn(rosters, 'wu', '2026-12-01')).toBeNull()
    expect(shiftOn(rosters, 'li', '2027-01-01')).toBeNull()
    expect(shiftOn([], 'li', '2026-12-01')).toBeNull()
  })

  it('takes the hours that the unit wrote; until midnight ends at midnight', () => {
    const own = roster('2026-12', 'nl', { hours: { night: '00:00-08:00', late: '16:00-00:00' } })
    expect(shiftOn([own], 'li', '2026-12-01')).toMatchObject({
      from: at('2026-12-01', '00:00'),
      to: at('2026-12-01', '08:00'),
    })
    expect(shiftOn([own], 'li', '2026-12-02')?.to).toBe(at('2026-12-03', '00:00'))
  })

  it('of two units is the same in whichever order they came', () => {
    const one = roster('2026-12', 'ree', { unitId: 'b' })
    const other = roster('2026-12', 'nrl', { unitId: 'a' })
    for (const rosters of [
      [one, other],
      [other, one],
    ])
      expect(['01', '02', '03'].map((day) => shiftOn(rosters, 'li', `2026-12-${day}`)?.kind)).toEqual([
        'night',
        'early',
        'late',
      ])
  })
})

describe('a leave', () => {
  it.each([
    ['xxx', '2026-12-01', '2026-12-03'],
    ['xxrrxe', '2026-12-02', '2026-12-05'],
    ['xrre', '2026-12-01', '2026-12-01'],
    ['x-x', '2026-12-01', '2026-12-01'],
    ['rx', '2026-12-01', null],
    ['e', '2026-12-01', null],
    ['', '2026-12-01', null],
  ])('%s asked on %s ends %s', (letters, date, until) => {
    expect(onLeaveUntil([roster('2026-12', letters)], 'li', date)).toBe(until)
  })

  it('goes over the end of the year', () => {
    const rosters = [roster('2026-12', 'xx', { from: 30 }), roster('2027-01', 'xxe')]
    expect(onLeaveUntil(rosters, 'li', '2026-12-30')).toBe('2027-01-02')
  })
})

describe('who can come', () => {
  const week = roster('2026-12', 'elnrx-n')
  it.each([
    ['early shift, in the morning', '2026-12-01', '10:00', 'on-shift'],
    ['early shift, one minute before its end', '2026-12-01', '15:59', 'on-shift'],
    ['early shift, just after its end', '2026-12-01', '16:00', 'yes'],
    ['early shift, before it, with time', '2026-12-01', '07:00', 'yes'],
    ['early shift, before it, running into it', '2026-12-01', '07:30', 'on-shift'],
    ['late shift, at noon', '2026-12-02', '12:00', 'yes'],
    ['night shift, on its afternoon', '2026-12-03', '16:30', 'yes'],
    ['night shift, near midnight', '2026-12-03', '23:30', 'on-shift'],
    ['off the night shift, at dawn: still at work', '2026-12-04', '07:30', 'on-shift'],
    ['off the night shift, in the morning: asleep', '2026-12-04', '14:00', 'resting'],
    ['a day of rest, in the evening', '2026-12-04', '19:00', 'resting'],
    ['on leave', '2026-12-05', '19:00', 'leave'],
    ['nobody wrote', '2026-12-06', '10:00', 'unknown'],
    [
      'nobody wrote, but the night shift of the day before reaches into it',
      '2026-12-08',
      '07:00',
      'on-shift',
    ],
    ['nobody wrote, just off the night shift', '2026-12-08', '10:00', 'resting'],
  ])('%s: %s %s → %s', (_, date, time, answer) => {
    expect(canAttend([week], 'li', at(date, time))).toBe(answer)
  })

  it.each([
    ['early shift, in the morning: at work already', '2026-12-01', '10:00', null],
    ['early shift, as it begins', '2026-12-01', '08:00', null],
    ['early shift, before it, with time', '2026-12-01', '07:00', null],
    ['early shift, before it, running into it', '2026-12-01', '07:30', '08:00'],
    ['night shift, before it', '2026-12-03', '22:30', '23:00'],
    ['off the night shift, at dawn: still at work', '2026-12-04', '07:30', null],
    ['a day of rest', '2026-12-04', '19:00', null],
    ['on leave', '2026-12-05', '07:30', null],
    ['nobody wrote', '2026-12-06', '07:30', null],
  ])('called away: %s: %s %s → %s', (_, date, time, from) => {
    expect(calledAwayAt([week], 'li', at(date, time))).toBe(from === null ? null : at(date, from))
  })

  it('a long meeting that begins before the shift is seen to run into it, also over midnight', () => {
    const rosters = [roster('2026-12', 'le', { hours: { early: '00:30-08:00' } })]
    expect(canAttend(rosters, 'li', at('2026-12-01', '23:10'), 60)).toBe('yes')
    expect(canAttend(rosters, 'li', at('2026-12-01', '23:10'), 120)).toBe('on-shift')
  })

  it('after the night shift of the last of the month', () => {
    const rosters = [roster('2026-11', 'n', { from: 30 }), roster('2026-12', 'n')]
    expect(canAttend(rosters, 'li', at('2026-12-01', '07:00'))).toBe('on-shift')
    expect(canAttend(rosters, 'li', at('2026-12-01', '10:00'))).toBe('resting')
    expect(canAttend(rosters, 'li', at('2026-12-01', '16:00'))).toBe('yes')
  })
})

it('says whether somebody is at work now; without a roster it claims nothing', () => {
  const rosters = [roster('2026-12', 'enr')]
  expect(isOnShift(rosters, 'li', at('2026-12-01', '09:00'))).toBe(true)
  expect(isOnShift(rosters, 'li', at('2026-12-01', '20:00'))).toBe(false)
  expect(isOnShift(rosters, 'li', at('2026-12-03', '02:00'))).toBe(true)
  expect(isOnShift(rosters, 'li', at('2026-12-03', '08:00'))).toBe(false)
  expect(isOnShift(rosters, 'li', at('2026-12-04', '09:00'))).toBeNull()
})

describe('the record', () => {
  const valid = { unitId: 'u', month: '2026-12', days: { li: { '01': 'early', '02': null } } }
  it('says 请假 without its kind, and nothing but shifts', () => {
    expect(v.safeParse(shiftRoster.schema, valid).success).toBe(true)
    for (const value of ['sick', 'leave:sick', { kind: 'leave', leaveKind: 'sick' }, 'overtime', 3])
      expect(v.safeParse(shiftRoster.schema, { ...valid, days: { li: { '01': value } } }).success).toBe(false)
  })

  it('refuses hours that are none, and more people than go into one push', () => {
    for (const night of ['24:00-08:00', '8:00-9:00', '23:00', ''])
      expect(v.safeParse(shiftRoster.schema, { ...valid, hours: { night } }).success).toBe(false)
    const people = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, { '01': 'rest' }]))
    const parse = (count: number) =>
      v.safeParse(shiftRoster.schema, { ...valid, days: people(count) }).success
    expect([parse(MAX_SHIFT_PEOPLE), parse(MAX_SHIFT_PEOPLE + 1)]).toEqual([true, false])
  })
})
