/** Two endpoint processes on one database, as behind a balancer: nobody notices which one answers, nor that one of them is gone. */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { openStores, type Stores } from '../../src/server/open-stores.ts'
import { circulationId } from '../../src/shared/circulation/circulation.ts'
import { civilDate } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { makeTree, type Running, type Tree } from '../server/process/program.ts'
import { branchId, connect, layBureau, type Connection, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone, type Reachable } from '../support/phone.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { mutationOf, pullAll, push } from '../support/wire.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let postgres: TestPostgres
let tree: Tree
let url: string
/** The test's own look into the database. */
let stores: Stores

interface Process extends Running {
  address: string
}
const processes: (Process | undefined)[] = []

async function startProcess(databaseUrl: string): Promise<Process> {
  const env = { DATABASE_URL: databaseUrl, DATABASE_POOL: '6', DATA_DIR: tree.path('data') }
  const running = tree.start('main.ts', [], env)
  const said = await running.says(/已启动/)
  return { ...running, address: /http:\/\/localhost:\d+/.exec(said)![0].replace('localhost', '127.0.0.1') }
}

const send = (which: number, path: string, init?: RequestInit) =>
  fetch(processes[which]!.address + path, init)
const only = (which: number) => ({
  app: { request: (path: string, init?: RequestInit) => send(which, path, init) },
})

/** One after the other, as a simple balancer sends them; what is known to be gone is left out after the first failure. */
function createBalancer(): Reachable {
  let turn = 0
  const gone = new Set<string>()
  return {
    app: {
      request: async (path, init) => {
        const here = processes.filter((each) => each !== undefined && !gone.has(each.address))
        const chosen = here[turn++ % here.length]!
        try {
          return await fetch(chosen.address + path, init)
        } catch (problem) {
          gone.add(chosen.address)
          throw problem
        }
      },
    },
    clock: { now: Date.now, advance: () => undefined },
  }
}

beforeAll(async () => {
  postgres = await startPostgres()
  tree = makeTree()
  url = await postgres.newDatabase()
  stores = await openStores({ dataDir: '', database: { url, connections: 4, waitMs: 0 } })
  let ids = 0
  await layBureau(stores.store, { now: Date.now(), newId: () => idFrom('two', String(++ids)) })
  processes.push(...(await Promise.all([startProcess(url), startProcess(url)])))
})
afterEach(() => closePhones())
afterAll(async () => {
  await tree.remove()
  await stores.close()
  await postgres.stop()
})

/** A person's connection to one of the two. */
const connectTo = (which: number, staffNo: string) => connect(only(which) as unknown as TestEndpoint, staffNo)

it('lets a nudge cross from the one that was written to, to the one that is listened to', async () => {
  const listener = await connectTo(1, '1003')
  const stop = new AbortController()
  const live = await send(1, '/api/live', { headers: { cookie: listener.cookie }, signal: stop.signal })
  const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = (await reader.read()).value ?? ''
  const chair = await connectTo(0, '1001')
  const unitId = branchId('第一支部')
  const fields = {
    unitId,
    kindId: 'k',
    title: '题目',
    date: '2026-11-23',
    sittings: [{ id: 's', name: '一', startsAt: 1 }],
  }
  const { outcomes } = await push(chair, [
    mutationOf(1, { type: 'meeting', id: idFrom('two', 'meeting'), fields, observedAt: Date.now() }),
  ])
  expect(outcomes).toMatchObject([{ status: 'accepted' }])
  while (!heard.includes(`unit:${unitId}`)) heard += (await reader.read()).value ?? ''
  expect(heard).toContain('event: moved')
  stop.abort()
})

/** In the order of their revisions. */
const columns = () => stores.store.read((tx) => tx.records({ types: ['column'] }))

