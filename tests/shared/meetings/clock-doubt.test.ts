/** A phone's clock that is wrong by days changes only what is said about the time. */
import { expect, it } from 'vitest'
import { clockDoubtOf } from '../../../src/shared/meetings/clock-doubt.ts'
import { rollLines } from '../../../src/shared/meetings/roll.ts'
import { line, markOf } from './factories.ts'

const HOUR = 3_600_000
const START = 1_000 * HOUR

it.each([
  ['at the sitting, not sent', START, null, null],
  ['an hour before', START - HOUR, null, null],
  ['two days before', START - 48 * HOUR, null, 'early'],
  ['years before, received in time', 0, START + HOUR, 'early'],
  ['entered days later from paper', START + 72 * HOUR, START + 72 * HOUR, null],
  ['two days ahead of its arrival', START + 48 * HOUR, START, 'ahead'],
  ['a few minutes ahead', START + HOUR / 6, START, null],
] as const)('%s', (_, observedAt, receivedAt, doubt) =>
  expect(clockDoubtOf({ observedAt, receivedAt }, START)).toBe(doubt),
)

it('a correction holds, also when the clock of the phone that wrote it is days behind', () => {
  const marks = [
    markOf('1', 'a', 'present', { observedAt: START }),
    markOf('2', 'a', 'absent', { observedAt: START - 72 * HOUR, supersedes: ['1'] }),
  ]
  expect(rollLines([line('a')], marks, 's')[0]).toMatchObject({ state: 'absent', contradiction: false })
})
