/**
 * After a restore every ledger says so: its first new entry names the epoch and the head of the store that was there before, so
 * that a chain which goes back in time explains itself.
 */
import { restoredFrom, restoreHash } from '../../../shared/sync/ledger.ts'
import type { WriteTx } from '../../store/record-store.ts'

export interface RestoredOver {
  oldEpoch: string
  /** Of the store before the restore, by scope, as far as it could still be read. */
  oldHeads: ReadonlyMap<string, string>
  now: number
}

/** Once, in the write that follows the restore and before anything else is written. @returns how many ledgers */
export async function appendRestoreEntries(
  tx: WriteTx,
  { oldEpoch, oldHeads, now }: RestoredOver,
): Promise<number> {
  const standing = (await tx.scopesWithPrefix('')).filter((head) => head.chain !== null)
  const scopes = new Set([...standing.map((head) => head.name), ...oldHeads.keys()])
  for (const scope of [...scopes].sort()) {
    const id = restoredFrom(oldEpoch, oldHeads.get(scope) ?? null)
    await tx.appendEntry(scope, {
      kind: 'restore',
      type: 'restore',
      id,
      recordHash: restoreHash(id),
      salt: null,
      author: 'operator',
      at: now,
    })
  }
  return scopes.size
}
