/** What is written once for many phones is what each of them would have got alone: no row older, none of another's. */
import * as fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { columnId } from '../../../src/server/commands/make-bureau.ts'
import type { PullAnswer, WireRecord } from '../../../src/shared/sync/protocol/pull.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import {
  branchId,
  connect,
  MONDAY,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'

let endpoint: TestEndpoint | undefined
afterEach(() => endpoint?.close())

type Encoding = 'gzip' | 'gzip;q=0' | 'br, gzip;q=0.5' | 'identity'

async function pull(phone: Connection, cursor: string | null, limit: number, encoding: Encoding = 'gzip') {
  const body = JSON.stringify({ protocol: 1, deviceId: phone.deviceId, cursor, limit })
  const headers = { 'content-type': 'application/json', 'accept-encoding': encoding }
  const answer = await phone.send('/api/pull', { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const isZipped = answer.headers.get('content-encoding') === 'gzip'
  const text = (isZipped ? gunzipSync(bytes) : bytes).toString('utf8')
  return { page: JSON.parse(text) as PullAnswer, isZipped, bytes }
}

async function pullAll(phone: Connection, limit: number, from: string | null = null) {
  const records: WireRecord[] = []
  let cursor = from
  for (;;) {
    const { page } = await pull(phone, cursor, limit)
    expect(page.records.length).toBeLessThanOrEqual(limit)
    records.push(...page.records)
    cursor = page.cursor
    if (!page.more) return { records, cursor }
  }
}

const putLesson = (number: number, title: string, unitId: string | null = null) =>
  endpoint!.put('lesson', idFrom('lesson', String(number)), {
    issueId: idFrom('lesson', String(number)),
    unitId,
    week: '2026-W48',
    columnId: columnId('廉政提醒'),
    title,
    body: `${title}。`.repeat(40),
    publishAt: MONDAY - 1000,
  })

/** Asked of the store itself. */
async function standing(scopes: readonly string[]) {
  return endpoint!.store.read(async (tx) => {
    const rows: string[] = []
    for (const head of await tx.scopeHeads(scopes))
      for (const { type, id, rev, fields } of await tx.recordsAfter(head.id, 0, 10_000))
        rows.push(JSON.stringify([head.name, type, id, rev, JSON.parse(fields)]))
    return rows.sort()
  })
}

const textsOf = (records: readonly WireRecord[]) =>
  records.map(({ scope, type, id, rev, fields }) => JSON.stringify([scope, type, id, rev, fields])).sort()

it('phones of two branches each get what stands in their scopes, page by page, while lessons are written', async () => {
  const [first, second] = [branchId('第一支部'), branchId('第二支部')]
  const act = fc.record({
    number: fc.nat(9),
    title: fc.constantFrom('甲', '乙', '丙'),
    unit: fc.constantFrom(null, first, second),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 6 }),
      fc.constantFrom(3, 7, 40, 2000),
      async (acts, limit) => {
        endpoint = await setupEndpoint({ inMemory: true })
        const phones = [
          { phone: await connect(endpoint, '1003'), scopes: ['org', `unit:${first}`] },
          { phone: await connect(endpoint, '2002'), scopes: ['org', `unit:${second}`] },
        ]
        for (const [index, one] of [undefined, ...acts].entries()) {
          // A lesson keeps its scope: its number says which.
          if (one !== undefined)
            await putLesson(
              one.number * 3 + [null, first, second].indexOf(one.unit),
              `${one.title}${index}`,
              one.unit,
            )
          for (const { phone, scopes } of phones) {
            const { records } = await pullAll(phone, limit)
            expect(textsOf(records.filter((r) => scopes.includes(r.scope)))).toEqual(await standing(scopes))
            expect(
              records.filter(
                (r) =>
                  r.scope.startsWith('unit:') &&
                  [first, second].some((u) => r.scope === `unit:${u}`) &&
                  !scopes.includes(r.scope),
              ),
            ).toEqual([])
          }
        }
        await endpoint.close()
        endpoint = undefined
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)

it('the same text comes zipped and plain, and a client that refuses gzip gets none', async () => {
  endpoint = await setupEndpoint()
  for (let n = 0; n < 5; n++) await putLesson(n, `示例${n}`)
  const phone = await connect(endpoint, '1003')
  const zipped = await pull(phone, null, 2000)
  expect(zipped.isZipped).toBe(true)
  expect((await pull(phone, null, 2000, 'br, gzip;q=0.5')).isZipped).toBe(true)
  for (const encoding of ['identity', 'gzip;q=0'] as const) {
    const plain = await pull(phone, null, 2000, encoding)
    expect(plain.isZipped).toBe(false)
    expect(plain.page).toEqual(zipped.page)
  }
})

it('a round with nothing new is not zipped, and says its length', async () => {
  endpoint = await setupEndpoint()
  const phone = await connect(endpoint, '1003')
  const { cursor } = await pullAll(phone, 2000)
  const { page, isZipped, bytes } = await pull(phone, cursor, 2000)
  expect([page.records, isZipped]).toEqual([[], false])
  expect(bytes.length).toBeLessThanOrEqual(1024)
})

it('who may no longer read a scope gets nothing of what was written for its readers', async () => {
  endpoint = await setupEndpoint()
  const unitId = branchId('第一支部')
  await putLesson(1, '支部一课', unitId)
  const [stays, leaves] = [await connect(endpoint, '1001'), await connect(endpoint, '1003')]
  const ofUnit = (records: readonly WireRecord[]) => records.filter((r) => r.scope === `unit:${unitId}`)
  expect(ofUnit((await pullAll(stays, 2000)).records).length).toBeGreaterThan(0)
  expect(ofUnit((await pullAll(leaves, 2000)).records).length).toBeGreaterThan(0)
  const memberships = await endpoint.store.read((tx) =>
    tx.records({ types: ['membership'], person: leaves.personId }),
  )
  for (const { id, fields } of memberships.filter((m) => m.scope === `unit:${unitId}`))
    await endpoint.put('membership', id, { ...(JSON.parse(fields) as object), to: '2026-11-01' } as never)
  expect(ofUnit((await pullAll(stays, 2000)).records).length).toBeGreaterThan(0)
  expect(ofUnit((await pullAll(leaves, 2000)).records)).toEqual([])
})
