/** What every import has in common: a dry run that does the same work and undoes it, and all or nothing when it is meant. */
import { createHash } from 'node:crypto'
import type { BlobStore } from '../../store/blob-store.ts'
import type { RecordStore, WriteTx } from '../../store/record-store.ts'

export interface ImportReport {
  added: string[]
  changed: string[]
  same: number
  /** Lines for people: where, what, what to do. When one is refused, nothing is stored. */
  refused: string[]
  notices: string[]
}

export const emptyReport = (): ImportReport => ({ added: [], changed: [], same: 0, refused: [], notices: [] })

export interface ImportParts {
  store: RecordStore
  blobs: BlobStore
  now: number
  apply: boolean
}

/** Author of what comes in by the operator's hand. */
export const IMPORT_AUTHOR = 'import'

class Undo extends Error {
  override name = 'Undo'
}

/** Runs `work` in one transaction; undone in a dry run, and when the report refuses something. */
export async function runWork(
  parts: ImportParts,
  report: ImportReport,
  work: (tx: WriteTx) => Promise<void>,
): Promise<void> {
  try {
    await parts.store.write([], async (tx) => {
      await work(tx)
      if (!parts.apply || report.refused.length > 0) throw new Undo()
    })
  } catch (problem) {
    if (!(problem instanceof Undo)) throw problem
  }
}

/** Bytes go to the blob store only when the import is meant; the row that names them is part of the transaction. */
export async function keepFile(
  parts: ImportParts,
  tx: WriteTx,
  bytes: Uint8Array,
  mime: string,
): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (parts.apply) await parts.blobs.put(bytes)
  if ((await tx.blob(sha256)) === undefined)
    await tx.putBlob({ sha256, sizeBytes: bytes.length, mime, complete: true })
  return sha256
}

export function note(report: ImportReport, change: 'added' | 'changed' | 'same', label: string): void {
  if (change === 'same') report.same++
  else report[change].push(label)
}
