/** The importer from end to end, as a program: dry run, --apply, and again; mistakes named by row and column; nothing half stored. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { hashPassword } from '../../../src/server/auth/passwords.ts'
import { makeBureau } from '../../../src/server/commands/make-bureau.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { makeDocx, makePdf, makeXlsx } from '../import/fixtures.ts'
import { makeTree, type Ended, type Tree } from './program.ts'

vi.setConfig({ testTimeout: 120_000 })

let tree: Tree
/** A new folder for each test: what is imported from, and `data`. */
let folder: string
let folders = 0
const path = (...parts: string[]) => join(folder, ...parts)
beforeAll(() => {
  tree = makeTree()
})
afterAll(() => tree.remove())
beforeEach(async () => {
  folder = tree.path(`test-${++folders}`)
  const store = await openSqliteStore(path('data/window-hall.sqlite'))
  await store.write([], async (tx) => {
    await makeBureau(tx, {
      bureauName: '某大厅',
      staffNo: '0001',
      name: '管理员',
      passwordHash: await hashed,
      now: Date.now(),
      newId: () => 'administrator',
    })
  })
  await store.close()
})
const hashed = hashPassword('a long password')

const run = (...words: string[]) => tree.run('cli.ts', ['import', ...words], { DATA_DIR: path('data') })
/** All rows of what is kept, but for the codes, which are new each time. */
function dump(): string {
  const database = new DatabaseSync(path('data/window-hall.sqlite'), { readOnly: true })
  const tables = ['records', 'scopes', 'accounts', 'activation_codes', 'blobs', 'blob_scopes', 'settings']
  const rows = tables.map((t) => [t, database.prepare(`select * from ${t} order by 1, 2`).all()])
  database.close()
  return JSON.stringify(rows)
}
const names = () => {
  const database = new DatabaseSync(path('data/window-hall.sqlite'), { readOnly: true })
  const rows = database.prepare('select name from accounts order by staff_no').all()
  database.close()
  return rows.map((r) => r.name)
}
const blobFiles = () => {
  try {
    return readdirSync(path('data/blobs'), { recursive: true }).filter((f) => String(f).length > 10)
  } catch {
    return []
  }
}
function expectRefused(end: Ended, ...parts: string[]) {
  expect([end.code, end.stderr.includes('    at ')]).toEqual([1, false])
  for (const part of parts) expect(end.stdout + end.stderr).toContain(part)
}
/** Dry run, for real, and again: the first and the last change nothing. */
async function importThrice(words: string[], added: string) {
  const before = dump()
  const dry = await run(...words)
  expect([dry.code, dry.stderr]).toEqual([0, ''])
  expect(dry.stdout).toContain(added)
  expect(dry.stdout).toContain('预演')
  expect([dump(), blobFiles()]).toEqual([before, []])
  const real = await run(...words, '--apply')
  expect([real.code, real.stderr]).toEqual([0, ''])
  expect(real.stdout).toContain(added)
  expect(real.stdout).toContain('已全部写入')
  const after = dump()
  expect(after).not.toBe(before)
  const again = await run(...words, '--apply')
  expect(again.code).toBe(0)
  expect(again.stdout).not.toMatch(/新增|变更/)
  expect(dump()).toBe(after)
  return real
}

const HEADINGS = ['姓名', '工号', '支部', '党小组', '科室', '党员类别', '职务']

it('takes a roster from a spreadsheet, and prints the codes once, to a file for the operator alone', async () => {
  const roster = await makeXlsx({
    名册: [
      HEADINGS,
      ['陈静', '1001', '第一支部', null, '综合科', '正式党员', '支部书记'],
      ['王芳', '1003', '第一支部', '第一小组', '综合科', '预备党员', null],
    ],
  })
  writeFileSync(path('roster.xlsx'), roster)
  const real = await importThrice(['people', path('roster.xlsx')], '1001 陈静')
  expect(real.stdout).toContain('2 个激活码')
  expect(names()).toEqual(['管理员', '陈静', '王芳'])
  const sheets = readdirSync(folder).filter((f) => f.startsWith('激活码'))
  expect(sheets).toHaveLength(1)
  expect(statSync(path(sheets[0]!)).mode & 0o777).toBe(0o600)
  const html = readFileSync(path(sheets[0]!), 'utf8')
  const code = /class="code">([A-Z0-9-]{12})</.exec(html)![1]!
  expect(html).toContain('陈静')
  expect(html).not.toContain('<svg')
  expect(real.stdout).toContain('卡片上没有二维码')
  expect(dump()).not.toContain(code)
  const fresh = await tree.run('cli.ts', ['codes', '1001'], {
    DATA_DIR: path('data'),
    PUBLIC_URL: 'https://hall.example',
  })
  expect(fresh.code).toBe(0)
  expect(fresh.stdout).not.toContain('没有二维码')
  const unknown = await tree.run('cli.ts', ['codes', '1001', '7777'], { DATA_DIR: path('data') })
  expectRefused(unknown, '7777')
})

