import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  advance,
  backOffMs,
  initialState,
  isRunning,
  LONGEST_BACK_OFF_MS,
  type Effect,
  type Failure,
  type StepResult,
  type SyncEvent,
  type SyncState,
  type WakeReason,
} from '../../../src/client/sync/machine/core.ts'
import { MAX_RENEWALS_PER_HOUR } from '../../../src/client/sync/machine/refused.ts'
import { ERRORS, type ErrorCode } from '../../../src/shared/sync/protocol/errors.ts'

const wake = (reason: WakeReason): SyncEvent => ({ type: 'wake', reason })

/** Feeds results into the machine, each for the step under way. */
function drive(state: SyncState, results: StepResult[]): { state: SyncState; effects: Effect[] } {
  let next = advance(state, wake('asked'))
  const effects = [...next.effects]
  for (const result of results) {
    next = advance(next.state, { type: 'step-done', ticket: next.state.ticket, result })
    effects.push(...next.effects)
  }
  return { state: next.state, effects }
}

const refused = (
  code: ErrorCode,
  more: Partial<Extract<Failure, { kind: 'refused' }>> = {},
  sent = 0,
): StepResult => ({
  step: 'failed',
  sent,
  ...(sent === 1 && { only: { n: 7, hash: 'seven' } }),
  jitter: 0.5,
  failure: {
    kind: 'refused',
    code,
    ...more,
  },
})
const offline: StepResult = { step: 'failed', failure: { kind: 'offline' }, sent: 1, jitter: 0.5 }
const sent = (count: number): StepResult => ({ step: 'push', sent: count, settled: count })
const page = (more: boolean): StepResult => ({ step: 'pull', more, stale: false })
const types = (effects: Effect[]) => effects.map((effect) => effect.type)

describe('a round', () => {
  it('pushes until nothing is left, then pulls until there is no more', () => {
    const { state, effects } = drive(initialState, [sent(200), sent(3), sent(0), page(true), page(false)])
    expect(types(effects)).toEqual(['push', 'push', 'push', 'pull', 'pull'])
    expect(state.phase).toBe('idle')
  })

  it('goes round again for what was written meanwhile', () => {
    const pulling = drive(initialState, [sent(0)]).state
    const asked = advance(pulling, wake('write')).state
    const next = advance(asked, { type: 'step-done', ticket: asked.ticket, result: page(false) })
    expect(types(next.effects)).toEqual(['push'])
  })

  it('sends at once what waited for the end of a reload', () => {
    const pulling = drive(initialState, [sent(0)]).state
    const last: StepResult = { step: 'pull', more: false, stale: false, released: true }
    const next = advance(pulling, { type: 'step-done', ticket: pulling.ticket, result: last })
    expect(types(next.effects)).toEqual(['push'])
  })

  it('ignores the answer to an older step', () => {
    const pushing = advance(initialState, wake('start')).state
    const late = advance(pushing, { type: 'step-done', ticket: pushing.ticket - 1, result: sent(0) })
    expect(late).toEqual({ state: pushing, effects: [] })
  })
})

