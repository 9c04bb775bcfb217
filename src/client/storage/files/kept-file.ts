/**
 * A file that is whole on this phone, read in parts: a small one lies in its row, a larger one in pieces.
 *
 * Promises: only what is asked for is read from the disk; what is handed over are the bytes that hashed to the file's name when
 * it came: each piece is held against its sum. Where one is missing or damaged nothing is handed over, the file counts as not
 * here from then on, and the pieces before it stay, so that it is fetched again from there.
 */
import type { PhoneDb } from '../db.ts'
import type { BlobRow, PieceRow } from '../rows.ts'
import { guarded, troubleKindOf } from '../trouble.ts'
import { hashBytes } from './hash-bytes.ts'

export const PIECE_BYTES = 512 * 1024

export interface KeptFile {
  readonly sizeBytes: number
  readonly mime: string
  /** Bytes from `from` to before `to`; no more than there are. @throws DamagedFile, StorageTrouble */
  range(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>
  /** For what can only be read as a whole. @throws DamagedFile, StorageTrouble */
  whole(): Promise<Blob>
}

/** What lies here is not what came. */
export class DamagedFile extends Error {
  readonly type = 'damaged-file'
  constructor() {
    super('本机的这个文件有一处读不出来，需要重新下载。')
    this.name = 'DamagedFile'
  }
}

const howMany = (sizeBytes: number): number => Math.ceil(sizeBytes / PIECE_BYTES)

/** A row that says where all of its bytes are. */
export const isSoundBlob = (row: BlobRow): boolean =>
  row.bytes === undefined
    ? Array.isArray(row.sums) && row.sums.length === howMany(row.sizeBytes)
    : row.bytes instanceof ArrayBuffer

function fromRow(bytes: ArrayBuffer, mime: string): KeptFile {
  return {
    sizeBytes: bytes.byteLength,
    mime,
    range: async (from, to) => new Uint8Array(bytes.slice(from, to)),
    whole: async () => new Blob([bytes], { type: mime }),
  }
}

export function keptFile(db: PhoneDb, row: BlobRow): KeptFile {
  const { sha256, mime, sizeBytes, sums = [] } = row
  if (row.bytes !== undefined) return fromRow(row.bytes, mime)

  /** One that the endpoint does not have yet stays as it is: there is nothing to fetch. */
  async function forget(at: number): Promise<void> {
    await guarded(db, () =>
      db.transaction('rw', db.blobs, db.pieces, async () => {
        if ((await db.blobs.where({ sha256, upload: 0 }).delete()) > 0) await db.pieces.delete([sha256, at])
      }),
    )
  }
  async function readRow(at: number): Promise<PieceRow | undefined> {
    try {
      return await guarded(db, () => db.pieces.get([sha256, at]))
    } catch (error) {
      // Chrome loses large values singly.
      if (troubleKindOf(error) === 'damaged') return undefined
      throw error
    }
  }
  async function piece(n: number): Promise<Uint8Array<ArrayBuffer>> {
    const at = n * PIECE_BYTES
    const found = await readRow(at)
    const bytes = found === undefined ? undefined : new Uint8Array(found.bytes)
    if (bytes !== undefined && (await hashBytes(bytes)) === sums[n]) return bytes
    await forget(at)
    throw new DamagedFile()
  }

  return {
    sizeBytes,
    mime,
    async range(from, to) {
      const end = Math.min(to, sizeBytes)
      const bytes = new Uint8Array(Math.max(0, end - from))
      for (let n = Math.floor(from / PIECE_BYTES); n < howMany(end); n++) {
        const at = n * PIECE_BYTES
        const part = (await piece(n)).subarray(Math.max(0, from - at), end - at)
        bytes.set(part, Math.max(0, at - from))
      }
      return bytes
    },
    async whole() {
      const parts: Blob[] = []
      // Each leaves the memory of the page as it comes.
      for (let n = 0; n < howMany(sizeBytes); n++) parts.push(new Blob([await piece(n)]))
      return new Blob(parts, { type: mime })
    },
  }
}
