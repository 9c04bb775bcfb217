import { describe, expect, it } from 'vitest'
import {
  MOST_REMINDERS,
  REMINDER_GAP_MS,
  reminderBar,
  reminderShownFrom,
} from '../../../../src/shared/circulation/reminding/reminder-hours.ts'

const PLAN = { personId: 'p', hours: { from: '08:00', to: '20:00' }, rosters: [] }
const at = (time: string) => Date.parse(`${time}:00+08:00`)

describe('a reminder is shown', () => {
  it.each([
    ['2026-11-22T08:00', '2026-11-22T08:00'],
    ['2026-11-22T19:59', '2026-11-22T19:59'],
    ['2026-11-22T20:00', '2026-11-23T08:00'],
    ['2026-11-22T23:59', '2026-11-23T08:00'],
    ['2026-11-23T00:00', '2026-11-23T08:00'],
    ['2026-11-23T07:59', '2026-11-23T08:00'],
    ['2026-12-31T21:30', '2027-01-01T08:00'],
  ])('made at %s, from %s on', (made, shown) => {
    expect(reminderShownFrom(at(made), PLAN)).toBe(at(shown))
  })
})

describe('one more reminder', () => {
  const now = at('2026-11-22T10:00')
  it('can be made when there was none, or the last is a day old', () => {
    expect(reminderBar([], PLAN, now)).toBe(null)
    expect(reminderBar([now - REMINDER_GAP_MS], PLAN, now)).toBe(null)
  })
  it('is too soon within the day, also after one from a clock that runs ahead', () => {
    expect(reminderBar([now - REMINDER_GAP_MS + 1], PLAN, now)).toBe('too-soon')
    expect(reminderBar([now + 3 * REMINDER_GAP_MS], PLAN, now)).toBe('too-soon')
  })
  it('is one too many after the last that is allowed, however long ago', () => {
    expect(reminderBar(Array<number>(MOST_REMINDERS).fill(0), PLAN, now)).toBe('too-many')
  })
})
