import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBlobStore, type FetchBlob } from '../../../src/client/storage/files/blobs.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { hasPhoneDatabase, deletePhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import { createDeviceKeys } from '../../../src/client/storage/keys/device-keys.ts'
import { probeStorage, troubleKindOf } from '../../../src/client/storage/trouble.ts'
import { sha256Hex } from '../../../src/shared/sync/canonical.ts'

let db: PhoneDb
let indexedDB: IDBFactory
beforeEach(() => {
  indexedDB = new IDBFactory()
  db = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
})
afterEach(() => db.close())

const bytes = new TextEncoder().encode('正文')
const sha256 = sha256Hex(bytes)
const blobsWith = (fetchBlob: FetchBlob) => createBlobStore({ db, fetchBlob, now: () => 1 })

describe('a file', () => {
  it('is kept only when it hashes to its name', async () => {
    const wrong = blobsWith(() => Promise.resolve({ bytes: bytes.slice(1), mime: 'text/plain' }))
    await expect(wrong.keep(sha256)).rejects.toMatchObject({ type: 'wrong-bytes' })
    expect(await wrong.has(sha256)).toBe(false)
    const right = blobsWith(() => Promise.resolve({ bytes, mime: 'text/plain' }))
    await right.keep(sha256)
    expect(await (await right.get(sha256))?.text()).toBe('正文')
    expect(await right.usage()).toEqual({ count: 1, sizeBytes: bytes.length })
  })

  it('made here stays until it is uploaded', async () => {
    const blobs = blobsWith(() => Promise.reject(new Error('offline')))
    expect(await blobs.put(bytes, 'text/plain')).toBe(sha256)
    expect(await blobs.remove(sha256)).toBe(false)
    await db.blobs.update(sha256, { upload: 0 })
    expect(await blobs.remove(sha256)).toBe(true)
  })
})

describe('the device key', () => {
  it('is made once, cannot be exported, and its signatures verify', async () => {
    const keys = createDeviceKeys({ db })
    const { publicKey } = (await keys.ensure())!
    expect((await createDeviceKeys({ db }).ensure())?.publicKey).toBe(publicKey)
    const stored = await db.keys.get('device')
    expect(stored?.privateKey.extractable).toBe(false)
    const signature = (await keys.sign('我已阅'))!
    const raw = Buffer.from(publicKey, 'base64url')
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify'])
    const text = new TextEncoder().encode('我已阅')
    const how = { name: 'ECDSA', hash: 'SHA-256' }
    expect(await crypto.subtle.verify(how, key, Buffer.from(signature, 'base64url'), text)).toBe(true)
    await keys.setKeyId('key-1')
    expect(await keys.keyId()).toBe('key-1')
  })

  it('is absent without WebCrypto, and nothing breaks', async () => {
    const keys = createDeviceKeys({ db, crypto: {} as Crypto })
    expect(await keys.ensure()).toBeNull()
    expect(await keys.sign('x')).toBeNull()
  })
})

describe('trouble', () => {
  it('is told by the error that is inside', () => {
    const wrapped = Object.assign(new Error('AbortError'), {
      inner: new DOMException('x', 'QuotaExceededError'),
    })
    expect(troubleKindOf(wrapped)).toBe('quota')
    expect(
      troubleKindOf(new DOMException('Connection to Indexed Database server lost', 'UnknownError')),
    ).toBe('lost-connection')
    expect(troubleKindOf(new Error('?'))).toBe('other')
  })

  it('is found by the probe at the start', async () => {
    expect(await probeStorage(db)).toBeNull()
    db.meta.hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await db.meta.clear()
    expect(await probeStorage(db)).toMatchObject({ kind: 'quota' })
  })
})

it('knows which persons have a database here', async () => {
  await db.open()
  const options = { indexedDB, IDBKeyRange }
  expect(await hasPhoneDatabase('li', options)).toBe(true)
  expect(await hasPhoneDatabase('wang', options)).toBe(false)
  db.close()
  await deletePhoneDatabase('li', options)
  expect(await hasPhoneDatabase('li', options)).toBe(false)
})
