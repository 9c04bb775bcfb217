/**
 * IndexedDB as it is on phones: full, lost, forbidden, taken over by a newer window, wiped. Each is told with its own sentence,
 * nothing is half written, and what the person typed stays with whoever called.
 */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DATABASE_VERSION,
  layout,
  openPhoneDatabase,
  PhoneDb,
  phoneDatabaseName,
} from '../../../src/client/storage/db.ts'
import { guarded, probeStorage, StorageTrouble, troubleKindOf } from '../../../src/client/storage/trouble.ts'
import { openPhone } from '../../../src/client/sync/phone/open-phone.ts'
import { createPhoneEngine } from '../../../src/client/sync/phone/phone-engine.ts'
import { createDisk, loseConnection, type Disk, type DiskFault } from '../../support/disk.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { meetingFields, noteFields, opinionFields, unitFields } from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

let endpoint: FakeEndpoint
let disk: Disk
let a: TestPhone
const troubles: Error[] = []
beforeEach(async () => {
  troubles.length = 0
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  disk = createDisk()
  a = await setupPhone(endpoint, {
    indexedDB: disk.indexedDB,
    more: { onTrouble: (trouble) => troubles.push(trouble) },
  })
})
afterEach(closePhones)

const db = () => a.phone.db
const counts = async () => ({
  rows: await db().rows('opinion').count(),
  outbox: await db().outbox.count(),
})

describe('the disk is full', () => {
  it.each<DiskFault>(['quota-at-request', 'quota-at-commit'])(
    '%s at any write of a fact: told with what to do, neither record nor entry is there, and the next try works',
    async (fault) => {
      // Until a write is so late that the fault does not come any more.
      let tried = 0
      for (; tried < 12; tried++) {
        const before = await counts()
        disk.plan({ fault, at: tried + 1 })
        const id = `o${tried}`
        const writing = a.phone.store.put('opinion', opinionFields('写下的'), { id })
        const trouble = await writing.then(
          () => undefined,
          (error: unknown) => error,
        )
        if (trouble === undefined) break
        expect(trouble).toBeInstanceOf(StorageTrouble)
        expect(trouble).toMatchObject({ kind: 'quota', message: expect.stringContaining('清理') as string })
        expect(await counts()).toEqual(before)
        disk.plan(undefined)
        await a.phone.store.put('opinion', opinionFields('写下的'), { id })
        expect(await counts()).toEqual({ rows: before.rows + 1, outbox: before.outbox + 1 })
      }
      disk.plan(undefined)
      expect(tried).toBeGreaterThanOrEqual(3)
    },
  )

  it.each<DiskFault>(['quota-at-request', 'quota-at-commit'])(
    '%s at any write of a sync round: told, nothing is lost or doubled, and it goes on when there is room',
    async (fault) => {
      let at = 1
      for (; at < 60; at++) {
        for (let n = 0; n < 3; n++) endpoint.seed('unit', `u${n}`, 'org', unitFields(`第${at}`))
        await a.phone.store.put('opinion', opinionFields(`意见${at}`))
        await a.phone.store.edit('note', 'n', { text: `记${at}` }, { create: noteFields('记') })
        disk.plan({ fault, at })
        await a.phone.engine.syncNow()
        const cameLate = !disk.isSpent()
        disk.plan(undefined)
        if (!cameLate) expect(troubles.at(-1)).toMatchObject({ kind: 'quota' })
        await a.phone.engine.syncNow()
        expect(await db().outbox.count()).toBe(0)
        expect(await db().attention.count()).toBe(0)
        expect((await a.phone.store.get('unit', 'u2'))?.fields.name).toBe(`第${at}`)
        expect((await a.phone.store.get('note', 'n'))?.fields.text).toBe(`记${at}`)
        if (cameLate) break
      }
      expect(at).toBeGreaterThan(8)
      expect([...endpoint.applied.values()].every((times) => times === 1)).toBe(true)
    },
  )
})

