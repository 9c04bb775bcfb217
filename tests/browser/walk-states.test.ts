/**
 * Screens without an address: sheets, questions, forms with errors, no network, 需处理, empty lists. Each is measured as every page
 * is, in the usual look and in 长辈版.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_PASSWORD, STAFF } from '../../src/server/demo/accounts.ts'
import type { Circulation } from '../../src/shared/circulation/circulation.ts'
import { filesOf } from '../../src/shared/circulation/document/revisions.ts'
import { allDelivered, go } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { SMALL, startPhones, WITHOUT_WORKER, type Phone, type Phones } from './support/phones.ts'
import { putBranchDocument, putNewMember } from './support/walk/branch-document.ts'
import { serveDemo, type DemoHall } from './support/walk/demo-hall.ts'
import { ELDER, LIGHT, wear } from './support/walk/modes.ts'
import { placesOf, type Places } from './support/walk/places.ts'
import { faultsIn, settled } from './support/walk/walk.ts'

let hall: DemoHall
let phones: Phones
let places: Places
beforeAll(async () => {
  hall = await serveDemo()
  places = await placesOf(hall)
  phones = await startPhones()
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

interface State {
  name: string
  path: string
  /** What is done on the page until the state stands there. */
  open(page: Page): Promise<void>
  /** What must be seen by then: without it another screen would be measured. */
  shows: string
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
const dialog = '[role=dialog]'
const question = '[role=alertdialog]'
const sheetOf = (name: string, path: string, opener: string | RegExp): State => ({
  name,
  path,
  open: (page) => press(page, opener),
  shows: dialog,
})

const write = async (page: Page): Promise<void> => {
  await page.getByRole('textbox').first().fill('窗口的座椅有些矮。')
  await press(page, /提交|送出|写好/)
  await page
    .getByText(/已存本机|待送达/)
    .first()
    .waitFor()
}
const at = (name: string, path: string, shows: string): State => ({
  name,
  path,
  open: async () => undefined,
  shows,
})

/** What an officer enters for one person, whose line is looked for in any group of the list. */
const personAct = (circulation: string, name: string, act: string): State => ({
  name: `签阅情况：${act}`,
  path: `/circulation/${circulation}/progress`,
  async open(page) {
    await page.locator('label', { hasText: /^全部/ }).first().click()
    await page.locator('button.row', { hasText: name }).first().click()
    await page.locator(dialog).getByRole('button', { name: act }).first().click()
  },
  shows: `${dialog} textarea`,
})

async function signedIn(
  staffNo: string,
  options: { serviceWorkers?: 'block' } = WITHOUT_WORKER,
): Promise<Phone> {
  const phone = await phones.open(SMALL, { reducedMotion: 'reduce', ...options })
  await signIn(phone.page, hall.url, staffNo, DEMO_PASSWORD)
  await allDelivered(phone.page)
  return phone
}

/** As the reader keeps it of pages that it could not show whole, of each file of the circulation. */
async function noteUnshown(page: Page, circulation: string): Promise<void> {
  const row = await hall.store.read((tx) => tx.record('circulation', circulation))
  const { revisions } = JSON.parse(row!.fields) as Circulation
  const files = filesOf(revisions.at(-1)!).map(({ file }) => file.sha256)
  await page.evaluate(async (all) => {
    const names = (await indexedDB.databases()).map(({ name }) => name!)
    for (const name of names) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error!))
      })
      if (db.objectStoreNames.contains('meta')) {
        const work = db.transaction('meta', 'readwrite')
        const pages = [3, 5, 6, 8, 9, 11, 12, 13, 14, 15, 18, 20]
        const value = pages.map((number) => ({ page: number, what: '2 处太大或已损坏的图片、1 处批注' }))
        for (const sha256 of all) work.objectStore('meta').put({ key: `unshown:${sha256}`, value })
        await new Promise((resolve) => work.addEventListener('complete', resolve))
      }
      db.close()
    }
  }, files)
}

