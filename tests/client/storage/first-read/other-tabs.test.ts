/** Reading before Dexie while other tabs are at work: they are not kept waiting, and nothing of what they change is shown. */
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, expect, it, vi } from 'vitest'
import {
  DATABASE_VERSION,
  NATIVE_STEP,
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
const NEWER = (DATABASE_VERSION + 1) * NATIVE_STEP
afterEach(async () => {
  vi.useRealTimers()
  await closePhones()
})

async function phoneWithAWord() {
  const a = await setupPhone(new FakeEndpoint())
  await a.phone.store.put('opinion', opinionFields('写下的'))
  await a.phone.close()
  return a
}

/** Another tab's opening, and whether it had to wait for somebody. */
function openElsewhere(indexedDB: IDBFactory, version: number) {
  const waited = vi.fn<() => void>()
  const request = indexedDB.open(NAME, version)
  request.addEventListener('blocked', waited)
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  return { request, opened, waited }
}

/** A tab that is in the middle of bringing the database to another version, for as long as the test wants. */
async function holdUpgrade(indexedDB: IDBFactory) {
  let isHeld = true
  const { request, opened } = openElsewhere(indexedDB, NEWER)
  await new Promise<void>((resolve) =>
    request.addEventListener('upgradeneeded', () => {
      const meta = request.transaction!.objectStore('meta')
      const goOn = () => {
        if (isHeld) meta.get('deviceId').addEventListener('success', goOn)
      }
      goOn()
      resolve()
    }),
  )
  return async () => {
    isHeld = false
    ;(await opened).close()
  }
}

it('an upgrade that another tab holds is not waited for, and nobody waits for the reading that came too late', async () => {
  const { indexedDB } = await phoneWithAWord()
  const letGo = await holdUpgrade(indexedDB)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const read = vi.fn<() => Promise<string>>(() => Promise.resolve('read'))
  const reading = readPlainly('li', OPENING_TABLES, read, { indexedDB })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await reading).toBeUndefined()
  await letGo()
  const later = openElsewhere(indexedDB, NEWER + NATIVE_STEP)
  const db = await later.opened
  expect(later.waited).not.toHaveBeenCalled()
  expect(read).not.toHaveBeenCalled()
  db.close()
})

it('the ordinary opening then says that a newer version is at work', async () => {
  const a = await phoneWithAWord()
  const letGo = await holdUpgrade(a.indexedDB)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const found = readPlainly('li', OPENING_TABLES, lookAtPhone, { indexedDB: a.indexedDB })
  const opening = setupPhone(new FakeEndpoint(), {
    indexedDB: a.indexedDB,
    deviceId: a.deviceId,
    more: { found },
  })
  const told = expect(opening).rejects.toMatchObject({ kind: 'outdated' })
  await vi.advanceTimersByTimeAsync(60_000)
  await letGo()
  await told
})

/** Reads on and on in one transaction until `isOver`, so that it ends as if nothing had happened. */
async function readUntil(db: PhoneDb, isOver: () => boolean): Promise<string> {
  for (let left = 5_000; !isOver() && left > 0; left--) await db.meta.get('deviceId')
  expect(isOver()).toBe(true)
  return 'read'
}

it.each([
  ['upgrades', (indexedDB: IDBFactory) => openElsewhere(indexedDB, NEWER)],
  [
    'deletes',
    (indexedDB: IDBFactory) => {
      const request = indexedDB.deleteDatabase(NAME)
      const opened = new Promise<undefined>((resolve) =>
        request.addEventListener('success', () => resolve(undefined)),
      )
      return { opened }
    },
  ],
])('what was read while another tab %s the database is not shown', async (_name, act) => {
  const { indexedDB } = await phoneWithAWord()
  // Told of the other tab's wish when the reading is.
  const witness = await openElsewhere(indexedDB, DATABASE_VERSION * NATIVE_STEP).opened
  let isWished = false
  witness.addEventListener('versionchange', () => {
    isWished = true
    witness.close()
  })
  let other: { opened: Promise<IDBDatabase | undefined> } | undefined
  const reading = readPlainly(
    'li',
    OPENING_TABLES,
    (db) => {
      other = act(indexedDB)
      let turns = 0
      return readUntil(db, () => isWished && ++turns > 20)
    },
    { indexedDB },
  )
  expect(await reading).toBeUndefined()
  // It has let go: the other tab comes to its end.
  const db = await other!.opened
  expect(db?.version).toBe(_name === 'upgrades' ? NEWER : undefined)
  db?.close()
})

it('a phone whose database was taken over after the reading writes nothing beside it', async () => {
  const a = await phoneWithAWord()
  const found = await readPlainly('li', OPENING_TABLES, lookAtPhone, { indexedDB: a.indexedDB })
  ;(await openElsewhere(a.indexedDB, NEWER).opened).close()
  const b = await setupPhone(new FakeEndpoint(), {
    indexedDB: a.indexedDB,
    deviceId: a.deviceId,
    more: { found: Promise.resolve(found), firstScreen: new Promise(() => undefined) },
  })
  await expect(b.phone.store.put('opinion', opinionFields('又写下的'))).rejects.toMatchObject({
    kind: 'outdated',
  })
})

it('another connection that stays open at the same version is no reason to wait', async () => {
  const a = await phoneWithAWord()
  const beside = openPhoneDatabase('li', { indexedDB: a.indexedDB, IDBKeyRange })
  await beside.open()
  const found = await readPlainly('li', OPENING_TABLES, lookAtPhone, { indexedDB: a.indexedDB })
  expect(found?.[1].summary.waiting).toBe(1)
  beside.closeForGood()
})
