/**
 * Files on the phone, by the SHA-256 of their bytes.
 *
 * Promises: what `has` says is there came whole and hashed to its name, and nothing else is ever handed over under it; a file
 * that was made here stays until the endpoint has it; a download that was cut goes on where it was, also after the tab was
 * killed; one that was mixed up or forged, or that finds no room, leaves nothing.
 */
import type { PhoneDb } from '../db.ts'
import type { BlobRow } from '../rows.ts'
import { guarded } from '../trouble.ts'
import { hashBytes, ownBuffer } from './hash-bytes.ts'
import { DamagedFile, keptFile, PIECE_BYTES, type KeptFile } from './kept-file.ts'
import { deletePieces, dropPartial, partialDownload, type FetchPieces } from './partial-download.ts'
import { cutOld } from './cut-old.ts'

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

/** In `meta`: where the reader of the file stopped. It goes with the file. */
export const placeKey = (sha256: string): string => `place:${sha256}`
/** In `meta`: what the reader could not show of it. It goes with the file. */
export const unshownKey = (sha256: string): string => `unshown:${sha256}`

export interface BlobStore {
  has(sha256: string): Promise<boolean>
  /** To be read in parts. Nothing is read before it is asked for. */
  open(sha256: string): Promise<KeptFile | undefined>
  /** All of it; undefined also where it lies damaged, and then it is not here any more. */
  get(sha256: string): Promise<Blob | undefined>
  /** Downloads, or goes on with a download, checks the hash, stores. Nothing to do when it is there. @throws WrongBytes, StorageTrouble, what fetchBlob throws */
  keep(sha256: string, options?: FetchBlobOptions): Promise<void>
  /** Stores a file that was made here; it is uploaded before the first record that names it. @returns its SHA-256 */
  put(bytes: Blob | ArrayBuffer | Uint8Array, mime: string): Promise<string>
  /** Removes a downloaded file; one that the endpoint does not have yet stays. @returns whether it was removed */
  remove(sha256: string): Promise<boolean>
  usage(): Promise<{ count: number; sizeBytes: number }>
}

async function toBytes(input: Blob | ArrayBuffer | Uint8Array): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input
  if (input instanceof ArrayBuffer) return new Uint8Array(input)
  return new Uint8Array(await input.arrayBuffer())
}

export function createBlobStore(parts: { db: PhoneDb; fetchBlob: FetchBlob; now: () => number }): BlobStore {
  const { db } = parts
  const has = (sha256: string): Promise<boolean> =>
    guarded(db, async () => (await db.blobs.where('sha256').equals(sha256).count()) > 0)
  async function open(sha256: string): Promise<KeptFile | undefined> {
    const row = await guarded(db, () => db.blobs.get(sha256))
    if (row === undefined) return undefined
    cutOld(db, row)
    return keptFile(db, row)
  }

  return {
    has,
    open,
    async get(sha256) {
      const file = await open(sha256)
      try {
        return await file?.whole()
      } catch (error) {
        if (error instanceof DamagedFile) return undefined
        throw error
      }
    },
    async keep(sha256, options = {}) {
      if (await has(sha256)) return
      const partial = partialDownload(db, sha256)
      try {
        const startAt = await partial.resume()
        const asked = { startAt, pieceBytes: PIECE_BYTES, onPiece: partial.take }
        const { bytes: rest, at = 0, mime } = await parts.fetchBlob(sha256, { ...options, ...asked })
        // The person left meanwhile: a download that was stopped, not a failure.
        if (db.isOver) throw new DOMException('the phone was closed', 'AbortError')
        await partial.finish(rest, at, { mime, keptAt: parts.now() })
      } catch (error) {
        throw await partial.afterwards(error)
      }
    },
    async put(input, mime) {
      const bytes = await toBytes(input)
      const sha256 = await hashBytes(bytes)
      // A file that the endpoint gave us needs no upload by hash alone: the right to read is made by the upload.
      const about = { sizeBytes: bytes.length, mime, keptAt: parts.now(), upload: 1 } as const
      const row: BlobRow = { sha256, bytes: ownBuffer(bytes), ...about }
      await guarded(db, () =>
        db.transaction('rw', db.blobs, db.pieces, async () => {
          await deletePieces(db, sha256)
          await db.blobs.put(row)
        }),
      )
      return sha256
    },
    async remove(sha256) {
      return await guarded(db, () =>
        db.transaction('rw', db.blobs, db.pieces, db.meta, async () => {
          const removed = await db.blobs.where({ sha256, upload: 0 }).delete()
          await dropPartial(db, sha256)
          if (removed > 0) await db.meta.bulkDelete([placeKey(sha256), unshownKey(sha256)])
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
