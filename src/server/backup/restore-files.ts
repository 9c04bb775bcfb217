/**
 * The files of a backup, put where the endpoint keeps files. They are there before any row names them; one that stands there and
 * no longer hashes to its name is replaced. What only erased records name is not written again.
 */
import { createHash } from 'node:crypto'
import { parseFields } from '../../shared/sync/define-record.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import type { JournalLine } from '../journal/journal-lines.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { TableRow } from '../store/record-store.ts'
import { PART_BYTES } from './contents.ts'
import { readBackup, type BackupFile } from './read-backup.ts'
import { BackupTrouble } from './trouble.ts'

export interface FilesJob {
  blobs: BlobStore
  backup: BackupFile
  lines: readonly JournalLine[]
}

/** Name of the uploader under which files are put together. */
const RESTORER = 'restore'

/** @returns SHA-256 of the files that were left out */
export async function restoreFiles({ blobs, backup, lines }: FilesJob): Promise<ReadonlySet<string>> {
  const erasures = lines.filter((line) => line.kind === 'erase')
  const erased = new Set(erasures.map((line) => `${line.type}:${line.id}`))
  const freed = new Set(erasures.flatMap((line) => line.freedFiles))
  const named = { byErased: new Set(freed), byOthers: new Set<string>() }
  const isErased = (sha256: string) =>
    freed.has(sha256) || (named.byErased.has(sha256) && !named.byOthers.has(sha256))
  let file: { sha256: string; sizeBytes: number; at: number } | undefined
  for await (const item of readBackup(backup)) {
    if (item.kind === 'row') {
      if (erased.size === 0 || item.table !== 'records' || item.row.deleted === 1) continue
      const names = erased.has(`${item.row.type}:${item.row.id}`) ? named.byErased : named.byOthers
      for (const sha256 of filesNamedBy(item.row)) names.add(sha256)
    } else if (item.kind === 'file') {
      const { sha256, sizeBytes } = item
      const isLeft = isErased(sha256) || (await stands(blobs, sha256, sizeBytes))
      file = isLeft ? undefined : { sha256, sizeBytes, at: 0 }
      if (file !== undefined) await blobs.remove(sha256)
      if (file?.sizeBytes === 0) await blobs.put(new Uint8Array())
    } else if (item.kind === 'part' && file !== undefined)
      file.at = await blobs.append(file.sha256, RESTORER, file.at, item.bytes)
    else if (item.kind === 'file-end' && item.whole && file !== undefined && file.sizeBytes > 0)
      await finish(blobs, file.sha256)
  }
  return new Set([...named.byErased].filter(isErased))
}

/** What the backup has hashes to its name: where it no longer does, it was the disk that did not take all of it. */
async function finish(blobs: BlobStore, sha256: string): Promise<void> {
  if ((await blobs.finish(sha256, RESTORER)) === 'kept') return
  throw new BackupTrouble('文件没有写全，磁盘可能已满或有故障。数据库没有改动。')
}

const filesNamedBy = (row: TableRow): readonly string[] => {
  const definition = definitionOf(String(row.type))
  if (definition?.blobs === undefined) return []
  const parsed = parseFields(definition, JSON.parse(String(row.fields)))
  return parsed.ok ? definition.blobs(parsed.fields) : []
}

async function stands(blobs: BlobStore, sha256: string, sizeBytes: number): Promise<boolean> {
  if ((await blobs.sizeBytes(sha256)) !== sizeBytes) return false
  const hash = createHash('sha256')
  for (let from = 0; from < sizeBytes; from += PART_BYTES) {
    const bytes = await blobs.read(sha256, { from, to: Math.min(from + PART_BYTES, sizeBytes) - 1 })
    if (bytes === undefined) return false
    hash.update(bytes)
  }
  return hash.digest('hex') === sha256
}