describe('a failure', () => {
  it('waits for Retry-After, and nothing shortens that', () => {
    const { state, effects } = drive(initialState, [refused('slow-down', { retryAfterMs: 90_000 })])
    expect(effects.at(-1)).toMatchObject({ type: 'wait', delayMs: 90_000 + 0.5 * 45_000 })
    for (const reason of ['asked', 'online', 'write', 'visible'] as const)
      expect(advance(state, wake(reason)).effects).toEqual([])
    expect(types(advance(state, { type: 'waited', ticket: state.ticket }).effects)).toEqual(['push'])
  })

  it('backs off to five minutes and not further', () => {
    let state = initialState
    const delays: number[] = []
    for (let i = 0; i < 15; i++) {
      const next = drive(state, [offline])
      state = next.state
      const last = next.effects.at(-1)
      if (last?.type === 'wait') delays.push(last.delayMs)
    }
    expect(delays[0]).toBe(6000)
    expect(Math.max(...delays)).toBeLessThanOrEqual(LONGEST_BACK_OFF_MS)
    expect([...delays].sort((a, b) => a - b)).toEqual(delays)
    expect(backOffMs(99, 0.999)).toBeLessThanOrEqual(LONGEST_BACK_OFF_MS)
  })

  it('an app that is too old to pull still sends what is written, once for each write', () => {
    const tooOld = refused('protocol-unsupported')
    const resting = drive(initialState, [sent(0), tooOld]).state
    expect(resting.phase).toBe('needs-update')
    const woken = advance(resting, wake('write'))
    expect(types(woken.effects)).toEqual(['push'])
    const answered = (state: SyncState, result: StepResult) =>
      advance(state, { type: 'step-done', ticket: state.ticket, result })
    expect(answered(woken.state, tooOld)).toMatchObject({ state: { phase: 'needs-update' }, effects: [] })

    const pulling = answered(woken.state, sent(0)).state
    const written = advance(pulling, wake('write')).state
    const again = answered(written, tooOld)
    expect(types(again.effects)).toEqual(['push'])
    const writtenWhilePushing = advance(again.state, wake('write')).state
    expect(answered(writtenWhilePushing, tooOld).effects).toEqual([])
  })

  it('401 rests until sign-in; a write does not wake it', () => {
    const { state } = drive(initialState, [refused('not-signed-in', {}, 5)])
    expect(state.phase).toBe('needs-sign-in')
    expect(advance(state, wake('write')).effects).toEqual([])
    expect(types(advance(state, { type: 'signed-in' }).effects)).toEqual(['push'])
  })

  it('renews the device a bounded number of times an hour, says so, and goes on after it', () => {
    const forked = (at: number): StepResult[] => [
      { ...refused('device-forked', {}, 1), at } as StepResult,
      { step: 'renew' },
    ]
    const hour = 3_600_000
    let renewals = 0
    let state = initialState
    const go = (at: number) => {
      const next = drive(state, forked(at))
      state = next.state
      renewals += types(next.effects).filter((type) => type === 'renew').length
    }
    // With progress in between, and over pauses: neither gives new licence.
    for (let minute = 0; minute < 50; minute++) {
      go(minute * 60_000)
      state = drive(state, [sent(1), sent(0), page(false)]).state
      state = { ...state, phase: 'idle', held: state.held }
    }
    expect(renewals).toBe(MAX_RENEWALS_PER_HOUR)
    go(hour - 1)
    expect(state).toMatchObject({ phase: 'waiting', held: 'renewals' })
    go(hour + 1)
    expect(renewals).toBe(MAX_RENEWALS_PER_HOUR + 1)
    expect(drive(state, [sent(1)]).state.held).toBeNull()
  })

  it('halves a batch that is refused as a whole, and sets aside the one that breaks it', () => {
    const bad = { field: 'mutations.0.fields' }
    const { effects } = drive(initialState, [
      refused('bad-request', bad, 4),
      refused('bad-request', bad, 2),
      refused('bad-request', bad, 1),
      { step: 'set-aside' } as const,
      refused('mutation-gap', {}, 1),
      { step: 'recount' } as const,
      sent(1),
    ])
    expect(types(effects)).toEqual(['push', 'push', 'push', 'set-aside', 'push', 'recount', 'push', 'push'])
    expect(effects[1]).toMatchObject({ limit: 2 })
    expect(effects[2]).toMatchObject({ limit: 1 })
    expect(effects[3]).toMatchObject({ only: { n: 7, hash: 'seven' } })
  })

  it('of the request itself sets nothing aside', () => {
    const { effects } = drive(initialState, [refused('wrong-origin', {}, 1)])
    expect(types(effects)).toEqual(['push', 'wait'])
  })

  it('an answer that settles nothing is not sent again at once', () => {
    const { effects } = drive(initialState, [{ step: 'push', sent: 3, settled: 0 }])
    expect(types(effects)).toEqual(['push', 'wait'])
  })

  it('every code of the table leads somewhere', () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const { state, effects } = drive(initialState, [refused(code, {}, 1)])
      const resting = state.phase === 'needs-sign-in' || state.phase === 'needs-update'
      expect(resting || effects.length === 2, code).toBe(true)
    }
  })
})

