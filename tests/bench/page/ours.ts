/** Our side: exactly the shipped phone, opened without a screen. */
import { liveQuery } from 'dexie'
import { connectPhone } from '../../../src/client/sync/phone/connect-phone.ts'
import type { OpenPhone } from '../../../src/client/sync/phone/open-phone.ts'
import type { Digest } from '../fill/digest.ts'
import { reflectionOf } from '../fill/records.ts'
import { digestTables } from './digest-tables.ts'
import { measured, pause, type Measured } from './measure.ts'

let phone: OpenPhone | undefined
let onPage: () => void = () => undefined
let online = true
let sent: (body: string) => void = () => undefined

function opened(): OpenPhone {
  if (phone === undefined) throw new Error('connect first')
  return phone
}

const counted: typeof fetch = async (input, init) => {
  if (!online) throw new TypeError('Failed to fetch')
  if (typeof init?.body === 'string') sent(init.body)
  const response = await fetch(input, init)
  if (String(input) === '/api/pull') onPage()
  return response
}

export async function connect(who: {
  staffNo: string
  password: string
  pageLimit?: number
}): Promise<string> {
  const connected = await connectPhone({
    ...who,
    deviceName: 'bench',
    fetch: counted,
    locks: navigator.locks,
  })
  if (connected.type !== 'connected') throw new Error(`not signed in: ${JSON.stringify(connected)}`)
  phone = connected.phone
  await phone.db.open()
  return connected.session.person.id
}

/** One round, as the engine makes it. The value: how many pages came. */
export function sync(): Promise<Measured<number>> {
  return measured(async (sample) => {
    let pages = 0
    onPage = () => {
      pages += 1
      sample()
    }
    await opened().delivery.syncNow()
    return pages
  })
}

export async function digest(): Promise<Digest> {
  const { db } = opened()
  const types = ['lesson', 'shared-reflection'] as const
  return digestTables(types.map((type) => [type, db.rows(type)] as never))
}

export async function waiting(): Promise<{ outbox: number; attention: number }> {
  const { db } = opened()
  return { outbox: await db.outbox.count(), attention: await db.attention.count() }
}

interface Writes {
  from: number
  count: number
  unitId: string
}

export async function setOnline(value: boolean): Promise<void> {
  online = value
  await Promise.resolve()
}

async function writeOne({ unitId }: Writes, number: number): Promise<void> {
  const { id, fields } = reflectionOf(number, unitId, opened().person.id)
  await opened().store.put('shared-reflection', fields, { id })
}

/** Written on the phone, one after the other, each on the disk before the next; nothing is sent meanwhile. */
export async function writeOffline(writes: Writes): Promise<number> {
  online = false
  const from = performance.now()
  for (let n = 0; n < writes.count; n++) await writeOne(writes, writes.from + n)
  const ms = performance.now() - from
  // The engine's own attempt, after its pause for a burst, fails now and not in the middle of what is measured; and nobody is
  // writing any more when the network comes back.
  await pause(4000)
  online = true
  return ms
}

/** From the tap to the screen's own query, again and again while `work` runs. */
async function tapWhile(writes: Writes, everyMs: number, work: Promise<unknown>): Promise<number[]> {
  const { db } = opened()
  const times: number[] = []
  const beside = { over: false }
  const stop = () => (beside.over = true)
  void work.then(stop, stop)
  let seen: (id: string) => void = () => undefined
  const shown = liveQuery(() => db.rows('shared-reflection').where('pending').equals(1).primaryKeys())
  const subscription = shown.subscribe((ids) => ids.forEach((id) => seen(id)))
  for (let n = 0; n < writes.count && !beside.over; n++) {
    const number = writes.from + n
    const { id } = reflectionOf(number, writes.unitId)
    const from = performance.now()
    const onScreen = new Promise<number>((resolve) => {
      seen = (other) => other === id && resolve(performance.now() - from)
    })
    await writeOne(writes, number)
    times.push(await Promise.race([onScreen, pause(5000).then(() => 5000)]))
    await pause(everyMs)
  }
  subscription.unsubscribe()
  return times
}

/** A round while the person goes on writing. The value: milliseconds from each tap to the screen. */
export function syncWhileWriting(options: Writes & { everyMs: number }): Promise<Measured<number[]>> {
  return measured(async () => {
    const round = opened().delivery.syncNow()
    const times = await tapWhile(options, options.everyMs, round)
    await round
    return times
  })
}

/** A round, and how few rows the screen could see while it went on. */
export function syncCounting(): Promise<Measured<{ pages: number; fewest: number }>> {
  const { db } = opened()
  const count = async () => (await db.rows('lesson').count()) + (await db.rows('shared-reflection').count())
  return measured(async () => {
    let [pages, fewest] = [0, await count()]
    onPage = () => (pages += 1)
    const round = { over: false }
    const watching = (async () => {
      while (!round.over) {
        fewest = Math.min(fewest, await count())
        await pause(50)
      }
    })()
    await opened().delivery.syncNow()
    round.over = true
    await watching
    return { pages, fewest }
  })
}

export const rowsOfScope = (scope: string): Promise<number> =>
  opened().db.rows('shared-reflection').where('scope').equals(scope).count()

/** What the browser itself needs to delete as many rows of one scope, without anything around it. */
export async function bareDelete(rows: number): Promise<Measured<number>> {
  const { db } = opened()
  const table = db.rows('shared-reflection')
  const [sample] = await table.limit(1).toArray()
  if (sample === undefined) throw new Error('the phone holds nothing')
  const scope = 'unit:bare'
  await table.bulkPut(
    Array.from({ length: rows }, (_, n) => ({ ...sample, id: `bare-${n}`, scope, pending: 0 as const })),
  )
  return measured(() => db.transaction('rw', table, () => table.where('scope').equals(scope).delete()))
}

/** Taps with no round beside them but those that they cause themselves. */
export const tapAlone = (writes: Writes & { everyMs: number }): Promise<number[]> =>
  tapWhile(writes, writes.everyMs, new Promise(() => undefined))

/** A round, and the bytes of its bodies. */
export function syncBytes(): Promise<Measured<{ bodyOut: number; bodyIn: number }>> {
  return measured(async () => {
    performance.clearResourceTimings()
    let bodyOut = 0
    sent = (body) => (bodyOut += new TextEncoder().encode(body).length)
    await opened().delivery.syncNow()
    sent = () => undefined
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    return { bodyOut, bodyIn: entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0) }
  })
}
