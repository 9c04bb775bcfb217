/** Reading before Dexie: what it may never do to a database, and that it says what Dexie would say. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, expect, it, vi } from 'vitest'
import {
  DATABASE_VERSION,
  openPhoneDatabase,
  phoneDatabaseName,
  type PhoneDb,
} from '../../../../src/client/storage/db.ts'
import { readPlainly } from '../../../../src/client/storage/first-read/plain-read.ts'
import { lookAtPhone, OPENING_TABLES } from '../../../../src/client/sync/phone/open-phone.ts'
import { FakeEndpoint } from '../../../support/client/fake-endpoint.ts'
import { opinionFields } from '../../../support/client/records.ts'
import { closePhones, setupPhone } from '../../../support/client/setup-phone.ts'

const NAME = phoneDatabaseName('li')
const opened: PhoneDb[] = []
afterEach(async () => {
  await closePhones()
  for (const db of opened.splice(0)) db.closeForGood()
})

async function openDb(indexedDB: IDBFactory): Promise<PhoneDb> {
  const db = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
  opened.push(db)
  await db.open()
  return db
}
const read = (indexedDB: IDBFactory, tables = OPENING_TABLES) =>
  readPlainly('li', tables, (db) => db.meta.get('deviceId').then(() => 'read'), { indexedDB })

it('where there is no database none comes to be', async () => {
  const indexedDB = new IDBFactory()
  expect(await read(indexedDB)).toBeUndefined()
  expect(await indexedDB.databases()).toEqual([])
})

it.each([
  ['older', DATABASE_VERSION - 1],
  ['newer', DATABASE_VERSION + 1],
])('a database of an %s version is neither read nor changed', async (_name, version) => {
  const indexedDB = new IDBFactory()
  const other = new Dexie(NAME, { indexedDB, IDBKeyRange })
  other.version(version).stores(Object.fromEntries(OPENING_TABLES.map((table) => [table, 'key'])))
  await other.open()
  other.close()
  expect(await read(indexedDB)).toBeUndefined()
  expect(await indexedDB.databases()).toEqual([{ name: NAME, version: version * 10 }])
})

it('a database without one of the tables is not read', async () => {
  const indexedDB = new IDBFactory()
  await openDb(indexedDB)
  expect(await read(indexedDB)).toBe('read')
  expect(await read(indexedDB, [...OPENING_TABLES, 'no-such-table'])).toBeUndefined()
})

it('another person’s database is not this one’s', async () => {
  const indexedDB = new IDBFactory()
  await openDb(indexedDB)
  expect(
    await readPlainly('wang', OPENING_TABLES, () => Promise.resolve('read'), { indexedDB }),
  ).toBeUndefined()
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([NAME])
})

it('a reading that fails is left to the ordinary way', async () => {
  const indexedDB = new IDBFactory()
  await openDb(indexedDB)
  const fails = readPlainly('li', OPENING_TABLES, () => Promise.reject(new Error('a damaged row')), {
    indexedDB,
  })
  expect(await fails).toBeUndefined()
})

it('another tab that deletes the database meanwhile is not kept waiting', async () => {
  const indexedDB = new IDBFactory()
  ;(await openDb(indexedDB)).close()
  const asked = Promise.withResolvers<void>()
  const reading = readPlainly('li', OPENING_TABLES, () => asked.promise, { indexedDB })
  await vi.waitFor(async () => {
    const deleting = indexedDB.deleteDatabase(NAME)
    await new Promise((resolve, reject) => {
      deleting.addEventListener('success', resolve)
      deleting.addEventListener('blocked', () => reject(new Error('blocked')))
    })
  })
  asked.resolve()
  await reading
  expect(await indexedDB.databases()).toEqual([])
})

it('who waited for a part of the app reads again, in one transaction', async () => {
  const indexedDB = new IDBFactory()
  await (await openDb(indexedDB)).meta.put({ key: 'deviceId', value: 'd' })
  let isHere = false
  const late = await readPlainly(
    'li',
    OPENING_TABLES,
    async (db) => {
      if (!isHere) await new Promise((resolve) => setTimeout(resolve, 20))
      isHere = true
      return await db.meta.get('deviceId')
    },
    { indexedDB },
  )
  expect(late).toEqual({ key: 'deviceId', value: 'd' })
})

it('finds of a phone what Dexie finds, and the phone opens with it', async () => {
  const a = await setupPhone(new FakeEndpoint())
  await a.phone.store.put('opinion', opinionFields('写下的'))
  const found = await readPlainly('li', OPENING_TABLES, lookAtPhone, { indexedDB: a.indexedDB })
  expect(found).toEqual(await lookAtPhone(a.phone.db))
  expect(found?.[1].summary.waiting).toBe(1)
  await a.phone.close()
  const b = await setupPhone(new FakeEndpoint(), {
    indexedDB: a.indexedDB,
    deviceId: a.deviceId,
    more: { found: Promise.resolve(found), firstScreen: new Promise(() => undefined) },
  })
  expect(b.phone.db.isOpen()).toBe(false)
  expect(b.phone.delivery.summary.value.waiting).toBe(1)
})

it('a database that was wiped after it was read is not made anew in silence', async () => {
  const a = await setupPhone(new FakeEndpoint())
  const found = await readPlainly('li', OPENING_TABLES, lookAtPhone, { indexedDB: a.indexedDB })
  await a.phone.close()
  const b = await setupPhone(new FakeEndpoint(), {
    indexedDB: new IDBFactory(),
    deviceId: a.deviceId,
    more: { found: Promise.resolve(found), firstScreen: new Promise(() => undefined) },
  })
  await expect(b.phone.store.put('opinion', opinionFields('写下的'))).rejects.toMatchObject({ kind: 'wiped' })
})