const arbitraryResult: fc.Arbitrary<StepResult> = fc.oneof(
  fc
    .integer({ min: 0, max: 200 })
    .chain((count) =>
      fc
        .integer({ min: 0, max: count })
        .map((settled): StepResult => ({ step: 'push', sent: count, settled })),
    ),
  fc.record({ step: fc.constant('pull' as const), more: fc.boolean(), stale: fc.boolean() }),
  fc.constant(offline),
  fc.constant<StepResult>({ step: 'failed', failure: { kind: 'storage' }, sent: 0, jitter: 0.1 }),
  fc
    .constantFrom(...(Object.keys(ERRORS) as ErrorCode[]))
    .chain((code) =>
      fc.integer({ min: 0, max: 3 }).map((count) => refused(code, { field: 'mutations.0' }, count)),
    ),
)
const reasons: WakeReason[] = ['start', 'online', 'visible', 'write', 'timer', 'nudge', 'asked']
const arbitraryAct = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...reasons).map((reason) => ({ act: 'wake' as const, reason })) },
  { weight: 6, arbitrary: arbitraryResult.map((result) => ({ act: 'answer' as const, result })) },
  { weight: 1, arbitrary: fc.constant({ act: 'late' as const }) },
  { weight: 1, arbitrary: fc.constant({ act: 'waited' as const }) },
  { weight: 1, arbitrary: fc.constant({ act: 'signed-in' as const }) },
  { weight: 1, arbitrary: fc.constant({ act: 'went-offline' as const }) },
)

/** The result fits the step that is under way, as the shell's do. */
const fits = (effect: Effect, result: StepResult): StepResult =>
  result.step === 'failed' || result.step === effect.type
    ? result
    : effect.type === 'pull'
      ? page(false)
      : effect.type === 'push'
        ? sent(0)
        : ({ step: effect.type } as StepResult)

describe('whatever happens in whatever order', () => {
  it('there is never more than one step under way, and none is ever forgotten', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAct, { maxLength: 120 }), (acts) => {
        let state = initialState
        let step: Effect | undefined
        let wait: Effect | undefined
        const take = (event: SyncEvent) => {
          const before = state.ticket
          const next = advance(state, event)
          state = next.state
          if (state.ticket !== before) wait = undefined
          for (const effect of next.effects) {
            if (effect.type === 'wait') wait = effect
            else {
              expect(step).toBeUndefined()
              step = effect
            }
          }
          expect(isRunning(state.phase)).toBe(step !== undefined)
        }
        for (const act of acts) {
          if (act.act === 'wake') take({ type: 'wake', reason: act.reason })
          else if (act.act === 'signed-in') take({ type: 'signed-in' })
          else if (act.act === 'went-offline') take({ type: 'went-offline' })
          else if (act.act === 'late') take({ type: 'step-done', ticket: state.ticket - 1, result: sent(1) })
          else if (act.act === 'waited' && wait !== undefined) take({ type: 'waited', ticket: wait.ticket })
          else if (act.act === 'answer' && step !== undefined) {
            const done = step
            step = undefined
            take({ type: 'step-done', ticket: done.ticket, result: fits(done, act.result) })
          }
          // A machine that waits always has a timer that ends the wait.
          if (state.phase === 'waiting' || state.phase === 'offline') expect(wait).toBeDefined()
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('what waits in the queue is pushed once the endpoint is well', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAct, { maxLength: 60 }), (acts) => {
        let state = initialState
        let step: Effect | undefined
        const take = (event: SyncEvent): Effect[] => {
          const next = advance(state, event)
          state = next.state
          step = next.effects.find((effect) => effect.type !== 'wait') ?? step
          return next.effects
        }
        for (const act of acts) {
          if (act.act === 'wake') take({ type: 'wake', reason: act.reason })
          if (act.act === 'answer' && step !== undefined) {
            const done = step
            step = undefined
            take({ type: 'step-done', ticket: done.ticket, result: fits(done, act.result) })
          }
        }
        // Now one entry waits, the person signs in again, pauses end, and the endpoint answers everything well.
        let queue = 1
        take(wake('write'))
        take({ type: 'signed-in' })
        for (let i = 0; i < 60 && queue > 0; i++) {
          if (step === undefined) take({ type: 'waited', ticket: state.ticket })
          if (step === undefined) take(wake('asked'))
          const done: Effect | undefined = step
          step = undefined
          if (done === undefined) continue
          const well = done.type === 'push' ? sent(queue) : fits(done, page(false))
          if (done.type === 'push') queue = 0
          take({ type: 'step-done', ticket: done.ticket, result: well })
        }
        expect(queue).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })
})
