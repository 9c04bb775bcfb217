/** Who uses a folder or a database: endpoints beside each other, a restore alone; a process that is gone holds nothing. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { claimStores, type Claim } from '../../../src/server/claim-stores.ts'
import type { Config } from '../../../src/server/config.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let postgres: TestPostgres
const folder = mkdtempSync(join(tmpdir(), 'window-hall-claims-'))
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Where = Pick<Config, 'dataDir' | 'database'>
const places: [string, () => Where][] = [
  ['a folder', () => ({ dataDir: folder, database: null })],
  ['a database', () => ({ dataDir: folder, database: { url: postgres.url, connections: 2, waitMs: 0 } })],
]

describe.each(places)('%s', (_name, where) => {
  it('is shared by endpoints, and had alone by a restore', async () => {
    const [a, b] = [await claimStores(where(), 'serving'), await claimStores(where(), 'serving')]
    await expect(claimStores(where(), 'alone')).rejects.toThrow(/停止/)
    await a.release()
    await expect(claimStores(where(), 'alone')).rejects.toThrow(/停止/)
    await b.release()
    const alone = await claimStores(where(), 'alone')
    await expect(claimStores(where(), 'serving')).rejects.toThrow(/正在恢复/)
    await expect(claimStores(where(), 'alone')).rejects.toThrow(/停止/)
    await alone.release()
    await (await claimStores(where(), 'serving')).release()
  })

  it('is free again when the process that had it is killed', async () => {
    const script = `
      const { claimStores } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/server/claim-stores.ts'))})
      await claimStores(${JSON.stringify(where())}, 'serving')
      console.log('has it')
      process.kill(process.pid, 'SIGKILL')`
    const end = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect([end.stdout, end.signal]).toEqual(['has it\n', 'SIGKILL'])
    let claim: Claim | undefined
    // The database notices a connection that is gone, not at once.
    for (let tries = 0; claim === undefined && tries < 100; tries++) {
      claim = await claimStores(where(), 'alone').catch(() => undefined)
      if (claim === undefined) await pause(100)
    }
    expect(claim).toBeDefined()
    await claim?.release()
  })
})

it('an endpoint takes its claim anew after the database was away', async () => {
  const where = places[1]![1]()
  const serving = await claimStores(where, 'serving')
  await postgres.restart()
  const isRefused = async (): Promise<boolean> => {
    try {
      await (await claimStores(where, 'alone')).release()
      return false
    } catch (problem) {
      return /停止/.test(String(problem))
    }
  }
  let tries = 0
  while (tries < 150 && !(await isRefused())) {
    tries += 1
    await pause(100)
  }
  expect(await isRefused()).toBe(true)
  await serving.release()
  await (await claimStores(where, 'alone')).release()
})
