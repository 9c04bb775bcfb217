/**
 * The attack: queries that wait for all sorts of promises between their reads, several at once; after every change of any row
 * the last answer of each is what is read anew. Dexie's own live queries fail it (tried in the last test).
 */
import 'fake-indexeddb/auto'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { liveQuery } from 'dexie'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { eventually, LONGEST_WAIT_MS } from '../../support/eventually.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { follow } from '../../../src/client/storage/upkeep/follow.ts'

let db: PhoneDb
beforeEach(() => {
  db = openPhoneDatabase('person', { indexedDB: new IDBFactory(), IDBKeyRange })
})
afterEach(() => db.close())

/** Three places that are read and changed: a key of one table, a range of another, a count of a third. */
const PLACES = ['meta', 'seen', 'carried'] as const
type Place = (typeof PLACES)[number]

async function read(place: Place): Promise<unknown> {
  if (place === 'meta') return (await db.meta.get('hlc'))?.value
  if (place === 'seen') return (await db.seen.toArray()).length
  return await db.carried.where('scope').equals('org').count()
}
let turn = 0
async function change(place: Place): Promise<void> {
  turn += 1
  if (place === 'meta') await db.meta.put({ key: 'hlc', value: String(turn) })
  else if (place === 'seen') await db.seen.put({ type: 'lesson', id: String(turn) } as never)
  else await db.carried.put({ type: 'lesson', id: String(turn), scope: 'org' } as never)
}

/** Shared by queries, as a part of the app that is loaded once is. */
let shared: Promise<void> = Promise.resolve()
const WAITS = {
  none: () => undefined,
  native: () => Promise.resolve(),
  timer: () => new Promise<void>((resolve) => setTimeout(resolve, 3)),
  crypto: () => crypto.subtle.digest('SHA-256', new Uint8Array(8)),
  shared: () => shared,
  all: () => Promise.all([Promise.resolve(), db.outbox.count()]),
} as const

type Step = [keyof typeof WAITS, Place]
type Query = readonly Step[]

async function answerOf(query: Query): Promise<string> {
  const found: unknown[] = []
  for (const [wait, place] of query) {
    await WAITS[wait]()
    found.push(await read(place))
  }
  return JSON.stringify(found)
}

type Live = (query: () => Promise<string>, tell: (answer: string) => void) => () => void
const byDexie: Live = (query, tell) => {
  const subscription = liveQuery(query).subscribe(tell)
  return () => subscription.unsubscribe()
}
/** Follows all of them at once, changes each place in turn, and tells which query stands behind. */
async function playWith(live: Live, queries: readonly Query[], limitMs = LONGEST_WAIT_MS): Promise<void> {
  shared = new Promise((resolve) => setTimeout(resolve, 2))
  const last: (string | undefined)[] = queries.map(() => undefined)
  const stops = queries.map((query, at) =>
    live(
      () => answerOf(query),
      (answer) => (last[at] = answer),
    ),
  )
  try {
    await eventually(() => expect(last).not.toContain(undefined))
    for (const place of PLACES) {
      await change(place)
      const now = await Promise.all(queries.map(answerOf))
      await vi.waitFor(() => expect(last).toEqual(now), { timeout: limitMs, interval: 10 })
    }
  } finally {
    for (const stop of stops) stop()
  }
}

const step = fc.tuple(
  fc.constantFrom(...(Object.keys(WAITS) as (keyof typeof WAITS)[])),
  fc.constantFrom(...PLACES),
)
const queries = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

it('shows what was changed, whatever the queries wait for and however many there are', async () => {
  await fc.assert(
    fc.asyncProperty(queries, (some) => playWith(follow, some)),
    { numRuns: 60 },
  )
}, 60_000)

it('is needed: a live query of Dexie’s own stands behind', async () => {
  const query: Query = [
    ['none', 'seen'],
    ['timer', 'meta'],
  ]
  await expect(playWith(byDexie, [query], 500)).rejects.toThrow()
  await playWith(follow, [query])
})

