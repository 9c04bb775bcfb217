/** What opening a phone asks of the disk: a slow phone pays for each transaction before its person reads anything. */
import { IDBDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, expect, it, vi } from 'vitest'
import { openPhoneDatabase } from '../../../src/client/storage/db.ts'
import { firstLook } from '../../../src/client/storage/upkeep/first-look.ts'
import { openPhone } from '../../../src/client/sync/phone/open-phone.ts'
import type { createPhoneEngine } from '../../../src/client/sync/phone/phone-engine.ts'
import { createDisk } from '../../support/disk.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import { opinionFields } from '../../support/client/records.ts'
import { closePhones, setupPhone } from '../../support/client/setup-phone.ts'

afterEach(async () => {
  vi.restoreAllMocks()
  await closePhones()
})

/** Stores and mode of each transaction from now on. */
function watchTransactions(): string[] {
  const seen: string[] = []
  const begin = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...asked) {
    const [stores, mode] = asked
    const names = [stores].flat()
    seen.push(`${mode} ${names.length > 10 ? 'all' : [...names].sort().join('+')}`)
    return begin.apply(this, asked)
  })
  return seen
}

it('a phone that is opened again writes nothing, and asks in one transaction what it has to know', async () => {
  const disk = createDisk()
  const a = await setupPhone(new FakeEndpoint(), { indexedDB: disk.indexedDB })
  await a.phone.store.put('opinion', opinionFields('写下的'))
  const before = disk.writes()
  const seen = watchTransactions()
  await a.reopen()
  // The first is Dexie's own: it compares the layout.
  expect(seen.slice(0, 2)).toEqual(['readonly all', 'readonly attention+keys+meta+outbox+quarantine'])
  expect(disk.writes()).toBe(before)
  expect(await a.phone.db.outbox.count()).toBe(1)
})

it('what is said of delivery is known when the phone is open, and followed once the first screen is there', async () => {
  const a = await setupPhone(new FakeEndpoint())
  await a.phone.store.put('opinion', opinionFields('写下的'))
  await a.phone.close()
  const screen = Promise.withResolvers<void>()
  const seen = watchTransactions()
  const b = await setupPhone(new FakeEndpoint(), {
    indexedDB: a.indexedDB,
    more: { firstScreen: screen.promise, newId: () => 'another' },
  })
  expect(b.phone.delivery.summary.value).toMatchObject({ waiting: 1, attention: 0 })
  await b.phone.store.put('opinion', opinionFields('又写下的'))
  expect(seen.filter((one) => one === 'readonly attention+meta+outbox')).toEqual([])
  screen.resolve()
  await expect.poll(() => b.phone.delivery.summary.value.waiting).toBe(2)
  expect(seen.filter((one) => one === 'readonly attention+meta+outbox').length).toBeGreaterThan(0)
})

it('a phone that was closed before its first screen follows nothing any more', async () => {
  const screen = Promise.withResolvers<void>()
  const seen = watchTransactions()
  const a = await setupPhone(new FakeEndpoint(), { more: { firstScreen: screen.promise } })
  await a.phone.close()
  screen.resolve()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(seen.filter((one) => one === 'readonly attention+meta+outbox')).toEqual([])
})

it('the session’s device is on the disk before the phone is open, where it is not the one that was there', async () => {
  const endpoint = new FakeEndpoint()
  const a = await setupPhone(endpoint)
  await a.phone.store.put('opinion', opinionFields('写下的'))
  await a.phone.close()
  const other = endpoint.addDevice('li')
  const b = await setupPhone(endpoint, { indexedDB: a.indexedDB, deviceId: other })
  expect(await firstLook(b.phone.db)).toMatchObject({ deviceId: other, quarantined: 0 })
  expect(await b.phone.db.outbox.count()).toBe(1)
})

it('a phone whose engine cannot be had does not open, and lets go of the database', async () => {
  const indexedDB = new IDBFactory()
  const missing = Promise.reject<typeof createPhoneEngine>(new TypeError('Failed to fetch'))
  missing.catch(() => undefined)
  const opening = openPhone({
    engine: missing,
    person: { id: 'li', name: '李', staffNo: '1' },
    session: { deviceId: 'd', keyId: null },
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    fetchBlob: () => Promise.reject(new Error('no downloads here')),
    indexedDB,
    IDBKeyRange,
  })
  await expect(opening).rejects.toThrow('Failed to fetch')
  const later = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
  // Not blocked by the one before.
  await later.delete()
  expect(await indexedDB.databases()).toEqual([])
  later.closeForGood()
})
