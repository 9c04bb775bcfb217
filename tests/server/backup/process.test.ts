/** The operator's programs themselves: refusals in one sentence, a disk that is full, an endpoint in the way, and SIGKILL anywhere. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import { makeTree, type Ended, type Tree } from '../process/program.ts'
import { fillStore } from './fill-store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

const ADMIN_COMMANDS = ['import', 'codes', 'backup', 'restore', 'verify', 'export', 'erase']
const KEY = { BACKUP_KEY: 'twelve signs or more' }
let tree: Tree
beforeAll(() => {
  tree = makeTree()
})
afterAll(() => tree.remove())

const admin = (folder: string, words: string[], env: Record<string, string> = KEY) =>
  tree.run('cli.ts', words, { DATA_DIR: tree.path(folder), ...env })

const makeStore = (folder: string, notes: number, mark: string) => fillStore(tree.path(folder), notes, mark)

/** What stands, as another program sees it. */
function standing(folder: string) {
  const database = new DatabaseSync(tree.path(folder, 'window-hall.sqlite'))
  try {
    const check = database.prepare('pragma integrity_check').get()
    const records = database.prepare('select * from records order by type, id').all()
    const one = (text: string) => Object.values(database.prepare(text).get() ?? {})[0]
    return {
      check: Object.values(check ?? {})[0],
      digest: createHash('sha256').update(JSON.stringify(records)).digest('hex'),
      epoch: String(one("select value from settings where key = 'epoch'")),
      ledger: Number(one('select count(*) from ledger')),
    }
  } finally {
    database.close()
  }
}
function expectSentence({ code, stderr }: Ended, ...parts: string[]) {
  expect([code, stderr.trimEnd().split('\n').length, /\bat |Error:/.test(stderr)]).toEqual([1, 1, false])
  for (const part of parts) expect(stderr).toContain(part)
}

it('prints how it is used for no command, an unknown one and an unknown option', async () => {
  for (const words of [[], ['restroe', 'x'], ['backup', 'x', '--replace'], ['codes', '--apply']]) {
    const end = await admin('usage', words)
    expect([end.code, end.stdout]).toEqual([1, ''])
    expect(end.stderr).toContain('用法')
    for (const command of ADMIN_COMMANDS) expect(end.stderr).toContain(command)
    expect(end.stderr).not.toMatch(/\bat /)
  }
})

it('writes a backup, verifies it and restores it elsewhere; each refusal is one sentence and leaves nothing', async () => {
  await makeStore('here', 20, 'here')
  const path = tree.path('a.backup')
  expectSentence(await admin('here', ['backup', path], {}), 'BACKUP_KEY')
  expectSentence(await admin('here', ['backup', path], { BACKUP_KEY: 'short' }), '12')
  expectSentence(await admin('here', ['backup', tree.path('no/such/folder/a.backup')]), '没有这个文件')
  expect(existsSync(path)).toBe(false)
  const written = await admin('here', ['backup', path])
  expect([written.code, written.stderr]).toEqual([0, ''])
  for (const part of [path, '文件 1 个', standing('here').epoch, 'restore'])
    expect(written.stdout).toContain(part)
  expectSentence(await admin('here', ['backup', path]), '--overwrite')
  expect((await admin('here', ['verify', path])).stdout).toContain('账本相符')
  expectSentence(await admin('here', ['restore', path]), '--replace')
  expectSentence(await admin('there', ['restore', path], { BACKUP_KEY: 'quite another one' }), '口令不对')
  expectSentence(await admin('there', ['restore', tree.path('package.json')]), '不是窗口先锋的备份')
  expectSentence(await admin('there', ['restore', tree.path('nothing')]), '没有这个文件')
  writeFileSync(tree.path('key'), `${KEY.BACKUP_KEY}\n`)
  const restored = await admin('there', ['restore', path, '--key-file', tree.path('key')], {})
  expect([restored.code, restored.stderr]).toEqual([0, ''])
  expect(standing('there').digest).toBe(standing('here').digest)
  expect((await admin('there', ['verify'])).stdout).toContain('账本相符')
})