it('leaves the transactions of others alone, however many queries run beside them', async () => {
  const stops = Array.from({ length: 4 }, () =>
    follow(
      () =>
        answerOf([
          ['none', 'meta'],
          ['crypto', 'seen'],
          ['shared', 'carried'],
          ['all', 'meta'],
        ]),
      () => undefined,
    ),
  )
  for (let times = 0; times < 20; times++) {
    await db.transaction('rw', db.meta, db.seen, db.carried, async () => {
      for (const place of PLACES) await change(place)
      await Promise.all(PLACES.map(change))
    })
  }
  expect(await db.seen.count()).toBe(40)
  for (const stop of stops) stop()
})

it('asks in the end only who has read what changed', async () => {
  const asked = { meta: 0, seen: 0 }
  const stops = (['meta', 'seen'] as const).map((place) =>
    follow(
      async () => {
        asked[place] += 1
        await WAITS.timer()
        return await read(place)
      },
      () => undefined,
    ),
  )
  await eventually(() => expect(Math.min(asked.meta, asked.seen)).toBeGreaterThan(0))
  await pause(50)
  // Side by side at first: whichever was read by one may have been read by the other.
  await change('meta')
  await change('seen')
  await pause(100)
  const before = { ...asked }
  for (let times = 0; times < 3; times++) {
    await change('seen')
    await pause(30)
  }
  expect(asked.seen).toBeGreaterThan(before.seen)
  // Another key of the same table.
  await db.meta.put({ key: 'nextN', value: 3 })
  await pause(30)
  expect(asked.meta).toBe(before.meta)
  for (const stop of stops) stop()
})

it('one that never ends keeps no other back', async () => {
  let isStuck = false
  const stuck = follow(
    async () => {
      const value = await read('seen')
      if (isStuck) await new Promise<never>(() => undefined)
      return value
    },
    () => undefined,
  )
  let last: unknown
  const other = follow(
    () => read('seen'),
    (value) => (last = value),
  )
  await eventually(() => expect(last).toBe(0))
  isStuck = true
  await change('seen')
  await eventually(() => expect(last).toBe(1))
  stuck()
  other()
})

it('one that never ended is asked anew after the next change', async () => {
  let isToHang = false
  let isHanging = false
  let last: unknown
  const stop = follow(
    async () => {
      const value = await read('seen')
      if (isToHang) {
        isToHang = false
        isHanging = true
        await new Promise<never>(() => undefined)
      }
      return value
    },
    (value) => (last = value),
  )
  await eventually(() => expect(last).toBe(0))
  isToHang = true
  await change('seen')
  await eventually(() => expect(isHanging).toBe(true))
  await change('seen')
  await eventually(() => expect(last).toBe(2))
  stop()
})

it('tells an answer that is overtaken again and again all the same', async () => {
  const heard: unknown[] = []
  const stop = follow(
    async () => {
      const value = await read('seen')
      if (heard.length === 0) await change('seen')
      return value
    },
    (value) => heard.push(value),
  )
  await eventually(() => expect(heard.length).toBeGreaterThan(1))
  expect(heard.at(-1)).toBe(await read('seen'))
  stop()
})

it('goes on after a failure, of the query or of who is told', async () => {
  const told: unknown[] = []
  let isBroken = true
  const stop = follow(
    async () => {
      const value = await read('seen')
      if (isBroken) throw new Error('broken')
      return value
    },
    (value) => told.push(value),
    (problem) => told.push((problem as Error).message),
  )
  await eventually(() => expect(told).toEqual(['broken']))
  isBroken = false
  await change('seen')
  await eventually(() => expect(told).toEqual(['broken', 1]))
  stop()
})

it('tells nobody who has stopped listening', async () => {
  const heard: unknown[] = []
  const stop = follow(
    () => read('meta'),
    (value) => heard.push(value),
  )
  await eventually(() => expect(heard).toHaveLength(1))
  stop()
  await change('meta')
  await pause(30)
  expect(heard).toHaveLength(1)
})
