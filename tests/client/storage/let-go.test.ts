// @vitest-environment happy-dom
/** A page that the browser sets aside keeps nobody waiting, and what it gave up is done when it is brought back. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  DATABASE_VERSION,
  openPhoneDatabase,
  phoneDatabaseName,
  type PhoneDb,
} from '../../../src/client/storage/db.ts'
import { guarded } from '../../../src/client/storage/trouble.ts'

let left: PhoneDb
let next: PhoneDb

beforeEach(async () => {
  const options = { indexedDB: new IDBFactory(), IDBKeyRange }
  left = openPhoneDatabase('p1', options)
  next = openPhoneDatabase('p1', options)
  await left.open()
  await next.open()
})

afterEach(() => {
  left.close()
  next.close()
})

/** And brought back: in between nothing of a page runs. */
function leave(persisted: boolean): void {
  for (const type of ['pagehide', 'pageshow']) dispatchEvent(Object.assign(new Event(type), { persisted }))
}

const valueOf = async (db: PhoneDb) => (await db.meta.get('a'))?.value

/** A write that has not come to its end when the page is left; done again, it is like any other. */
function slowWrite() {
  let turns = 0
  const goesOn = new Set([1])
  let begun: () => void = () => undefined
  const isUnderWay = new Promise<void>((resolve) => (begun = resolve))
  const write = () =>
    left.transaction('rw', left.meta, async () => {
      turns += 1
      const { value } = (await left.meta.get('a')) ?? { value: 0 }
      await left.meta.put({ key: 'a', value: (value as number) + 1 })
      begun()
      while (goesOn.has(turns)) await left.meta.get('a')
    })
  return { written: guarded(left, write), isUnderWay, finish: () => goesOn.clear(), turns: () => turns }
}

it('the next page writes at once, and what was given up is written once', async () => {
  const { written, isUnderWay, turns } = slowWrite()
  await isUnderWay
  leave(true)
  await next.meta.put({ key: 'b', value: 1 })
  await written
  expect(turns()).toBe(2)
  expect(await valueOf(next)).toBe(1)
})

it('a page that is not kept finishes what it can', async () => {
  const { written, isUnderWay, finish, turns } = slowWrite()
  await isUnderWay
  leave(false)
  finish()
  await written
  expect(turns()).toBe(1)
  expect(await valueOf(next)).toBe(1)
})

it('what has been written stays, and nothing of it is done again', async () => {
  await left.meta.put({ key: 'a', value: 7 })
  leave(true)
  expect(await valueOf(left)).toBe(7)
})

it.each(['made', 'brought to this version'])('a database that is just being %s is done anew', async (way) => {
  const factory = new IDBFactory()
  const options = { indexedDB: factory, IDBKeyRange }
  if (way !== 'made') {
    const older = new Dexie(phoneDatabaseName('p2'), options)
    older.version(DATABASE_VERSION / 2).stores({ meta: 'key' })
    await older.table('meta').put({ key: 'a', value: 1 })
    older.close()
  }
  const fresh = openPhoneDatabase('p2', options)
  const really = factory.open.bind(factory)
  const open = vi.spyOn(factory, 'open').mockImplementationOnce((...asked) => {
    const opening = really(...asked)
    opening.addEventListener('upgradeneeded', () => {
      const spin = (): void =>
        opening.transaction!.objectStore('meta').get('a').addEventListener('success', spin)
      setTimeout(() => leave(true), 5)
      queueMicrotask(spin)
    })
    return opening
  })
  await guarded(fresh, () => fresh.meta.put({ key: 'b', value: 2 }))
  expect(open).toHaveBeenCalledTimes(2)
  expect(await valueOf(fresh)).toBe(way === 'made' ? undefined : 1)
  fresh.close()
})
