/** The engine in a worker looks to the app like the engine itself, whatever becomes of the worker. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deletePhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import type { StartEngine } from '../../../src/client/sync/phone/phone-engine.ts'
import { createPhoneEngine } from '../../../src/client/sync/phone/phone-engine.ts'
import { GRACE_MS, SILENT_MS } from '../../../src/client/sync/worker/silence.ts'
import {
  createWorkerEngine,
  FIRST_RETRY_MS,
  STOP_MS,
  type WorkerEngineReach,
} from '../../../src/client/sync/worker/worker-engine.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { createManualClock, type ManualClock } from '../../support/client/manual-clock.ts'
import { opinionFields, opinionScope, privateOf, unitFields } from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'
import { createWorkerPairs, type WorkerPairs } from '../../support/client/worker-pair.ts'
import { eventually } from '../../support/eventually.ts'

let endpoint: FakeEndpoint
let clock: ManualClock
let indexedDB: IDBFactory
let pairs: WorkerPairs
let troubles: Error[]
beforeEach(() => {
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  endpoint.readable.set('li', ['org', opinionScope('li'), privateOf('li')])
  clock = createManualClock()
  indexedDB = new IDBFactory()
  troubles = []
})
afterEach(async () => {
  const closed = closePhones()
  // For a worker that stays silent.
  clock.tick(STOP_MS)
  await closed
})

/** The engine in the page, which needs no worker. */
const inPage: WorkerEngineReach['inPage'] = async () => ({
  createPhoneEngine,
  triggers: () => () => undefined,
})

async function openPhone(
  options: { kind?: 'serving' | 'mute'; reach?: Partial<WorkerEngineReach>; engine?: StartEngine } = {},
): Promise<TestPhone> {
  const line: { fetch: typeof fetch } = { fetch: () => Promise.reject(new TypeError('Failed to fetch')) }
  pairs = createWorkerPairs({
    ...(options.kind === undefined ? {} : { kind: options.kind }),
    indexedDB,
    fetch: (...request) => line.fetch(...request),
    inPage,
  })
  const engine = options.engine ?? createWorkerEngine({ ...pairs.reach, ...options.reach })
  const test = await setupPhone(endpoint, {
    clock,
    indexedDB,
    more: { engine, onTrouble: (trouble) => void troubles.push(trouble) },
  })
  line.fetch = (...request) => test.line.fetch(...request)
  return test
}

const opinions = () => [...endpoint.records.values()].filter((r) => r.type === 'opinion')

describe('the engine in its worker', () => {
  it('loads, delivers and tells how it stands', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    expect(await phone.db.rows('unit').count()).toBe(1)
    const id = await phone.store.put('opinion', opinionFields('写下的'))
    await phone.delivery.syncNow()
    expect(opinions()).toHaveLength(1)
    expect((await phone.db.rows('opinion').get(id))?.pending).toBe(0)
    await eventually(() => expect(phone.engine.phase()).toBe('idle'))
    expect(phone.delivery.summary.value.phase).toBe('idle')
  })

  it('says offline when the line is gone, and goes on when it is back', async () => {
    const { phone, line } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    await phone.store.put('opinion', opinionFields('没有网络时写的'))
    line.fault = () => 'drop-request'
    await phone.delivery.syncNow()
    expect(phone.delivery.summary.value.phase).toBe('offline')
    line.fault = undefined
    await phone.delivery.syncNow()
    expect(opinions()).toHaveLength(1)
  })

  it('gives way to a write, and hears when it has ended', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    await phone.store.put('opinion', opinionFields('一'))
    const said = pairs.workers[0]?.heard.filter((message) => message.type === 'writing')
    expect(said).toEqual([
      { type: 'writing', isWriting: true },
      { type: 'writing', isWriting: false },
    ])
  })

  it('ends with the phone, and opens its database no more', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    const round = phone.delivery.syncNow()
    await phone.close()
    await round
    expect(pairs.workers[0]?.isEnded).toBe(true)
  })

  it('tells the page when the database has ended under it', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    pairs.workers[0]?.say({ type: 'over', over: 'wiped' })
    await eventually(() => expect(troubles).toMatchObject([{ kind: 'wiped' }]))
    await expect(phone.store.put('opinion', opinionFields('二'))).rejects.toMatchObject({ kind: 'wiped' })
  })

  it('does not make a database anew that was deleted before it could open it', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.close()
    await deletePhoneDatabase('li', { indexedDB, IDBKeyRange })
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).toEqual([])
  })
})

