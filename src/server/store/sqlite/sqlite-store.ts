/**
 * The record store on SQLite: one writer connection behind a queue, readers on another, WAL.
 *
 * Guarantees: what `write` returned is on disk (synchronous FULL); writers run one after the other; a reader's snapshot never
 * sees half a write.
 */
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { sql, type Kysely } from 'kysely'
import { migrate } from '../migrations/index.ts'
import { openSqlite, sqliteKysely } from './node-sqlite.ts'
import {
  StoreTrouble,
  type ReadTx,
  type RecordStore,
  type TableReader,
  type WriteTx,
} from '../record-store.ts'
import { createReadTx } from '../sql/read.ts'
import { createWriteTx, lockScopes } from '../sql/write.ts'
import type { Tables } from '../sql/tables.ts'
import { createTableReader, replaceAll } from '../sql/whole-store.ts'

/** Runs tasks one after the other; a failed one does not stop the next. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = tail.then(task, task)
    tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}

export async function inTransaction<T>(
  db: Kysely<Tables>,
  begin: string,
  body: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    await begun(connection, begin)
    try {
      const result = await body(connection)
      await sql`commit`.execute(connection)
      return result
    } catch (problem) {
      await rollback(connection)
      throw problem
    }
  })
}

const BUSY_MS = 5_000
const BUSY_PAUSE_MS = 20
const isBusy = (problem: unknown) => problem instanceof Error && Reflect.get(problem, 'errcode') === 5

/** SQLite's own way of waiting would stop the whole process. @throws its error when another program holds the lock for too long */
async function begun(connection: Kysely<Tables>, begin: string): Promise<void> {
  for (const end = Date.now() + BUSY_MS; ; await pause(BUSY_PAUSE_MS)) {
    try {
      await sql.raw(begin).execute(connection)
      return
    } catch (problem) {
      if (!isBusy(problem) || Date.now() > end) throw problem
    }
  }
}

/** What went wrong first is what is told: on a full disk SQLite has rolled back by itself, and there is nothing left to undo. */
async function rollback(db: Kysely<Tables>): Promise<void> {
  try {
    await sql`rollback`.execute(db)
  } catch {
    // A transaction that is still open after this is found by the next `begin`, which fails with its own words.
  }
}

/** One clear sentence for what can go wrong with the file. */
function troubleOf(path: string, problem: unknown): StoreTrouble {
  const reason = problem instanceof Error ? problem.message : String(problem)
  const damaged = /not a database|malformed|corrupt|encrypted/i.test(reason)
  const sentence = damaged
    ? `数据文件已损坏或不是数据库：${path}。请用备份恢复，或移走此文件后重新开始。`
    : `打不开数据文件：${path}（${reason}）。`
  return new StoreTrouble(sentence, { cause: problem })
}

/** @param path a file, made when it isn't there, or ':memory:'. @throws StoreTrouble */
export async function openSqliteStore(path: string): Promise<RecordStore> {
  try {
    return await open(path)
  } catch (problem) {
    throw problem instanceof StoreTrouble ? problem : troubleOf(path, problem)
  }
}

/** Before anything is written: whoever has to rescue a damaged file wants it as it was. */
function checkFile(path: string): void {
  accessSync(path, constants.R_OK | constants.W_OK)
  const database = openSqlite(path, true)
  try {
    const check = database.prepare('pragma quick_check(1)').get() as { quick_check?: string } | undefined
    if (check?.quick_check !== 'ok') throw troubleOf(path, new Error('malformed: quick_check failed'))
  } finally {
    database.close()
  }
}

async function open(path: string): Promise<RecordStore> {
  const inMemory = path === ':memory:'
  if (!inMemory) {
    mkdirSync(dirname(path), { recursive: true })
    accessSync(dirname(path), constants.W_OK)
    if (existsSync(path)) checkFile(path)
  }
  const writerDatabase = openSqlite(path)
  const writer = sqliteKysely<Tables>(writerDatabase)
  await inTransaction(writer, 'begin immediate', (db) => migrate(db, 'sqlite', randomUUID))
  // From here on whoever waits for another program's lock lets the others of this process go on meanwhile.
  writerDatabase.exec('pragma busy_timeout = 0')
  const reader = inMemory ? writer : sqliteKysely<Tables>(openSqlite(path, true))
  const enqueue = createQueue()
  const read = <T>(body: (tx: ReadTx) => Promise<T>) =>
    inTransaction(reader, 'begin', (db) => body(createReadTx(db, 'sqlite')))
  // A connection of its own: a backup takes minutes, and pulls go on meanwhile.
  const readAll = async <T>(body: (tables: TableReader) => Promise<T>) => {
    const own = inMemory ? writer : sqliteKysely<Tables>(openSqlite(path, true))
    try {
      return await inTransaction(own, 'begin', (db) => body(createTableReader(db)))
    } finally {
      if (own !== writer) await own.destroy()
    }
  }
  return {
    write: (scopes, body: (tx: WriteTx) => Promise<never>) =>
      enqueue(() =>
        inTransaction(writer, 'begin immediate', async (db) => {
          const { tx, flush } = createWriteTx(db, 'sqlite', await lockScopes(db, 'sqlite', scopes))
          const result = await body(tx)
          await flush()
          return result
        }),
      ),
    // In memory there is one connection, and a read has to wait for its turn.
    read: (body) => (inMemory ? enqueue(() => read(body)) : read(body)),
    readAll: (body) => (inMemory ? enqueue(() => readAll(body)) : readAll(body)),
    replaceAll: (body) =>
      enqueue(() => inTransaction(writer, 'begin immediate', (db) => replaceAll(db, 'sqlite', body))),
    // The log holds pages as they were, until it is emptied.
    scrub: () =>
      enqueue(async () => {
        const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(writer)
        return rows[0]?.busy === 0
      }),
    close: async () => {
      await enqueue(() => Promise.resolve())
      if (reader !== writer) await reader.destroy()
      await writer.destroy()
    },
  }
}
