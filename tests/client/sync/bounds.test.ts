/** Nothing is retried without a bound: what the endpoint breaks at is found, set aside, and nothing else is blamed for it. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  advance,
  initialState,
  type Effect,
  type Failure,
  type SentMutation,
  type StepResult,
  type SyncState,
} from '../../../src/client/sync/machine/core.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { opinionFields, unitFields } from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

interface Queue {
  waiting: SentMutation[]
  delivered: number[]
  setAside: number[]
  requests: number
  longestWithoutPause: number
}

const failed = (failure: Failure, mutations: readonly SentMutation[]): StepResult => ({
  step: 'failed',
  failure,
  sent: mutations.length,
  jitter: 0.5,
  ...(mutations.length === 1 && { only: mutations[0]! }),
})
const internal: Failure = { kind: 'refused', code: 'internal' }

/** The machine against an endpoint that breaks at some mutations, and is ill for everything at first. */
function deliver(size: number, poisoned: ReadonlySet<number>, illFor: number): Queue {
  const queue: Queue = {
    waiting: Array.from({ length: size }, (_, n) => ({ n: n + 1, hash: `h${n + 1}` })),
    delivered: [],
    setAside: [],
    requests: 0,
    longestWithoutPause: 0,
  }
  let ill = illFor
  let state: SyncState = initialState
  let withoutPause = 0
  const answer = (effect: Effect): StepResult => {
    queue.requests += effect.type === 'set-aside' ? 0 : 1
    const isIll = ill > 0
    if (isIll) ill -= 1
    if (effect.type === 'push') {
      const batch = queue.waiting.slice(0, effect.limit)
      if (batch.length === 0) return { step: 'push', sent: 0, settled: 0 }
      if (isIll || batch.some(({ n }) => poisoned.has(n))) return failed(internal, batch)
      queue.waiting = queue.waiting.slice(batch.length)
      queue.delivered.push(...batch.map(({ n }) => n))
      return { step: 'push', sent: batch.length, settled: batch.length }
    }
    if (effect.type === 'set-aside') {
      queue.waiting = queue.waiting.filter(({ n }) => n !== effect.only.n)
      queue.setAside.push(effect.only.n)
      return { step: 'set-aside' }
    }
    if (isIll) return failed(internal, [])
    return effect.type === 'probe' ? { step: 'probe' } : { step: 'pull', more: false, stale: false }
  }
  let next = advance(state, { type: 'wake', reason: 'start' })
  for (let turn = 0; turn < 5_000; turn++) {
    state = next.state
    const [effect] = next.effects
    if (effect === undefined) return queue
    withoutPause = effect.type === 'wait' ? 0 : withoutPause + 1
    queue.longestWithoutPause = Math.max(queue.longestWithoutPause, withoutPause)
    next =
      effect.type === 'wait'
        ? advance(state, { type: 'waited', ticket: effect.ticket })
        : advance(state, { type: 'step-done', ticket: effect.ticket, result: answer(effect) })
  }
  return queue
}

const scene = fc.integer({ min: 1, max: 400 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    poisoned: fc
      .uniqueArray(fc.integer({ min: 1, max: size }), { maxLength: 4 })
      .map((numbers) => new Set(numbers)),
    illFor: fc.integer({ min: 0, max: 12 }),
  }),
)

describe('a batch that the endpoint breaks at', () => {
  it('delivers what is well, sets aside what is not and nothing else, in a bounded number of requests', () => {
    fc.assert(
      fc.property(scene, ({ size, poisoned, illFor }) => {
        const queue = deliver(size, poisoned, illFor)
        expect(queue.waiting).toEqual([])
        expect(new Set(queue.setAside)).toEqual(poisoned)
        expect(queue.setAside).toHaveLength(poisoned.size)
        expect(queue.delivered).toHaveLength(size - poisoned.size)
        expect(queue.delivered).toEqual([...queue.delivered].sort((a, b) => a - b))
        // Per bad one: three tries, two times eight halvings with their probes, the way back up.
        expect(queue.requests).toBeLessThan(2 * illFor + 10 + Math.ceil(size / 50) + poisoned.size * 70)
      }),
      { numRuns: 1500 },
    )
  })

  it('an endpoint that is ill for everything is asked with growing pauses, and nothing is blamed', () => {
    const queue = deliver(120, new Set([7]), Infinity)
    expect(queue.setAside).toEqual([])
    expect(queue.delivered).toEqual([])
    expect(queue.waiting).toHaveLength(120)
    expect(queue.longestWithoutPause).toBeLessThanOrEqual(2)
  })
})

describe('a row at the endpoint that nobody can read', () => {
  let endpoint: FakeEndpoint
  let a: TestPhone
  beforeEach(async () => {
    endpoint = new FakeEndpoint()
    endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
    a = await setupPhone(endpoint)
  })
  afterEach(closePhones)

  it('puts only what rests on it into 需处理, with a sentence, and the rest is delivered', async () => {
    for (const text of ['一', '毒', '三']) await a.phone.store.put('opinion', opinionFields(text))
    a.line.fault = (path, body) =>
      path === '/api/push' && body.includes('毒') ? { code: 'internal' } : undefined
    for (let round = 0; round < 12; round++) await a.phone.engine.syncNow()
    expect(await a.phone.db.outbox.count()).toBe(0)
    const [item, ...others] = await a.phone.db.attention.toArray()
    expect(others).toEqual([])
    expect(item).toMatchObject({ code: 'internal', fields: { text: '毒' } })
    expect(item?.sentence).toBe(
      '服务器处理不了这一条，先放在这里，别的照常送达。你写的还在：请告诉系统管理员，修好后再送一次。',
    )
    const arrived = [...endpoint.records.values()].filter((r) => r.type === 'opinion')
    expect(arrived.map((r) => r.fields.text)).toEqual(['一', '三'])
    a.line.fault = undefined
    await a.phone.delivery.retry(item!.attentionId)
    await a.phone.engine.syncNow()
    expect(endpoint.applied.size).toBe(3)
  })

  it('a device that is refused again and again is registered anew a few times an hour, and the screen says so', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    a.line.fault = (path) => (path === '/api/push' ? { code: 'device-forked' } : undefined)
    for (let minute = 0; minute < 50; minute++) {
      a.clock.tick(60_000)
      await a.phone.engine.syncNow()
    }
    const renewals = a.line.requests.filter((r) => r.path === '/api/session/device')
    expect(renewals).toHaveLength(5)
    expect(a.phone.delivery.summary.value.held).toBe('renewals')
    expect(await a.phone.db.outbox.count()).toBe(1)
    a.line.fault = undefined
    await a.phone.engine.syncNow()
    expect(await a.phone.db.outbox.count()).toBe(0)
    expect(a.phone.delivery.summary.value.held).toBeNull()
  })
})
