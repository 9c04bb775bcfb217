/** The operator's programs on PostgreSQL: a backup of SQLite goes in, one is taken while an endpoint serves, SIGKILL anywhere. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { makeTree, type Tree } from '../process/program.ts'
import { fillStore } from './fill-store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

const KEY = { BACKUP_KEY: 'twelve signs or more' }
let tree: Tree
let postgres: TestPostgres
let url: string
beforeAll(async () => {
  tree = makeTree()
  postgres = await startPostgres()
  url = await postgres.newDatabase()
})
afterAll(async () => {
  await postgres?.stop()
  tree?.remove()
})

const environment = () => ({ DATA_DIR: tree.path('data'), DATABASE_URL: url, ...KEY })
const admin = (...words: string[]) => tree.run('cli.ts', words, environment())

/** What stands, as another program sees it. */
async function standing(): Promise<{ digest: string; epoch: string }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const records = await client.query('select * from records order by type, id')
    const epoch = await client.query("select value from settings where key = 'epoch'")
    return {
      digest: createHash('sha256').update(JSON.stringify(records.rows)).digest('hex'),
      epoch: String((epoch.rows[0] as { value: string }).value),
    }
  } finally {
    await client.end()
  }
}

/** A backup of a SQLite store that is filled for it. */
async function backupOf(mark: string, notes: number): Promise<string> {
  await fillStore(tree.path(mark), notes, mark)
  const path = tree.path(`${mark}.backup`)
  const env = { DATA_DIR: tree.path(mark), ...KEY }
  expect((await tree.run('cli.ts', ['backup', path], env)).code).toBe(0)
  return path
}

/** A restore that ends by its own hand when every row is written and nothing is committed. */
const KILLED_AT_COMMIT = `
import { readReplaced } from './backup/replaced-store.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { openStores } from './open-stores.ts'
const [dataDir, path, url] = process.argv.slice(2)
const { store, blobs } = await openStores({ dataDir, database: { url, connections: 4, waitMs: 0 } })
const backup = { path, passphrase: process.env.BACKUP_KEY }
const beforeCommit = async () => process.kill(process.pid, 'SIGKILL')
const replaced = await readReplaced(store)
await restoreBackup({ store, blobs, backup, replaced, journal: [], now: Date.now(), beforeCommit })
`

it('restores, backs up beside an endpoint, refuses to restore under it, and a killed restore leaves old or new', async () => {
  const [older, newer] = [await backupOf('older', 800), await backupOf('newer', 1600)]
  const first = await admin('restore', older)
  expect([first.code, first.stderr]).toEqual([0, ''])
  expect((await admin('verify')).stdout).toContain('账本相符')
  const old = await standing()

  const endpoint = tree.start('main.ts', [], environment())
  await endpoint.says(/已启动/)
  expect((await admin('backup', tree.path('served.backup'))).code).toBe(0)
  const refused = await admin('restore', newer, '--replace')
  expect([refused.code, refused.stderr.includes('请先停止所有服务')]).toEqual([1, true])
  endpoint.child.kill('SIGKILL')
  await endpoint.ended
  expect((await standing()).digest).toBe(old.digest)

  writeFileSync(tree.path('src/server/killed-at-commit.ts'), KILLED_AT_COMMIT)
  const killed = await tree.run('killed-at-commit.ts', [tree.path('data'), newer, url], KEY)
  expect(killed.signal).toBe('SIGKILL')
  expect(await standing()).toEqual(old)

  // And at any other moment: how long it takes here is measured on another database.
  const others = {
    ...environment(),
    DATA_DIR: tree.path('trial'),
    DATABASE_URL: await postgres.newDatabase(),
  }
  const begin = performance.now()
  expect((await tree.run('cli.ts', ['restore', newer], others)).code).toBe(0)
  const wholeMs = performance.now() - begin
  const seen = new Set<string>()
  for (let at = 1; at <= 4; at++) {
    const running = tree.start('cli.ts', ['restore', newer, '--replace'], environment())
    await pause((wholeMs * at) / 4)
    running.child.kill('SIGKILL')
    await running.ended
    seen.add((await standing()).digest)
  }
  const last = await admin('restore', newer, '--replace')
  expect([last.code, last.stderr]).toEqual([0, ''])
  const fresh = await standing()
  expect(fresh.digest).not.toBe(old.digest)
  for (const digest of seen) expect([old.digest, fresh.digest]).toContain(digest)
  expect((await admin('verify')).stdout).toContain('账本相符')

  // What was taken beside the endpoint is whole: the older store, of that moment.
  expect((await admin('restore', tree.path('served.backup'), '--replace')).code).toBe(0)
  expect((await standing()).digest).toBe(old.digest)
})
