/** How a sitting suits the own shift, on a day of 日程: nobody is said to be at work before the shift begins. */
import { expect, it } from 'vitest'
import { attendInWords } from '../../../../../src/client/features/meetings/model/roll-words.ts'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import { calledAwayAt, canAttend, type RosterFacts } from '../../../../../src/shared/org/shifts/shifts.ts'

const roster = { unitId: 'b1', month: '2026-11', hours: {}, days: { p1: { '24': 'early' } } } as RosterFacts
const said = (date: string, time: string) => {
  const startsAt = civilInstant(date, time)
  return attendInWords(canAttend([roster], 'p1', startsAt), calledAwayAt([roster], 'p1', startsAt))
}

it.each([
  ['07:00', '赶得上'],
  ['07:30', '08:00 上班，会没开完就要走'],
  ['08:00', '正在当班'],
  ['15:30', '正在当班'],
  ['16:00', '赶得上'],
])('early shift from 08:00 to 16:00, a sitting at %s: %s', (time, words) => {
  expect(said('2026-11-24', time)).toBe(words)
})

it('says nothing of a day for which nobody wrote a shift', () => {
  expect(said('2026-11-25', '07:30')).toBe('')
})
