/** The first ten minutes on a phone: from the code on the sheet to the first lesson, ready for a dead corner, and an update later. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { allDelivered, answer, go } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { DESK, startPhones, type Phone, type Phones } from './support/phones.ts'
import { distFolder, publishNextVersion, serveHall, type ServedHall } from './support/served-hall.ts'

let dist: string
let hall: ServedHall
let phones: Phones
let member: Phone

beforeAll(async () => {
  dist = mkdtempSync(join(tmpdir(), 'window-hall-dist-'))
  cpSync(distFolder(), dist, { recursive: true })
  hall = await serveHall({ dist })
  phones = await startPhones()
  member = await phones.open()
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
  rmSync(dist, { recursive: true, force: true })
})

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

async function codeFor(name: string): Promise<string> {
  const { page } = await phones.open(DESK)
  await signIn(page, hall.url, '0001')
  await page.goto(`${hall.url}/desk/people`)
  await page.getByLabel('查找').fill(name)
  await page
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('checkbox')
    .check()
  await button(page, '给 1 人发激活码').click()
  await answer(page, '发激活码')
  await page.getByRole('heading', { name: '1 张激活码' }).waitFor()
  return (await page.locator('.code').innerText()).trim()
}

it('leads from the activation code to the first lesson in three screens and three taps beside what is typed', async () => {
  const code = await codeFor('赵磊')
  const { page } = member
  const screens: string[] = []
  page.on('framenavigated', (frame) => {
    const { pathname } = new URL(frame.url())
    if (frame === page.mainFrame() && pathname !== screens.at(-1)) screens.push(pathname)
  })
  const startedAt = Date.now()
  let taps = 0
  const tap = async (what: ReturnType<typeof button>) => {
    taps += 1
    await what.click()
  }
  await page.goto(hall.url)
  await tap(page.getByRole('link', { name: /第一次使用/ }))
  const typed = [
    ['工号', '1004'],
    ['激活码', code],
    ['新密码', 'a password of mine'],
    ['再输一次新密码', 'a password of mine'],
  ] as const
  for (const [label, text] of typed) await page.getByLabel(label, { exact: true }).fill(text)
  await tap(button(page, '激活并登录'))
  await page.getByRole('heading', { name: '这五分钟' }).waitFor()
  await tap(page.getByRole('link', { name: /^开始读/ }))
  await page.getByText('这是示例正文的第 1 段').waitFor()
  expect(taps).toBe(3)
  const walked = screens.filter((path) => path !== '/')
  expect(walked).toEqual(['/sign-in', '/activate', '/today', expect.stringMatching(/^\/lessons\//)])
  // A person types four lines in well under a minute; the app itself takes seconds.
  expect(Date.now() - startedAt).toBeLessThan(30_000)
  expect(member.troubles).toEqual([])
})

it('offers once to be ready without a network, shows how far it has come, and keeps what was asked for over a cut', async () => {
  const { page, context } = member
  await page.goto(`${hall.url}/today`)
  await allDelivered(page)
  await workerReady(page)
  await page.getByText('没有网络时也要看').waitFor()
  await page.getByRole('link', { name: '去看看' }).click()
  await page.getByText('把要看的先存到本机').waitFor()
  await page.getByText('能写').waitFor()
  await context.route('**/api/blobs/**', (route) => route.abort())
  await button(page, /^离线保存/).click()
  await page.getByText('连上后自动接着保存').waitFor()
  await context.unroute('**/api/blobs/**')
  await page.reload()
  await page.getByRole('heading', { name: '没有网络也都能看' }).waitFor()
  await page.goto(`${hall.url}/today`)
  await allDelivered(page)
  await page.waitForTimeout(3_000)
  expect(await page.getByText('没有网络时也要看').count()).toBe(0)
  await context.setOffline(true)
  await go(page, '/books')
  await page.getByText('已备好').first().waitFor()
  await context.setOffline(false)
  expect(member.troubles).toEqual([])
})

it('an update waits for what is being written, and tells once what is new', async () => {
  const { page } = member
  await page.goto(`${hall.url}/me/opinions`)
  await page.getByLabel('写给党建科').fill('写到一半')
  publishNextVersion(dist)
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
  await button(page, '现在更新').click()
  await page.getByText('写完并离开后自动更新').waitFor()
  await page.waitForTimeout(5_000)
  expect(await page.getByLabel('写给党建科').inputValue()).toBe('写到一半')
  const reloaded = page.waitForEvent('load', { timeout: 20_000 })
  await button(page, '提交').click()
  await reloaded
  await page.locator('article', { hasText: '写到一半' }).waitFor()

  // As if the version before had been used here until now.
  await page.evaluate(() => localStorage.setItem('wh-news-seen', '0.0.9'))
  await page.goto(`${hall.url}/today`)
  await page.getByText('这一版有什么新的').waitFor()
  await button(page, '知道了').click()
  await page.reload()
  await allDelivered(page)
  await page.waitForTimeout(3_000)
  expect(await page.getByText('这一版有什么新的').count()).toBe(0)
  await page.goto(`${hall.url}/me/about`)
  await page.getByText(/版有什么新的/).waitFor()
})

it('a newcomer is told no news', async () => {
  const { page } = await phones.open()
  await signIn(page, hall.url, '1005')
  await allDelivered(page)
  const later = page.getByRole('button', { name: '先不用' })
  await later.click()
  await later.waitFor({ state: 'hidden' })
  await page.waitForTimeout(500)
  expect(await page.getByText('这一版有什么新的').count()).toBe(0)
})