describe('a worker that is of no use', () => {
  it('cannot be had: the engine runs in the page', async () => {
    const spawn = () => {
      throw new Error('no workers here')
    }
    const { phone } = await openPhone({ reach: { spawn } })
    const round = phone.delivery.syncNow()
    phone.engine.start()
    await round
    await phone.store.put('opinion', opinionFields('写下的'))
    await phone.delivery.syncNow()
    expect(opinions()).toHaveLength(1)
  })

  it('whose code does not come: the engine runs in the page at once', async () => {
    const { phone } = await openPhone({ kind: 'mute' })
    phone.engine.start()
    const round = phone.delivery.syncNow()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    pairs.workers[0]?.breakDown()
    await round
    expect(await phone.db.rows('unit').count()).toBe(1)
    expect(pairs.workers.map(({ isEnded }) => isEnded)).toEqual([true])
  })

  it('stays silent: another takes its place, then the page, and the round that was asked for ends', async () => {
    const { phone } = await openPhone({ kind: 'mute' })
    phone.engine.start()
    const round = phone.delivery.syncNow()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    clock.tick(SILENT_MS + GRACE_MS)
    expect(pairs.workers).toHaveLength(2)
    expect(pairs.workers[1]?.heard.map(({ type }) => type)).toEqual(['begin', 'sync-now', 'are-you-there'])
    clock.tick(SILENT_MS + GRACE_MS)
    await round
    expect(await phone.db.rows('unit').count()).toBe(1)
    expect(pairs.workers.map(({ isEnded }) => isEnded)).toEqual([true, true])
  })

  it('that lives is not ended for an error in it', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    pairs.workers[0]?.breakDown()
    await phone.store.put('opinion', opinionFields('写下的'))
    await phone.delivery.syncNow()
    expect(opinions()).toHaveLength(1)
    expect(pairs.workers).toHaveLength(1)
  })

  it('begins again as the device that the first one had become', async () => {
    const { phone } = await openPhone({ kind: 'mute' })
    phone.engine.start()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    pairs.workers[0]?.say({ type: 'device', device: { deviceId: 'renewed', keyId: null } })
    await eventually(() => expect(phone.deviceId).toBe('renewed'))
    phone.engine.wake('asked')
    clock.tick(SILENT_MS + GRACE_MS)
    expect(pairs.workers[1]?.heard[0]).toMatchObject({ type: 'begin', deviceId: 'renewed' })
  })
})

describe('a page that the browser sets aside', () => {
  it('ends its worker, and begins another when it is brought back', async () => {
    const { phone } = await openPhone()
    phone.engine.start()
    await phone.delivery.syncNow()
    pairs.setAside(true)
    expect(pairs.workers[0]?.isEnded).toBe(true)
    await phone.store.put('opinion', opinionFields('写下的'))
    const round = phone.delivery.syncNow()
    pairs.setAside(false)
    await round
    expect(opinions()).toHaveLength(1)
    expect(pairs.workers).toHaveLength(2)
  })

  it('forwards what only the page hears', async () => {
    const { phone } = await openPhone({ kind: 'mute' })
    phone.engine.start()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    pairs.setVisible(false)
    pairs.hear('offline')
    pairs.hear('online')
    expect(pairs.workers[0]?.heard.slice(2)).toEqual([
      { type: 'visibility', isVisible: false },
      { type: 'offline' },
      { type: 'online' },
    ])
  })
})

describe('sync begins after the screen', () => {
  it('makes the round that was asked for before', async () => {
    let paint = (): void => undefined
    const { phone } = await openPhone({
      reach: { afterFirstPaint: () => new Promise((resolve) => (paint = resolve)) },
    })
    phone.engine.start()
    const round = phone.delivery.syncNow()
    const id = await phone.store.put('opinion', opinionFields('写下的'))
    expect(pairs.workers).toHaveLength(0)
    paint()
    await round
    expect((await phone.db.rows('opinion').get(id))?.pending).toBe(0)
  })

  it('does not begin for who has left, and nobody waits for it', async () => {
    let paint = (): void => undefined
    const { phone } = await openPhone({
      reach: { afterFirstPaint: () => new Promise((resolve) => (paint = resolve)) },
    })
    phone.engine.start()
    const round = phone.delivery.syncNow()
    await phone.close()
    await round
    paint()
    await Promise.resolve()
    expect(pairs.workers).toHaveLength(0)
  })
})

describe('neither worker nor page can be had', () => {
  const gone: WorkerEngineReach['inPage'] = () => Promise.reject(new TypeError('Failed to fetch'))

  it('is said, the round that was asked for ends, and a worker is tried again when the network is back', async () => {
    const { phone } = await openPhone({ kind: 'mute', reach: { inPage: gone } })
    phone.engine.start()
    const round = phone.delivery.syncNow()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    pairs.workers[0]?.breakDown()
    await round
    expect(phone.delivery.summary.value.phase).toBe('offline')
    pairs.hear('online')
    expect(pairs.workers).toHaveLength(2)
  })

  it('a worker is tried again by itself, later and later', async () => {
    const { phone } = await openPhone({ kind: 'mute', reach: { inPage: gone } })
    phone.engine.start()
    await eventually(() => expect(pairs.workers).toHaveLength(1))
    pairs.workers[0]?.breakDown()
    await eventually(() => expect(phone.engine.phase()).toBe('offline'))
    clock.tick(FIRST_RETRY_MS)
    expect(pairs.workers).toHaveLength(2)
    pairs.workers[1]?.breakDown()
    await eventually(() => expect(clock.pending()).toContain(FIRST_RETRY_MS * 2))
    clock.tick(FIRST_RETRY_MS)
    expect(pairs.workers).toHaveLength(2)
  })
})

it('two hundred marks in one transaction, with the engine in the page', async () => {
  const spawn = () => {
    throw new Error('no workers here')
  }
  const { phone } = await openPhone({ reach: { spawn } })
  phone.engine.start()
  await phone.delivery.syncNow()
  await phone.store.together(['opinion'], async () => {
    for (let n = 0; n < 200; n++) await phone.store.put('opinion', opinionFields(`第 ${n} 条`))
  })
  expect(await phone.db.outbox.count()).toBe(200)
})