it('says that the disk is full, and leaves neither a part nor a name', async () => {
  await makeStore('large', 4000, 'large')
  const path = tree.path('full.backup')
  // The largest file that this process may write: blocks of 512 bytes.
  const words = [
    '-c',
    'ulimit -f 100; exec "$0" "$@"',
    process.execPath,
    tree.path('src/server/cli.ts'),
    'backup',
    path,
  ]
  const child = spawn('sh', words, {
    env: { ...KEY, DATA_DIR: tree.path('large'), PATH: process.env.PATH ?? '' },
  })
  let stderr = ''
  child.stderr.on('data', (text: Buffer) => void (stderr += text.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  expectSentence(
    { code, signal: null, stdout: '', stderr: stderr.replace(/^.*Warning.*\n/gm, '') },
    '备份没有写成',
  )
  expect(readdirSync(tree.folder).filter((name) => name.startsWith('full.backup'))).toEqual([])
})

it('backs up while an endpoint serves, and does not restore under it', async () => {
  await makeStore('served', 50, 'served')
  const path = tree.path('served.backup')
  const endpoint = tree.start('main.ts', [], { DATA_DIR: tree.path('served') })
  await endpoint.says(/已启动/)
  expect((await admin('served', ['backup', path])).code).toBe(0)
  const before = standing('served')
  expectSentence(await admin('served', ['restore', path, '--replace']), '请先停止服务')
  expect(standing('served')).toEqual(before)
  // Killed, not stopped: nobody has to tidy up after it.
  endpoint.child.kill('SIGKILL')
  await endpoint.ended
  expect((await admin('served', ['restore', path, '--replace'])).code).toBe(0)
  expect(standing('served').epoch).not.toBe(before.epoch)
  const again = tree.start('main.ts', [], { DATA_DIR: tree.path('served') })
  await again.says(/已启动/)
  again.child.kill('SIGTERM')
  expect((await again.ended).code).toBe(0)
})

/** A restore that ends by its own hand when every row is written and nothing is committed. */
const KILLED_AT_COMMIT = `
import { readReplaced } from './backup/replaced-store.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { openStores } from './open-stores.ts'
const [dataDir, path] = process.argv.slice(2)
const { store, blobs } = await openStores({ dataDir, database: null })
const backup = { path, passphrase: process.env.BACKUP_KEY }
const beforeCommit = async () => process.kill(process.pid, 'SIGKILL')
const replaced = await readReplaced(store)
await restoreBackup({ store, blobs, backup, replaced, journal: [], now: Date.now(), beforeCommit })
`

it('leaves the old store or the new one, wherever a restore is killed', async () => {
  const [oldFile, newFile] = [await makeStore('old', 1500, 'old'), await makeStore('new', 3000, 'new')]
  const path = tree.path('new.backup')
  expect((await admin('new', ['backup', path])).code).toBe(0)
  const [old, fresh] = [standing('old'), standing('new')]
  const expectOld = () => expect(standing('old')).toEqual({ ...old, check: 'ok' })

  writeFileSync(tree.path('src/server/killed-at-commit.ts'), KILLED_AT_COMMIT)
  const words = [tree.path('old'), path]
  expect((await tree.run('killed-at-commit.ts', words, KEY)).signal).toBe('SIGKILL')
  expectOld()

  // And at any other moment: how long it takes here is measured on a store that is like it.
  await makeStore('trial', 1500, 'old')
  const begin = performance.now()
  expect((await admin('trial', ['restore', path, '--replace'])).code).toBe(0)
  const wholeMs = performance.now() - begin
  for (let at = 1; at <= 5; at++) {
    const running = tree.start('cli.ts', ['restore', path, '--replace'], {
      DATA_DIR: tree.path('old'),
      ...KEY,
    })
    await pause((wholeMs * at) / 5)
    running.child.kill('SIGKILL')
    await running.ended
    const now = standing('old')
    expect(now.check).toBe('ok')
    expect([old.digest, fresh.digest]).toContain(now.digest)
    if (now.digest === fresh.digest) break
    expectOld()
  }
  expect((await admin('old', ['restore', path, '--replace'])).code).toBe(0)
  expect(standing('old').digest).toBe(fresh.digest)
  expect((await admin('old', ['verify'])).stdout).toContain('账本相符')
  const blobs = createFolderBlobs(tree.path('old', 'blobs'))
  expect([await blobs.sizeBytes(newFile), await blobs.sizeBytes(oldFile)]).toEqual([11, 11])
})
