/** Push of 1, 100 and 1,000 offline mutations: what one endpoint process accepts, each durable, and from phone to endpoint. */
import { BIG_BRANCH, FIRST_BRANCH, MEMBER, PASSWORD, seatPeople, type Seat } from '../fill/fill-store.ts'
import { receiptMutation } from '../fill/mutations.ts'
import { benchId, reflectionOf } from '../fill/records.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench, BenchPage } from '../support/bench.ts'
import type { Child } from '../support/child.ts'
import { median, ms, percent, tasksText, whole, type Report } from '../support/report.ts'
import { createWireClient, type WireClient } from '../support/wire-client.ts'

const SIZES = [1, 100, 1000] as const
const ROUNDS = 5
const BATCH = 200

interface Rates {
  /** Milliseconds of each round. */
  endpoint: number[]
  floor: number[]
}

/** One device's mutations in batches of 200, one after the other, as a phone sends them. */
async function pushBatches(client: WireClient, seat: Seat, first: number, count: number): Promise<number> {
  let ms = 0
  for (let at = 0; at < count; at += BATCH) {
    const mutations = Array.from({ length: Math.min(BATCH, count - at) }, (_, n) =>
      receiptMutation(first + at + n, first + at + n, BIG_BRANCH, seat, Date.now()),
    )
    const body = { protocol: 1, deviceId: seat.deviceId, epoch: '', sentAt: Date.now(), mutations }
    const answer = await client.post('/api/push', body)
    const { outcomes } = JSON.parse(answer.text) as { outcomes?: { status: string }[] }
    if (answer.status !== 200 || outcomes?.some((o) => o.status !== 'accepted') !== false)
      throw new Error(`push: ${answer.status} ${answer.text.slice(0, 300)}`)
    ms += answer.ms
  }
  return ms
}

async function pushPlain(client: WireClient, first: number, count: number): Promise<number> {
  let ms = 0
  for (let at = 0; at < count; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - at) }, (_, n) =>
      receiptMutation(1, first + at + n, BIG_BRANCH, { personId: 'p', deviceId: 'd' }, Date.now()),
    )
    ms += (await client.post('/plain/push', rows)).ms
  }
  return ms
}

async function rates(
  endpoint: Child,
  peers: Child,
  seat: Seat,
): Promise<{ bySize: Map<number, Rates>; sent: number }> {
  const ours = createWireClient(endpoint.port, seat.token)
  const plain = createWireClient(peers.port, null)
  const bySize = new Map<number, Rates>()
  let sent = 0
  for (const size of [...SIZES, 1000]) {
    // The first thousand also warms both up; it is measured again.
    const rate: Rates = { endpoint: [], floor: [] }
    for (let round = 0; round < ROUNDS; round++) {
      rate.endpoint.push(await pushBatches(ours, seat, sent + 1, size))
      rate.floor.push(await pushPlain(plain, sent + 1, size))
      sent += size
    }
    bySize.set(size, rate)
  }
  ours.close()
  plain.close()
  return { bySize, sent }
}

interface PhonePush {
  size: number
  ours: number
  longTasksMs: number[]
  floor: number
  pouch: number
  rx: number
  written: number
  arrived: number
  left: number
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n)

async function pushFromPages(
  endpoint: Child,
  pages: Record<'ours' | 'floor' | 'pouch' | 'rx', BenchPage>,
  size: number,
): Promise<PhonePush> {
  const from = 60_000_000 + size * 10
  const written = await pages.ours.run<number>('ours', 'writeOffline', {
    from,
    count: size,
    unitId: FIRST_BRANCH,
  })
  const ours = await pages.ours.run<Measured<number>>('ours', 'sync')
  const ids = numbers(from, size).map((number) => benchId('re', number))
  const arrived = await endpoint.act<number>('holds', { type: 'shared-reflection', ids })
  const left = await pages.ours.run<{ outbox: number; attention: number }>('ours', 'waiting')
  const rows = numbers(from, size).map((number) => ({
    ...reflectionOf(number, FIRST_BRANCH),
    scope: 'unit',
    rev: 0,
  }))
  const floor = await pages.floor.run<Measured<void>>('floor', 'push', rows)
  await pages.pouch.run('pouch', 'write', rows)
  const pouch = await pages.pouch.run<Measured<number>>('pouch', 'push')
  const documents = rows.map((row) => ({
    ...row,
    schemaVersion: 1,
    author: 'bench',
    observedAt: 1,
    receivedAt: 1,
    pending: 1,
    week: '',
    lessonId: row.fields.lessonId,
  }))
  await pages.rx.run('rx', 'write', documents)
  const rx = await pages.rx.run<Measured<number>>('rx', 'pushNow')
  const figures = {
    longTasksMs: ours.longTasksMs,
    ours: ours.ms,
    floor: floor.ms,
    pouch: pouch.ms,
    rx: rx.ms,
  }
  return { size, ...figures, written, arrived, left: left.outbox + left.attention }
}

