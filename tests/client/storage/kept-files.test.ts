/**
 * Files that lie here in pieces: read in parts, damaged under the reader, fetched by two tabs at once, begun by an older version.
 * Whatever happens, nothing is ever handed over under a name that it does not hash to.
 */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'
import { createBlobStore, type FetchBlob } from '../../../src/client/storage/files/blobs.ts'
import { cutUp } from '../../../src/client/storage/files/cut-old.ts'
import { hashBytes } from '../../../src/client/storage/files/hash-bytes.ts'
import { PIECE_BYTES } from '../../../src/client/storage/files/kept-file.ts'
import { removeUnnamedBlobs } from '../../../src/client/storage/pages/drop.ts'
import { mend } from '../../../src/client/storage/upkeep/mend.ts'

const file = new Uint8Array(3 * PIECE_BYTES + 1000).map((_, at) => (at * 7 + (at >> 9)) % 251)
let sha256: string
let db: PhoneDb
let fetchedFrom: number[]

/** As the endpoint's line does it: whole pieces are handed over, the rest is returned. */
const lineOf =
  (bytes: Uint8Array, between: (at: number) => Promise<void> = async () => undefined): FetchBlob =>
  async (_, { startAt = 0, onPiece } = {}) => {
    fetchedFrom.push(startAt)
    let at = startAt
    for (; at + PIECE_BYTES <= bytes.length; at += PIECE_BYTES) {
      await onPiece!(bytes.subarray(at, at + PIECE_BYTES), at)
      await between(at)
    }
    return { bytes: bytes.subarray(at), at, mime: 'application/pdf' }
  }
const store = (fetchBlob = lineOf(file)) => createBlobStore({ db, fetchBlob, now: () => 1 })
const equal = (bytes: Uint8Array, expected: Uint8Array) => Buffer.compare(bytes, expected) === 0
const readWhole = async (blobs = store()) => new Uint8Array(await (await blobs.get(sha256))!.arrayBuffer())

beforeEach(async () => {
  sha256 = await hashBytes(file)
  db = openPhoneDatabase('li', { indexedDB: new IDBFactory(), IDBKeyRange })
  fetchedFrom = []
})
afterEach(() => {
  vi.useRealTimers()
  db.close()
})

/** A bit turns over on the disk. */
async function damage(at: number): Promise<void> {
  const piece = (await db.pieces.get([sha256, at]))!
  const bytes = new Uint8Array(piece.bytes.slice(0))
  bytes[17]! ^= 1
  await db.pieces.put({ ...piece, bytes: bytes.buffer })
}

