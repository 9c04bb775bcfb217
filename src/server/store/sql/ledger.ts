/** Ledger, erasure and the end of what nobody needs: the acts of WriteTx on them in SQL. */
import { randomBytes } from 'node:crypto'
import { isLedgered, sealRecord, type LedgerEntry } from '../../../shared/sync/ledger.ts'
import type { EntryDetails, Erasure, StoredRecord } from '../record-store.ts'
import type { Heads } from './scope-heads.ts'
import type { Db } from './db.ts'

/** The entry of a row that was just written; none for drafts and in private scopes. */
export function noteEntry(heads: Heads, record: StoredRecord, { seal, kind, author }: EntryDetails): void {
  const scope = heads.nameOf(record.scopeId)
  if (!isLedgered(record.type, scope)) return
  heads.append(record.scopeId, {
    rev: record.rev,
    kind: kind ?? (record.deleted ? 'delete' : 'put'),
    type: record.type,
    id: record.id,
    ...(seal ?? sealRecord({ ...record, scope }, randomBytes(16).toString('base64url'))),
    author: author ?? record.author,
    at: record.receivedAt,
  })
}

export function writeLedger(db: Db, heads: Heads) {
  return {
    appendEntry: async (scope: string, entry: Omit<LedgerEntry, 'scope' | 'rev' | 'chain'>) => {
      const { scopeId, rev } = await heads.next(scope)
      heads.append(scopeId, { ...entry, rev })
    },
    forgetContent: async (record: StoredRecord) => {
      heads.forgetSalts(record.scopeId, record.type, record.id)
      await db
        .updateTable('ledger')
        .set({ salt: null })
        .where('scope_id', '=', record.scopeId)
        .where('type', '=', record.type)
        .where('id', '=', record.id)
        .execute()
      await forgetOutcomes(db, record)
    },
    putErasure: async ({ type, id, scope, at, reason }: Erasure) => {
      await db
        .insertInto('erasures')
        .values({ type, id, scope, at, reason })
        .onConflict((c) => c.columns(['type', 'id']).doNothing())
        .execute()
    },
    prune: async (before: number, now: number) => {
      const count = async (deleting: { executeTakeFirst(): Promise<{ numDeletedRows: bigint }> }) =>
        Number((await deleting.executeTakeFirst()).numDeletedRows)
      return {
        tombstones: await count(
          db.deleteFrom('records').where('deleted', '=', 1).where('received_at', '<', before),
        ),
        sessions: await count(db.deleteFrom('sessions').where('expires_at', '<', now)),
        throttles: await count(db.deleteFrom('throttles').where('until', '<', now - THROTTLE_MS)),
        activationCodes: await count(
          db
            .deleteFrom('activation_codes')
            .where((or) => or.or([or('used_at', 'is not', null), or('expires_at', '<', now)])),
        ),
        commandOutcomes: await count(db.deleteFrom('command_outcomes').where('at', '<', before)),
      }
    },
  }
}

/** Longer than a failure is remembered (auth/throttle.ts). */
const THROTTLE_MS = 24 * 3_600_000

/**
 * Stored outcomes may hold the record, and the hash under which its mutation came could be tried with guessed content. Such a
 * mutation sent once more is taken for one of a copied phone: that registers anew and reads that the record was erased.
 */
async function forgetOutcomes(db: Db, { type, id, hash }: StoredRecord): Promise<void> {
  const named = `"type":${JSON.stringify(type)},"id":${JSON.stringify(id)},`
  // Ids have no sign that means something in a pattern but `_`, which fits too much and is looked at again.
  const rows = await db
    .selectFrom('outcomes')
    .select(['device_id', 'n', 'hash', 'outcome'])
    .where((or) => or.or([or('outcome', 'like', `%${named}%`), or('hash', '=', hash ?? '')]))
    .execute()
  for (const row of rows) {
    if (!row.outcome.includes(named) && row.hash !== hash) continue
    const { record: _gone, ...outcome } = JSON.parse(row.outcome) as Record<string, unknown>
    await db
      .updateTable('outcomes')
      .set({ hash: '', outcome: JSON.stringify(outcome) })
      .where('device_id', '=', row.device_id)
      .where('n', '=', row.n)
      .execute()
  }
}