describe('a lost connection', () => {
  it('is opened once more and the write is there', async () => {
    loseConnection(db().backendDB())
    await a.phone.store.put('opinion', opinionFields('写下的'), { id: 'o' })
    expect((await a.phone.store.get('opinion', 'o'))?.fields.text).toBe('写下的')
  })

  it('lost in the middle of the write, the write is made again, once', async () => {
    disk.plan({ fault: 'connection-lost', at: 2 })
    await a.phone.store.put('opinion', opinionFields('写下的'), { id: 'o' })
    expect(await counts()).toEqual({ rows: 1, outbox: 1 })
  })

  it('lost again at once: told, nothing is half written, and the form can be saved later', async () => {
    let tries = 0
    const writing = guarded(db(), () => {
      tries += 1
      return db().transaction('rw', db().meta, async () => {
        await db().meta.put({ key: 'half', value: 1 })
        loseConnection(db().backendDB())
        await db().meta.put({ key: 'whole', value: 1 })
      })
    })
    await expect(writing).rejects.toMatchObject({ kind: 'lost-connection' })
    expect(tries).toBe(2)
    expect(await db().meta.get('half')).toBeUndefined()
    await a.phone.store.put('opinion', opinionFields('写下的'))
    expect(await counts()).toEqual({ rows: 1, outbox: 1 })
  })
})

describe('a browser that keeps nothing', () => {
  const open = (indexedDB: IDBFactory | undefined) =>
    openPhone({
      engine: createPhoneEngine,
      person: { id: 'p', name: '李', staffNo: '1' },
      session: { deviceId: 'd', keyId: null },
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
      fetchBlob: () => Promise.reject(new Error('no downloads here')),
      ...(indexedDB && { indexedDB }),
      IDBKeyRange,
    })
  const refusing = (error: unknown): IDBFactory =>
    ({
      open: () => {
        throw error
      },
      databases: async () => [],
    }) as unknown as IDBFactory

  it.each([
    ['SecurityError (forbidden by settings)', new DOMException('denied', 'SecurityError')],
    [
      'writes refused (private window)',
      new DOMException(
        'A mutation operation was attempted on a database that did not allow mutations.',
        'InvalidStateError',
      ),
    ],
  ])('%s says so at the start', async (_name, error) => {
    await expect(open(refusing(error))).rejects.toMatchObject({
      type: 'storage-trouble',
      kind: 'private-mode',
      message: expect.stringContaining('普通模式') as string,
    })
  })

  it('no IndexedDB at all says so at the start', async () => {
    const { indexedDB } = Dexie.dependencies
    Reflect.deleteProperty(Dexie.dependencies, 'indexedDB')
    try {
      await expect(open(undefined)).rejects.toMatchObject({ kind: 'private-mode' })
    } finally {
      Dexie.dependencies.indexedDB = indexedDB
    }
  })

  it('one that takes the first write and loses it is noticed by the probe', async () => {
    const probed = openPhoneDatabase('p', { indexedDB: new IDBFactory(), IDBKeyRange })
    probed.meta.hook('creating', () => {
      throw new DOMException('no room', 'QuotaExceededError')
    })
    expect(await probeStorage(probed)).toMatchObject({ kind: 'quota' })
    probed.closeForGood()
  })
})

/** The next version of the app: one table more. */
function newerDatabase(): Dexie {
  const newer = new Dexie(phoneDatabaseName('li'), {
    indexedDB: disk.indexedDB,
    IDBKeyRange,
    autoOpen: false,
  })
  newer.version(DATABASE_VERSION).stores(layout())
  newer.version(DATABASE_VERSION + 1).stores({ later: 'id' })
  return newer
}

