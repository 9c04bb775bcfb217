/** Files that come down over a bad line to a phone that is killed, full, or asked to forget them meanwhile. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fetchBlob } from '../../../src/client/remote/files.ts'
import { createBlobStore, placeKey } from '../../../src/client/storage/files/blobs.ts'
import { hashBytes } from '../../../src/client/storage/files/hash-bytes.ts'
import { PIECE_BYTES } from '../../../src/client/storage/files/kept-file.ts'
import { openPhoneDatabase, type PhoneDb } from '../../../src/client/storage/db.ts'

const file = new Uint8Array(3 * PIECE_BYTES + 1000).map((_, at) => (at * 7 + (at >> 9)) % 251)
let sha256: string
let indexedDB: IDBFactory
let db: PhoneDb
/** The ranges that were asked for; null = from the beginning. */
let asked: (string | null)[]
/** How many bytes come before the line is cut; once for each request. */
let cuts: number[]
let held: Uint8Array
let status: number | undefined
let ignoresRange: boolean

beforeEach(async () => {
  sha256 = await hashBytes(file)
  indexedDB = new IDBFactory()
  db = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
  asked = []
  cuts = []
  held = file
  status = undefined
  ignoresRange = false
})
afterEach(() => db.close())

const CHUNK = 60_000

/** As a network brings them, and then no more. */
function bodyOf(bytes: Uint8Array, cutAfter: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      const end = Math.min(at + CHUNK, bytes.length, cutAfter)
      if (end > at) controller.enqueue(bytes.slice(at, end))
      else if (at >= bytes.length) controller.close()
      else controller.error(new TypeError('network error'))
      at = end
    },
  })
}

const line: typeof fetch = async (_, init) => {
  const range = new Headers(init?.headers).get('range')
  asked.push(range)
  if (status !== undefined)
    return new Response(JSON.stringify({ error: { code: 'not-found', message: '没有' } }), { status })
  const from = range === null || ignoresRange ? 0 : Number(/\d+/.exec(range)![0])
  if (from > 0 && from >= held.length) return new Response(null, { status: 416 })
  const rest = held.subarray(from)
  const headers = { 'content-type': 'application/pdf', 'content-length': String(rest.length) }
  const body = bodyOf(rest, cuts.shift() ?? Infinity)
  return from === 0
    ? new Response(body, { headers })
    : new Response(body, {
        status: 206,
        headers: { ...headers, 'content-range': `bytes ${from}-${held.length - 1}/${held.length}` },
      })
}

const store = () =>
  createBlobStore({ db, now: () => 1, fetchBlob: (hash, how) => fetchBlob(hash, { ...how, fetch: line }) })

/** The tab is killed: nothing of it is left but the disk. */
function startAnew(): void {
  db.close()
  db = openPhoneDatabase('li', { indexedDB, IDBKeyRange })
}

async function cutAfter(bytes: number): Promise<void> {
  cuts = [bytes, 0, 0, 0]
  await expect(store().keep(sha256)).rejects.toMatchObject({ code: 'offline' })
}
const isWhole = async () =>
  new Uint8Array(await (await store().get(sha256))!.arrayBuffer()).every((byte, at) => byte === file[at])

it('goes on where it was cut, also after the tab was killed, and comes whole', async () => {
  await cutAfter(2 * PIECE_BYTES + 5000)
  expect(await store().has(sha256)).toBe(false)
  startAnew()
  asked = []
  const progress: number[] = []
  await store().keep(sha256, { onProgress: (loaded) => progress.push(loaded) })
  expect(asked).toEqual([`bytes=${2 * PIECE_BYTES}-`])
  expect(progress[0]).toBeGreaterThan(2 * PIECE_BYTES)
  expect(progress.at(-1)).toBe(file.length)
  expect(await isWhole()).toBe(true)
  expect(await store().usage()).toEqual({ count: 1, sizeBytes: file.length })
})

