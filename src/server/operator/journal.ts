/**
 * What must not be undone by restoring an older backup: erasures by rule, devices that were stopped, accounts that were closed,
 * roles that were revoked for cause. One JSON line each in `DATA_DIR/after-backup.ndjson`, on the disk before the transaction
 * commits; a restore replays it (replay-journal.ts). Accounts and roles come from journaled-store.ts.
 *
 * Synchronous on purpose: it is written inside a transaction, where nothing but the store may be awaited. A transaction that
 * fails after it leaves a line too much, which a restore would then carry out; one that is missing would bring erased content
 * back. With several endpoints on one database each has its own file, and a restore wants them all.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { role } from '../../shared/org/role.ts'
import { Id, Millis, ScopeName, Sha256, TypeName } from '../../shared/sync/protocol/primitives.ts'

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
  v.object({ kind: v.literal('close-account'), personId: Id, staffNo: v.string(), at: Millis }),
  v.object({ kind: v.literal('reopen-account'), personId: Id, at: Millis }),
  /** With its fields, for a backup that does not know the role. */
  v.object({ kind: v.literal('revoke-role'), id: Id, fields: role.schema, author: v.string(), at: Millis }),
  v.object({ kind: v.literal('reinstate-role'), id: Id, at: Millis }),
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
