/**
 * What is inside a backup's envelope, gunzipped: lines of JSON, then files.
 *
 *     {"backup":1,"createdAt":…,"epoch":"…","schema":2}
 *     {"table":"settings","row":{…}}            every row of every table, of one snapshot
 *     {"rows":{"settings":4,…}}
 *     {"file":"<sha256>","sizeBytes":…}         then its bytes: length (4 bytes) and so many of them, again and again;
 *                                               length 0: whole; length FFFFFFFF: it was removed meanwhile, forget it
 *     {"end":{"files":…,"missing":[…]}}
 *
 * Guarantees: `readContents` yields rows that are complete and of tables that there are, and files that hash to their names; where
 * the contents don't hold what they say they do, it throws. Nothing is ever held but a row or a part of a file.
 */
import { createHash } from 'node:crypto'
import { TABLES } from '../store/sql/whole-store.ts'
import type { TableRow } from '../store/record-store.ts'
import type { TableName } from '../store/sql/tables.ts'
import { createByteReader, SENTENCES, type ByteReader } from './envelope.ts'
import { BackupTrouble } from './trouble.ts'

export const CONTENTS_VERSION = 1
const MAX_LINE_BYTES = 256 * 1024 * 1024
const FORGOTTEN = 0xffff_ffff
export const PART_BYTES = 256 * 1024

export interface About {
  /** Of the snapshot, by the clock of the machine that made it (UTC ms). */
  createdAt: number
  epoch: string
  /** Of the tables, as `settings` has it. */
  schema: number
}

export type Item =
  | { kind: 'about'; about: About }
  | { kind: 'row'; table: TableName; row: TableRow }
  /** All rows were there. */
  | { kind: 'rows-end' }
  | { kind: 'file'; sha256: string; sizeBytes: number }
  | { kind: 'part'; bytes: Buffer }
  /** `whole`: it hashes to its name. Otherwise it had been removed while the backup was made. */
  | { kind: 'file-end'; sha256: string; whole: boolean }
  | { kind: 'end'; missing: readonly string[] }

export const lineOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`)
export const aboutLine = (about: About): Buffer => lineOf({ backup: CONTENTS_VERSION, ...about })
export const fileLine = (sha256: string, sizeBytes: number): Buffer => lineOf({ file: sha256, sizeBytes })

const lengthOf = (value: number): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(value)
  return length
}
export const partOf = (bytes: Uint8Array): Buffer => Buffer.concat([lengthOf(bytes.length), bytes])
export const WHOLE = lengthOf(0)
export const FORGET = lengthOf(FORGOTTEN)

type Line = Record<string, unknown>
const damaged = (): BackupTrouble => new BackupTrouble(SENTENCES.damaged)

async function nextLine(reader: ByteReader): Promise<Line> {
  const line = await reader.line(MAX_LINE_BYTES)
  if (line === undefined) throw damaged()
  try {
    const value = JSON.parse(line.toString('utf8')) as unknown
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged()
    return value as Line
  } catch (problem) {
    if (problem instanceof SyntaxError) throw new BackupTrouble(SENTENCES.damaged, { cause: problem })
    throw problem
  }
}

function aboutOf(line: Line): About {
  const { backup, createdAt, epoch, schema } = line
  if (typeof backup === 'number' && backup > CONTENTS_VERSION) throw new BackupTrouble(SENTENCES.newer)
  const isAbout = typeof createdAt === 'number' && typeof epoch === 'string' && typeof schema === 'number'
  if (backup !== CONTENTS_VERSION || !isAbout) throw damaged()
  return { createdAt, epoch, schema }
}

const isTable = (name: unknown): name is TableName => typeof name === 'string' && Object.hasOwn(TABLES, name)
const isCell = (value: unknown): boolean =>
  value === null || typeof value === 'string' || Number.isSafeInteger(value)

function rowOf(line: Line): { table: TableName; row: TableRow } {
  const { table, row } = line
  // Sealed by who holds the passphrase, and yet unknown here: a table that a later version brought.
  if (!isTable(table)) throw new BackupTrouble(SENTENCES.newer)
  if (typeof row !== 'object' || row === null || !Object.values(row).every(isCell)) throw damaged()
  if (!TABLES[table].every((key) => Object.hasOwn(row, key))) throw damaged()
  return { table, row: row as TableRow }
}

/** @param content gunzipped @throws BackupTrouble */
export async function* readContents(content: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  const reader = createByteReader(content)
  try {
    yield { kind: 'about', about: aboutOf(await nextLine(reader)) }
    yield* readRows(reader)
    yield { kind: 'rows-end' }
    let files = 0
    for (;;) {
      const line = await nextLine(reader)
      if (typeof line.file === 'string' && typeof line.sizeBytes === 'number') {
        const { file, sizeBytes } = line
        yield { kind: 'file', sha256: file, sizeBytes }
        if (yield* readFile(reader, file, sizeBytes)) files += 1
        continue
      }
      const end = line.end as { files?: unknown; missing?: unknown } | undefined
      if (end?.files !== files || !Array.isArray(end.missing) || !(await reader.isAtEnd())) throw damaged()
      yield { kind: 'end', missing: end.missing as string[] }
      return
    }
  } finally {
    await reader.close()
  }
}

async function* readRows(reader: ByteReader): AsyncGenerator<Item> {
  const counts: Record<string, number> = {}
  for (;;) {
    const line = await nextLine(reader)
    if (line.rows !== undefined) {
      const told = line.rows as Record<string, number>
      const same = Object.keys({ ...told, ...counts }).every((t) => (told[t] ?? 0) === (counts[t] ?? 0))
      if (!same) throw damaged()
      return
    }
    const { table, row } = rowOf(line)
    counts[table] = (counts[table] ?? 0) + 1
    yield { kind: 'row', table, row }
  }
}

async function* readFile(
  reader: ByteReader,
  sha256: string,
  sizeBytes: number,
): AsyncGenerator<Item, boolean> {
  const hash = createHash('sha256')
  let received = 0
  for (;;) {
    const length = (await reader.take(4))?.readUInt32BE()
    if (length === undefined || (length > PART_BYTES && length !== FORGOTTEN)) throw damaged()
    if (length === 0 || length === FORGOTTEN) {
      const whole = length === 0
      if (whole && (received !== sizeBytes || hash.digest('hex') !== sha256)) throw damaged()
      yield { kind: 'file-end', sha256, whole }
      return whole
    }
    const bytes = await reader.take(length)
    if (bytes === undefined) throw damaged()
    hash.update(bytes)
    received += length
    yield { kind: 'part', bytes }
  }
}