it('a download that was killed by the system in the middle goes on too', async () => {
  const stopped = store().keep(sha256, {
    onProgress: (loaded) => loaded > 2 * PIECE_BYTES + CHUNK && db.closeForGood(),
  })
  await expect(stopped).rejects.toThrow()
  startAnew()
  asked = []
  await store().keep(sha256)
  expect(asked[0]).toMatch(/^bytes=\d+-$/)
  expect(await isWhole()).toBe(true)
})

it('begins anew where the endpoint does not go on, or has less than what is here', async () => {
  await cutAfter(2 * PIECE_BYTES + 1)
  ignoresRange = true
  await store().keep(sha256)
  expect(await isWhole()).toBe(true)

  await store().remove(sha256)
  ignoresRange = false
  await cutAfter(2 * PIECE_BYTES + 1)
  held = file.subarray(0, PIECE_BYTES)
  await expect(store().keep(sha256)).rejects.toMatchObject({ type: 'wrong-bytes' })
  expect(await db.pieces.count()).toBe(0)
})

it('bytes that do not hash to the name are thrown away and told; the next download begins at the beginning', async () => {
  await cutAfter(PIECE_BYTES + 1)
  held = file.map((byte) => byte ^ 1)
  await expect(store().keep(sha256)).rejects.toThrow('文件在路上损坏了，请再下载一次。')
  expect(await db.pieces.count()).toBe(0)
  expect(await store().has(sha256)).toBe(false)
  held = file
  asked = []
  await store().keep(sha256)
  expect(asked).toEqual([null])
  expect(await isWhole()).toBe(true)
})

const full = () => {
  throw new DOMException('full', 'QuotaExceededError')
}

it('a full phone: said with what to free, the part gives its room back, and what was written stays', async () => {
  await db.meta.put({ key: 'kept:opinion', value: { label: '阅示意见', value: '写了一半' } })
  await cutAfter(PIECE_BYTES + 1)
  expect(await db.pieces.count()).toBe(1)
  db.pieces.hook('creating', full)
  const problem = await store()
    .keep(sha256)
    .catch((error: unknown) => error)
  expect(problem).toMatchObject({ type: 'storage-trouble', kind: 'quota' })
  expect((problem as Error).message).toMatch(/手机空间不足.*已写的内容都在.*本机内容/)
  // Not tried again by itself.
  expect(asked.filter((range) => range !== null && Number(/\d+/.exec(range)![0]) > PIECE_BYTES)).toHaveLength(
    3,
  )
  expect(await db.pieces.count()).toBe(0)
  expect(await db.meta.get('kept:opinion')).toMatchObject({ value: { value: '写了一半' } })
  db.pieces.hook('creating').unsubscribe(full)
  await store().keep(sha256)
  expect(await isWhole()).toBe(true)
})

it('needs room for the file once: nothing of it is written twice', async () => {
  let written = 0
  db.pieces.hook('creating', (_, row) => void (written += row.bytes.byteLength))
  db.blobs.hook('creating', (_, row) => void (written += row.bytes?.byteLength ?? 0))
  await store().keep(sha256)
  expect(await isWhole()).toBe(true)
  expect(written).toBe(file.length)
})

it('what was recalled meanwhile leaves no part of it', async () => {
  await cutAfter(2 * PIECE_BYTES + 1)
  status = 404
  await expect(store().keep(sha256)).rejects.toMatchObject({ code: 'not-found' })
  expect(await db.pieces.count()).toBe(0)
})

it('a removed file takes its part and the place where one stopped along, and those of no other', async () => {
  await cutAfter(PIECE_BYTES + 1)
  await db.pieces.put({ sha256: 'f'.repeat(64), at: 0, bytes: new ArrayBuffer(1) })
  await store().remove(sha256)
  expect((await db.pieces.toArray()).map((piece) => piece.sha256)).toEqual(['f'.repeat(64)])
  await store().keep(sha256)
  await db.meta.put({ key: placeKey(sha256), value: { page: 3, share: 0 } })
  expect(await store().remove(sha256)).toBe(true)
  expect(await db.meta.get(placeKey(sha256))).toBeUndefined()
})
