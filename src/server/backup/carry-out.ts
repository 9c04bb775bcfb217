/**
 * What a restore does in its transaction once the rows stand: every ledger says where it goes back from, and what was erased,
 * stopped, closed or revoked after the backup is so again.
 */
import { putRecord } from '../commands/put-record.ts'
import { replayJournal, type JournalLine } from '../operator/journal.ts'
import { appendRestoreEntries } from '../operator/restore-entries.ts'
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

export interface CarriedOut {
  /** Erasures and stopped devices that the backup did not know. */
  replayed: number
  closedAgain: number
  revokedAgain: number
}

export async function carryOut(tx: WriteTx, job: CarryOut): Promise<CarriedOut> {
  const { replaced, backupEpoch, lines, erasedFiles, now } = job
  // Over an empty store there is nothing that the ledgers go back from but the backup's own end.
  const over = replaced.isEmpty
    ? { oldEpoch: backupEpoch, oldHeads: await headsOf(tx) }
    : { oldEpoch: replaced.epoch, oldHeads: replaced.heads }
  await appendRestoreEntries(tx, { ...over, now })
  const replayed = await replayJournal(tx, lines)
  for (const sha256 of erasedFiles) await forgetFile(tx, sha256)
  return { replayed, closedAgain: await closeAgain(tx, replaced), revokedAgain: await revokeAgain(tx, job) }
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

async function closeAgain(tx: WriteTx, { closed }: Replaced): Promise<number> {
  let done = 0
  for (const personId of closed) {
    const account = await tx.account({ personId })
    if (account === undefined || account.closed) continue
    await tx.putAccount({ ...account, closed: true })
    done += 1
  }
  return done
}

/** A role that was given and revoked after the backup isn't here, and needs nothing. */
async function revokeAgain(tx: WriteTx, { replaced, now }: CarryOut): Promise<number> {
  let done = 0
  for (const { id, fields, author } of replaced.revoked) {
    const current = await tx.record('role', id)
    if (current === undefined || current.deleted) continue
    if ((JSON.parse(current.fields) as { revokedForCause?: boolean }).revokedForCause === true) continue
    await putRecord(tx, { type: 'role', id, fields: { ...fields }, author, now })
    done += 1
  }
  return done
}
