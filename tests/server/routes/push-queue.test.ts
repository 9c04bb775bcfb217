/** Attacks on the queue: answers lost, batches twice, overlapping, with holes, by a cloned phone; bad mutations among good ones. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mutation } from '../../../src/shared/sync/protocol/push.ts'
import { privateScope } from '../../../src/shared/sync/scopes.ts'
import { branchId, connect, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'
import { dumpTables, queueOf, rehashed, type Queue } from '../attack.ts'

const uid = (n: number) => `0199aaaa-0000-7000-8000-${String(n).padStart(12, '0')}`
const first = branchId('第一支部')

let endpoint: TestEndpoint
let member: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  member = await queueOf(endpoint, '1003')
})
afterEach(() => endpoint.close())

const opinion = (n: number, text = `第 ${n} 条意见`) => ({
  type: 'opinion',
  id: uid(n),
  fields: { personId: member.personId, text },
})
const made = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => member.make(opinion(from + at)))

describe('a queue over a bad network', () => {
  it('answers the same batch again with the stored outcomes, and has one effect', async () => {
    const batch = made(3)
    const answered = await push(member, batch)
    const before = await dumpTables(endpoint)
    const again = await push(member, batch)
    expect(again.body).toEqual(answered.body)
    expect(await dumpTables(endpoint)).toEqual(before)
    expect(endpoint.problems).toEqual([])
  })

  it('takes overlapping batches once each, in either order of arrival', async () => {
    const batch = made(5)
    await push(member, batch.slice(0, 3))
    const overlapping = await push(member, batch.slice(1))
    expect(overlapping.outcomes.map((o) => [o.n, o.status])).toEqual([2, 3, 4, 5].map((n) => [n, 'accepted']))
    const late = await push(member, batch.slice(0, 2))
    expect(late.outcomes.map((o) => o.status)).toEqual(['accepted', 'accepted'])
    expect(late.body.lastMutation).toBe(5)
    const { records } = await pullAll(member)
    expect(records.filter((r) => r.type === 'opinion')).toHaveLength(5)
    expect(endpoint.problems).toEqual([])
  })

  it('takes a batch that arrives at the same moment ten times once', async () => {
    const batch = made(4)
    const answers = await Promise.all(Array.from({ length: 10 }, () => push(member, batch)))
    for (const answer of answers) expect(answer.outcomes).toEqual(answers[0]!.outcomes)
    expect((await dumpTables(endpoint)).outcomes).toHaveLength(4)
    expect(endpoint.problems).toEqual([])
  })

  it('sorts an array that is out of order, and applies it in order of n', async () => {
    const [a, b, c] = made(3) as [Mutation, Mutation, Mutation]
    const answer = await push(member, [c, a, b])
    expect(answer.outcomes.map((o) => [o.n, o.status])).toEqual([1, 2, 3].map((n) => [n, 'accepted']))
    const rows = await endpoint.store.read((tx) => tx.records({ types: ['opinion'] }))
    expect(rows.map((r) => r.id)).toEqual([a.id, b.id, c.id])
  })

  it('refuses the same n with another hash as a cloned phone, and changes nothing', async () => {
    const batch = made(2)
    await push(member, batch)
    const before = await dumpTables(endpoint)
    const forged = mutationOf(2, opinion(2, '别的内容'))
    const cloned = await push(member, [forged, ...made(1, 3)])
    expect([cloned.status, cloned.body.error?.code]).toEqual([409, 'device-forked'])
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('refuses two different mutations of one number in one batch, and changes nothing', async () => {
    const before = await dumpTables(endpoint)
    const twins = await push(member, [mutationOf(1, opinion(1)), mutationOf(1, opinion(2))])
    expect([twins.status, twins.body.error?.code]).toEqual([409, 'device-forked'])
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('refuses a gap, at the head or in the middle, and changes nothing', async () => {
    const batch = made(4)
    const before = await dumpTables(endpoint)
    for (const holed of [batch.slice(1), [batch[0]!, batch[2]!, batch[3]!]]) {
      const answer = await push(member, holed)
      expect([answer.status, answer.body.error?.code]).toEqual([409, 'mutation-gap'])
      expect(await dumpTables(endpoint)).toEqual(before)
    }
    expect((await push(member, batch)).status).toBe(200)
  })
})

describe('who sends, and to which store', () => {
  it('refuses a device of another person, an unknown device, and changes nothing', async () => {
    const other = await connect(endpoint, '1004')
    const before = await dumpTables(endpoint)
    for (const deviceId of [other.deviceId, 'no-such-device']) {
      const answer = await push(member, made(1), { deviceId })
      expect([answer.status, answer.body.error?.code]).toEqual([409, 'wrong-person'])
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('refuses a revoked device, on its own session and on another', async () => {
    const second = await connect(endpoint, '1003')
    const revoked = await second.post('/api/commands/revoke-device', {
      id: 'revoke-01',
      deviceId: member.deviceId,
    })
    expect(revoked.status).toBe(200)
    expect((await push(member, made(1))).body.error?.code).toBe('not-signed-in')
    const through = await push(second, made(1), { deviceId: member.deviceId })
    expect([through.status, through.body.error?.code]).toEqual([401, 'device-revoked'])
  })

  it('refuses a queue for another epoch, and takes its own', async () => {
    const epoch = await endpoint.store.read((tx) => tx.epoch())
    const batch = made(1)
    const wrong = await push(member, batch, { epoch: '00000000-0000-4000-8000-000000000000' })
    expect([wrong.status, wrong.body.error?.code]).toEqual([409, 'epoch-changed'])
    expect((await push(member, batch, { epoch })).status).toBe(200)
  })

  it('refuses a protocol that is too new or never was', async () => {
    for (const protocol of [2, 99, 0, -1]) {
      const answer = await push(member, [mutationOf(1, opinion(1))], { protocol })
      expect([protocol, answer.status, answer.body.error?.code]).toEqual([
        protocol,
        409,
        'protocol-unsupported',
      ])
    }
  })
})

describe('a bad mutation among good ones', () => {
  /** Each is bad in another way. `k` keeps their ids apart. */
  const bad: ((k: number) => Mutation)[] = [
    (k) => member.make({ ...opinion(500 + k), fields: { personId: member.personId, text: 7 } }),
    (k) => member.make({ ...opinion(500 + k), scope: privateScope(member.personId) }),
    (k) => member.make({ type: 'later-type', id: uid(500 + k), fields: { a: 1 }, scope: 'org' }),
    (k) => ({ ...member.make(opinion(500 + k)), hash: '0'.repeat(64) }),
    (k) => member.make({ type: 'column', id: uid(500 + k), fields: { name: '不许' } }),
    (k) =>
      member.make({
        type: 'lesson-receipt',
        id: uid(500 + k),
        fields: {
          personId: member.personId,
          unitId: first,
          lessonId: uid(999),
          week: '2026-W48',
          lessonRevision: 1,
          learned: true,
        },
      }),
    // A pasted text that was cut in the middle of a sign: it has no canonical form, so nothing can hash to it.
    (k) => {
      const m = member.make(opinion(500 + k))
      return { ...m, fields: { ...m.fields, text: '半个字 \ud83d' } }
    },
    (k) => rehashed(member.make({ ...opinion(500 + k) }), { op: 'delete' }),
  ]

  it('leaves the good ones as if the bad had never been, whatever the mix', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant(-1), fc.nat(bad.length - 1)), { minLength: 1, maxLength: 12 }),
        async (mix) => {
          const visible = async (chosen: readonly number[], all: boolean) => {
            const fresh = await setupEndpoint({ inMemory: true })
            try {
              member = await queueOf(fresh, '1003')
              const batch = chosen.flatMap((kind, at) =>
                kind === -1 ? [member.make(opinion(at))] : all ? [bad[kind]!(at)] : [],
              )
              const { status, outcomes } = await push(member, batch)
              expect(status).toBe(200)
              expect(outcomes.map((o) => o.status === 'accepted')).toEqual(
                chosen.filter((kind) => all || kind === -1).map((kind) => kind === -1),
              )
              expect(fresh.problems).toEqual([])
              const { records } = await pullAll(member)
              return JSON.stringify(records)
            } finally {
              await fresh.close()
            }
          }
          expect(await visible(mix, true)).toBe(await visible(mix, false))
        },
      ),
      { numRuns: 12 },
    )
  })

  it('says of each what is wrong, and goes on', async () => {
    const outcomes = []
    for (const [at, make] of bad.entries()) outcomes.push((await push(member, [make(at)])).outcomes[0]!)
    expect(outcomes.map((o) => [o.status, o.code])).toEqual([
      ['rejected', 'invalid-fields'],
      ['rejected', 'scope-mismatch'],
      ['rejected', 'unknown-type'],
      ['rejected', 'hash-wrong'],
      ['rejected', 'forbidden'],
      ['deferred', 'missing-parent'],
      ['rejected', 'hash-wrong'],
      ['rejected', 'invalid-fields'],
    ])
    expect(endpoint.problems).toEqual([])
  })

  it('refuses a number that is not one, in the raw text, without stopping the queue', async () => {
    const m = member.make(opinion(1))
    const raw = JSON.stringify({
      protocol: 1,
      deviceId: member.deviceId,
      epoch: '',
      sentAt: 0,
      mutations: [{ ...m, fields: { ...m.fields, big: 'HERE' } }],
    }).replace('"HERE"', '1e999')
    const answer = await endpoint.app.request('/api/push', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: member.cookie },
      body: raw,
    })
    expect(answer.status).toBe(200)
    expect(((await answer.json()) as { outcomes: { code: string }[] }).outcomes[0]!.code).toBe('hash-wrong')
    expect(endpoint.problems).toEqual([])
  })
})
