/** A phone that was closed, or whose database was deleted, comes back through nothing that was still under way. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { beforeEach, expect, it } from 'vitest'
import { createBlobStore, type FetchedBytes } from '../../../src/client/storage/files/blobs.ts'
import { hashBytes } from '../../../src/client/storage/files/hash-bytes.ts'
import { openPhoneDatabase, type DatabaseOptions } from '../../../src/client/storage/db.ts'
import { deletePhoneDatabase, hasPhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import { guarded } from '../../../src/client/storage/trouble.ts'
import { openPhone } from '../../../src/client/sync/phone/open-phone.ts'
import { createPhoneEngine } from '../../../src/client/sync/phone/phone-engine.ts'

let options: DatabaseOptions
const person = { id: 'p1', name: '李', staffNo: '1001' }
const bytes = new TextEncoder().encode('a document')
const has = () => hasPhoneDatabase(person.id, options)

beforeEach(() => {
  options = { indexedDB: new IDBFactory(), IDBKeyRange }
})

function slowDownload() {
  let finish: (file: FetchedBytes) => void = () => undefined
  let begun: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (begun = resolve))
  const fetchBlob = () => {
    begun()
    return new Promise<FetchedBytes>((resolve) => (finish = resolve))
  }
  return { asked, fetchBlob, finish: () => finish({ bytes, mime: 'application/pdf' }) }
}

it('a download that ends after the sign-out does not make the database anew', async () => {
  const { asked, fetchBlob, finish } = slowDownload()
  const phone = await openPhone({
    ...options,
    engine: createPhoneEngine,
    person,
    session: { deviceId: 'd1', keyId: null },
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    fetchBlob,
  })
  const kept = phone.blobs.keep(await hashBytes(bytes))
  await asked
  await phone.close()
  await deletePhoneDatabase(person.id, options)
  finish()
  await expect(kept).rejects.toMatchObject({ name: 'AbortError' })
  await expect(phone.blobs.put(bytes, 'text/plain')).rejects.toMatchObject({ kind: 'closed' })
  expect(await has()).toBe(false)
})

it('nor does a tab that had it open while another one deleted it', async () => {
  const db = openPhoneDatabase(person.id, options)
  await db.meta.put({ key: 'a', value: 1 })
  const blobs = createBlobStore({ db, now: () => 1, fetchBlob: slowDownload().fetchBlob })
  await deletePhoneDatabase(person.id, options)
  await expect(blobs.put(bytes, 'text/plain')).rejects.toMatchObject({ kind: 'closed' })
  await expect(db.meta.get('a')).rejects.toThrow()
  expect(await has()).toBe(false)
})

it('a connection that was merely lost is still mended', async () => {
  const db = openPhoneDatabase(person.id, options)
  await db.meta.put({ key: 'a', value: 1 })
  db.close()
  expect(await guarded(db, () => db.meta.get('a'))).toMatchObject({ value: 1 })
  db.closeForGood()
})