it('skips no revision for a reader who pages all the time while eight write the same scope through both', async () => {
  const [WRITERS, BATCHES, SIZE] = [8, 5, 10]
  const before = await columns()
  const writers = await Promise.all(
    Array.from({ length: WRITERS }, (_, at) => connectTo(at % 2, at % 4 < 2 ? '9001' : '9002')),
  )
  const writing = writers.map(async (writer, at) => {
    for (let batch = 0; batch < BATCHES; batch++) {
      const mutations = Array.from({ length: SIZE }, (_, index) => {
        const n = batch * SIZE + index + 1
        const fields = { name: `栏目 ${at}-${n}` }
        return mutationOf(n, {
          type: 'column',
          id: idFrom('two', 'column', `${at}-${n}`),
          fields,
          observedAt: Date.now(),
        })
      })
      const { status, outcomes } = await push(writer, mutations)
      expect([status, outcomes.map((outcome) => outcome.status)]).toEqual([
        200,
        mutations.map(() => 'accepted'),
      ])
    }
  })
  let isOver = false
  const seen = new Map<string, number>()
  const reading = (async () => {
    // The same device at both: its cursor is good wherever it is asked.
    const reader = await connectTo(0, '1003')
    const there: Connection = { ...reader, post: (path, body) => postTo(1, reader, path, body) }
    let cursor: string | null = null
    for (let round = 0; ; round++) {
      const isLast = isOver
      const answer = await pullAll(round % 2 === 0 ? reader : there, cursor, 7)
      cursor = answer.cursor
      for (const record of answer.records) if (record.type === 'column') seen.set(record.id, record.rev)
      if (isLast) return
    }
  })()
  await Promise.all(writing)
  isOver = true
  await reading
  const stored = (await columns()).slice(before.length)
  expect(stored).toHaveLength(WRITERS * BATCHES * SIZE)
  for (const { id } of before) seen.delete(id)
  expect([...seen].toSorted()).toEqual(stored.map(({ id, rev }): [string, number] => [id, rev]).toSorted())
  const [first] = stored
  expect(stored.map(({ rev }) => rev)).toEqual(stored.map((_, at) => first!.rev + at))
})

const postTo = (which: number, person: Connection, path: string, body: unknown) =>
  send(which, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: person.cookie },
    body: JSON.stringify(body),
  })

it('one export of a year runs at a time, seen and stopped from the process that does not run it', async () => {
  const now = Date.now()
  const [unitId, documentId] = [branchId('第一支部'), idFrom('two', 'document')]
  // More than the buffers of a line hold: it is still running when the other is asked.
  const sizeBytes = 40_000_000
  const sha256 = await stores.blobs.put(randomBytes(sizeBytes))
  const file = { sha256, name: '扫描件.pdf', mime: 'application/pdf', sizeBytes }
  const revision = { revision: 1, file, pages: null, readingSha256: null, at: now, note: '' }
  const head = {
    documentNo: '',
    title: '通知',
    issuer: '',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
  }
  const sent = { dispatchedAt: now, dispatchedBy: 'office', deadline: civilDate(now), state: 'open' }
  const fields = { unitId, documentId, ...head, ...sent, revisions: [revision], recipients: [] }
  await stores.store.write([], async (tx) => {
    await tx.putBlob({ sha256, sizeBytes, mime: file.mime, complete: true })
    const id = circulationId(documentId, unitId)
    await putRecord(tx, { type: 'circulation', id, fields, author: 'test', now })
  })
  const [desk, other] = await Promise.all([connectTo(0, '9001'), connectTo(1, '9002')])
  const begin = (which: number, { cookie }: Connection, more: string) =>
    send(which, `/api/office/circulation-year?year=${civilDate(now).slice(0, 4)}${more}`, {
      headers: { cookie },
    })
  const progress = async (which: number, { cookie }: Connection) =>
    (
      (await (
        await send(which, '/api/office/circulation-year-progress', { headers: { cookie } })
      ).json()) as {
        export: unknown
      }
    ).export

  const reader = (await begin(0, desk, '&export=of-process-0')).body!.getReader()
  await reader.read()
  expect(await progress(1, other)).toMatchObject({ id: 'of-process-0', by: '何伟', state: 'running' })
  expect((await begin(1, other, '')).status).toBe(503)
  const stop = () => postTo(1, other, '/api/office/circulation-year-stop', { id: 'of-process-0' })
  expect(await (await stop()).json()).toEqual({ isStopped: true })
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toThrow('terminated')
  expect(await progress(0, desk)).toMatchObject({ id: 'of-process-0', state: 'stopped' })

  const whole = await begin(1, other, '&originals=no&export=of-process-1')
  expect(whole.status).toBe(200)
  await whole.arrayBuffer()
  expect(await progress(0, desk)).toMatchObject({ id: 'of-process-1', done: 1, all: 1, state: 'whole' })
})

