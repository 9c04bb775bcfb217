/** Live connections in numbers, over outages and at the end of the process. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createApp } from '../../../src/server/app.ts'
import { ANYTHING } from '../../../src/server/notify/nudges.ts'
import { StoreAway, type RecordStore } from '../../../src/server/store/record-store.ts'
import {
  branchId,
  connect,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

/** The same endpoint with limits of the test's, a way to stop it, and a store that can be away. */
function setUp(live = { perPerson: 10, inAll: 100 }) {
  const stopping = new AbortController()
  const away = { now: false }
  const store: RecordStore = {
    ...endpoint.store,
    read: (body) => (away.now ? Promise.reject(new StoreAway('away')) : endpoint.store.read(body)),
  }
  const app = createApp({
    ...endpoint,
    store,
    now: endpoint.clock.now,
    settings: { live },
    stopping: stopping.signal,
  })
  return { app, stopping, away }
}
type Setup = ReturnType<typeof setUp>

async function open({ app }: Setup, who: Connection) {
  const cut = new AbortController()
  const response = await app.request('/api/live', { headers: { cookie: who.cookie }, signal: cut.signal })
  let heard = ''
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return 'ended'
      heard += value
    }
  })()
  return { status: response.status, response, heard: () => heard, reading, leave: () => reader.cancel() }
}

it('gives one person no more than their share, and all no more than there are, with a time to come back', async () => {
  const hall = setUp({ perPerson: 2, inAll: 3 })
  const [first, second] = [await connect(endpoint, '1003'), await connect(endpoint, '1004')]
  const lines = [await open(hall, first), await open(hall, first)]
  const refused = await open(hall, first)
  expect(refused.status).toBe(503)
  expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThanOrEqual(60)
  await eventually(() => expect(refused.heard()).toContain('overloaded'))
  lines.push(await open(hall, second))
  expect((await open(hall, second)).status).toBe(503)
  await lines[0]!.leave()
  // The seat is free again.
  await eventually(async () => {
    const line = await open(hall, second)
    if (line.status === 200) lines.push(line)
    expect(line.status).toBe(200)
  })
  for (const line of lines) await line.leave().catch(() => undefined)
})

it('tells each a time of its own to come back after a break', async () => {
  const hall = setUp({ perPerson: 50, inAll: 50 })
  const person = await connect(endpoint, '1003')
  const times = new Set<string>()
  for (let at = 0; at < 12; at++) {
    const line = await open(hall, person)
    await eventually(() => expect(line.heard()).toMatch(/retry: \d+/))
    times.add(/retry: (\d+)/.exec(line.heard())![1]!)
    await line.leave()
  }
  expect(times.size).toBeGreaterThan(6)
  for (const time of times) expect(Number(time)).toBeGreaterThanOrEqual(1000)
})

it('gives no seat to whoever only asks for the headers', async () => {
  const hall = setUp({ perPerson: 1, inAll: 1 })
  const who = await connect(endpoint, '1003')
  for (let n = 0; n < 3; n++) {
    const asked = await hall.app.request('/api/live', { method: 'HEAD', headers: { cookie: who.cookie } })
    expect(asked.status).toBe(404)
  }
  const line = await open(hall, who)
  expect(line.status).toBe(200)
  await line.leave()
})

it('tells everybody to look when something may have been missed, and names nothing', async () => {
  const hall = setUp()
  const line = await open(hall, await connect(endpoint, '1003'))
  await eventually(() => expect(line.heard()).toContain('event: open'))
  endpoint.nudges.moved([`unit:${branchId('第二支部')}`, ANYTHING])
  await eventually(() => expect(line.heard()).toContain('event: look'))
  expect(line.heard()).not.toContain('unit:')
  await line.leave()
})

it('keeps its connections while the store is away, and tells afterwards what moved', async () => {
  const hall = setUp()
  const line = await open(hall, await connect(endpoint, '1003'))
  await eventually(() => expect(line.heard()).toContain('event: open'))
  hall.away.now = true
  endpoint.nudges.moved(['org'])
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(line.heard()).not.toContain('moved')
  hall.away.now = false
  await eventually(() => expect(line.heard()).toContain('data: org'))
  await line.leave()
})

it('ends its connections properly when the endpoint stops, takes no new ones, and says so to a balancer', async () => {
  const hall = setUp({ perPerson: 40, inAll: 40 })
  const person = await connect(endpoint, '1003')
  const lines = await Promise.all(Array.from({ length: 30 }, () => open(hall, person)))
  hall.stopping.abort()
  expect(await Promise.all(lines.map((line) => line.reading))).toEqual(lines.map(() => 'ended'))
  for (const path of ['/api/live', '/readyz']) {
    const answer = await hall.app.request(path, { headers: { cookie: person.cookie } })
    expect([path, answer.status]).toEqual([path, 503])
  }
  expect((await hall.app.request('/healthz')).status).toBe(200)
})
