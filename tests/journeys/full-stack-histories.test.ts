/**
 * Random histories of two to four phones through the whole stack: Dexie, HTTP on a real port, SQL. See histories/.
 * Repeat one: `HISTORY_SEED=… HISTORY_PATH=… npx vitest run tests/journeys/full-stack-histories.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Attack } from '../support/attacked-store.ts'
import { sqliteDatabase, type Hall } from '../support/hall.ts'
import { postgresDatabase } from '../support/postgres-stores.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { runFullStackHistories } from './histories/run.ts'

/** Each takes a second of a core; `npm run soak` plays thousands. */
const RUNS = 100
let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres?.stop())

it('no fact is lost or doubled, and at rest every phone equals the endpoint in its scopes', async () => {
  const { HISTORY_SEED, HISTORY_PATH } = process.env
  const database = await postgresDatabase(postgres)
  const report = await runFullStackHistories({
    runs: RUNS,
    databases: { SQLite: sqliteDatabase, PostgreSQL: () => database },
    ...(HISTORY_SEED === undefined ? {} : { seed: Number(HISTORY_SEED) }),
    ...(HISTORY_PATH === undefined ? {} : { path: HISTORY_PATH }),
  })
  expect(report.failure ?? '').toBe('')
  expect(report.runs).toBe(HISTORY_PATH === undefined ? RUNS : report.runs)
}, 600_000)

it('a failure is told at once as it was drawn, and then with what it was shrunk to', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const spoil = (hall: Hall) => void (hall.attack.falsify = (r) => (r.type === 'opinion' ? undefined : r))
  const report = await runFullStackHistories({ runs: 30, seed: 7, shrinkMs: 3_000, spoil })
  const drawn = String(told.mock.calls[0]?.[0] ?? '')
  told.mockRestore()
  expect(drawn).toMatch(/seed: 7[^]+LOST/)
  expect(report.failure).toMatch(/LOST[^]+\n\nShrunken:\n/)
  expect(report.failure?.startsWith(drawn)).toBe(true)
})

describe('the checks find an endpoint that', () => {
  const cases: [string, Attack['falsify'], RegExp][] = [
    ['forgets a fact that it accepted', (r) => (r.type === 'opinion' ? undefined : r), /LOST/],
    ['writes under another name', (r) => (r.type === 'note' ? r : { ...r, author: 'nobody' }), /author|rows/],
    [
      'alters what was written',
      (r) => ({ ...r, fields: r.fields.replace('意见', '意思') }),
      /text|rows|ledger/,
    ],
  ]
  it.each(cases)('%s', async (_name, falsify, says) => {
    const spoil = (hall: Hall) => void (hall.attack.falsify = falsify)
    const report = await runFullStackHistories({ runs: 30, seed: 7, withoutShrinking: true, spoil })
    expect(report.failure ?? 'nothing').toMatch(says)
  })
})
