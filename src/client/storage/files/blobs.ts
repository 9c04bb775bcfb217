/**
 * Files on the phone, by the SHA-256 of their bytes.
 *
 * Promises: what `has` says is there is whole and hashes to its name; a file that was made here stays until the endpoint
 * has it; a download that was cut goes on where it was, also after the tab was killed; one that was mixed up or forged, or that
 * finds no room, leaves nothing.
 */
import type { PhoneDb } from '../db.ts'
import type { BlobRow } from '../rows.ts'
import { partialDownload, type FetchPieces } from './partial-download.ts'
import { guarded } from '../trouble.ts'

export interface FetchedBytes {
  /** From `at` on; all of them where that is not told. */
  bytes: Uint8Array
  at?: number
  mime: string
}
export interface FetchBlobOptions {
  /** Bytes so far and in all; the sum is null where the endpoint did not say. */
  onProgress?: (loadedBytes: number, totalBytes: number | null) => void
  signal?: AbortSignal
}
/** Gets the bytes from the endpoint; resumes by itself. Rejects with what went wrong. */
export type FetchBlob = (sha256: string, options?: FetchBlobOptions & FetchPieces) => Promise<FetchedBytes>

/** The bytes do not hash to the name under which they were asked for. */
export class WrongBytes extends Error {
  readonly type = 'wrong-bytes'
  constructor() {
    super('文件在路上损坏了，请再下载一次。')
    this.name = 'WrongBytes'
  }
}

/** In `meta`: where the reader of the file stopped. It goes with the file. */
export const placeKey = (sha256: string): string => `place:${sha256}`

export interface BlobStore {
  has(sha256: string): Promise<boolean>
  get(sha256: string): Promise<Blob | undefined>
  /** Downloads, or goes on with a download, checks the hash, stores. Nothing to do when it is there. @throws WrongBytes, StorageTrouble, what fetchBlob throws */
  keep(sha256: string, options?: FetchBlobOptions): Promise<void>
  /** Stores a file that was made here; it is uploaded before the first record that names it. @returns its SHA-256 */
  put(bytes: Blob | ArrayBuffer | Uint8Array, mime: string): Promise<string>
  /** Removes a downloaded file; one that the endpoint does not have yet stays. @returns whether it was removed */
  remove(sha256: string): Promise<boolean>
  usage(): Promise<{ count: number; sizeBytes: number }>
}

/** The browser's digest where there is one: a file of 20 MB in plain JavaScript would hold up the thumb. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined) return (await import('../../../shared/sync/canonical.ts')).sha256Hex(bytes)
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A copy of exactly these bytes: a view may stand on a larger buffer. */
const ownBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

async function toBytes(input: Blob | ArrayBuffer | Uint8Array): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input
  if (input instanceof ArrayBuffer) return new Uint8Array(input)
  return new Uint8Array(await input.arrayBuffer())
}

export function createBlobStore(parts: { db: PhoneDb; fetchBlob: FetchBlob; now: () => number }): BlobStore {
  const { db } = parts
  const rowOf = (sha256: string, bytes: Uint8Array, mime: string, upload: 0 | 1): BlobRow => {
    const buffer = ownBuffer(bytes)
    return { sha256, bytes: buffer, mime, sizeBytes: buffer.byteLength, keptAt: parts.now(), upload }
  }
  const has = (sha256: string): Promise<boolean> =>
    guarded(db, async () => (await db.blobs.where('sha256').equals(sha256).count()) > 0)

  return {
    has,
    async get(sha256) {
      const row = await guarded(db, () => db.blobs.get(sha256))
      return row === undefined ? undefined : new Blob([row.bytes], { type: row.mime })
    },
    async keep(sha256, options = {}) {
      if (await has(sha256)) return
      const partial = partialDownload(db, sha256)
      try {
        const startAt = await partial.sizeBytes()
        const {
          bytes: rest,
          at = 0,
          mime,
        } = await parts.fetchBlob(sha256, { ...options, ...partial.asked(startAt) })
        // The person left meanwhile: a download that was stopped, not a failure.
        if (db.isOver) throw new DOMException('the phone was closed', 'AbortError')
        const bytes = await partial.joinedWith(rest, at)
        if ((await hashBytes(bytes)) !== sha256) throw new WrongBytes()
        await partial.replaceBy(rowOf(sha256, bytes, mime, 0))
      } catch (error) {
        throw await partial.afterwards(error)
      }
    },
    async put(input, mime) {
      const bytes = await toBytes(input)
      const sha256 = await hashBytes(bytes)
      await guarded(db, async () => {
        // A file that the endpoint gave us needs no upload by hash alone: the right to read is made by the upload.
        await db.blobs.put(rowOf(sha256, bytes, mime, 1))
      })
      return sha256
    },
    async remove(sha256) {
      return await guarded(db, () =>
        db.transaction('rw', db.blobs, db.pieces, db.meta, async () => {
          const removed = await db.blobs.where({ sha256, upload: 0 }).delete()
          await partialDownload(db, sha256).drop()
          if (removed > 0) await db.meta.delete(placeKey(sha256))
          return removed > 0
        }),
      )
    },
    usage: () =>
      guarded(db, async () => {
        const usage = { count: 0, sizeBytes: 0 }
        await db.blobs.each((row) => {
          usage.count += 1
          usage.sizeBytes += row.sizeBytes
        })
        return usage
      }),
  }
}
