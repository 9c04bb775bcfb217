/** `npm start` where it cannot start: one clear sentence and exit code 1; and where it can: it ends cleanly. */
import { connect as connectTo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer } from 'node:net'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ConfigTrouble, readConfig } from '../../../src/server/config.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { makeTree, type Ended, type Tree } from './program.ts'

vi.setConfig({ testTimeout: 120_000 })

let tree: Tree
beforeAll(() => {
  tree = makeTree()
})
afterAll(() => tree.remove())

let folders = 0
const dataDir = () => tree.path(`data-${++folders}`)
const start = (env: Record<string, string>) => tree.start('main.ts', [], { DATA_DIR: dataDir(), ...env })

/** One line of Chinese that ends like a sentence, no stack, exit code 1. */
function expectSentence({ code, stderr, stdout }: Ended, ...parts: string[]) {
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/。\n$/)
  expect(stderr).not.toMatch(/\bat |Error:/)
  for (const part of parts) expect(stderr).toContain(part)
}

describe('a start that cannot be', () => {
  it('says that the port is taken', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    )
    const end = await start({ PORT: String(port) }).ended
    other.close()
    expectSentence(end, String(port), '占用', 'PORT')
  })

  it('says that the folder cannot be written', async () => {
    writeFileSync(tree.path('a-file'), '')
    expectSentence(await start({ DATA_DIR: tree.path('a-file/data') }).ended, 'a-file/data', 'DATA_DIR')
  })

  it('says that the database is damaged, from its first byte or in the middle, and leaves the file alone', async () => {
    const noise = dataDir()
    mkdirSync(noise)
    writeFileSync(
      `${noise}/window-hall.sqlite`,
      'this was never a database, whatever its name says'.repeat(100),
    )
    const torn = dataDir()
    mkdirSync(torn)
    const database = new DatabaseSync(`${torn}/window-hall.sqlite`)
    database.exec('create table t (x text); create index i on t (x)')
    for (let at = 0; at < 500; at++) database.prepare('insert into t values (?)').run('x'.repeat(100))
    database.close()
    const bytes = readFileSync(`${torn}/window-hall.sqlite`)
    bytes.fill(0xff, 8192, 40_000)
    writeFileSync(`${torn}/window-hall.sqlite`, bytes)
    for (const folder of [noise, torn]) {
      const before = readFileSync(`${folder}/window-hall.sqlite`)
      expectSentence(await start({ DATA_DIR: folder }).ended, '损坏', 'window-hall.sqlite', '备份')
      expect(readFileSync(`${folder}/window-hall.sqlite`).equals(before)).toBe(true)
    }
  })

  it('refuses data of a newer version', async () => {
    const folder = dataDir()
    mkdirSync(folder)
    const database = new DatabaseSync(`${folder}/store.sqlite`)
    database.exec(
      `create table settings (key text primary key, value text not null); insert into settings values ('schema', '999')`,
    )
    database.close()
    await expect(openSqliteStore(`${folder}/store.sqlite`)).rejects.toMatchObject({
      name: 'StoreTrouble',
      message: expect.stringContaining('更新的版本') as unknown,
    })
  })

  it('refuses a demo folder', async () => {
    const folder = dataDir()
    mkdirSync(folder)
    writeFileSync(`${folder}/DEMO`, '')
    expectSentence(await start({ DATA_DIR: folder }).ended, folder, '示例')
  })

  it('says what is wrong with a setting', () => {
    writeFileSync(tree.path('no-certificate'), 'not a certificate')
    const pair = { TLS_CERT: tree.path('no-certificate'), TLS_KEY: tree.path('no-certificate') }
    const wrong: [Record<string, string>, string][] = [
      [{ PORT: '80x' }, 'PORT'],
      [{ PORT: '70000' }, 'PORT'],
      [{ PUBLIC_URL: 'hall.example' }, 'PUBLIC_URL'],
      [{ MAX_FILE_MB: 'many' }, 'MAX_FILE_MB'],
      [{ TLS_CERT: tree.path('missing') }, 'TLS_KEY'],
      [{ TLS_CERT: tree.path('missing'), TLS_KEY: tree.path('missing') }, '证书'],
      [pair, '证书'],
    ]
    for (const [env, part] of wrong) {
      const read = () => readConfig(env, { dataDir: dataDir() })
      expect(read).toThrow(ConfigTrouble)
      expect(read).toThrow(part)
    }
    expect(
      readConfig({ DATA_DIR: '', PORT: '', MAX_FILE_MB: '' }, { dataDir: tree.path('usual') }),
    ).toMatchObject({
      dataDir: tree.path('usual'),
      port: 8080,
      maxFileBytes: 50 * 1024 * 1024,
    })
  })

  it('says that the app has not been built', async () => {
    renameSync(tree.path('dist'), tree.path('not-built'))
    try {
      expectSentence(await start({}).ended, 'npm run build')
    } finally {
      renameSync(tree.path('not-built'), tree.path('dist'))
    }
  })
})