it('takes a roster in GB18030', async () => {
  // 工号,姓名,支部 / 2001,张三,一支部 / 2002,李四,一支部
  const gb =
    'b9a4bac52cd0d5c3fb2cd6a7b2bf0a323030312cd5c5c8fd2cd2bbd6a7b2bf0a323030322cc0eecbc42cd2bbd6a7b2bf0a'
  writeFileSync(path('名册.csv'), Buffer.from(gb, 'hex'))
  await importThrice(['people', path('名册.csv')], '2001 张三')
  expect(names()).toEqual(['管理员', '张三', '李四'])
})

it('names row and column of each mistake, and stores nothing of the good rows', async () => {
  const roster = await makeXlsx({
    名册: [
      HEADINGS,
      ['陈静', '1001', '第一支部', null, null, '正式党员', null],
      ['王芳', null, '第一支部', null, null, '正式党员', null],
      ['赵磊', '1001', '第一支部', null, null, '正式党员', null],
      ['周敏', '1005', '第一支部', null, null, '临时工', null],
    ],
  })
  writeFileSync(path('roster.xlsx'), roster)
  const before = dump()
  for (const words of [[], ['--apply']]) {
    const end = await run('people', path('roster.xlsx'), ...words)
    expectRefused(end, '第 3 行 B 列', '第 4 行', '第 5 行 F 列', '全部没有写入')
  }
  expect(dump()).toBe(before)
  const unknownBranch = await run('people', path('good.csv'), '--no-new-units', '--apply')
  expectRefused(unknownBranch, '没有这个文件')
  writeFileSync(path('good.csv'), '工号,姓名,支部\n1001,陈静,没有的支部\n')
  expectRefused(await run('people', path('good.csv'), '--no-new-units', '--apply'), '第 2 行', '没有的支部')
  expect(dump()).toBe(before)
})

it('refuses a file that lies about its type, an empty one, a folder for a file and a file for a folder', async () => {
  writeFileSync(path('lie.xlsx'), await makePdf({ lines: ['not a roster'] }))
  writeFileSync(path('empty.csv'), '')
  const before = dump()
  expectRefused(await run('people', path('lie.xlsx'), '--apply'), '拒收')
  expectRefused(await run('people', path('empty.csv'), '--apply'), '拒收')
  expectRefused(await run('people', folder, '--apply'), '没有这个文件')
  expectRefused(await run('lessons', path('lie.xlsx'), '--apply'), '没有这个文件夹')
  expectRefused(await run('people', `${path('lie.xlsx')}/inside`), '没有这个文件')
  expectRefused(await run('nonsense', folder), '用法')
  expectRefused(await run('people', path('empty.csv'), '--aply'), '--aply')
  expectRefused(await run('people', path('empty.csv'), '--data'), '--data')
  expect(dump()).toBe(before)
})

it('takes lessons and books from folders', async () => {
  mkdirSync(path('lessons/2026-W48/廉政提醒'), { recursive: true })
  mkdirSync(path('lessons/2026-W48/身边榜样'), { recursive: true })
  writeFileSync(path('lessons/2026-W48/廉政提醒/窗口不收礼.md'), '# 窗口不收礼\n\n一份也不收。\n')
  writeFileSync(
    path('lessons/2026-W48/身边榜样/夜班的灯.docx'),
    await makeDocx({ heading: '夜班的灯', paragraphs: ['灯一直亮着。'], image: true }),
  )
  await importThrice(['lessons', path('lessons')], '窗口不收礼')
  writeFileSync(path('lessons/2026-W48/廉政提醒/窗口不收礼.md'), '# 窗口不收礼\n\n一份也不收，半份也不收。\n')
  const revised = await run('lessons', path('lessons'), '--apply')
  expect(revised.stdout).toMatch(/变更 1/)
})

it('takes a book with its chapters', async () => {
  mkdirSync(path('books/学以致用'), { recursive: true })
  writeFileSync(path('books/学以致用/01 开篇.md'), '# 开篇\n\n第一段。\n\n第二段。\n')
  writeFileSync(path('books/学以致用/02 续篇.md'), '# 续篇\n\n第三段。\n')
  await importThrice(['books', path('books')], '学以致用')
  expect(blobFiles()).toHaveLength(2)
})

it('takes documents in the name of who declares them, and refuses the whole folder for one with a mark of secrecy', async () => {
  mkdirSync(path('documents'))
  writeFileSync(path('documents/办〔2026〕31号 关于值守的通知.pdf'), await makePdf({ lines: ['text'] }))
  writeFileSync(path('documents/办〔2026〕32号 关于会风的通知.md'), '# 关于会风的通知\n\n开短会。\n')
  const words = ['documents', path('documents')]
  const before = dump()
  expectRefused(await run(...words, '--apply'), '--by')
  expectRefused(await run(...words, '--by', '8888', '--apply'), '--by')
  expect(dump()).toBe(before)
  await importThrice([...words, '--by', '0001'], '关于值守的通知')
  const after = dump()
  writeFileSync(path('documents/机密★1年 某事.pdf'), await makePdf({ lines: ['text'] }))
  writeFileSync(path('documents/办〔2026〕33号 另一件.md'), '# 另一件\n\n正文。\n')
  expectRefused(await run(...words, '--by', '0001', '--apply'), '机密')
  expect(dump()).toBe(after)
})

it('asks for a bureau first', async () => {
  const end = await tree.run('cli.ts', ['import', 'people', path('data/window-hall.sqlite')], {
    DATA_DIR: path('empty'),
  })
  expectRefused(end, '设置码')
})
