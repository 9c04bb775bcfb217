/**
 * What has come of a file so far, in pieces of one size.
 *
 * Promises: pieces lie in order without a gap, so their number says where to go on, also after the tab was killed; two tabs
 * that download the same file write the same pieces; what is of no use any more (wrong bytes, recalled, damaged, no room)
 * does not stay, so that a full phone has its room back for what people write.
 */
import type { PhoneDb } from '../db.ts'
import type { BlobRow } from '../rows.ts'
import { guarded, StorageTrouble, troubleKindOf } from '../trouble.ts'

export const PIECE_BYTES = 512 * 1024

/** What is here already, and where to put what comes. */
export interface FetchPieces {
  startAt?: number
  /** Each whole piece of so many bytes is handed over in order and awaited; one at 0 means that all begins anew. */
  pieceBytes?: number
  onPiece?: (piece: Uint8Array, at: number) => Promise<void>
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

export function partialDownload(db: PhoneDb, sha256: string) {
  const rows = () => db.pieces.where('[sha256+at]').between([sha256], [sha256, []])
  const drop = (): Promise<number> => rows().delete()

  async function sizeBytes(): Promise<number> {
    const keys = await guarded(db, () => rows().primaryKeys())
    const gap = keys.findIndex(([, at], n) => at !== n * PIECE_BYTES)
    return (gap < 0 ? keys.length : gap) * PIECE_BYTES
  }

  return {
    sizeBytes,
    /** Also inside a transaction over `pieces`. */
    drop,
    asked: (startAt: number): Required<FetchPieces> => ({
      startAt,
      pieceBytes: PIECE_BYTES,
      onPiece: async (piece, at) => {
        await guarded(db, async () => {
          if (at === 0) await drop()
          await db.pieces.put({ sha256, at, bytes: new Uint8Array(piece).buffer })
        })
      },
    }),
    /** @param at where the rest begins: before it lie the pieces */
    async joinedWith(rest: Uint8Array, at: number): Promise<Uint8Array> {
      if (at === 0) return rest
      const whole = new Uint8Array(at + rest.length)
      for (let from = 0; from < at; from += PIECE_BYTES) {
        const row = await guarded(db, () => db.pieces.get([sha256, from]))
        whole.set(new Uint8Array(row?.bytes ?? new ArrayBuffer(0)).subarray(0, at - from), from)
      }
      whole.set(rest, at)
      return whole
    },
    /** File and pieces need room side by side; where there is none, the pieces give way and the file is tried once more. */
    async replaceBy(row: BlobRow): Promise<void> {
      try {
        await guarded(db, () =>
          db.transaction('rw', db.blobs, db.pieces, async () => {
            await db.blobs.put(row)
            await drop()
          }),
        )
      } catch (error) {
        if (troubleKindOf(error) !== 'quota') throw error
        await guarded(db, drop)
        await guarded(db, () => db.blobs.put(row))
      }
    },
    /** Takes away what is of no use after this. @returns what to tell */
    async afterwards(problem: unknown): Promise<unknown> {
      const kind = troubleKindOf(problem)
      const isUseless =
        Reflect.get(Object(problem), 'type') === 'wrong-bytes' ||
        ['not-found', 'forbidden'].includes(String(codeOf(problem))) ||
        kind === 'quota' ||
        kind === 'damaged'
      // What cannot even be removed is tried again with the next download.
      if (isUseless && !db.isOver) await guarded(db, drop).catch(() => undefined)
      return kind === 'quota' ? new NoRoomForFile(problem) : problem
    },
  }
}
