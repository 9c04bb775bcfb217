/**
 * Who may come in: the first set-up, activation codes from the desk, signing in and out on one browser with a queue, a second
 * phone, and a device that is stopped.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { PASSWORD, personIdOf } from '../support/endpoint.ts'
import { allDelivered, answer, BACK_ONLINE, storedFields } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { serveFresh, type FreshEndpoint } from './support/fresh-endpoint.ts'
import { DESK, startPhones, WITHOUT_WORKER, type Phone, type Phones } from './support/phones.ts'
import { LESSON, serveHall, type ServedHall } from './support/served-hall.ts'

let hall: ServedHall
let fresh: FreshEndpoint
let phones: Phones
let shared: Phone
const opened: Phone[] = []

beforeAll(async () => {
  hall = await serveHall()
  fresh = await serveFresh()
  phones = await startPhones()
  shared = await newPhone()
})
afterAll(async () => {
  await phones?.close()
  await fresh?.close()
  await hall?.close()
})

async function newPhone(size?: typeof DESK, options: BrowserContextOptions = {}): Promise<Phone> {
  const phone = await phones.open(size, options)
  opened.push(phone)
  return phone
}
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
const opinions = async () => (await storedFields(hall.endpoint, 'opinion')).map((o) => o.text)

async function writeOpinion(page: Page, text: string): Promise<void> {
  await page.goto(`${hall.url}/me/opinions`)
  await page.getByLabel('写给党建科').fill(text)
  await button(page, '提交').click()
  await page.locator('article', { hasText: text }).waitFor()
}
async function signOut(page: Page, title: RegExp): Promise<void> {
  await page.goto(`${hall.url}/me`)
  await button(page, '退出登录').click()
  await page.getByRole('alertdialog').getByText(title).first().waitFor()
  await answer(page, '退出登录')
  await page.getByRole('heading', { name: '窗口先锋' }).waitFor()
}

it('sets up a bureau with the code of the first start and lets the administrator in', async () => {
  const { page } = await newPhone(undefined, WITHOUT_WORKER)
  await page.goto(`${fresh.url}/today`)
  await page.getByRole('link', { name: /去首次设置/ }).click()
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)
  await fill('设置码', 'AAAA-BBBB-CC')
  await fill('单位名称', '滨江政务服务大厅')
  await fill('系统管理员工号', 'A001')
  await fill('系统管理员姓名', '顾平')
  await fill('密码', 'a long password')
  await fill('再输一次密码', 'a long passwort')
  await button(page, '建立并登录').click()
  await page.getByText('两次输入的密码不一样').waitFor()
  await fill('再输一次密码', 'a long password')
  await button(page, '建立并登录').click()
  await page.getByText(/设置码不对或已用过/).waitFor()
  expect(await page.getByLabel('单位名称').inputValue()).toBe('滨江政务服务大厅')
  await fill('设置码', ` ${fresh.code.toLowerCase().replaceAll('-', ' ')} `)
  await button(page, '建立并登录').click()
  await page.getByRole('link', { name: /人员与激活码/ }).click()
  await page.getByText('顾平').first().waitFor()

  const { page: late } = await newPhone(undefined, WITHOUT_WORKER)
  await late.goto(`${fresh.url}/sign-in`)
  await button(late, '登录').waitFor()
  expect(await late.getByText('去首次设置').count()).toBe(0)
  const again = await late.context().request.post(`${fresh.url}/api/setup`, {
    data: {
      code: fresh.code,
      bureauName: '另一个',
      staffNo: 'B1',
      name: '别人',
      password: 'another long one',
    },
  })
  expect(again.status()).toBeGreaterThanOrEqual(400)
  expect(fresh.problems).toEqual([])
})

it('keeps what was typed when the password is wrong', async () => {
  const { page } = shared
  await page.goto(`${hall.url}/sign-in`)
  await page.getByLabel('工号').fill('1003')
  await page.getByLabel('密码', { exact: true }).fill('not the password')
  await button(page, '登录').click()
  await page.getByText('没有登录').waitFor()
  expect(await page.getByLabel('工号').inputValue()).toBe('1003')
  expect(await page.getByLabel('密码', { exact: true }).inputValue()).toBe('not the password')
})

it('activates with the code from the desk, typed in small letters; the person’s other browser is asked to sign in', async () => {
  const old = await newPhone()
  await signIn(old.page, hall.url, '1004')
  await allDelivered(old.page)
  await writeOpinion(old.page, '原来那部手机写的')
  await old.page.locator('article', { hasText: '原来那部手机写的' }).getByText('已送达').waitFor()

  const desk = await newPhone(DESK, WITHOUT_WORKER)
  await signIn(desk.page, hall.url, '0001')
  await desk.page.goto(`${hall.url}/desk/people`)
  await desk.page.getByLabel('查找').fill('赵磊')
  await desk.page.getByRole('row', { name: /赵磊/ }).getByRole('checkbox').check()
  await button(desk.page, '给 1 人发激活码').click()
  await answer(desk.page, '发激活码')
  await desk.page.getByRole('heading', { name: '1 张激活码' }).waitFor()
  const code = (await desk.page.locator('.code').innerText()).trim()
  expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}$/)
  await desk.page.emulateMedia({ media: 'print' })
  expect(await desk.page.locator('.code').isVisible()).toBe(true)
  expect(await button(desk.page, '打印').isVisible()).toBe(false)
  await desk.page.emulateMedia({ media: 'screen' })

  const { page } = await newPhone()
  await page.goto(`${hall.url}/activate`)
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text)
  await fill('工号', ' 1004 ')
  await fill('激活码', `${code.toLowerCase().replaceAll('-', '  ')} `)
  await fill('新密码', 'new password 1')
  await fill('再输一次新密码', 'new password 1')
  await button(page, '激活并登录').click()
  await page
    .getByRole('link', { name: /窗口前的分寸/ })
    .first()
    .click()
  await page.getByText('这是示例正文的第 1 段').waitFor()

  await old.page.goto(`${hall.url}/today`)
  await old.page.getByText('请重新登录').first().waitFor()
  await old.page.goto(`${hall.url}/me/opinions`)
  await old.page.getByText('原来那部手机写的').waitFor()
  await old.page.goto(`${hall.url}/sign-in`)
  await old.page.getByText('登录已过期，请重新登录。本机的内容都还在').waitFor()
  expect(await old.page.getByLabel('工号').inputValue()).toBe('1004')
  await old.page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await button(old.page, '登录').click()
  await old.page.getByText('没有登录').waitFor()
  await old.page.getByLabel('密码', { exact: true }).fill('new password 1')
  await button(old.page, '登录').click()
  await allDelivered(old.page)
})

it('names what waits at a sign-out without network, and hides everything at once', async () => {
  const { page, context } = shared
  await signIn(page, hall.url, '1003')
  await workerReady(page)
  await allDelivered(page)
  await context.setOffline(true)
  await writeOpinion(page, '王芳在没有网络时写的')
  await signOut(page, /还有 1 条在本机，仍要退出？/)
  await page.getByText('已退出。还有 1 条留在本机').waitFor()
  for (const path of ['/me/opinions', `/lessons/${LESSON}`, '/today']) {
    await page.goto(`${hall.url}${path}`)
    await button(page, '登录').waitFor()
    expect(await page.getByText(/王芳|示例正文/).count()).toBe(0)
  }
  expect(await opinions()).not.toContain('王芳在没有网络时写的')
})

it('neither shows nor sends the first one’s queue while another person is signed in', async () => {
  const { page, context } = shared
  await context.setOffline(false)
  await signIn(page, hall.url, '1006')
  await allDelivered(page)
  await page.goto(`${hall.url}/me/opinions`)
  await page.getByText('写过的意见会列在这里').waitFor()
  expect(await page.getByText('王芳在没有网络时写的').count()).toBe(0)
  await page.goto(`${hall.url}/me/delivery`)
  await page.getByRole('heading', { name: '全部已送达' }).waitFor(BACK_ONLINE)
  await writeOpinion(page, '吴刚写的')
  await page.locator('article', { hasText: '吴刚写的' }).getByText('已送达').waitFor()
  expect(await opinions()).toEqual(expect.not.arrayContaining(['王芳在没有网络时写的']))
  await signOut(page, /你写的都已送达/)
})

it('delivers the queue once when its author signs in again', async () => {
  const { page } = shared
  await signIn(page, hall.url, '1003')
  await allDelivered(page)
  await page.goto(`${hall.url}/me/opinions`)
  await page.locator('article', { hasText: '王芳在没有网络时写的' }).getByText('已送达').waitFor()
  expect(await page.getByText('吴刚写的').count()).toBe(0)
  const rows = (await storedFields(hall.endpoint, 'opinion')).filter((o) => o.text === '王芳在没有网络时写的')
  expect(rows).toMatchObject([{ personId: personIdOf('1003') }])
})

it('gives a second phone the history, and asks a stopped device to sign in', async () => {
  const second = await newPhone(undefined, WITHOUT_WORKER)
  await signIn(second.page, hall.url, '1003')
  await allDelivered(second.page)
  await second.page.goto(`${hall.url}/me/opinions`)
  await second.page.locator('article', { hasText: '王芳在没有网络时写的' }).getByText('已送达').waitFor()

  const { page } = shared
  await page.goto(`${hall.url}/me/devices`)
  const others = page.getByRole('listitem').filter({ has: button(page, /^停用/) })
  await others.first().waitFor()
  const stopping = await others.count()
  for (let left = stopping; left > 0; left--) {
    await others.first().getByRole('button', { name: '停用' }).click()
    await answer(page, '停用')
    await expect.poll(() => others.count()).toBe(left - 1)
  }
  await second.page.goto(`${hall.url}/today`)
  await second.page.getByText('请重新登录').first().waitFor()
  await writeOpinion(second.page, '停用后写的')
  await second.page.goto(`${hall.url}/me/delivery`)
  await second.page.getByRole('heading', { name: '还有 1 条在本机' }).waitFor()
  expect(await opinions()).not.toContain('停用后写的')
  await signIn(second.page, hall.url, '1003')
  await allDelivered(second.page)
  expect((await opinions()).filter((text) => text === '停用后写的')).toHaveLength(1)
})

it('says nothing in the console', () => {
  for (const phone of opened) expect(phone.troubles).toEqual([])
  expect(hall.endpoint.problems).toEqual([])
})