describe('read in parts', () => {
  it('any range is what the file has there, and no more of the disk is read than it lies in', async () => {
    await store().keep(sha256)
    const read: number[] = []
    const kept = (await store().open(sha256))!
    db.pieces.hook('reading', (row) => {
      read.push(row.at)
      return row
    })
    expect(kept.sizeBytes).toBe(file.length)
    expect(kept.mime).toBe('application/pdf')
    expect(read).toEqual([])
    for (const [from, to] of [
      [PIECE_BYTES + 3, PIECE_BYTES + 90],
      [PIECE_BYTES - 5, PIECE_BYTES + 5],
      [0, file.length],
      [3 * PIECE_BYTES, 4 * PIECE_BYTES],
      [file.length, file.length + 10],
    ] as const) {
      read.length = 0
      expect(equal(await kept.range(from, to), file.slice(from, to))).toBe(true)
      const [first, last] = [
        Math.floor(from / PIECE_BYTES),
        Math.ceil(Math.min(to, file.length) / PIECE_BYTES),
      ]
      expect(read).toHaveLength(from >= file.length ? read.length : last - first)
    }
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('a small file lies in its row, and reads the same', async () => {
    const small = file.slice(0, 1000)
    const name = await hashBytes(small)
    const blobs = store(lineOf(small))
    await blobs.keep(name)
    expect(await db.pieces.count()).toBe(0)
    const kept = (await blobs.open(name))!
    expect(equal(await kept.range(10, 20), small.slice(10, 20))).toBe(true)
    expect(await (await kept.whole()).arrayBuffer()).toEqual(small.buffer)
  })

  it('a download that hands over no pieces is kept in pieces all the same', async () => {
    await store(() => Promise.resolve({ bytes: file, mime: 'application/pdf' })).keep(sha256)
    expect(await db.pieces.count()).toBe(4)
    expect(equal(await readWhole(), file)).toBe(true)
  })
})

describe('damaged or missing on the disk', () => {
  it.each([
    ['a bit turned over', () => damage(PIECE_BYTES)],
    ['a piece is gone', () => db.pieces.delete([sha256, PIECE_BYTES])],
  ])('%s: not handed over, not here any more, fetched again from there', async (_, harm) => {
    await store().keep(sha256)
    await harm()
    const kept = (await store().open(sha256))!
    expect(equal(await kept.range(0, 100), file.slice(0, 100))).toBe(true)
    await expect(kept.range(PIECE_BYTES + 100, PIECE_BYTES + 200)).rejects.toMatchObject({
      type: 'damaged-file',
    })
    expect(await store().has(sha256)).toBe(false)
    fetchedFrom = []
    await store().keep(sha256)
    expect(fetchedFrom).toEqual([PIECE_BYTES])
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('who asks for all of it gets nothing', async () => {
    await store().keep(sha256)
    await damage(3 * PIECE_BYTES)
    expect(await store().get(sha256)).toBeUndefined()
    expect(await store().has(sha256)).toBe(false)
  })

  it('a value that the browser cannot read any more is damage too', async () => {
    await store().keep(sha256)
    const kept = (await store().open(sha256))!
    const lost = vi
      .spyOn(db.pieces, 'get')
      .mockImplementation((() =>
        Promise.reject(new DOMException('Failed to read large IndexedDB value', 'DataError'))) as never)
    await expect(kept.range(0, 10)).rejects.toMatchObject({ type: 'damaged-file' })
    lost.mockRestore()
    expect(await store().has(sha256)).toBe(false)
  })

  it('a file that the endpoint does not have yet is never let go of', async () => {
    await store().keep(sha256)
    await db.blobs.update(sha256, { upload: 1 })
    await damage(0)
    expect(await store().get(sha256)).toBeUndefined()
    expect(await store().has(sha256)).toBe(true)
    expect(await db.pieces.count()).toBe(4)
  })

  it('a damaged piece of a part that came is fetched again, with what follows it', async () => {
    const cut = lineOf(file, async (at) => {
      if (at === 2 * PIECE_BYTES) throw new TypeError('network error')
    })
    await expect(store(cut).keep(sha256)).rejects.toThrow()
    await damage(PIECE_BYTES)
    fetchedFrom = []
    await store().keep(sha256)
    expect(fetchedFrom).toEqual([PIECE_BYTES])
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('the upkeep lets go of a file whose pieces are not all there, and of no other', async () => {
    await store().keep(sha256)
    await mend(db, { now: 1, personId: 'li' })
    expect(await store().has(sha256)).toBe(true)
    await db.pieces.delete([sha256, 2 * PIECE_BYTES])
    await mend(db, { now: 1, personId: 'li' })
    expect(await store().has(sha256)).toBe(false)
  })
})

describe('two tabs at the same file', () => {
  it('both end with it, whoever is first', async () => {
    const second = store()
    let other: Promise<void> | undefined
    await store(
      lineOf(file, async (at) => {
        if (at === PIECE_BYTES) other = second.keep(sha256)
      }),
    ).keep(sha256)
    await other
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('forged bytes never come into a file that is whole, nor take anything from it', async () => {
    const forged = file.map((byte) => byte ^ 1)
    const late = store(
      lineOf(forged, async (at) => {
        if (at === 0)
          await store()
            .keep(sha256)
            .catch(() => undefined)
      }),
    )
    await late.keep(sha256).catch(() => undefined)
    await store().keep(sha256)
    expect(equal(await readWhole(), file)).toBe(true)
    expect(await db.pieces.count()).toBe(4)

    const later = store(lineOf(forged))
    vi.spyOn(db.blobs, 'where').mockImplementationOnce((() => ({
      equals: () => ({ count: async () => 0 }),
    })) as never)
    await expect(later.keep(sha256)).rejects.toMatchObject({ type: 'wrong-bytes' })
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('a file is not called whole when another tab wrote something else in between', async () => {
    const mixed = lineOf(file, async (at) => {
      if (at !== 2 * PIECE_BYTES) return
      const bytes = new ArrayBuffer(PIECE_BYTES)
      await db.pieces.put({ sha256, at: PIECE_BYTES, bytes, sum: await hashBytes(new Uint8Array(bytes)) })
    })
    await expect(store(mixed).keep(sha256)).rejects.toMatchObject({ type: 'wrong-bytes' })
    expect(await store().has(sha256)).toBe(false)
    expect(await db.pieces.count()).toBe(0)
  })

  it('a refused download in one tab takes nothing from the file that another has fetched', async () => {
    const refused: FetchBlob = async () => {
      await store().keep(sha256)
      throw Object.assign(new Error('recalled'), { code: 'not-found' })
    }
    await expect(store(refused).keep(sha256)).rejects.toThrow('recalled')
    expect(equal(await readWhole(), file)).toBe(true)
  })
})

describe('removed', () => {
  it('takes all of its pieces along', async () => {
    await store().keep(sha256)
    expect(await store().remove(sha256)).toBe(true)
    expect([await db.blobs.count(), await db.pieces.count()]).toEqual([0, 0])
  })

  it('with its circulation: all pieces go, unless the endpoint still wants the file from here', async () => {
    await store().keep(sha256)
    const removeIt = () => db.transaction('rw', db.tables, () => removeUnnamedBlobs(db, [sha256]))
    await db.blobs.update(sha256, { upload: 1 })
    await removeIt()
    expect([await db.blobs.count(), await db.pieces.count()]).toEqual([1, 4])
    expect(equal(await readWhole(), file)).toBe(true)
    await db.blobs.update(sha256, { upload: 0 })
    await removeIt()
    expect([await db.blobs.count(), await db.pieces.count()]).toEqual([0, 0])
  })

  it('made here over one that was fetched: one copy, and it goes up', async () => {
    await store().keep(sha256)
    await store().put(file, 'application/pdf')
    expect(await db.pieces.count()).toBe(0)
    expect(await db.blobs.get(sha256)).toMatchObject({ upload: 1, sizeBytes: file.length })
    expect(equal(await readWhole(), file)).toBe(true)
  })
})

describe('kept by an older version of the app', () => {
  const old = (bytes = file) => ({
    sha256,
    bytes: bytes.slice().buffer,
    mime: 'application/pdf',
    sizeBytes: file.length,
    keptAt: 1,
    upload: 0 as const,
  })

  it('a whole file is read as it is, and lies in pieces some time after it was opened', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    await db.blobs.put(old())
    const kept = (await store().open(sha256))!
    expect(equal(await kept.range(5, 9), file.slice(5, 9))).toBe(true)
    expect(await db.pieces.count()).toBe(0)
    vi.advanceTimersByTime(60_000)
    vi.useRealTimers()
    await expect.poll(() => db.pieces.count()).toBe(4)
    expect((await db.blobs.get(sha256))?.bytes).toBeUndefined()
    expect(equal(await readWhole(), file)).toBe(true)
    expect(equal(await kept.range(5, 9), file.slice(5, 9))).toBe(true)
  })

  it('one that was damaged is not cut up but let go of', async () => {
    await db.blobs.put(old(file.map((byte) => byte ^ 1)))
    await cutUp(db, sha256)
    expect([await db.blobs.count(), await db.pieces.count()]).toEqual([0, 0])
  })

  it('one that has no room in pieces stays as it is', async () => {
    await db.blobs.put(old())
    db.pieces.hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(cutUp(db, sha256)).rejects.toThrow()
    expect(equal(await readWhole(), file)).toBe(true)
  })

  it('one that was made here and waits to go up is left alone', async () => {
    await db.blobs.put({ ...old(), upload: 1 })
    await cutUp(db, sha256)
    expect((await db.blobs.get(sha256))?.bytes).toBeDefined()
  })

  it('a part without sums begins anew', async () => {
    await db.pieces.put({ sha256, at: 0, bytes: file.slice(0, PIECE_BYTES).buffer })
    await store().keep(sha256)
    expect(fetchedFrom).toEqual([0])
    expect(equal(await readWhole(), file)).toBe(true)
  })
})
