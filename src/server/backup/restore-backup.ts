/**
 * Puts a backup in the place of what a store holds.
 *
 * Guarantees: the backup was read to its end and found whole before anything is touched; files are there before a row names them;
 * rows come in one transaction, so that whoever kills this leaves the old store or the new one and nothing between. Afterwards the
 * store has an epoch of its own that names the backup's moment, no sessions, no unused activation codes, and no cursor of before
 * is any good. What was erased, stopped, closed or revoked since is so again in the same transaction.
 *
 * Devices keep the counters of the backup. No phone can go on with them: what it sends names the old epoch and is refused
 * (409 epoch-changed), and it takes a new device id before it offers anything (src/client/sync/steps.ts, `renew`). What was sent
 * without an epoch is told apart by the hash of each mutation, and by its number.
 */
import { randomUUID } from 'node:crypto'
import { restoredEpoch } from '../../shared/sync/epoch.ts'
import type { JournalLine } from '../journal/journal-lines.ts'
import type { Replayed } from '../journal/replay-journal.ts'
import type { BlobStore } from '../store/blob-store.ts'
import {
  UnstorableValue,
  type RecordStore,
  type TableRow,
  type TableWriter,
  type WriteTx,
} from '../store/record-store.ts'
import type { TableName } from '../store/sql/tables.ts'
import { carryOut } from './carry-out.ts'
import { SENTENCES } from './envelope.ts'
import { checkBackup, readBackup, type BackupFile, type CheckedBackup } from './read-backup.ts'
import type { Replaced } from './replaced-store.ts'
import { restoreFiles } from './restore-files.ts'
import { BackupTrouble, explained } from './trouble.ts'

export interface RestoreJob {
  store: RecordStore
  blobs: BlobStore
  backup: BackupFile
  replaced: Replaced
  journal: readonly JournalLine[]
  now: number
  /** Tests only: before the transaction commits. */
  beforeCommit?: (tx: WriteTx) => Promise<void>
}

export interface Restored extends CheckedBackup, Replayed {
  /** The new one. */
  newEpoch: string
  /** People who had not chosen a password by then: their codes are void. */
  withoutPassword: number
}

/** Reads the backup to its end. @throws BackupTrouble unless this program can restore it */
export async function checkRestorable(store: RecordStore, backup: BackupFile): Promise<CheckedBackup> {
  const checked = await checkBackup(backup)
  const schema = Number(await store.read((tx) => tx.setting('schema')))
  if (checked.schema > schema) throw new BackupTrouble(SENTENCES.newer)
  if (checked.schema < schema)
    throw new BackupTrouble(
      `这份备份由更旧的版本写成（数据格式 ${checked.schema}，现在是 ${schema}）。请用那时的版本恢复，再更新程序。`,
    )
  return checked
}

/** @throws BackupTrouble; no row was changed then */
export async function restoreBackup(job: RestoreJob): Promise<Restored> {
  const { store, backup, replaced, now } = job
  const checked = await checkRestorable(store, backup)
  // What the replaced store says is the last word.
  const lines = [...job.journal, ...replaced.lines]
  const erasedFiles = await explained(
    (reason) => `文件写不进去（${reason}）。数据库没有改动。`,
    () => restoreFiles({ ...job, lines }),
  )
  const newEpoch = restoredEpoch(randomUUID(), checked.createdAt)
  try {
    return await store.replaceAll(async (tables, tx) => {
      const withoutPassword = await insertRows(backup, tables, newEpoch)
      const carriedOut = await carryOut(tx, { replaced, backupEpoch: checked.epoch, lines, erasedFiles, now })
      await job.beforeCommit?.(tx)
      return { ...checked, ...carriedOut, newEpoch, withoutPassword }
    })
  } catch (problem) {
    if (problem instanceof UnstorableValue)
      throw new BackupTrouble('备份里有这个数据库存不下的内容。没有改动。', { cause: problem })
    if (/disk is full/i.test(problem instanceof Error ? problem.message : ''))
      throw new BackupTrouble('磁盘已满，没有恢复。原有数据没有改动。', { cause: problem })
    throw problem
  }
}

const BATCH = 200

/** @returns accounts that had no password yet */
async function insertRows(backup: BackupFile, tables: TableWriter, newEpoch: string): Promise<number> {
  let batch: TableRow[] = []
  let table: TableName | undefined
  let withoutPassword = 0
  const flush = async () => {
    if (table !== undefined && batch.length > 0) await tables.insert(table, batch)
    batch = []
  }
  for await (const item of readBackup(backup)) {
    if (item.kind === 'rows-end') break
    if (item.kind !== 'row') continue
    if (item.table === 'accounts' && item.row.password_hash === null) withoutPassword += 1
    const row = rowAfterwards(item.table, item.row, newEpoch)
    if (row === undefined) continue
    if (item.table !== table || batch.length >= BATCH) await flush()
    table = item.table
    batch.push(row)
  }
  await flush()
  return withoutPassword
}

/** undefined: it does not come back. */
function rowAfterwards(table: TableName, row: TableRow, newEpoch: string): TableRow | undefined {
  // A phone that was stopped since, or a code that was used or withdrawn since, would be let in again.
  if (table === 'sessions' || table === 'throttles') return undefined
  if (table === 'activation_codes' && row.used_at === null) return undefined
  if (table !== 'settings') return row
  if (row.key === 'epoch') return { ...row, value: newEpoch }
  return row.key === 'cursor-key' ? { ...row, value: randomUUID() } : row
}