/** All of them, told together. */
async function faultsOf({ page, troubles }: Phone, states: readonly State[]): Promise<string> {
  const faults: string[] = []
  for (const { name, path, open, shows } of states) {
    try {
      await wear(page, LIGHT)
      await go(page, path)
      await settled(page)
      await open(page)
      await page.locator(shows).filter({ visible: true }).first().waitFor()
      await settled(page)
      for (const mode of [LIGHT, ELDER])
        faults.push(
          ...(await faultsIn(page, mode, 'everything')).map((fault) => `${name} · ${mode.name} · ${fault}`),
        )
    } catch (problem) {
      faults.push(`${name} · not reached · ${String(problem).split('\n').slice(0, 3).join(' ')}`)
    }
    // Back to a page without a sheet: a question that stands open is answered by leaving it.
    for (let left = 3; left > 0 && (await page.locator('.sheet:visible').count()) > 0; left--) {
      await page.keyboard.press('Escape')
      await page.waitForTimeout(300)
    }
    faults.push(...troubles.splice(0).map((text) => `${name} · console · ${text.slice(0, 200)}`))
  }
  return faults.join('\n')
}

it('before a sign-in: forms that were sent too early', async () => {
  const phone = await phones.open(SMALL, { reducedMotion: 'reduce', ...WITHOUT_WORKER })
  await phone.page.goto(`${hall.url}/sign-in`)
  const states: State[] = [
    { name: '登录：空着', path: '/sign-in', open: (page) => press(page, '登录'), shows: '.error' },
    { name: '激活：空着', path: '/activate', open: (page) => press(page, '激活并登录'), shows: '.error' },
    {
      name: '登录：密码不对',
      path: '/sign-in',
      async open(page) {
        await page.getByLabel('工号').fill('1005')
        await page.getByLabel('密码', { exact: true }).fill('not the password')
        await press(page, '登录')
      },
      shows: '[role=alert]',
    },
  ]
  expect(await faultsOf(phone, states)).toBe('')
})

it('a member: sheets, a question, the typed name', async () => {
  const phone = await signedIn(STAFF.member)
  const self = `/assessment/${places.thisMonth}/party`
  const states: State[] = [
    sheetOf('阅读设置', `/lessons/${places.lesson}`, '阅读设置'),
    {
      name: '问一句：取消已学',
      path: `/lessons/${places.lesson}`,
      async open(page) {
        const learned = page.getByRole('button', { name: '已学', exact: true })
        await learned.click()
        await page.locator('[aria-pressed=true]', { hasText: '已学' }).click()
      },
      shows: question,
    },
    {
      name: '签字：改用键盘，名字不对',
      path: `/circulation/${places.circulation}/sign`,
      async open(page) {
        await press(page, '改用键盘')
        await page.getByLabel('输入姓名签字').fill('别人')
      },
      shows: '.error',
    },
    {
      name: '看改动：附件里的文字',
      path: `/circulation/${places.withFiles}?changes`,
      async open(page) {
        await press(page, '对照文字')
        // The older revision is fetched when it is asked for.
        await page
          .locator('section[aria-label="附件的改动"]')
          .getByRole('button', { name: '现在下载' })
          .click()
      },
      shows: 'section[aria-label="附件的改动"] ins',
    },
    {
      name: '文件：Word 的原件版式',
      path: `/circulation/${places.withFiles}`,
      async open(page) {
        await page.locator('button.row', { hasText: '.docx' }).click()
        await press(page, '看原件')
      },
      shows: 'section.docx p',
    },
    {
      name: '签字：有内容没有在本机显示',
      path: '/circulation',
      async open(page) {
        await noteUnshown(page, places.withFiles)
        await go(page, `/circulation/${places.withFiles}/sign`)
      },
      shows: '.unshown input[type=checkbox]',
    },
    sheetOf('自评：目录', self, '目录'),
    {
      name: '自评：看一遍',
      path: self,
      async open(page) {
        await press(page, '目录')
        await page.locator(dialog).getByRole('button').last().click()
      },
      shows: 'section[aria-label="看一遍"]',
    },
    { name: '问一句：提交缺项', path: self, open: (page) => press(page, '提交'), shows: question },
  ]
  expect(await faultsOf(phone, states)).toBe('')
})

