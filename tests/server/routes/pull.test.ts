/** Attacks on the cursor: pages of any size, writers between pages, damaged and foreign cursors, scopes gained and lost. */
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { encodeCursor } from '../../../src/server/routes/pull/cursor.ts'
import type { PullAnswer } from '../../../src/shared/sync/protocol/pull.ts'
import {
  branchId,
  connect,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { pullAll } from '../../support/wire.ts'
import { queueOf } from '../attack.ts'

const first = branchId('第一支部')
let endpoint: TestEndpoint
let member: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
  member = await connect(endpoint, '1003')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const page = async (c: Connection, cursor: string | null, limit = 2000) => {
  const response = await c.post('/api/pull', { protocol: 1, deviceId: c.deviceId, cursor, limit })
  const text = await response.text()
  return { status: response.status, bytes: text.length, body: JSON.parse(text) as PullAnswer }
}
const membershipOf = async (staffNo: string, unitId: string) => {
  const rows = await endpoint.store.read((tx) =>
    tx.records({ types: ['membership'], person: personIdOf(staffNo) }),
  )
  const row = rows.find((r) => r.scope === `unit:${unitId}`)!
  return { id: row.id, fields: JSON.parse(row.fields) as Record<string, string> }
}

it('gives the same rows in pages of any size as in one', async () => {
  const whole = await pullAll(member)
  expect(whole.pages).toHaveLength(1)
  for (const limit of [
    1,
    2,
    3,
    7,
    whole.records.length - 1,
    whole.records.length,
    whole.records.length + 1,
  ]) {
    const paged = await pullAll(member, null, limit)
    expect(paged.records).toEqual(whole.records)
    for (const one of paged.pages) expect(one.records.length).toBeLessThanOrEqual(limit)
    expect(paged.cursor).toBe(whole.cursor)
  }
})

it('misses no row that is written or rewritten between pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(fc.nat(4), fc.nat(9)), { maxLength: 15 }),
      async (limit, writes) => {
        const held = new Map<string, number>()
        const left = [...writes]
        let cursor: string | null = null
        for (let more = true; more || left.length > 0;) {
          const { body } = await page(member, cursor, limit)
          for (const r of body.records) held.set(`${r.type}:${r.id}`, r.rev)
          ;({ cursor, more } = body)
          const write = left.shift()
          if (write !== undefined) {
            const text = `写在两页之间 ${write[1]} ${left.length}`
            await endpoint.put('column', `column-${write[0]}`, { name: text, order: write[1] })
            more = true
          }
        }
        const { records } = await pullAll(member)
        for (const r of records) expect(held.get(`${r.type}:${r.id}`)).toBe(r.rev)
      },
    ),
    { numRuns: 15 },
  )
})

it('misses no row of writers that run while it pages', async () => {
  const writers = Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      endpoint.put('column', `busy-${at}`, { name: `栏目 ${at}`, order: at }),
    ),
  )
  const { records, cursor } = await pullAll(member, null, 5)
  await writers
  const rest = await pullAll(member, cursor, 5)
  const ids = new Set([...records, ...rest.records].map((r) => r.id))
  for (let at = 0; at < 40; at++) expect(ids.has(`busy-${at}`)).toBe(true)
})

it('begins anew with a cursor that is garbage, and says so', async () => {
  const { records } = await pullAll(member)
  for (const cursor of [
    '',
    'x',
    '.',
    'a.b.c',
    '....',
    '00000000.!!!',
    '\u0000',
    '党.支部',
    `zzzzzzzz.${'A'.repeat(9000)}`,
  ]) {
    const { status, body } = await page(member, cursor)
    expect([cursor, status]).toEqual([cursor, 200])
    expect(body.records).toEqual(records)
    expect(body.scopes.add).toEqual([])
    expect(body.scopes.reset).toContain('org')
  }
  expect((await page(member, 'x'.repeat(20_001))).status).toBe(400)
})

it('resets every scope for a cursor of another epoch, or one that is ahead of the store', async () => {
  const { cursor } = await pullAll(member)
  // Of another store: sealed with another key, or of another epoch; a made-up one is no better.
  const [, packed, seal] = cursor!.split('.')
  const { body } = await page(member, `deadbeef.${packed}.${seal}`)
  expect(body.scopes.reset).toEqual(expect.arrayContaining(['org', `unit:${first}`]))
  expect(body.scopes.drop).toEqual([])
  const mark = cursor!.split('.')[0]
  const orgScope = (await endpoint.store.read((tx) => tx.scopeHeads(['org'])))[0]!
  const key = (await endpoint.store.read((tx) => tx.setting('cursor-key')))!
  const day = Math.floor(endpoint.clock.now() / DAY_MS)
  const ahead = encodeCursor({ epoch: mark!, day, revByScope: new Map([[orgScope.id, 65_535]]) }, key)
  const reset = await page(member, ahead)
  expect(reset.body.scopes.reset).toEqual(['org'])
  expect(reset.body.records.filter((r) => r.scope === 'org').length).toBeGreaterThan(5)
})

