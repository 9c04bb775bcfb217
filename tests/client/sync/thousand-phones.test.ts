/**
 * A thousand phones lose the endpoint at one instant. Driven by the machine's own functions with seeded chance: what the
 * endpoint meets when it is back, second by second.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nudgeMs, onlineMs, pollMs, reconnectMs } from '../../../src/client/sync/machine/back-off.ts'
import { advance, initialState, type StepResult } from '../../../src/client/sync/machine/core.ts'
import { createRandom } from '../../support/random.ts'

const PHONES = 1_000
/** The same chances each time: what is asked is how far the pauses spread, not how lucky a thousand phones can be. */
const RUNS = { numRuns: 40, seed: 1 }

/** The most requests in any second, wherever it begins. */
function busiestSecond(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b)
  let from = 0
  let most = 0
  for (const [to, at] of sorted.entries()) {
    while (at - sorted[from]! >= 1_000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

const seeds = fc.integer()
const each = (moment: (random: () => number) => number) => (seed: number) => {
  const random = createRandom(seed).next
  return Array.from({ length: PHONES }, () => moment(random))
}

/** The pause after the first failure of a phone that was in the middle of a step. */
function pauseAfter(failure: (jitter: number) => StepResult) {
  return each((random) => {
    const asking = advance(initialState, { type: 'wake', reason: 'timer' }).state
    const result = failure(random())
    const [effect] = advance(asking, { type: 'step-done', ticket: asking.ticket, result }).effects
    if (effect?.type !== 'wait') throw new Error('a failed step is followed by a pause')
    return effect.delayMs
  })
}

const cases: [string, (seed: number) => number[], number][] = [
  [
    'all in the middle of a request that gets no answer',
    pauseAfter((jitter) => ({ step: 'failed', failure: { kind: 'offline' }, sent: 1, jitter })),
    190,
  ],
  [
    'all answered 503 without a pause named',
    pauseAfter((jitter) => ({
      step: 'failed',
      failure: { kind: 'refused', code: 'overloaded' },
      sent: 1,
      jitter,
    })),
    190,
  ],
  [
    'all told Retry-After: 5',
    pauseAfter((jitter) => ({
      step: 'failed',
      failure: { kind: 'refused', code: 'maintenance', retryAfterMs: 5_000 },
      sent: 1,
      jitter,
    })),
    160,
  ],
  [
    'all told Retry-After: 120',
    pauseAfter((jitter) => ({
      step: 'failed',
      failure: { kind: 'refused', code: 'maintenance', retryAfterMs: 120_000 },
      sent: 1,
      jitter,
    })),
    45,
  ],
  ['all listening for nudges', each((random) => reconnectMs(0, random())), 70],
  ['all listening, for the second time', each((random) => reconnectMs(1, random())), 45],
  ['all polling, the hour struck', each((random) => pollMs(0, false, random())), 65],
  ['the network of the hall is back for all', each((random) => onlineMs(random())), 270],
  ['all are told that everyone’s content moved', each((random) => nudgeMs('org', random())), 150],
]

describe('a thousand phones at one instant', () => {
  it.each(cases)('%s: the first requests are spread', (_name, momentsOf, most) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(busiestSecond(momentsOf(seed))).toBeLessThanOrEqual(most)
      }),
      RUNS,
    )
  })

  it('an endpoint that stays away meets fewer with every try, and each phone comes within five minutes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed).next
        const byTry: number[][] = [[], [], [], [], [], []]
        for (let phone = 0; phone < PHONES; phone++) {
          let state = initialState
          let at = 0
          for (const moments of byTry) {
            state = advance(state, { type: 'wake', reason: 'start' }).state
            const result: StepResult = {
              step: 'failed',
              failure: { kind: 'offline' },
              sent: 0,
              jitter: random(),
            }
            const next = advance(state, { type: 'step-done', ticket: state.ticket, result })
            const [pause] = next.effects
            if (pause?.type !== 'wait') throw new Error('a failed step is followed by a pause')
            expect(pause.delayMs).toBeLessThanOrEqual(5 * 60_000)
            at += pause.delayMs
            moments.push(at)
            state = next.state
          }
        }
        const busiest = byTry.map(busiestSecond)
        expect(busiest[0]).toBeLessThanOrEqual(190)
        expect(busiest[3]).toBeLessThan(busiest[0]! / 3)
        expect(busiest.at(-1)).toBeLessThanOrEqual(30)
      }),
      { ...RUNS, numRuns: 10 },
    )
  })

  it('a quiet phone asks less and less, and hardly at all while nudges come', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(50),
        (random, quiet) => {
          const ms = pollMs(quiet, false, random)
          expect(ms).toBeGreaterThanOrEqual(45_000)
          expect(ms).toBeLessThanOrEqual(375_000)
          expect(pollMs(quiet + 1, false, random)).toBeGreaterThanOrEqual(ms)
          expect(pollMs(0, true, random)).toBeGreaterThanOrEqual(225_000)
        },
      ),
    )
  })
})
