/** Files beyond the contract: parts of parts, several processes, and what nobody needs any more. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SweepableBlobs } from '../../../src/server/store/blob-store.ts'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import type { RecordStore } from '../../../src/server/store/record-store.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { sweepBlobs } from '../../../src/server/store/sweep-blobs.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createOpenedStores } from '../../support/postgres-stores.ts'

const DAY_MS = 86_400_000
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let postgres: TestPostgres
const opened = createOpenedStores()
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
afterEach(() => opened.closeAll())

describe('in PostgreSQL', () => {
  let url: string
  let here: SweepableBlobs
  let there: SweepableBlobs
  beforeEach(async () => {
    url = await postgres.newDatabase()
    here = (await opened.process(url)).blobs
    there = (await opened.process(url)).blobs
  })

  it('cuts what is large, and puts any range together again', async () => {
    const bytes = randomBytes(3 * 1024 * 1024 + 17)
    const sha256 = sha256Of(bytes)
    const cut = 1_500_000
    await here.append(sha256, 'phone', 0, bytes.subarray(0, cut))
    await here.append(sha256, 'phone', cut, bytes.subarray(cut))
    expect(await here.finish(sha256, 'phone')).toBe('kept')
    const [largest] = await postgres.query(
      'select max(octet_length(bytes)) as bytes from blob_parts',
      [],
      url,
    )
    expect(largest).toEqual({ bytes: 1024 * 1024 })
    expect(Buffer.from((await there.read(sha256))!).equals(bytes)).toBe(true)
    const ends = [0, 1, 1024 * 1024 - 1, 1024 * 1024, cut - 1, cut, 2 * 1024 * 1024 + 3, bytes.length - 1]
    for (const from of ends)
      for (const to of ends.filter((end) => end >= from)) {
        const part = await there.read(sha256, { from, to })
        expect(Buffer.from(part!).equals(bytes.subarray(from, to + 1)), `${from}-${to}`).toBe(true)
      }
  })

  it('takes the parts of one uploader in order, in whatever processes they arrive together', async () => {
    const bytes = randomBytes(4000)
    const sha256 = sha256Of(bytes)
    for (let offset = 0; offset < bytes.length; offset += 1000) {
      const send = (blobs: SweepableBlobs) =>
        blobs.append(sha256, 'phone', offset, bytes.subarray(offset, offset + 1000))
      expect(await Promise.all([send(here), send(there)])).toEqual([offset + 1000, offset + 1000])
    }
    // A part that skips some is not taken.
    expect(await here.append(sha256, 'phone', 5000, bytes)).toBe(4000)
    expect(await Promise.all([here.finish(sha256, 'phone'), there.finish(sha256, 'phone')])).toEqual([
      'kept',
      'kept',
    ])
    expect(Buffer.from((await here.read(sha256))!).equals(bytes)).toBe(true)
    expect(await postgres.query('select distinct upload from blob_parts', [], url)).toHaveLength(1)
  })

  it('leaves nothing of a blob that was removed, and takes it again', async () => {
    const bytes = randomBytes(100)
    const sha256 = await here.put(bytes)
    await there.remove(sha256)
    expect(await here.read(sha256)).toBeUndefined()
    expect(await postgres.query('select 1 from blob_parts', [], url)).toEqual([])
    await Promise.all([here.put(bytes), there.put(bytes), here.put(bytes)])
    expect(await there.sizeBytes(sha256)).toBe(100)
  })
})

interface Kind {
  name: string
  open(): Promise<{
    store: RecordStore
    blobs: SweepableBlobs
    /** As if all that is there had been there two days longer. */
    age: () => Promise<void>
    /** Uploads in work. */
    uploads: () => Promise<number>
  }>
}
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
const kinds: Kind[] = [
  {
    name: 'a folder',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'window-hall-sweep-'))
      folders.push(folder)
      const store = await openSqliteStore(':memory:')
      const files = () =>
        readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      return {
        store,
        blobs: createFolderBlobs(folder),
        age: () => {
          const then = new Date(Date.now() - 2 * DAY_MS)
          for (const { parentPath, name } of files()) utimesSync(join(parentPath, name), then, then)
          return Promise.resolve()
        },
        uploads: () => Promise.resolve(files().filter(({ name }) => name.endsWith('.part')).length),
      }
    },
  },
  {
    name: 'PostgreSQL',
    open: async () => {
      const url = await postgres.newDatabase()
      const { store, blobs } = await opened.process(url)
      return {
        store,
        blobs,
        age: async () => {
          await postgres.query(`update blob_files set kept_at = kept_at - interval '2 days'`, [], url)
          await postgres.query(`update blob_parts set received_at = received_at - interval '2 days'`, [], url)
        },
        uploads: async () =>
          (
            await postgres.query(
              `select distinct sha256, upload from blob_parts p
               where not exists (select from blob_files f where f.sha256 = p.sha256 and f.upload = p.upload)`,
              [],
              url,
            )
          ).length,
      }
    },
  },
]

describe.each(kinds)('a sweep of $name', ({ open }) => {
  const name = (store: RecordStore, sha256: string) =>
    store.write([], (tx) => tx.putBlob({ sha256, sizeBytes: 1, mime: 'text/plain', complete: true }))

  it('throws away what was given up a day ago and what no row names, and nothing else', async () => {
    const { store, blobs, age, uploads } = await open()
    const named = await blobs.put(randomBytes(10))
    await name(store, named)
    const orphan = await blobs.put(randomBytes(11))
    await blobs.append(sha256Of(randomBytes(12)), 'phone', 0, randomBytes(6))
    await age()
    const fresh = await blobs.put(randomBytes(13))
    await blobs.append(sha256Of(randomBytes(14)), 'phone', 0, randomBytes(6))
    expect(await sweepBlobs(store, blobs, Date.now())).toEqual({ uploads: 1, blobs: 1 })
    const sizes = await Promise.all([named, orphan, fresh].map((sha256) => blobs.sizeBytes(sha256)))
    expect(sizes).toEqual([10, undefined, 13])
    expect(await uploads()).toBe(1)
    expect(await sweepBlobs(store, blobs, Date.now())).toEqual({ uploads: 0, blobs: 0 })
  })

  it('leaves a blob that is put again while it runs, before any row names it', async () => {
    const { store, blobs, age } = await open()
    const bytes = randomBytes(20)
    const sha256 = await blobs.put(bytes)
    await age()
    const swept = await blobs.sweep(Date.now() - DAY_MS, async () => {
      await blobs.put(bytes)
      return new Set()
    })
    expect([swept.blobs, await blobs.sizeBytes(sha256)]).toEqual([0, 20])
    await name(store, sha256)
    expect(Buffer.from((await blobs.read(sha256))!).equals(bytes)).toBe(true)
  })

  it('has nothing to do where nothing is', async () => {
    const { store, blobs } = await open()
    expect(await sweepBlobs(store, blobs, Date.now())).toEqual({ uploads: 0, blobs: 0 })
  })
})

it('leaves files alone that are none of ours', async () => {
  const { store, blobs } = await kinds[0]!.open()
  const folder = folders.at(-1)!
  mkdirSync(join(folder, 'lost+found'))
  const others = ['notes.txt', 'lost+found/lost-file', 'lost+found/x.part'].map((path) => join(folder, path))
  const then = new Date(0)
  for (const path of others) {
    writeFileSync(path, '')
    utimesSync(path, then, then)
  }
  await sweepBlobs(store, blobs, Date.now())
  expect(others.filter((path) => !existsSync(path))).toEqual([])
})
