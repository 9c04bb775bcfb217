/**
 * What has come of a file so far, in pieces of one size. They are the file once the last one has come.
 *
 * Promises: pieces lie in order without a gap, so the first that is missing or damaged says where to go on, also after the tab
 * was killed; a file is called whole only when what lies here hashes to its name; a download that is under way in another tab
 * never writes into a whole file, nor takes anything from it; what is of no use any more (wrong bytes, recalled, no room) does
 * not stay, so that a full phone has its room back for what people write.
 */
import { sha256 as sha256Of } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { PhoneDb } from '../db.ts'
import type { BlobRow } from '../rows.ts'
import { guarded, StorageTrouble, troubleKindOf } from '../trouble.ts'
import { hashBytes, ownBuffer } from './hash-bytes.ts'
import { PIECE_BYTES } from './kept-file.ts'

/** What is here already, and where to put what comes. */
export interface FetchPieces {
  startAt?: number
  /** Each whole piece of so many bytes is handed over in order and awaited; one at 0 means that all begins anew. */
  pieceBytes?: number
  onPiece?: (piece: Uint8Array, at: number) => Promise<void>
}

/** The bytes do not hash to the name under which they were asked for. */
export class WrongBytes extends Error {
  readonly type = 'wrong-bytes'
  constructor() {
    super('文件在路上损坏了，请再下载一次。')
    this.name = 'WrongBytes'
  }
}

/** No room for a file: unlike what somebody wrote, it can be had again, and nothing of theirs is lost. */
class NoRoomForFile extends StorageTrouble {
  override readonly message =
    '手机空间不足，文件没有下载完，已写的内容都在。请到“我的 · 本机内容”清理已下载的文件，再下载一次。'
  constructor(cause: unknown) {
    super('quota', cause)
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined

/** Of one file, whole or not. Inside a transaction over `pieces`. */
export const deletePieces = (db: PhoneDb, sha256: string): Promise<number> =>
  db.pieces.where('sha256').equals(sha256).delete()

/** Pieces that are no file yet. Inside a transaction over `blobs` and `pieces`. */
export async function dropPartial(db: PhoneDb, sha256: string): Promise<void> {
  if ((await db.blobs.where('sha256').equals(sha256).count()) === 0) await deletePieces(db, sha256)
}

/** One download, from its beginning or from where an earlier one stopped. */
export function partialDownload(db: PhoneDb, sha256: string) {
  /** Of what has come: of each piece, and of all of them. */
  let sums: string[] = []
  let hash = sha256Of.create()
  const note = (piece: Uint8Array, sum: string): void => {
    sums.push(sum)
    hash.update(piece)
  }
  const beginAnew = (): void => {
    sums = []
    hash = sha256Of.create()
  }
  const inOne = <T>(work: () => Promise<T>): Promise<T> =>
    guarded(db, () => db.transaction('rw', db.blobs, db.pieces, work))
  const isWhole = async (): Promise<boolean> => (await db.blobs.where('sha256').equals(sha256).count()) > 0

  /** @returns where to go on */
  async function resume(): Promise<number> {
    for (;;) {
      const at = sums.length * PIECE_BYTES
      const row = await guarded(db, () => db.pieces.get([sha256, at])).catch((error: unknown) => {
        if (troubleKindOf(error) === 'damaged') return undefined
        throw error
      })
      if (row?.bytes.byteLength !== PIECE_BYTES) return at
      const bytes = new Uint8Array(row.bytes)
      const sum = await hashBytes(bytes)
      if (sum !== row.sum) return at
      note(bytes, sum)
    }
  }

  async function take(piece: Uint8Array, at: number): Promise<void> {
    if (at === 0) beginAnew()
    const sum = await hashBytes(piece)
    note(piece, sum)
    const bytes = ownBuffer(piece)
    await inOne(async () => {
      if (await isWhole()) return
      // Another content began here before. Where it is the same, another tab may be at work on it.
      if (at === 0 && (await db.pieces.get([sha256, 0]))?.sum !== sum) await deletePieces(db, sha256)
      await db.pieces.put({ sha256, at, bytes, sum })
    })
  }

  /** What lies here is what was hashed: another tab may have written in between. */
  async function isHere(): Promise<boolean> {
    let good = 0
    const beyond: [string, number][] = []
    await db.pieces
      .where('[sha256+at]')
      .between([sha256], [sha256, []])
      .each(({ at, sum }) => {
        if (at === good * PIECE_BYTES && sum === sums[good]) good += 1
        else if (at >= sums.length * PIECE_BYTES) beyond.push([sha256, at])
      })
    await db.pieces.bulkDelete(beyond)
    return good === sums.length
  }

  type About = Pick<BlobRow, 'mime' | 'keptAt'>
  async function finishSmall(file: Uint8Array, about: About): Promise<void> {
    if ((await hashBytes(file)) !== sha256) throw new WrongBytes()
    const row = { sha256, bytes: ownBuffer(file), sizeBytes: file.length, ...about, upload: 0 } as const
    await inOne(async () => {
      if (await isWhole()) return
      await deletePieces(db, sha256)
      await db.blobs.put(row)
    })
  }

  /** @param at where the rest begins: before it lie the pieces */
  async function finish(rest: Uint8Array, at: number, about: About): Promise<void> {
    if (at === 0 && rest.length <= PIECE_BYTES) return await finishSmall(rest, about)
    for (let from = 0; from < rest.length; from += PIECE_BYTES)
      await take(rest.subarray(from, from + PIECE_BYTES), at + from)
    if (bytesToHex(hash.digest()) !== sha256) throw new WrongBytes()
    const isReady = await inOne(async () => {
      if (await isWhole()) return true
      if (!(await isHere())) return false
      await db.blobs.put({ sha256, sums, sizeBytes: at + rest.length, ...about, upload: 0 })
      return true
    })
    if (!isReady) throw new WrongBytes()
  }

  return {
    resume,
    take,
    finish,
    /** Takes away what is of no use after this. @returns what to tell */
    async afterwards(problem: unknown): Promise<unknown> {
      const kind = troubleKindOf(problem)
      const isUseless =
        problem instanceof WrongBytes ||
        ['not-found', 'forbidden'].includes(String(codeOf(problem))) ||
        kind === 'quota' ||
        kind === 'damaged'
      // What cannot even be removed is tried again with the next download.
      if (isUseless && !db.isOver) await inOne(() => dropPartial(db, sha256)).catch(() => undefined)
      return kind === 'quota' ? new NoRoomForFile(problem) : problem
    },
  }
}
