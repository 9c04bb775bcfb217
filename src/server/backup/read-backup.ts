/** Reads a backup file from the disk: to check it, to restore it, or table by table as if it were a store. */
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { TableReader } from '../store/record-store.ts'
import { TABLE_NAMES } from '../store/sql/whole-store.ts'
import { readContents, type About, type Item } from './contents.ts'
import { open, SENTENCES } from './envelope.ts'
import { BackupTrouble, reasonOf } from './trouble.ts'

export interface BackupFile {
  path: string
  passphrase: string
}

export interface CheckedBackup extends About {
  rows: Readonly<Record<string, number>>
  files: number
  fileBytes: number
  /** Named by the rows, and not in the backup. */
  missing: readonly string[]
}

/** Everything in it, from the beginning. Whoever stops early has not seen that it is whole. @throws BackupTrouble */
export async function* readBackup({ path, passphrase }: BackupFile): AsyncGenerator<Item> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  // Problems come out of `gunzip`, whose reader is below.
  pipeline(Readable.from(open(passphrase, file)), gunzip, () => undefined)
  try {
    yield* readContents(gunzip)
  } catch (problem) {
    throw troubleOf(path, problem)
  } finally {
    gunzip.destroy()
  }
}

function troubleOf(path: string, problem: unknown): unknown {
  if (problem instanceof BackupTrouble) return problem
  const code = problem instanceof Error ? ((problem as NodeJS.ErrnoException).code ?? '') : ''
  if (code.startsWith('Z_')) return new BackupTrouble(SENTENCES.damaged, { cause: problem })
  const reason = reasonOf(problem)
  return reason === undefined
    ? problem
    : new BackupTrouble(`读不到备份文件 ${path}（${reason}）。`, { cause: problem })
}

/** Reads all of it. @throws BackupTrouble unless it is whole, unharmed and complete */
export async function checkBackup(backup: BackupFile): Promise<CheckedBackup> {
  const rows: Record<string, number> = Object.fromEntries(TABLE_NAMES.map((table) => [table, 0]))
  let about: About | undefined
  let missing: readonly string[] | undefined
  let [files, fileBytes] = [0, 0]
  for await (const item of readBackup(backup)) {
    if (item.kind === 'about') about = item.about
    else if (item.kind === 'row') rows[item.table]! += 1
    else if (item.kind === 'part') fileBytes += item.bytes.length
    else if (item.kind === 'file-end' && item.whole) files += 1
    else if (item.kind === 'end') missing = item.missing
  }
  if (about === undefined || missing === undefined) throw new BackupTrouble(SENTENCES.cut)
  return { ...about, rows, files, fileBytes, missing }
}

/** The rows of a backup as those of a store. Each call reads the file again, up to the end of the table. */
export function backupTables(backup: BackupFile): TableReader {
  return {
    async *rows(table) {
      let found = false
      for await (const item of readBackup(backup)) {
        if (item.kind === 'rows-end') return
        if (item.kind !== 'row') continue
        if (item.table === table) {
          found = true
          yield item.row
        } else if (found) return
      }
    },
  }
}
