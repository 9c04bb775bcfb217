/** `npm start` with a DATABASE_URL that leads nowhere: one clear sentence, never the password, exit code 1. */
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ConfigTrouble, readConfig } from '../../../src/server/config.ts'
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
