/**
 * The journal on the disk: one JSON line each in `DATA_DIR/after-backup.ndjson`, there before the transaction commits.
 *
 * Synchronous on purpose: it is written inside a transaction, where nothing but the store may be awaited. A transaction that
 * fails after it leaves a line too much, which a restore would then carry out; one that is missing would bring erased content
 * back. With several endpoints on one database each has its own file, and a restore wants them all.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { JournalLine, type Journal } from './journal-lines.ts'

export const journalPath = (dataDir: string): string => join(dataDir, 'after-backup.ndjson')

export function createFileJournal(path: string): Journal {
  return {
    append: (line) => {
      const file = openSync(path, 'a+', 0o600)
      try {
        // A line that a crash cut off is ended first, or this one would be part of it.
        writeFileSync(file, `${endsOpen(file) ? '\n' : ''}${JSON.stringify(line)}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      syncFolder(dirname(path))
    },
  }
}

function endsOpen(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return false
  const last = new Uint8Array(1)
  readSync(file, last, 0, 1, size - 1)
  return last[0] !== 0x0a
}

/**
 * Writes the whole journal anew; the old one stands until the new one is on the disk, and is kept under another name: it may
 * hold lines that only another version can read.
 */
export function rewriteJournal(path: string, lines: readonly JournalLine[], now: number): void {
  const beside = `${path}.new`
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  writeFileSync(beside, text, { mode: 0o600, flush: true })
  if (existsSync(path)) copyFileSync(path, `${path}.${now}`)
  renameSync(beside, path)
  syncFolder(dirname(path))
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
