/** A day of 今日 is cut where what is read changes, and nowhere else. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { timesOf } from '../../../../src/client/app/last-seen/times-of.ts'
import { civilInstant, DAY_MS } from '../../../../src/shared/civil-time.ts'

const FRIDAY = civilInstant('2026-11-27', '10:07')

it('a day is cut where what is read changes, and nowhere else, whatever changes when', async () => {
  const turn = fc.integer({ min: 1, max: DAY_MS - 1 })
  const property = fc.asyncProperty(fc.uniqueArray(turn, { maxLength: 5 }), async (unordered) => {
    const turns = unordered.sort((a, b) => a - b)
    const stateAt = (now: number) => turns.filter((each) => each <= now).length
    const times = await timesOf(FRIDAY, FRIDAY + DAY_MS, (now) =>
      Promise.resolve({ groups: [], hasFailed: false, isComing: false, state: stateAt(now - FRIDAY) }),
    )
    for (const { from, until, today } of times) {
      const { state } = today as unknown as { state: number }
      expect([stateAt(from - FRIDAY), stateAt(until - 1 - FRIDAY)]).toEqual([state, state])
    }
    const ends = [FRIDAY, ...times.flatMap(({ from, until }) => [from, until]), FRIDAY + DAY_MS]
    for (let n = 0; n < ends.length; n += 2) {
      const [from, until] = [ends[n]! - FRIDAY, ends[n + 1]! - FRIDAY]
      const left = turns.filter((each) => each > from - 60_000 && each < until + 60_000)
      // Only around turns, and no more than a minute for each.
      expect(until - from).toBeLessThanOrEqual(left.length * 60_000)
    }
  })
  await fc.assert(property, { numRuns: 200 })
})

it('what changes all the time is not drawn ahead', async () => {
  const always = timesOf(FRIDAY, FRIDAY + DAY_MS, (now) =>
    Promise.resolve({ groups: [], hasFailed: false, isComing: false, at: now }),
  )
  await expect(always).rejects.toThrow('all the time')
})
