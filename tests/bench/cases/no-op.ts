/** A round with nothing new: bytes each way for a member and for an officer of 50, and the endpoint's work with little and much held. */
import { MEMBER, OFFICER, PASSWORD, seatPeople } from '../fill/fill-store.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench } from '../support/bench.ts'
import type { Child } from '../support/child.ts'
import type { Counts } from '../support/counting.ts'
import { median, ms, whole, type Report } from '../support/report.ts'
import { createWireClient, pullAll } from '../support/wire-client.ts'

const ROUNDS = 300

interface Bytes {
  requests: number
  /** With headers, as a browser sends and gets them. */
  wireOut: number
  wireIn: number
  bodyOut: number
  bodyIn: number
}

/** From the same phone after it has everything; the connection is open, as it is in the app. */
async function bytesOf(bench: Bench, endpoint: Child, staffNo: string): Promise<Bytes> {
  const browser = await bench.browser(endpoint)
  await browser.run('ours', 'connect', { staffNo, password: PASSWORD })
  await browser.run('ours', 'sync')
  await browser.run('ours', 'sync')
  await endpoint.ask('reset')
  const run = await browser.run<Measured<{ bodyOut: number; bodyIn: number }>>('ours', 'syncBytes')
  const counts = await endpoint.ask<Counts>('counts')
  await browser.close()
  return { requests: counts.requests, wireOut: counts.bytesIn, wireIn: counts.bytesOut, ...run.value }
}

/** Median time of the handler, and of the whole request, for a device that holds so many rows. */
async function workWith(
  bench: Bench,
  rows: number,
): Promise<{ handler: number; request: number; news: number }> {
  const place = await bench.store(rows)
  const [seat] = await bench.withStore(place, (store) => seatPeople(store, [MEMBER], Date.now()))
  const endpoint = await bench.endpoint(place)
  const client = createWireClient(endpoint.port, seat!.token)
  const cursor = await pullAll(client, seat!.deviceId, null, () => undefined)
  await endpoint.ask('reset')
  const times: number[] = []
  let news = 0
  for (let round = 0; round < ROUNDS; round++)
    await pullAll(client, seat!.deviceId, cursor, (page, answer) => {
      times.push(answer.ms)
      news += page.records.length
    })
  const { handlerMs } = await endpoint.ask<Counts>('counts')
  client.close()
  await bench.stop(endpoint)
  return { handler: median(handlerMs['/api/pull'] ?? []), request: median(times), news }
}

export async function noOp(bench: Bench, held = 100_000): Promise<Report> {
  bench.log('没有新内容的一轮')
  const place = await bench.store(held)
  const endpoint = await bench.endpoint(place)
  const member = await bytesOf(bench, endpoint, MEMBER)
  const officer = await bytesOf(bench, endpoint, OFFICER)
  await bench.stop(endpoint)
  const few = await workWith(bench, 1000)
  const many = await workWith(bench, held)
  const line = (name: string, b: Bytes) => [
    name,
    whole(b.requests),
    `${whole(b.bodyOut)} B`,
    `${whole(b.bodyIn)} B`,
    `${whole(b.wireOut)} B`,
    `${whole(b.wireIn)} B`,
  ]
  const most = (b: Bytes) => Math.max(b.wireIn, b.wireOut)
  return {
    tables: [
      {
        title: `A round with nothing new, ${whole(held)} records held`,
        head: ['', 'requests', 'body sent', 'body received', 'sent with headers', 'received with headers'],
        rows: [line('member', member), line('officer of 50', officer)],
      },
      {
        title: 'The endpoint’s work for it',
        head: ['records held', 'handler, median', 'whole request, median'],
        rows: [
          ['1,000', ms(few.handler), ms(few.request)],
          [whole(held), ms(many.handler), ms(many.request)],
        ],
      },
    ],
    checks: [{ sentence: 'none of these rounds brought a record', holds: few.news + many.news === 0 }],
    budgets: [
      {
        name: 'a round with nothing new, member',
        budget: 'one request, ≤ 1 KB each way',
        measured: `${member.requests} request, ${whole(member.bodyOut)} and ${whole(member.bodyIn)} B (with a browser’s headers ${whole(member.wireOut)} and ${whole(member.wireIn)} B)`,
        met: member.requests === 1 && Math.max(member.bodyIn, member.bodyOut) <= 1024,
      },
      {
        name: 'a round with nothing new, officer of 50',
        budget: 'one request, ≤ 2 KB each way',
        measured: `${officer.requests} request, ${whole(officer.bodyOut)} and ${whole(officer.bodyIn)} B (with headers at most ${whole(most(officer))} B)`,
        met: officer.requests === 1 && Math.max(officer.bodyIn, officer.bodyOut) <= 2048,
      },
      {
        name: 'endpoint work for it',
        budget: 'independent of what is held',
        measured: `${ms(few.handler)} with 1,000, ${ms(many.handler)} with ${whole(held)}`,
        met: many.handler <= few.handler * 1.5 + 0.5,
      },
    ],
  }
}
