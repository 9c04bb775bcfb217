/** The database goes away and comes back: what phones are told meanwhile, what is not done meanwhile, and that nothing needs a hand. */
import { createServer, connect as connectTo, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createApp } from '../../../src/server/app.ts'
import { openStores } from '../../../src/server/open-stores.ts'
import { StoreAway, StoreTrouble } from '../../../src/server/store/record-store.ts'
import { connect, layBureau, MONDAY, type TestEndpoint } from '../../support/endpoint.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createOpenedStores } from '../../support/postgres-stores.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'

let postgres: TestPostgres
let url: string
const opened = createOpenedStores()

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  await postgres.start()
  url = await postgres.newDatabase()
})
afterEach(() => opened.closeAll())

const open = async (timeouts = {}) => {
  await opened.process(url, 2)
  return opened.store(url, { connections: 4, timeouts })
}
const untilBack = (of: Awaited<ReturnType<typeof open>>) =>
  eventually(() => of.store.read((tx) => tx.epoch()))

it.each(['shutDown', 'kill'] as const)(
  'refuses while the server is away (%s), and goes on by itself',
  async (how) => {
    const of = await open()
    await of.store.write([], (tx) => tx.setSetting('before', 'yes'))
    await postgres[how]()
    const refused = await Promise.allSettled([
      of.store.read((tx) => tx.epoch()),
      of.store.write(['unit:a'], (tx) => tx.nextRevision('unit:a')),
      of.store.readAll((tables) => tables.rows('settings')[Symbol.asyncIterator]().next()),
    ])
    for (const each of refused)
      expect(each).toMatchObject({ status: 'rejected', reason: { name: 'StoreAway', reason: 'away' } })
    await postgres.start()
    await untilBack(of)
    expect(await of.store.read((tx) => tx.setting('before'))).toBe('yes')
    expect(of.said).toHaveLength(2)
  },
)

