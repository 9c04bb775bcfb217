/** A store as a whole, table by table, for backups and restores: written once over Kysely, the same on both databases. */
import { sql } from 'kysely'
import type { TableReader, TableRow, TableWriter, WriteTx } from '../record-store.ts'
import { makeCoverage } from '../circulation-figures/keep.ts'
import type { Db } from './db.ts'
import { createWriteTx } from './write.ts'
import type { Engine, TableName } from './tables.ts'

/** Every table with its primary key, in an order in which each row finds what it refers to. */
export const TABLES: Readonly<Record<TableName, readonly string[]>> = {
  settings: ['key'],
  scopes: ['id'],
  records: ['type', 'id'],
  ledger: ['scope_id', 'rev'],
  erasures: ['type', 'id'],
  devices: ['id'],
  outcomes: ['device_id', 'n'],
  accounts: ['person_id'],
  activation_codes: ['code_hash'],
  sessions: ['token_hash'],
  throttles: ['key'],
  blobs: ['sha256'],
  blob_scopes: ['sha256', 'scope_id'],
  command_outcomes: ['id'],
}
export const TABLE_NAMES = Object.keys(TABLES) as TableName[]

const PAGE = 500
/** Rows in one statement: both databases limit the number of parameters. */
const CHUNK = 200

export function createTableReader(db: Db): TableReader {
  return {
    async *rows(table) {
      const keys = TABLES[table].map((column) => sql.ref(column))
      const order = sql.join(keys)
      let last: TableRow | undefined
      for (;;) {
        const after =
          last === undefined
            ? sql``
            : sql`where (${order}) > (${sql.join(TABLES[table].map((column) => last![column]))})`
        const { rows } = await sql<TableRow>`
          select * from ${sql.table(table)} ${after} order by ${order} limit ${sql.lit(PAGE)}`.execute(db)
        yield* rows
        if (rows.length < PAGE) return
        last = rows.at(-1)
      }
    },
  }
}

/**
 * Inside a transaction that nothing else writes beside.
 * @param body fills the tables first and then uses `tx`, not in turns: what `tx` has seen of a table is not read again
 */
export async function replaceAll<T>(
  db: Db,
  engine: Engine,
  body: (tables: TableWriter, tx: WriteTx) => Promise<T>,
): Promise<T> {
  for (const table of TABLE_NAMES.toReversed()) await sql`delete from ${sql.table(table)}`.execute(db)
  const { tx, flush } = createWriteTx(db, engine)
  const insert = async (table: TableName, rows: readonly TableRow[]) => {
    for (let at = 0; at < rows.length; at += CHUNK)
      await db
        .insertInto(table)
        .values(rows.slice(at, at + CHUNK) as never)
        .execute()
    // Ids of scopes came with the rows: the next one is made after the last of them.
    if (table === 'scopes' && engine === 'postgres')
      await sql`select setval(pg_get_serial_sequence('scopes', 'id'), (select max(id) from scopes))`.execute(
        db,
      )
  }
  const done = await body({ insert }, tx)
  await flush()
  // It knows nothing yet of rows that came in this transaction, and would go through all of them for each circulation.
  if (engine === 'postgres') await sql`analyze records`.execute(db)
  await makeCoverage(db, engine)
  return done
}
