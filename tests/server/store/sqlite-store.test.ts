/** What SQLite does by itself must not hide what went wrong. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openSqlite, sqliteKysely } from '../../../src/server/store/sqlite/node-sqlite.ts'
import { inTransaction } from '../../../src/server/store/sqlite/sqlite-store.ts'
import type { Tables } from '../../../src/server/store/sql/tables.ts'

it('tells the first failure when there is nothing left to roll back, and goes on', async () => {
  const db = sqliteKysely<Tables>(openSqlite(':memory:'))
  const failing = inTransaction(db, 'begin immediate', async (inside) => {
    // As SQLite does by itself when the disk is full.
    await sql`rollback`.execute(inside)
    throw new Error('the disk is full')
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect(await inTransaction(db, 'begin immediate', () => Promise.resolve('done'))).toBe('done')
  await db.destroy()
})