it('asks the database itself hardly at all while it is away, however many ask us', async () => {
  const of = await open()
  await postgres.shutDown()
  await expect(of.store.read((tx) => tx.epoch())).rejects.toBeInstanceOf(StoreAway)
  let attempts = 0
  const nobody = createServer((socket) => {
    attempts += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => nobody.listen(postgres.port, '127.0.0.1', resolve))
  for (let round = 0; round < 100; round++) {
    const asked = Array.from({ length: 10 }, () => of.store.read((tx) => tx.epoch()))
    for (const each of await Promise.allSettled(asked)) expect(each.status).toBe('rejected')
    await pause(10)
  }
  await new Promise((resolve) => nobody.close(resolve))
  expect(attempts).toBeGreaterThan(0)
  expect(attempts).toBeLessThan(15)
  await postgres.start()
  await untilBack(of)
})

/** A line to the server that can go dead without a word, as a pulled cable does. */
async function cable(port: number) {
  const sockets = new Set<Socket>()
  let isDead = false
  const server: Server = createServer((near) => {
    const far = connectTo(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => void (isDead || to.write(bytes)))
      from.on('close', () => to.destroy())
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    pull: () => void (isDead = true),
    mend: () => {
      isDead = false
      for (const socket of sockets) socket.destroy()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

it('waits for no answer for ever when the line goes dead', async () => {
  await opened.process(url, 2)
  const line = await cable(postgres.port)
  const through = url.replace(`:${postgres.port}`, `:${line.port}`)
  const timeouts = { connectMs: 200, statementMs: 200, graceMs: 100 }
  const of = opened.store(through, { connections: 2, timeouts })
  await of.store.read((tx) => tx.epoch())
  line.pull()
  await expect(of.store.read((tx) => tx.epoch())).rejects.toBeInstanceOf(StoreAway)
  await expect(of.store.write([], (tx) => tx.setSetting('a', 'b'))).rejects.toBeInstanceOf(StoreAway)
  line.mend()
  await untilBack(of)
  await opened.closeAll()
  line.close()
})

it('says that it is busy, not away, when connections or locks are long in use', async () => {
  await opened.process(url, 2)
  const { store, said } = opened.store(url, { connections: 2, timeouts: { turnMs: 50, lockMs: 50 } })
  let finish: () => void = () => undefined
  const held = new Promise<void>((resolve) => (finish = resolve))
  const long = store.write([], () => held)
  const patient = opened.store(url, { connections: 2, timeouts: { lockMs: 50 } }).store
  // Of this process's connections; then of the lock, from another process.
  await expect(store.write(['unit:a'], (tx) => tx.epoch())).rejects.toMatchObject({ reason: 'busy' })
  await expect(patient.write(['unit:a'], (tx) => tx.epoch())).rejects.toMatchObject({ reason: 'busy' })
  finish()
  await long
  await store.write(['unit:a'], (tx) => tx.epoch())
  expect(said).toEqual([])
})

describe('the endpoint meanwhile', () => {
  it('answers 503 with Retry-After, stays alive, keeps queues as they are, and goes on', async () => {
    const bureau = await setupOnDatabase()
    const person = await connect(bureau, '1003')
    const opinion = mutationOf(1, {
      type: 'opinion',
      id: '0190a000-0000-7000-8000-000000000001',
      fields: { personId: person.personId, text: '灯坏了' },
    })
    await postgres.kill()
    for (const path of ['/api/session', '/readyz']) {
      const answer = await person.send(path)
      expect([path, answer.status]).toEqual([path, 503])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await person.send('/healthz')).status).toBe(200)
    expect(await push(person, [opinion])).toMatchObject({
      status: 503,
      body: { error: { code: 'maintenance' } },
    })
    await postgres.start()
    await eventually(async () => expect((await person.send('/readyz')).status).toBe(200))
    const { outcomes } = await push(person, [opinion])
    expect(outcomes).toMatchObject([{ n: 1, status: 'accepted' }])
    expect((await pullAll(person)).records.filter((record) => record.type === 'opinion')).toHaveLength(1)
    expect(bureau.problems).toEqual([])
  })
})

/** The small bureau on this test's own server, which it may kill. */
async function setupOnDatabase() {
  const { store, blobs } = await opened.process(url)
  let ids = 0
  const newId = () => `id-${++ids}`
  await layBureau(store, { now: MONDAY, newId })
  const problems: unknown[] = []
  const app = createApp({
    store,
    blobs,
    now: () => MONDAY,
    newId,
    logProblem: (problem) => void problems.push(problem),
  })
  return { app, problems } as unknown as TestEndpoint
}

describe('a start', () => {
  const start = (at: string, waitMs = 0) =>
    openStores({ dataDir: '', database: { url: at, connections: 2, waitMs } })
  const withPassword = (at: string) => at.replace('hall@', 'hall:secret-word@')

  it('says in one sentence where nobody answers, and never the password', async () => {
    await postgres.shutDown()
    const failing = start(withPassword(url))
    await expect(failing).rejects.toBeInstanceOf(StoreTrouble)
    const message = await failing.catch((problem: unknown) => (problem as Error).message)
    expect(message).toContain(`127.0.0.1:${postgres.port}`)
    expect(message).toMatch(/。$/)
    expect(message).not.toContain('secret-word')
  })

  it('waits for a database that comes up a little later', async () => {
    await postgres.shutDown()
    const waiting = start(url, 20_000)
    await pause(300)
    await postgres.start()
    const stores = await waiting
    await stores.close()
  })

  it('says that there is no such database, that its encoding cannot hold Chinese, that it only reads', async () => {
    await expect(start(url.replace(/hall_\d+$/, 'missing'))).rejects.toThrow('没有名为 missing 的库')
    await postgres.query(
      `create database narrow template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
    )
    await expect(start(url.replace(/hall_\d+$/, 'narrow'))).rejects.toThrow('UTF8')
    const name = url.slice(url.lastIndexOf('/') + 1)
    await postgres.query(`alter database ${name} set synchronous_commit = off`)
    await expect(start(url)).rejects.toThrow('synchronous_commit')
  })

  it('refuses data of a newer version, and a database that belongs to something else', async () => {
    const stores = await start(url)
    await stores.store.write([], (tx) => tx.setSetting('schema', '999'))
    await stores.close()
    await expect(start(url)).rejects.toThrow('更新的版本')
    const foreign = await postgres.newDatabase()
    await postgres.query('create table records (x int)', [], foreign)
    await expect(start(foreign)).rejects.toThrow('专用的空库')
  })
})
