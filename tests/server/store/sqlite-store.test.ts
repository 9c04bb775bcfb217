/** What SQLite does by itself must not hide what went wrong, nor stop the process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openSqlite, sqliteKysely } from '../../../src/server/store/sqlite/node-sqlite.ts'
import { inTransaction, openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
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

it('lets the others of its process go on while another program holds the lock, and writes when it is given back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-'))
  const path = join(folder, 'hall.sqlite')
  const store = await openSqliteStore(path)
  const other = openSqlite(path)
  other.exec('begin immediate')
  let isWritten = false
  const written = store.write([], (tx) => tx.setSetting('meanwhile', 'yes')).then(() => (isWritten = true))
  // Nothing of this would come to pass in a process that stands still.
  for (let turn = 0; turn < 20; turn++) {
    await pause(5)
    await store.read((tx) => tx.setting('meanwhile'))
  }
  expect(isWritten).toBe(false)
  other.exec('rollback')
  await written
  expect(await store.read((tx) => tx.setting('meanwhile'))).toBe('yes')
  other.close()
  await store.close()
  rmSync(folder, { recursive: true })
})
