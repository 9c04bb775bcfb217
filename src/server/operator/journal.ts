/**
 * What must not be undone by restoring an older backup: erasures by rule and devices that were stopped. One JSON line each in
 * `DATA_DIR/after-backup.ndjson`, on the disk before the transaction commits; a restore replays it.
 *
 * Synchronous on purpose: it is written inside a transaction, where nothing but the store may be awaited. A transaction that
 * fails after it leaves a line too much, which a restore would then carry out; one that is missing would bring erased content
 * back. With several endpoints on one database each has its own file, and a restore wants them all.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { Id, Millis, ScopeName, Sha256, TypeName } from '../../shared/sync/protocol/primitives.ts'
import { endDevice } from '../commands/end-device.ts'
import { eraseRecord } from '../commands/erase-record.ts'
import type { WriteTx } from '../store/record-store.ts'

const JournalLine = v.variant('kind', [
  v.object({
    kind: v.literal('erase'),
    type: TypeName,
    id: Id,
    scope: ScopeName,
    reason: v.string(),
    author: v.string(),
    /** SHA-256 of files whose bytes went with it: a restore doesn't bring them back either. */
    freedFiles: v.array(Sha256),
    at: Millis,
  }),
  v.object({ kind: v.literal('end-device'), deviceId: Id, personId: Id, by: v.string(), at: Millis }),
])
export type JournalLine = v.InferOutput<typeof JournalLine>

export interface Journal {
  /** Returns when the line is on the disk. @throws when it cannot be written: then nothing may be done either */
  append(line: JournalLine): void
}

/** Where nothing is ever restored: tests, and a store in memory. */
export const noJournal: Journal = { append: () => undefined }

export const journalPath = (dataDir: string): string => join(dataDir, 'after-backup.ndjson')

export function createFileJournal(path: string): Journal {
  return {
    append: (line) => {
      const file = openSync(path, 'a', 0o600)
      try {
        // A line that a crash cut off is ended first, or this one would be part of it.
        const text = `${endsOpen(path) ? '\n' : ''}${JSON.stringify(line)}\n`
        writeSync(file, text)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      syncFolder(dirname(path))
    },
  }
}

const endsOpen = (path: string): boolean => {
  const text = readFileSync(path)
  return text.length > 0 && text.at(-1) !== 0x0a
}

/** A new file is on the disk when its folder is. Windows has no such thing, and needs none. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Lines in their order; none when there is no file. What a crash cut off was never carried out, and is passed over. */
export function readJournal(path: string): { lines: JournalLine[]; unreadable: number } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return { lines: [], unreadable: 0 }
    throw problem
  }
  const lines: JournalLine[] = []
  let unreadable = 0
  for (const part of text.split('\n')) {
    if (part === '') continue
    const line = lineOf(part)
    if (line === undefined) unreadable++
    else lines.push(line)
  }
  return { lines, unreadable }
}

function lineOf(text: string): JournalLine | undefined {
  try {
    const result = v.safeParse(JournalLine, JSON.parse(text))
    return result.success ? result.output : undefined
  } catch (problem) {
    if (problem instanceof SyntaxError) return undefined
    throw problem
  }
}

/** Carries out again what the restored backup doesn't know yet; once or twice is the same. @returns how many were new */
export async function replayJournal(tx: WriteTx, lines: readonly JournalLine[]): Promise<number> {
  let carriedOut = 0
  for (const line of lines) {
    if (line.kind === 'erase') {
      const { change } = await eraseRecord(tx, { ...line, now: line.at })
      // Written after the backup: nothing is here yet, and its author's phone will offer it.
      if (change === 'unknown') await tx.putErasure(line)
      if (change !== 'already') carriedOut++
    } else {
      const device = await tx.device(line.deviceId)
      if (device === undefined || device.revokedAt !== null) continue
      await endDevice(tx, device, { by: line.by, now: line.at })
      carriedOut++
    }
  }
  return carriedOut
}