describe('when one of the two is killed', () => {
  const STAFF = ['1003', '1004', '1005', '2002']
  const ROUNDS = 10

  const atRest = (phones: readonly JourneyPhone[]) =>
    vi.waitFor(
      async () => {
        for (const phone of phones) {
          await phone.sync()
          expect(await phone.phone.db.outbox.count()).toBe(0)
        }
      },
      { timeout: 60_000, interval: 50 },
    )
  const opinionsAt = async () => stores.store.read((tx) => tx.records({ types: ['opinion'] }))

  it('phones go on with the other; nothing is lost, nothing is there twice', async () => {
    const balancer = createBalancer()
    const phones: JourneyPhone[] = []
    for (const staffNo of STAFF) phones.push(await setupPhone(balancer, staffNo))
    const written: string[] = []
    let done = 0
    const writing = phones.map(async (phone) => {
      for (let round = 0; round < ROUNDS; round++) {
        const text = `${phone.staffNo} 第 ${round} 条`
        written.push(await phone.phone.store.put('opinion', { personId: phone.session.person.id, text }))
        if (round % 2 === 0) await phone.sync()
        done += 1
      }
    })
    // In the midst of their pushes.
    const killing = (async () => {
      while (done < (STAFF.length * ROUNDS) / 2) await pause(2)
      processes[0]!.child.kill('SIGKILL')
      await processes[0]!.ended
      processes[0] = undefined
    })()
    await Promise.all([...writing, killing])
    await atRest(phones)
    const stored = await opinionsAt()
    expect(stored.map(({ id }) => id).toSorted()).toEqual(written.toSorted())
    for (const phone of phones) {
      const own = stored.filter(({ author }) => author === phone.session.person.id)
      const shown = await phone.phone.db.table('opinion').toArray()
      expect(shown.map((row: { id: string }) => row.id)).toEqual(
        expect.arrayContaining(own.map(({ id }) => id)),
      )
      expect(await phone.phone.db.attention.count()).toBe(0)
      expect(phone.troubles).toEqual([])
    }

    processes[0] = await startProcess(url)
    const late = phones[0]!
    const id = await late.phone.store.put('opinion', { personId: late.session.person.id, text: '又有两台了' })
    await atRest([late])
    expect((await opinionsAt()).map((row) => row.id)).toContain(id)
  })

  it('a process that is told to stop ends what it is doing and exits with 0', async () => {
    const line = await connectTo(0, '1003')
    const live = await send(0, '/api/live', { headers: { cookie: line.cookie } })
    const ended = live.text()
    processes[0]!.child.kill('SIGTERM')
    expect(await processes[0]!.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(await ended).toContain('event: open')
    processes[0] = undefined
    expect((await send(1, '/readyz')).status).toBe(200)
  })
})

it('two that start together on an empty database each print a set-up code that works', async () => {
  const fresh = await postgres.newDatabase()
  const pair = await Promise.all([startProcess(fresh), startProcess(fresh)])
  const [first] = pair
  const code = /设置码 (\S+) /.exec(await first!.says(/设置码/))![1]!
  await pair[1]!.says(/设置码/)
  const answer = await fetch(`${pair[1]!.address}/api/setup`, {
    method: 'POST',
    body: JSON.stringify({ code, bureauName: '厅', staffNo: '1', name: '管', password: 'a long password' }),
  })
  expect(answer.status).toBe(201)
  for (const each of pair) each.child.kill('SIGTERM')
  expect((await Promise.all(pair.map((each) => each.ended))).map((end) => end.code)).toEqual([0, 0])
})