async function fromPhones(bench: Bench, endpoint: Child, peers: Child): Promise<PhonePush[]> {
  const pages = {
    ours: await bench.browser(endpoint),
    floor: await bench.browser(peers),
    pouch: await bench.browser(peers),
    rx: await bench.browser(peers),
  }
  await pages.ours.run('ours', 'connect', { staffNo: MEMBER, password: PASSWORD })
  await pages.ours.run('ours', 'sync')
  for (const side of ['floor', 'pouch', 'rx'] as const) await pages[side].run(side, 'open')
  const pushes: PhonePush[] = []
  for (const size of SIZES) {
    bench.log(`手机补送 ${size} 条`)
    pushes.push(await pushFromPages(endpoint, pages, size))
  }
  for (const page of Object.values(pages)) await page.close()
  return pushes
}

export async function push(bench: Bench): Promise<Report> {
  const place = await bench.store(10)
  const [seat] = await bench.withStore(place, (store) => seatPeople(store, ['3001'], Date.now()))
  const endpoint = await bench.endpoint(place)
  const peers = await bench.peers(place, { pouch: true })
  bench.log('推送到一个进程')
  const { bySize, sent } = await rates(endpoint, peers, seat!)
  const ids = numbers(1, sent).map((number) => benchId('rc', number))
  const stored = await endpoint.act<number>('holds', { type: 'lesson-receipt', ids })
  const phones = await fromPhones(bench, endpoint, peers)
  await bench.stop(endpoint)
  await bench.stop(peers)
  const perSecond = (size: number, times: readonly number[]) => size / (median(times) / 1000)
  const thousand = bySize.get(1000)!
  const rate = perSecond(1000, thousand.endpoint)
  return {
    tables: [
      {
        title:
          'Push to one endpoint process on SQLite, one device, batches of 200, one after the other (median of five)',
        head: ['mutations', 'ours', 'mutations/s', 'floor: bare insert', 'rows/s', 'of the floor'],
        rows: SIZES.map((size) => {
          const { endpoint: own, floor } = bySize.get(size)!
          return [
            whole(size),
            ms(median(own)),
            whole(perSecond(size, own)),
            ms(median(floor)),
            whole(perSecond(size, floor)),
            percent(median(floor) / median(own)),
          ]
        }),
      },
      {
        title: 'From the phone: written without network, then delivered, settled on the phone and pulled',
        head: [
          'mutations',
          'ours, writing (strict)',
          'ours, delivering',
          'tasks over 50 ms',
          'floor: bare fetch',
          'PouchDB',
          'RxDB',
        ],
        rows: phones.map((p) => [
          whole(p.size),
          ms(p.written),
          ms(p.ours),
          tasksText(p.longTasksMs),
          ms(p.floor),
          ms(p.pouch),
          ms(p.rx),
        ]),
      },
    ],
    checks: [
      {
        sentence: `all ${whole(sent)} pushed facts are in the store, each accepted once`,
        holds: stored === sent,
      },
      {
        sentence:
          'every fact written offline is at the endpoint once, and nothing is left in the outbox or in 需处理',
        holds: phones.every((p) => p.arrived === p.size && p.left === 0),
      },
    ],
    budgets: [
      {
        name: 'push of 1,000',
        budget: '≥ 2,000 mutations/s, each durable',
        measured: `${whole(rate)}/s`,
        met: rate >= 2000,
      },
    ],
    notes: [
      'the peers keep what they are sent in memory; the floor writes one SQLite row for each, synchronous FULL',
    ],
  }
}
