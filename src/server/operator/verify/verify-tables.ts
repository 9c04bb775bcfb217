/** The ledger of a store as it lies in its tables: live, in a backup or in an export, all the same. */
import { verifyLedger, type LedgerVerdict } from '../../../shared/sync/verify-ledger.ts'
import { TOMBSTONE_HORIZON_MS } from '../../commands/upkeep/horizon.ts'
import { rowToEntry, rowToRecord, type EntryRow, type RecordRow } from '../../store/sql/record-rows.ts'
import type { TableReader, TableRow } from '../../store/record-store.ts'
import type { TableName, Tables } from '../../store/sql/tables.ts'

/** @param at when the tables were written (UTC ms): tombstones older than the horizon may be gone by then */
export async function verifyTables(reader: TableReader, at: number): Promise<LedgerVerdict> {
  const names = new Map<number, string>()
  const heads: { scope: string; rev: number; chain: string | null }[] = []
  for await (const row of reader.rows('scopes')) {
    const { id, name, rev, chain } = as<'scopes'>(row)
    names.set(Number(id), name)
    heads.push({ scope: name, rev: Number(rev), chain })
  }
  const nameOf = (scopeId: unknown) => names.get(Number(scopeId)) ?? `#${String(scopeId)}`
  return verifyLedger({
    heads: each(heads),
    entries: map(reader, 'ledger', (row) => {
      const entry = as<'ledger'>(row) as EntryRow
      return rowToEntry(entry, nameOf(entry.scope_id))
    }),
    records: map(reader, 'records', (row) => {
      const record = as<'records'>(row) as RecordRow
      return { ...rowToRecord(record), scope: nameOf(record.scope_id) }
    }),
    erased: map(reader, 'erasures', (row) => as<'erasures'>(row)),
    tombstonesFrom: at - TOMBSTONE_HORIZON_MS,
  })
}

const as = <Name extends TableName>(row: TableRow) => row as unknown as Tables[Name]

async function* each<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items
}

async function* map<T>(reader: TableReader, table: TableName, read: (row: TableRow) => T): AsyncIterable<T> {
  for await (const row of reader.rows(table)) yield read(row)
}
