/**
 * The ledger. What stands already gets its entries in the order of its revisions: older versions of it are gone, so the chain
 * begins with what was there on this day.
 */
import { randomBytes } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { chainOf, isLedgered, sealRecord, type LedgerEntry } from '../../../shared/sync/ledger.ts'
import { entryToRow, rowToRecord, type EntryRow, type RecordRow } from '../sql/record-rows.ts'
import type { Engine, Tables } from '../sql/tables.ts'

const statements = (engine: Engine) => [
  `alter table scopes add column chain text`,
  `create table ledger (
     scope_id integer not null references scopes (id), rev bigint not null, kind text not null, type text not null,
     id text not null, record_hash text not null, salt text, author text not null, at bigint not null,
     chain text not null, primary key (scope_id, rev))${engine === 'sqlite' ? ' without rowid' : ''}`,
  `create table erasures (
     type text not null, id text not null, scope text not null, at bigint not null, reason text not null,
     primary key (type, id))`,
  `alter table command_outcomes add column at bigint not null default 0`,
]

export async function ledger(db: Kysely<Tables>, engine: Engine): Promise<void> {
  for (const statement of statements(engine)) await sql.raw(statement).execute(db)
  // Their age isn't known: they are kept as if they were of today.
  await db.updateTable('command_outcomes').set({ at: Date.now() }).execute()
  for (const scope of await db.selectFrom('scopes').select(['id', 'name']).orderBy('id').execute())
    await fillScope(db, Number(scope.id), scope.name)
}

const PAGE = 500
/** Rows in one statement: both databases limit the number of parameters. */
const CHUNK = 100

async function fillScope(db: Kysely<Tables>, scopeId: number, scope: string): Promise<void> {
  let chain: string | null = null
  for (let after = 0; ;) {
    const page: RecordRow[] = await db
      .selectFrom('records')
      .selectAll()
      .where('scope_id', '=', scopeId)
      .where('rev', '>', after)
      .orderBy('rev')
      .limit(PAGE)
      .execute()
    const entries: EntryRow[] = []
    for (const row of page) {
      after = Number(row.rev)
      if (!isLedgered(row.type, scope)) continue
      const entry = entryOf(row, scope, chain)
      chain = entry.chain
      entries.push(entryToRow(entry, scopeId))
    }
    for (let at = 0; at < entries.length; at += CHUNK)
      await db
        .insertInto('ledger')
        .values(entries.slice(at, at + CHUNK))
        .execute()
    if (page.length < PAGE) break
  }
  if (chain !== null) await db.updateTable('scopes').set({ chain }).where('id', '=', scopeId).execute()
}

function entryOf(row: RecordRow, scope: string, previous: string | null): LedgerEntry {
  const record = rowToRecord(row)
  const entry = {
    scope,
    rev: record.rev,
    kind: record.deleted ? ('delete' as const) : ('put' as const),
    type: record.type,
    id: record.id,
    ...sealRecord({ ...record, scope }, randomBytes(16).toString('base64url')),
    author: record.author,
    at: record.receivedAt,
  }
  return { ...entry, chain: chainOf(previous, entry) }
}