describe('a start that can be', () => {
  const addressIn = (text: string) =>
    /http:\/\/localhost:(\d+)/.exec(text)![0].replace('localhost', '127.0.0.1')
  const setUpCodeIn = (text: string) => /设置码 (\S+) /.exec(text)![1]!

  it('prints a set-up code that works once, serves the app, and ends with code 0 on SIGTERM with a live connection open', async () => {
    const folder = dataDir()
    const first = start({ DATA_DIR: folder })
    const said = await first.says(/设置码/)
    const address = addressIn(said)
    expect(await (await fetch(address)).text()).toContain('窗口先锋')
    expect((await fetch(`${address}/assets/missing.js`)).status).toBe(404)
    expect(await (await fetch(`${address}/../../etc/passwd`)).text()).not.toContain('root:')
    expect(await (await fetch(`${address}/%2e%2e/%2e%2e/package.json`)).text()).not.toContain('module')
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(address + path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', origin: address, ...headers },
      })
    const setUp = { bureauName: '某大厅', staffNo: '0001', name: '管理员', password: 'a long password' }
    expect((await post('/api/setup', { ...setUp, code: 'WRONG' })).status).toBe(401)
    const code = setUpCodeIn(said).toLowerCase()
    expect((await post('/api/setup', { ...setUp, code })).status).toBe(201)
    expect((await post('/api/setup', { ...setUp, code })).status).toBe(401)
    const session = await post('/api/session', { staffNo: '0001', password: setUp.password })
    const cookie = session.headers.get('set-cookie')!.split(';')[0]!
    const live = await fetch(`${address}/api/live`, { headers: { cookie } })
    expect(live.headers.get('content-type')).toContain('text/event-stream')
    const drained = live.text().catch(() => '')
    const began = Date.now()
    first.child.kill('SIGTERM')
    first.child.kill('SIGTERM')
    const end = await first.ended
    await drained
    expect([end.code, end.signal, end.stderr]).toEqual([0, null, ''])
    expect(Date.now() - began).toBeLessThan(30_000)

    const second = start({ DATA_DIR: folder })
    const again = await second.says(/已启动/)
    await fetch(addressIn(again))
    second.child.kill('SIGINT')
    expect(await second.ended).toMatchObject({ code: 0 })
    expect((await second.ended).stdout).not.toContain('设置码')
  })

  it('begins without what only an upload or an export needs', async () => {
    writeFileSync(
      tree.path('tell-loaded.mjs'),
      `import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      process.on('exit', () => console.log(loaded.join(' ')))`,
    )
    const running = start({ NODE_OPTIONS: `--import ${tree.path('tell-loaded.mjs')}` })
    await running.says(/设置码/)
    running.child.kill('SIGTERM')
    const { stdout } = await running.ended
    const packages = new Set(
      [...stdout.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map(([, name]) => name),
    )
    expect(packages).toContain('kysely')
    const late = ['mammoth', 'turndown', '@mixmark-io/domino', 'read-excel-file', 'write-excel-file']
    expect(late.filter((name) => packages.has(name))).toEqual([])
  })

  it('goes on when nobody reads its log any more, and ends properly when its terminal is closed', async () => {
    const { child, says, ended } = start({ DATA_DIR: dataDir() })
    const address = addressIn(await says(/已启动/))
    child.stderr!.destroy()
    // A phone that is gone in the middle of what it sends: the endpoint has a line to write about it.
    for (let n = 0; n < 3; n++) {
      const phone = connectTo(Number(new URL(address).port), '127.0.0.1')
      phone.write(
        `POST /api/setup HTTP/1.1\r\nhost: hall\r\norigin: http://hall\r\ncontent-length: 99\r\n\r\n{"code"`,
      )
      await pause(50)
      phone.destroy()
      await pause(50)
    }
    expect((await fetch(`${address}/healthz`)).status).toBe(200)
    child.kill('SIGHUP')
    expect((await ended).code).toBe(0)
  })

  it('keeps what it answered when it is killed', async () => {
    const folder = dataDir()
    const first = start({ DATA_DIR: folder })
    const said = await first.says(/设置码/)
    const body = {
      code: setUpCodeIn(said),
      bureauName: '厅',
      staffNo: '1',
      name: '管',
      password: 'a long password',
    }
    const answer = await fetch(`${addressIn(said)}/api/setup`, { method: 'POST', body: JSON.stringify(body) })
    expect(answer.status).toBe(201)
    first.child.kill('SIGKILL')
    await first.ended
    const second = start({ DATA_DIR: folder })
    const address = addressIn(await second.says(/已启动/))
    expect(await (await fetch(`${address}/api/setup`)).json()).toEqual({ needed: false })
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })
})