it('names no scope to somebody who makes a cursor up', async () => {
  const { cursor } = await pullAll(member)
  const everything = Array.from({ length: 200 }, () => [1, 1]).flat()
  const forged = `${cursor!.split('.')[0]}.${Buffer.from(everything).toString('base64url')}`
  for (const made of [forged, `${forged}.${cursor!.split('.')[2]}`]) {
    expect((await page(member, made)).body.scopes.drop).toEqual([])
  }
})

it('answers a round with nothing new in less than a kilobyte each way', async () => {
  const { cursor } = await pullAll(member)
  const { body, bytes } = await page(member, cursor)
  expect(body.records).toEqual([])
  expect(body.scopes).toEqual({ add: [], drop: [], reset: [] })
  expect(bytes).toBeLessThanOrEqual(1024)
  expect(cursor!.length + 200).toBeLessThanOrEqual(1024)
})

it('tells deleted rows as deleted, without what they held', async () => {
  const office = await queueOf(endpoint, '9001')
  const made = await office.offer({ type: 'column', id: 'column-x', fields: { name: '将要删去' } })
  const { cursor } = await pullAll(member)
  const gone = await office.offer({
    type: 'column',
    id: 'column-x',
    scope: 'org',
    op: 'delete',
    fields: {},
    baseRev: made.record!.rev,
  })
  expect(gone.status).toBe('accepted')
  const { records } = await pullAll(member, cursor)
  expect(records).toMatchObject([{ id: 'column-x', deleted: true, fields: {} }])
  expect(JSON.stringify(records)).not.toContain('将要删去')
})

it('says add and drop when a person moves to another branch, and keeps the old file with them', async () => {
  await endpoint.put('month-result', 'old-result', {
    personId: member.personId,
    name: '王芳',
    unitId: first,
    month: '2026-08',
    side: 'party',
    setId: 's',
    lines: [],
    total: 90,
    partyTotal: 90,
    workTotal: null,
    frozenBy: personIdOf('9001'),
  })
  const { cursor } = await pullAll(member)
  const old = await membershipOf('1003', first)
  const second = branchId('第二支部')
  await endpoint.put('membership', old.id, { ...old.fields, to: '2026-11-23' })
  await endpoint.put('membership', 'new-membership', {
    ...old.fields,
    unitId: second,
    from: '2026-11-23',
    to: null,
  })
  const { body } = await page(member, cursor)
  expect(body.scopes.drop).toEqual([`unit:${first}`])
  expect(body.scopes.add).toContain(`unit:${second}`)
  expect(body.records.every((r) => r.scope !== `unit:${first}`)).toBe(true)
  const all = (await pullAll(member)).records
  expect(all.some((r) => r.id === 'old-result')).toBe(true)
  const again = await page(member, body.cursor)
  expect(again.body.scopes).toEqual({ add: [], drop: [], reset: [] })
})

it('carries the number of the last mutation of the device that asks', async () => {
  const queue = await queueOf(endpoint, '1003')
  await queue.offer({ type: 'opinion', id: 'o1', fields: { personId: queue.personId, text: '一' } })
  expect((await page(queue, null)).body.lastMutation).toBe(1)
  expect((await page(member, null)).body.lastMutation).toBe(0)
})

it('refuses the device of somebody else, a revoked one, and a protocol that is too new', async () => {
  const other = await connect(endpoint, '1004')
  const ask = async (over: object) => {
    const answer = await member.post('/api/pull', {
      protocol: 1,
      deviceId: member.deviceId,
      cursor: null,
      ...over,
    })
    return ((await answer.json()) as { error: { code: string } }).error.code
  }
  expect(await ask({ deviceId: other.deviceId })).toBe('wrong-person')
  expect(await ask({ protocol: 2 })).toBe('protocol-unsupported')
  const second = await connect(endpoint, '1003')
  await member.post('/api/commands/revoke-device', { id: 'revoke-01', deviceId: second.deviceId })
  expect(await ask({ deviceId: second.deviceId })).toBe('device-revoked')
  expect((await second.send('/api/session')).status).toBe(401)
})
