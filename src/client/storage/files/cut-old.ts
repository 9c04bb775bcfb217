/**
 * Files that were kept before files lay in pieces: reading one page of such a file reads all of it. Cut into pieces some time after
 * it was opened, so that the next opening is quick; until then, and where there is no room for it, it is read as it is.
 *
 * Promises: file and pieces change places in one transaction; bytes that do not hash to the name are not cut up but let go of,
 * and come anew; a file that the endpoint does not have yet is left alone.
 */
import type { PhoneDb } from '../db.ts'
import type { BlobRow, PieceRow } from '../rows.ts'
import { hashBytes } from './hash-bytes.ts'
import { PIECE_BYTES } from './kept-file.ts'
import { deletePieces } from './partial-download.ts'

/** Whoever opened it looks at its first page by then. */
const LATER_MS = 10_000

export function cutOld(db: PhoneDb, row: BlobRow): void {
  if (row.bytes === undefined || row.bytes.byteLength <= PIECE_BYTES || row.upload === 1) return
  const { sha256 } = row
  setTimeout(() => {
    // Nobody waits for it; the next opening tries again.
    if (!db.isOver) void cutUp(db, sha256).catch(() => undefined)
  }, LATER_MS)
}

export async function cutUp(db: PhoneDb, sha256: string): Promise<void> {
  const row = await db.blobs.get(sha256)
  if (row?.bytes === undefined || row.upload === 1) return
  const { bytes, ...about } = row
  const isSound = (await hashBytes(new Uint8Array(bytes))) === sha256
  const end = isSound ? bytes.byteLength : 0
  const pieces: (PieceRow & { sum: string })[] = []
  for (let at = 0; at < end; at += PIECE_BYTES) {
    const piece = bytes.slice(at, at + PIECE_BYTES)
    pieces.push({ sha256, at, bytes: piece, sum: await hashBytes(new Uint8Array(piece)) })
  }
  await db.transaction('rw', db.blobs, db.pieces, async () => {
    // Gone, or written here, meanwhile.
    if ((await db.blobs.where({ sha256, upload: 0 }).count()) === 0) return
    await deletePieces(db, sha256)
    if (!isSound) return await db.blobs.delete(sha256)
    await db.pieces.bulkPut(pieces)
    await db.blobs.put({ ...about, sums: pieces.map(({ sum }) => sum) })
  })
}