it('a member without network', async () => {
  const phone = await signedIn(STAFF.groupLeader, {})
  await workerReady(phone.page)
  await phone.page.reload()
  await allDelivered(phone.page)
  await go(phone.page, '/me/opinions')
  await phone.context.setOffline(true)
  await write(phone.page)
  expect(
    await faultsOf(phone, [
      at('没有网络：今日', '/today', '.delivery-link'),
      at('没有网络：送达与存储', '/me/delivery', '.offline'),
      at('没有网络：工作台', '/desk', 'h1'),
      at('没有网络：设备', '/me/devices', '[role=alert], .error-note, .note'),
    ]),
  ).toBe('')
})

it('a member whose endpoint has not taken something', async () => {
  const phone = await signedIn(STAFF.deputy)
  await phone.context.route('**/api/push', async (route) => {
    const { mutations } = route.request().postDataJSON() as { mutations: { n: number }[] }
    const outcomes = mutations.map(({ n }) => ({ n, status: 'rejected', code: 'circulation-recalled' }))
    await route.fulfill({
      json: { lastMutation: mutations.at(-1)?.n ?? 0, serverTime: Date.now(), outcomes },
    })
  })
  await go(phone.page, '/me/opinions')
  await write(phone.page)
  await go(phone.page, '/me/delivery')
  await phone.page.getByRole('heading', { name: /^需处理 1 条/ }).waitFor()
  expect(
    await faultsOf(phone, [
      at('需处理：今日', '/today', 'text=需处理'),
      at('需处理：送达与存储', '/me/delivery', 'h2:has-text("需处理")'),
      {
        name: '需处理：一条',
        path: '/me/delivery',
        open: (page) => page.locator('button.row', { hasText: '意见' }).first().click(),
        shows: dialog,
      },
    ]),
  ).toBe('')
})

it('a member whose app is too old for the endpoint', async () => {
  const phone = await signedIn(STAFF.groupLeader)
  const refusal = { status: 409, json: { error: { code: 'protocol-unsupported' } } }
  await phone.context.route(/\/api\/(push|pull)$/, (route) => route.fulfill(refusal))
  await go(phone.page, '/me/opinions')
  await write(phone.page)
  expect(
    await faultsOf(phone, [
      at('版本太旧：今日', '/today', '.delivery-link:has-text("条在本机，请更新应用")'),
      at('版本太旧：送达与存储', '/me/delivery', 'text=请先更新应用'),
    ]),
  ).toBe('')
})

it('lists with nothing in them', async () => {
  const phone = await signedIn('4001')
  const paths = [
    '/today',
    '/circulation',
    '/branch',
    '/meetings',
    '/assessment',
    '/me/opinions',
    '/scoring',
    '/desk/documents',
    '/lessons/none',
    '/books/none',
    '/circulation/none',
    '/meetings/none',
  ]
  const states = paths.map((path) => at(`空：${path}`, path, 'h1'))
  expect(await faultsOf(phone, states)).toBe('')
})

