/** PostgreSQL under several processes: what commits, what is undone, what is run again, and what nobody may see. */
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  StoreAway,
  UnstorableValue,
  type RecordStore,
  type StoredRecord,
  type WriteTx,
} from '../../../src/server/store/record-store.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createOpenedStores } from '../../support/postgres-stores.ts'

let postgres: TestPostgres
let url: string
let store: RecordStore
let other: RecordStore
const opened = createOpenedStores()

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  url = await postgres.newDatabase()
  const [one, two] = [await opened.process(url), await opened.process(url)]
  store = one.store
  other = two.store
})
afterEach(() => opened.closeAll())

async function put(tx: WriteTx, scope: string, id: string, over: Partial<StoredRecord> = {}) {
  const at = await tx.nextRevision(scope)
  await tx.putRecord({
    type: 'note',
    id,
    ...at,
    schemaVersion: 1,
    deleted: false,
    fields: '{}',
    author: 'someone',
    observedAt: 1,
    receivedAt: 2,
    hash: null,
    clocks: null,
    history: null,
    person: null,
    subject: null,
    ...over,
  })
  return at.rev
}
const count = (of: RecordStore) => of.read(async (tx) => Number((await tx.setting('count')) ?? 0))
const addOne = async (tx: WriteTx) => {
  const before = Number((await tx.setting('count')) ?? 0)
  await pause(1)
  await tx.setSetting('count', String(before + 1))
}
/** Ends the backends of other sessions of this database that match. */
const endBackends = (where: string) =>
  postgres.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and ${where}`,
    [],
    url,
  )

it('makes the tables once when six processes start at the same moment', async () => {
  const fresh = await postgres.newDatabase()
  const six = await Promise.all(Array.from({ length: 6 }, () => opened.process(fresh, 2)))
  const epochs = await Promise.all(six.map((each) => each.store.read((tx) => tx.epoch())))
  expect(new Set(epochs).size).toBe(1)
})

it('runs a write without scopes alone, in whatever process', async () => {
  const adding = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? store : other).write([], addOne))
  await Promise.all(adding)
  expect(await count(store)).toBe(20)
})

it('lets no write with scopes run beside one without, and several with scopes beside each other', async () => {
  let inside = 0
  let most = 0
  const named = (at: number) =>
    (at % 2 === 0 ? store : other).write([`unit:${at}`], async (tx) => {
      most = Math.max(most, ++inside)
      await put(tx, `unit:${at}`, `n${at}`)
      await pause(20)
      inside -= 1
    })
  let metNamed = 0
  const alone = () =>
    store.write([], async (tx) => {
      metNamed += inside
      await addOne(tx)
      metNamed += inside
    })
  await Promise.all([named(0), named(1), alone(), named(2), named(3), alone(), named(4), named(5)])
  expect({ metNamed, alone: await count(store) }).toEqual({ metNamed: 0, alone: 2 })
  expect(most).toBeGreaterThan(1)
})

it('runs bodies again that lock each other out, and each has its effect once', async () => {
  let runs = 0
  let both: () => void = () => undefined
  const bothInside = new Promise<void>((resolve) => (both = resolve))
  const crossing = (of: RecordStore, first: string, second: string) =>
    of.write([first], async (tx) => {
      runs += 1
      if (runs === 2) both()
      // Each holds its first scope before it asks for the other's.
      await bothInside
      await put(tx, first, `${first}-${second}`)
      return put(tx, second, `${second}-${first}`)
    })
  await store.write(['a', 'b'], async (tx) => {
    await put(tx, 'a', '0')
    await put(tx, 'b', '0', { type: 'other' })
  })
  const revs = await Promise.all([crossing(store, 'a', 'b'), crossing(other, 'b', 'a')])
  expect(runs).toBeGreaterThan(2)
  expect(revs.toSorted()).toEqual([2, 3])
  const heads = await store.read((tx) => tx.scopeHeads(['a', 'b']))
  expect(heads.map((head) => head.rev)).toEqual([3, 3])
})

it('gives one id to one scope when two processes put it under two', async () => {
  const offer = (of: RecordStore, scope: string) =>
    of.write([scope], async (tx) => {
      const there = await tx.record('note', 'same')
      await pause(20)
      if (there !== undefined) return `met ${there.scope}`
      await put(tx, scope, 'same')
      return `put ${scope}`
    })
  const answers = await Promise.all([offer(store, 'unit:a'), offer(other, 'unit:b')])
  const [scope] = answers.filter((answer) => answer.startsWith('put ')).map((answer) => answer.slice(4))
  expect(answers.toSorted()).toEqual([`met ${scope}`, `put ${scope}`])
  expect((await store.read((tx) => tx.record('note', 'same')))?.scope).toBe(scope)
})

it('does not call committed what the server undid because a body swallowed a failure', async () => {
  const outcome = { n: 1, hash: 'h', outcome: '{}' }
  const swallowing = store.write([], async (tx) => {
    await tx.setSetting('lost', 'yes')
    await tx.putOutcome('d', outcome)
    await tx.putOutcome('d', outcome).catch(() => undefined)
  })
  await expect(swallowing).rejects.toThrow('failed statement')
  expect(await store.read((tx) => tx.setting('lost'))).toBeUndefined()
})

it('writes nothing after the end of its transaction, whatever a body left running', async () => {
  let late: Promise<unknown> = Promise.resolve()
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  await store.write([], async (tx) => {
    late = ended.then(() => tx.setSetting('late', 'yes'))
    late.catch(() => undefined)
    await tx.setSetting('in time', 'yes')
  })
  end()
  await expect(late).rejects.toThrow('after its end')
  expect(await store.read((tx) => tx.setting('late'))).toBeUndefined()
})

it('refuses what a column cannot hold as the mistake of who wrote it, and goes on behind a savepoint', async () => {
  await store.write([], async (tx) => {
    const nul = tx.savepoint(() => tx.setSetting('key', 'a\u0000b'))
    await expect(nul).rejects.toBeInstanceOf(UnstorableValue)
    const large = tx.savepoint(() => put(tx, 's', 'x', { observedAt: 1e300 }))
    await expect(large).rejects.toBeInstanceOf(RangeError)
    const long = Array.from({ length: 4000 }, (_, at) =>
      String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
    )
    const indexed = tx.savepoint(() => put(tx, 's', 'y', { subject: long.join('') }))
    await expect(indexed).rejects.toBeInstanceOf(UnstorableValue)
    await tx.setSetting('after', 'yes')
  })
  expect(await store.read((tx) => tx.setting('after'))).toBe('yes')
})

it('reads large numbers as numbers here, and leaves other users of the driver alone', async () => {
  await store.write([], (tx) => put(tx, 's', 'x', { observedAt: 2 ** 52 }))
  expect((await store.read((tx) => tx.record('note', 'x')))?.observedAt).toBe(2 ** 52)
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select observed_at from records')
  await client.end()
  expect(rows).toEqual([{ observed_at: String(2 ** 52) }])
})

it('goes on when a newer program changes a table under its prepared statements', async () => {
  const read = () => store.read((tx) => tx.device('d'))
  for (let round = 0; round < 12; round++) await read()
  await postgres.query('alter table devices add column later text', [], url)
  await Promise.all(Array.from({ length: 12 }, read))
  await store.write([], (tx) => tx.lockedDevice('d'))
})

it('keeps connections for readers while one write holds up all the others', async () => {
  let finish: () => void = () => undefined
  const held = new Promise<void>((resolve) => (finish = resolve))
  const long = store.write([], () => held)
  const waiting = Array.from({ length: 30 }, (_, at) =>
    store.write(['unit:a'], (tx) => put(tx, 'unit:a', `${at}`)),
  )
  await pause(50)
  // Would wait for a connection as long as the long write does.
  expect(await store.read((tx) => tx.epoch())).not.toBe('')
  finish()
  await long
  expect((await Promise.all(waiting)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, at) => at + 1),
  )
})

it('does not notice that idle connections died, and runs a body again whose connection died before the commit', async () => {
  await Promise.all(Array.from({ length: 8 }, () => store.read((tx) => tx.epoch())))
  await endBackends(`state = 'idle'`)
  expect(await store.read((tx) => tx.epoch())).not.toBe('')
  let runs = 0
  await store.write([], async (tx) => {
    await addOne(tx)
    if (++runs === 1) await endBackends(`state = 'idle in transaction'`)
    await tx.setting('count')
  })
  expect({ runs, count: await count(store) }).toEqual({ runs: 2, count: 1 })
})

it('answers a commit whose answer was lost with "ask again", and asking again has one effect', async () => {
  const said: string[] = []
  const stop = new AbortController()
  const killing = (async () => {
    while (!stop.signal.aborted) {
      await pause(Math.random() * 15)
      await endBackends(`random() < 0.3 and query not like '%listen%'`)
    }
  })()
  const ids = Array.from({ length: 160 }, (_, at) => `id-${at}`)
  const deliver = async (of: RecordStore, id: string) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        // As a push does: what stands already is not written again.
        return await of.write(['unit:hot'], async (tx) =>
          (await tx.record('note', id)) === undefined ? put(tx, 'unit:hot', id) : 0,
        )
      } catch (problem) {
        if (!(problem instanceof StoreAway)) throw problem
        said.push(problem.message)
        await pause(5)
      }
    }
    throw new Error(`never delivered: ${id}`)
  }
  const phone = async (of: RecordStore, own: readonly string[]) => {
    for (const id of own) await deliver(of, id)
  }
  const phones = Array.from({ length: 8 }, (_, at) =>
    phone(
      at % 2 === 0 ? store : other,
      ids.filter((_id, n) => n % 8 === at),
    ),
  )
  await Promise.all(phones)
  stop.abort()
  await killing
  const rows = await store.read(async (tx) => {
    const [head] = await tx.scopeHeads(['unit:hot'])
    return { rev: head!.rev, rows: await tx.recordsAfter(head!.id, 0, 1000) }
  })
  expect(rows.rev).toBe(ids.length)
  expect(rows.rows.map((row) => row.rev)).toEqual(ids.map((_, at) => at + 1))
  expect(rows.rows.map((row) => row.id).toSorted()).toEqual(ids.toSorted())
  // The test means nothing when nothing was ever lost.
  expect(said.length).toBeGreaterThan(0)
})