describe('two windows of different versions', () => {
  it('the old one lets go, says so, and writes nothing beside the new one', async () => {
    const newer = newerDatabase()
    await newer.open()
    expect(db().over).toBe('outdated')
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toMatchObject({
      kind: 'outdated',
      message: expect.stringContaining('先抄下正在写的内容') as string,
    })
    await expect(a.phone.store.put('opinion', opinionFields('写下的'))).rejects.toMatchObject({
      kind: 'outdated',
    })
    expect(await newer.table('opinion').count()).toBe(0)
    newer.close()
  })

  it('an old app that starts after the new one is told to open anew, and harms nothing', async () => {
    await a.phone.store.put('opinion', opinionFields('写下的'))
    const newer = newerDatabase()
    await newer.open()
    newer.close()
    await expect(a.reopen()).rejects.toMatchObject({ kind: 'outdated' })
    await newer.open()
    expect(await newer.table('outbox').count()).toBe(1)
    newer.close()
  })

  it('a new one that an old window blocks is told, waits, and opens by itself when that is closed', async () => {
    // A window that is frozen: it holds its connection and hears nothing.
    const raw = await new Promise<IDBDatabase>((resolve, reject) => {
      const asking = disk.indexedDB.open(phoneDatabaseName('zhao'), 5)
      asking.addEventListener('success', () => resolve(asking.result))
      asking.addEventListener('error', () => reject(new Error('no database')))
    })
    const told: string[] = []
    const newer = new PhoneDb(phoneDatabaseName('zhao'), {
      indexedDB: disk.indexedDB,
      IDBKeyRange,
      onBlocked: () => told.push('blocked'),
    })
    let isOpen = false
    const opening = newer.open().then(() => (isOpen = true))
    await expect.poll(() => told).toEqual(['blocked'])
    expect(isOpen).toBe(false)
    raw.close()
    await opening
    expect(await newer.meta.count()).toBe(0)
    newer.closeForGood()
  })
})

describe('the whole origin is wiped under the running app', () => {
  /** As a browser does it: connections are closed without a word, then the database is deleted. */
  const wipe = async (): Promise<void> => {
    loseConnection(db().backendDB())
    await new Promise<void>((resolve, reject) => {
      const deleting = disk.indexedDB.deleteDatabase(phoneDatabaseName('li'))
      deleting.addEventListener('success', () => resolve())
      deleting.addEventListener('error', () => reject(new Error('not deleted')))
    })
  }

  it('the next write says so and makes no empty database; a new start loads everything and sends nothing twice', async () => {
    await a.phone.store.put('opinion', opinionFields('早先的'), { id: 'before' })
    await a.phone.engine.syncNow()
    await wipe()
    await expect(a.phone.store.put('opinion', opinionFields('写下的'))).rejects.toMatchObject({
      kind: 'wiped',
    })
    expect(troubles.at(-1)).toMatchObject({
      kind: 'wiped',
      message: expect.stringContaining('重新打开') as string,
    })
    expect((await disk.indexedDB.databases()).map(({ name }) => name)).not.toContain(phoneDatabaseName('li'))
    // The sync does not make one either.
    await a.phone.engine.syncNow()
    expect((await disk.indexedDB.databases()).map(({ name }) => name)).not.toContain(phoneDatabaseName('li'))
    await a.reopen()
    await a.phone.engine.syncNow()
    expect((await a.phone.store.get('opinion', 'before'))?.fields.text).toBe('早先的')
    await a.phone.store.put('meeting', meetingFields('之后'), { id: 'after' })
    await a.phone.engine.syncNow()
    expect(endpoint.record('meeting', 'after')).toBeDefined()
    expect(await db().outbox.count()).toBe(0)
    expect([...endpoint.applied.values()].every((times) => times === 1)).toBe(true)
  })
})

it('every kind of trouble is told apart by the browser’s own words', () => {
  const named = (name: string, message = '') => Object.assign(new Error(message), { name })
  const wrapped = (inner: Error) => Object.assign(named('AbortError'), { inner })
  expect(troubleKindOf(wrapped(named('QuotaExceededError')))).toBe('quota')
  expect(
    troubleKindOf(named('UnknownError', 'Connection to Indexed Database server lost. Refresh the page')),
  ).toBe('lost-connection')
  expect(troubleKindOf(named('VersionError'))).toBe('outdated')
  expect(troubleKindOf(named('DataError', 'Failed to read large IndexedDB value'))).toBe('damaged')
  expect(troubleKindOf(named('UnknownError', 'Data lost due to missing file'))).toBe('damaged')
  expect(troubleKindOf(named('SecurityError'))).toBe('private-mode')
  expect(troubleKindOf(new TypeError('x is undefined'))).toBe('other')
})
