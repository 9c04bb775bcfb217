/** Kysely over node:sqlite: the interface that Kysely's own SQLite dialect expects of a driver. No native build. */
import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { UnstorableValue } from '../record-store.ts'

type Parameter = SQLInputValue

interface Prepared {
  reader: boolean
  all(parameters: readonly unknown[]): unknown[]
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>
}

function wrap(statement: StatementSync): Prepared {
  const bind = (parameters: readonly unknown[]) => {
    // PostgreSQL keeps no NUL in text: what one database refuses the other refuses, or a backup would not go from one to the other.
    for (const parameter of parameters)
      if (typeof parameter === 'string' && parameter.includes('\u0000'))
        throw new UnstorableValue('text with a NUL')
    return parameters as Parameter[]
  }
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  }
}

/** A prepared statement for each shape of query; shapes are few, so nothing is ever thrown out. */
export function sqliteKysely<Tables>(database: DatabaseSync): Kysely<Tables> {
  const statements = new Map<string, Prepared>()
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: {
        close: () => database.close(),
        prepare: (text: string) => {
          let prepared = statements.get(text)
          if (prepared === undefined) {
            prepared = wrap(database.prepare(text))
            if (statements.size < 500) statements.set(text, prepared)
          }
          return prepared
        },
      },
    }),
  })
}

/**
 * Opens a database file for one writer or for readers. WAL, synchronous FULL: what was answered survives a power cut.
 * @throws node:sqlite's error when the file cannot be opened or isn't a database
 */
export function openSqlite(path: string, readOnly = false): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: 5000 })
  // What is deleted is overwritten, so that erased content doesn't stay behind in the file's free space.
  if (!readOnly) database.exec('pragma journal_mode = wal; pragma secure_delete = on')
  database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory')
  return database
}