it('a secretary: the sheets of the roll, the list of who signed, forms that were sent too early', async () => {
  const ownDocument = await putBranchDocument(hall)
  await putNewMember(hall)
  const phone = await signedIn(STAFF.secretary)
  const roll = `/meetings/${places.meeting}/roll/${places.sitting}`
  const states: State[] = [
    {
      name: '考勤：一个人',
      path: roll,
      async open(page) {
        await page.locator('[data-person] button.state').first().click()
        await page.locator('[data-person] button.who').first().click()
      },
      shows: dialog,
    },
    { name: '考勤：人数', path: roll, open: (page) => page.locator('button.quorum').click(), shows: dialog },
    { name: '考勤：次序', path: roll, open: (page) => page.locator('button.order').click(), shows: dialog },
    { name: '考勤：其余到会', path: roll, open: (page) => press(page, /^其余/), shows: question },
    {
      name: '签阅情况：一个人',
      path: `/circulation/${places.circulation}/progress`,
      open: (page) => page.locator('button.row').first().click(),
      shows: dialog,
    },
    {
      name: '签阅情况：纸质补录',
      path: `/circulation/${places.circulation}/progress`,
      async open(page) {
        await page.locator('button.row').first().click()
        await page.locator(dialog).getByRole('button', { name: /纸/ }).click()
      },
      shows: `${dialog} textarea`,
    },
    ...(['免签', '代签'] as const).map((act) => personAct(places.withFiles, '王宁', act)),
    personAct(places.withFiles, '任思源', '结束代签'),
    personAct(places.withFiles, '缪长河', '恢复签阅'),
    personAct(places.toSettle, '宁海棠', '核定'),
    sheetOf('签阅情况：补充人员', `/circulation/${places.circulation}/progress`, '补充人员'),
    sheetOf('发到本支部', ownDocument, '发到本支部'),
    {
      name: '纪要：附件',
      path: `/meetings/${places.meeting}/minutes`,
      async open(page) {
        const name = '关于做好岁末办件高峰窗口保障工作的通知附件一人员分工表.md'
        const file = { name, mimeType: 'text/markdown', buffer: Buffer.from('一') }
        await page.locator('.attachments input[type=file]').setInputFiles(file)
      },
      shows: '.attachments .row button',
    },
    { name: '会议：没填全', path: '/meetings/new', open: (page) => press(page, /^保存/), shows: '.error' },
    {
      name: '评分：还不能完成',
      path: places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!,
      open: (page) => press(page, '完成评分'),
      shows: '.refusal',
    },
    {
      name: '评分：四查四纠',
      path: places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!,
      async open(page) {
        await press(page, /^记一条/)
        await page.locator(dialog).getByRole('button', { name: '记下' }).click()
      },
      shows: `${dialog} .error`,
    },
  ]
  expect(await faultsOf(phone, states)).toBe('')
})

it('the office: sending to branches, forms that were sent too early', async () => {
  const phone = await signedIn(STAFF.office)
  const document = places.roles[3]!.own.find((path) => /^\/desk\/documents\/.{30}/.test(path))!
  const states: State[] = [
    sheetOf('发到支部', document, /发到支部|加发支部/),
    sheetOf('办结归档', document, '办结归档'),
    sheetOf('撤回', document, '撤回'),
    sheetOf('直接写文字', '/desk/documents/new', '直接写文字'),
    sheetOf('催阅时段', '/desk/circulations', '修改时段'),
    {
      name: '传阅归档：正在导出',
      path: '/desk',
      async open(page) {
        const run = { id: 'of-another', year: '2026', by: '韩清如', done: 327, all: 1566, state: 'running' }
        await page.route('**/circulation-year-progress', (route) => route.fulfill({ json: { export: run } }))
        await go(page, '/desk/circulation-years')
      },
      shows: '[role=progressbar]',
    },
    {
      name: '问一句：催各支部',
      path: places.roles[3]!.own.find((path) => path.startsWith('/desk/circulations?'))!,
      open: (page) => press(page, /^催阅 \d+ 个支部/),
      shows: question,
    },
    {
      name: '催各支部：没有送到',
      path: places.roles[3]!.own.find((path) => path.startsWith('/desk/circulations?'))!,
      async open(page) {
        // A captive portal answers in the endpoint's place.
        const portal = { status: 200, contentType: 'text/html', body: '<p>请先登录</p>' }
        await page.route('**/commands/remind-unsigned', (route) => route.fulfill(portal))
        await press(page, /^催阅 \d+ 个支部/)
        await page.locator(question).getByRole('button', { name: '催阅' }).click()
      },
      shows: '.remind [role=alert]',
    },
    {
      name: '登记：没填全',
      path: '/desk/documents/new',
      open: (page) => press(page, '登记'),
      shows: '.error',
    },
    {
      name: '新课：没填全',
      path: '/desk/lessons/new',
      open: (page) => press(page, /^发布/),
      shows: '.error',
    },
  ]
  expect(await faultsOf(phone, states)).toBe('')
})

it('the administrator: devices, a question before codes', async () => {
  const phone = await signedIn(STAFF.administrator)
  const states: State[] = [
    sheetOf('人员：设备', '/desk/people', /的设备$/),
    {
      name: '人员：发激活码',
      path: '/desk/people',
      async open(page) {
        await page.getByRole('row').getByRole('checkbox').first().check()
        await press(page, /^给 1 人/)
      },
      shows: question,
    },
  ]
  expect(await faultsOf(phone, states)).toBe('')
})
