/**
 * What a restore does in its transaction once the rows stand: every ledger says where it goes back from, and what was erased,
 * stopped, closed or revoked after the backup is so again.
 */
import type { JournalLine } from '../journal/journal-lines.ts'
import { replayJournal, type Replayed } from '../journal/replay-journal.ts'
import { appendRestoreEntries } from '../operator/restore/restore-entries.ts'
import type { WriteTx } from '../store/record-store.ts'
import type { Replaced } from './replaced-store.ts'

export interface CarryOut {
  replaced: Replaced
  backupEpoch: string
  lines: readonly JournalLine[]
  /** Files that were left out because only erased records name them. */
  erasedFiles: ReadonlySet<string>
  now: number
}

export async function carryOut(tx: WriteTx, job: CarryOut): Promise<Replayed> {
  const { replaced, backupEpoch, lines, erasedFiles, now } = job
  // Over an empty store there is nothing that the ledgers go back from but the backup's own end.
  const over = replaced.isEmpty
    ? { oldEpoch: backupEpoch, oldHeads: await headsOf(tx) }
    : { oldEpoch: replaced.epoch, oldHeads: replaced.heads }
  await appendRestoreEntries(tx, { ...over, now })
  const replayed = await replayJournal(tx, lines, now)
  for (const sha256 of erasedFiles) await forgetFile(tx, sha256)
  return replayed
}

async function headsOf(tx: WriteTx): Promise<Map<string, string>> {
  const heads = await tx.scopesWithPrefix('')
  return new Map(heads.flatMap(({ name, chain }) => (chain === null ? [] : [[name, chain]])))
}

/** Its bytes are not here: whoever may name it again uploads it again. */
async function forgetFile(tx: WriteTx, sha256: string): Promise<void> {
  const entry = await tx.blob(sha256)
  if (entry !== undefined) await tx.putBlob({ ...entry, complete: false })
}
