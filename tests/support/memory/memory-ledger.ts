/** Ledger, erasure and pruning over tables in memory, as sql-ledger.ts does it. */
import { randomBytes } from 'node:crypto'
import { chainOf, isLedgered, sealRecord, type LedgerEntry } from '../../../src/shared/sync/ledger.ts'
import { entryToRow, type EntryRow, type RecordRow } from '../../../src/server/store/sql/record-rows.ts'
import type { EntryDetails, Erasure, Pruned, StoredRecord } from '../../../src/server/store/record-store.ts'
import type { TableName, Tables } from '../../../src/server/store/sql/tables.ts'
import type { ScopeRow } from './memory-read-tx.ts'
import type { MemoryTables } from './memory-record-store.ts'

const THROTTLE_MS = 24 * 3_600_000

/** The scope's row; a new one is not put before it is needed. */
export function scopeRow(tables: MemoryTables, name: string): ScopeRow {
  let last = 0
  for (const row of tables.all<ScopeRow>('scopes')) {
    if (row.name === name) return row
    last = Math.max(last, row.id)
  }
  return { id: last + 1, name, rev: 0, chain: null }
}

function chainUp(tables: MemoryTables, head: ScopeRow, entry: Omit<LedgerEntry, 'scope' | 'chain'>): void {
  const chain = chainOf(head.chain, { ...entry, scope: head.name })
  tables.put('ledger', entryToRow({ ...entry, scope: head.name, chain }, head.id))
  tables.put('scopes', { ...head, chain })
}

/** Of a row that was just written; none for drafts and in private scopes. */
export function appendEntry(
  tables: MemoryTables,
  record: StoredRecord,
  { seal, kind, author }: EntryDetails,
): void {
  const head = tables.get<ScopeRow>('scopes', record.scopeId)
  if (head === undefined || !isLedgered(record.type, head.name)) return
  chainUp(tables, head, {
    rev: record.rev,
    kind: kind ?? (record.deleted ? 'delete' : 'put'),
    type: record.type,
    id: record.id,
    ...(seal ?? sealRecord({ ...record, scope: head.name }, randomBytes(16).toString('base64url'))),
    author: author ?? record.author,
    at: record.receivedAt,
  })
}

const now = <T>(work: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(work())
  })

export function writeLedger(tables: MemoryTables) {
  const drop = <T extends object>(table: TableName, holds: (row: T) => boolean): number => {
    const gone = tables.all<T>(table).filter(holds)
    for (const row of gone) tables.remove(table, row)
    return gone.length
  }
  return {
    appendEntry: (scope: string, entry: Omit<LedgerEntry, 'scope' | 'rev' | 'chain'>) =>
      now(() => {
        const head = scopeRow(tables, scope)
        const next = { ...head, rev: head.rev + 1 }
        chainUp(tables, next, { ...entry, rev: next.rev })
      }),
    forgetContent: (record: StoredRecord) => now(() => forgetContent(tables, record)),
    putErasure: (erasure: Erasure) =>
      now(() => {
        if (tables.get('erasures', erasure.type, erasure.id) === undefined) tables.put('erasures', erasure)
      }),
    prune: (before: number, at: number): Promise<Pruned> =>
      now(() => ({
        tombstones: drop<RecordRow>('records', (row) => row.deleted === 1 && row.received_at < before),
        sessions: drop<Tables['sessions']>('sessions', (row) => row.expires_at < at),
        throttles: drop<Tables['throttles']>('throttles', (row) => row.until < at - THROTTLE_MS),
        activationCodes: drop<Tables['activation_codes']>(
          'activation_codes',
          (row) => row.used_at !== null || row.expires_at < at,
        ),
        commandOutcomes: drop<Tables['command_outcomes']>('command_outcomes', (row) => row.at < before),
      })),
  }
}

function forgetContent(tables: MemoryTables, { scopeId, type, id, hash }: StoredRecord): void {
  for (const entry of tables.all<EntryRow>('ledger'))
    if (entry.scope_id === scopeId && entry.type === type && entry.id === id)
      tables.put('ledger', { ...entry, salt: null })
  const named = `"type":${JSON.stringify(type)},"id":${JSON.stringify(id)},`
  for (const row of tables.all<Tables['outcomes']>('outcomes')) {
    if (!row.outcome.includes(named) && row.hash !== hash) continue
    const { record: _gone, ...outcome } = JSON.parse(row.outcome) as Record<string, unknown>
    tables.put('outcomes', { ...row, hash: '', outcome: JSON.stringify(outcome) })
  }
}
