/**
 * `npm start` with a DATABASE_URL that leads nowhere: one clear sentence, never the password, exit code 1. One that has said that it
 * is up is ended by nothing that the database does.
 */
import { createServer } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ConfigTrouble, readConfig } from '../../../src/server/config.ts'
import { startPostgres } from '../../support/postgres.ts'
import { makeTree, type Tree } from './program.ts'

vi.setConfig({ testTimeout: 120_000 })

let tree: Tree
beforeAll(() => {
  tree = makeTree()
})
afterAll(() => tree.remove())

it('says host and port of a database that does not answer', async () => {
  const nobody = createServer()
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
  const { port } = nobody.address() as { port: number }
  await new Promise((resolve) => nobody.close(resolve))
  const url = `postgres://hall:secret-word@127.0.0.1:${port}/hall`
  const { code, stdout, stderr } = await tree.run('main.ts', [], {
    DATABASE_URL: url,
    DATA_DIR: tree.path('data'),
  })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stderr).toContain(`127.0.0.1:${port}`)
  expect(stderr).toMatch(/ECONNREFUSED.*。\n$/)
  expect(stderr).not.toContain('secret-word')
})

it('says what is wrong with a setting, without repeating an address', () => {
  const read = (env: Record<string, string>) => readConfig(env, { dataDir: tree.path('data') })
  for (const url of [
    'mysql://hall:secret-word@db/hall',
    'hall:secret-word@db:5432/hall',
    'postgres:hall:secret-word@db',
    'postgres://hall:secret-word@db:port/hall',
    '/var/run/secret-word',
  ]) {
    const reading = () => read({ DATABASE_URL: url })
    expect(reading, url).toThrow(ConfigTrouble)
    expect(reading, url).toThrow('postgres://')
    expect(reading, url).not.toThrow('secret-word')
  }
  const good = { DATABASE_URL: 'postgresql://hall@db/hall' }
  expect(read(good).database).toEqual({ url: good.DATABASE_URL, connections: 10, waitMs: 0 })
  expect(read({ ...good, DATABASE_POOL: '25', DATABASE_WAIT: '30' }).database).toMatchObject({
    connections: 25,
    waitMs: 30_000,
  })
  for (const [name, value] of [
    ['DATABASE_POOL', '1'],
    ['DATABASE_POOL', '2.5'],
    ['DATABASE_POOL', 'many'],
    ['DATABASE_WAIT', '-1'],
  ] as const)
    expect(() => read({ ...good, [name]: value }), value).toThrow(name)
  expect(read({ DATABASE_URL: '' }).database).toBeNull()
})

it('goes on, and offers its set-up code later, when the database dies as soon as it is up', async () => {
  const postgres = await startPostgres()
  try {
    const env = { DATABASE_URL: postgres.url, DATA_DIR: tree.path('data') }
    const first = tree.start('main.ts', [], env)
    await first.says(/设置码/)
    first.child.kill('SIGKILL')
    await first.ended
    // Whoever writes alone waits here, until the server is killed under it.
    const holder = new Client({ connectionString: postgres.url })
    holder.on('error', () => undefined)
    await holder.connect()
    await holder.query(`select pg_advisory_lock(${0x57_48_4c}, 1)`)
    const { child, says, ended } = tree.start('main.ts', [], env)
    await says(/已启动/)
    await postgres.kill()
    await postgres.start()
    expect(await says(/设置码/)).toMatch(/设置码 [A-Z0-9-]+/)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  } finally {
    await postgres.stop()
  }
})
