/** A store as a whole, table by table, for backups and restores: written once over Kysely, the same on both databases. */
import { sql } from 'kysely'
import type { TableReader, TableRow, TableWriter } from './record-store.ts'
import type { Db } from './sql-read.ts'
import type { Engine, TableName } from './tables.ts'

/** Every table with its primary key, in an order in which each row finds what it refers to. */
export const TABLES: Readonly<Record<TableName, readonly string[]>> = {
  settings: ['key'],
  scopes: ['id'],
  records: ['type', 'id'],
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

/** Inside a transaction that nothing else writes beside. */
export async function replaceAll<T>(
  db: Db,
  engine: Engine,
  body: (tables: TableWriter) => Promise<T>,
): Promise<T> {
  for (const table of TABLE_NAMES.toReversed()) await sql`delete from ${sql.table(table)}`.execute(db)
  const done = await body({
    insert: async (table, rows) => {
      if (rows.length > 0)
        await db
          .insertInto(table)
          .values(rows as never)
          .execute()
    },
  })
  // Ids of scopes came with the rows: the next one is made after the last of them.
  if (engine === 'postgres')
    await sql`select setval(pg_get_serial_sequence('scopes', 'id'), (select coalesce(max(id), 1) from scopes))`.execute(
      db,
    )
  return done
}
