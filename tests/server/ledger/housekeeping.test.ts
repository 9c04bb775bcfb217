/** Daily rounds, and a store of the first schema that gets its ledger. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHousekeeping, type Timers } from '../../../src/server/commands/upkeep/housekeeping.ts'
import { first as firstSchema } from '../../../src/server/store/migrations/0001-first.ts'
import { openSqlite, sqliteKysely } from '../../../src/server/store/sqlite/node-sqlite.ts'
import type { RecordStore, TableRow } from '../../../src/server/store/record-store.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import type { Tables } from '../../../src/server/store/sql/tables.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { MONDAY, setupEndpoint } from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { queueOf } from '../attack.ts'
import { rollMark, tablesOf, verifyHeld } from './tables.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-hall-ledger-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('housekeeping', () => {
  /** Timers that the test rings. */
  function handTimers() {
    const bells: { ms: number; act: () => void }[] = []
    const timers: Timers = {
      every: (ms, act) => {
        const bell = { ms, act }
        bells.push(bell)
        return () => void bells.splice(bells.indexOf(bell), 1)
      },
    }
    return { bells, timers }
  }

  it('cleans up at the start and every day, until it is stopped', async () => {
    const store = await openSqliteStore(join(folder, 'store.sqlite'))
    const { bells, timers } = handTimers()
    let now = MONDAY
    const addOld = () =>
      store.write([], (tx) => tx.putCommandOutcome(randomUUID(), 'p', 'h', '{}', now - 181 * DAY_MS))
    const outcomes = () =>
      store.readAll(async (tables) => {
        let count = 0
        for await (const _ of tables.rows('command_outcomes')) count++
        return count
      })
    await addOld()
    const housekeeping = startHousekeeping(store, () => now, timers)
    await housekeeping.first
    expect(await outcomes()).toBe(0)
    now += DAY_MS
    await addOld()
    expect(bells.map((bell) => bell.ms)).toEqual([DAY_MS])
    bells[0]!.act()
    await store.write([], () => Promise.resolve())
    expect(await outcomes()).toBe(0)
    housekeeping.stop()
    expect(bells).toEqual([])
    await store.close()
  })

  it('tells of a round that failed, and rings again the next day', async () => {
    const { bells, timers } = handTimers()
    const away = { write: () => Promise.reject(new Error('away')) } as unknown as RecordStore
    const problems: unknown[] = []
    await startHousekeeping(
      away,
      () => MONDAY,
      timers,
      (problem) => problems.push(problem),
    ).first
    expect(problems).toMatchObject([{ message: 'away' }])
    expect(bells).toHaveLength(1)
  })
})

it('a store of the first schema gets entries for what stands, in the order of its revisions, and goes on', async () => {
  const endpoint = await setupEndpoint({ database: 'sqlite' })
  await layGround(endpoint)
  const officer = await queueOf(endpoint, '1001')
  for (const n of [1, 2]) await officer.offer(rollMark(n))
  const before = await tablesOf(endpoint.store)
  await endpoint.close()

  const path = join(folder, 'old.sqlite')
  const old = sqliteKysely<Tables>(openSqlite(path))
  await firstSchema(old, 'sqlite')
  await old.insertInto('settings').values({ key: 'schema', value: '1' }).execute()
  const asFirst = (row: TableRow) => ({ id: row.id, name: row.name, rev: row.rev }) as never
  for (const row of before.scopes) await old.insertInto('scopes').values(asFirst(row)).execute()
  for (const row of before.records)
    await old
      .insertInto('records')
      .values(row as never)
      .execute()
  await old.destroy()

  const store = await openSqliteStore(path)
  const filled = await tablesOf(store)
  expect(filled.ledger).toHaveLength(before.ledger.length)
  expect(filled.ledger.map((e) => [e.scope_id, e.rev, e.type, e.id])).toEqual(
    before.ledger.map((e) => [e.scope_id, e.rev, e.type, e.id]),
  )
  expect(await verifyHeld(filled)).toMatchObject({ ok: true, counts: { proved: before.ledger.length } })
  await store.close()
  const again = await openSqliteStore(path)
  expect(await tablesOf(again)).toEqual(filled)
  await again.close()
})
