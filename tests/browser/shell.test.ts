/**
 * The app around the pages: a plain tab without a service worker, an update that waits until nothing is being written, hostile
 * text in a lesson, and what leaves the phone while all of it is used.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { civilDate, isoWeek } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { columnId } from '../../src/server/commands/make-bureau.ts'
import { allDelivered, BACK_ONLINE, drawSignature, go, storedFields } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { startPhones, type Phone, type Phones } from './support/phones.ts'
import {
  BOOK,
  CIRCULATION,
  distFolder,
  LESSON,
  MEETING,
  MONTH,
  serveHall,
  SITTING,
  type ServedHall,
  publishNextVersion,
} from './support/served-hall.ts'

let hall: ServedHall
let phones: Phones
let dist: string

beforeAll(async () => {
  // A folder of its own, because a new version is put into it.
  dist = mkdtempSync(join(tmpdir(), 'window-hall-dist-'))
  cpSync(distFolder(), dist, { recursive: true })
  hall = await serveHall({ dist })
  phones = await startPhones()
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
  rmSync(dist, { recursive: true, force: true })
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

it('works as a plain tab without a service worker: read, write, deliver', async () => {
  const { page, troubles } = await phones.open(undefined, { serviceWorkers: 'block' })
  await signIn(page, hall.url, '1002')
  await page
    .getByRole('link', { name: /窗口前的分寸/ })
    .first()
    .click()
  await page.getByText('这是示例正文的第 1 段').waitFor()
  await button(page, '已学').click()
  await page.getByText('已学 · 已送达').waitFor()
  await page.getByRole('link', { name: '写心得' }).click()
  await page.getByRole('textbox').first().fill('没有离线，也照样写。')
  const texts = async () => (await storedFields(hall.endpoint, 'reflection')).map((r) => r.text)
  await expect.poll(texts).toEqual(['没有离线，也照样写。'])
  await everythingDelivered(page)
  expect(await page.evaluate(() => navigator.serviceWorker?.controller ?? null)).toBeNull()
  expect(troubles).toEqual([])
})

async function everythingDelivered(page: Page): Promise<void> {
  await go(page, '/me/delivery')
  await page.getByRole('heading', { name: '全部已送达' }).waitFor(BACK_ONLINE)
}

/** Another version of the worker, and the browser's look for it. */
async function publishNewVersion(page: Page): Promise<void> {
  publishNextVersion(dist)
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())!.update()
  })
}
const markPage = (page: Page) => page.evaluate(() => void Reflect.set(window, 'standing', true))
const isSamePage = (page: Page) => page.evaluate(() => Reflect.get(window, 'standing') === true)

it('offers an update quietly, and never reloads under a form or a roll', async () => {
  const { page, troubles } = await phones.open()
  await signIn(page, hall.url, '1001')
  await workerReady(page)
  await allDelivered(page)
  await page.reload()
  await allDelivered(page)
  await go(page, '/me/opinions')
  await markPage(page)
  await page.getByLabel('写给党建科').fill('写了一半')
  await publishNewVersion(page)
  await page.getByText('有新版本，写完再更新也可以').waitFor()
  expect(await page.getByLabel('写给党建科').inputValue()).toBe('写了一半')
  await button(page, '现在更新').click()
  await page.getByText('写完并离开后自动更新').waitFor()
  expect(await isSamePage(page)).toBe(true)
  // From one thing that must not be interrupted straight into another.
  await go(page, `/meetings/${MEETING}/roll/${SITTING}`)
  await page.getByText('未点').first().waitFor()
  await page.locator('[data-person]').first().getByRole('button', { name: '到会' }).click()
  await page.getByText(/1 条/).first().waitFor()
  expect(await isSamePage(page)).toBe(true)
  await go(page, '/today')
  await expect.poll(() => isSamePage(page).catch(() => true), { timeout: 10_000 }).toBe(false)
  await allDelivered(page)
  expect(await page.getByText('有新版本').count()).toBe(0)
  await go(page, '/me/opinions')
  await expect.poll(() => page.getByLabel('写给党建科').inputValue()).toBe('写了一半')
  expect(troubles).toEqual([])
})

it('reloads at 现在更新 when nothing is being written, and not at 稍后', async () => {
  const { page } = await phones.open()
  await signIn(page, hall.url, '1004')
  await workerReady(page)
  await page.reload()
  await allDelivered(page)
  await markPage(page)
  await publishNewVersion(page)
  await page.getByText('有新版本').waitFor()
  await button(page, '稍后').click()
  await page.getByText('有新版本').waitFor({ state: 'hidden' })
  expect(await isSamePage(page)).toBe(true)
  await publishNewVersion(page)
  await button(page, '现在更新').click()
  await expect.poll(() => isSamePage(page).catch(() => true), { timeout: 10_000 }).toBe(false)
  await allDelivered(page)
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror="alert(2)">',
  '[点这里](javascript:alert(3)) 和 <a href="javascript:alert(4)" onclick="alert(5)">这里</a>',
  '![图](x" onerror="alert(6))',
  '[数据](data:text/html,<script>alert(7)</script>) [网页](https://example.org/)',
  '<svg onload=alert(8)><iframe srcdoc="<script>alert(9)</script>"></iframe><style>body{display:none}</style>',
  '最后一段。',
].join('\n\n')

it('shows hostile text as text', async () => {
  const id = idFrom('browser-test', 'hostile')
  await hall.endpoint.put('lesson', id, {
    issueId: id,
    unitId: null,
    week: isoWeek(civilDate(Date.now())),
    columnId: columnId('廉政提醒'),
    title: '<img src=x onerror=alert(10)> 怪题目',
    body: HOSTILE,
    publishAt: Date.now() - 60_000,
  })
  const { page, troubles } = await phones.open()
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await signIn(page, hall.url, '1006')
  await page.goto(`${hall.url}/lessons/${id}`)
  await page.getByText('最后一段。').waitFor()
  const prose = page.locator('.prose')
  expect(await prose.locator('script, iframe, style, svg, form, object, embed').count()).toBe(0)
  const found = await prose.evaluate((root) =>
    [...root.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes]
        .filter(({ name, value }) => name.startsWith('on') || /^\s*(javascript|data):/i.test(value))
        .map(({ name, value }) => `${element.tagName} ${name}=${value}`),
    ),
  )
  expect(found).toEqual([])
  const links = await prose.locator('a[href]').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
  expect(links).toEqual(['https://example.org/'])
  await page.goto(`${hall.url}/study`)
  await page.getByText('怪题目').waitFor()
  await page.goto(`${hall.url}/today`)
  await allDelivered(page)
  expect(dialogs).toEqual([])
  expect(troubles).toEqual([])
})

const COUNTER =
  /duration|time_?spent|elapsed|dwell|login|sign_?in_?count|scroll|streak|opens|open_?count|view_?count|visits/i

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
}
const bodyOf = (request: Request): unknown => {
  try {
    return request.postDataJSON() as unknown
  } catch {
    return null
  }
}

it('sends nothing to anybody else and counts nobody while the main pages are used', async () => {
  const { page, context, troubles }: Phone = await phones.open()
  const requests: Request[] = []
  context.on('request', (request) => requests.push(request))
  await signIn(page, hall.url, '1003')
  await allDelivered(page)
  await go(page, `/lessons/${LESSON}`)
  await page.getByText('这是示例正文的第 12 段').scrollIntoViewIfNeeded()
  await button(page, '已学').click()
  await page.getByText('已学 · 已送达').waitFor()
  await go(page, `/books/${BOOK}`)
  await page.getByText('第一章 先问为什么').first().click()
  await page.getByText('这是示例正文的第 12 段').scrollIntoViewIfNeeded()
  await go(page, `/circulation/${CIRCULATION}`)
  await page.locator('canvas').first().waitFor()
  await page.getByRole('link', { name: '签字' }).click()
  await drawSignature(page)
  await button(page, '签字').click()
  await page.getByText('，已送达').waitFor()
  await go(page, `/assessment/${MONTH()}/party`)
  await page.getByRole('button', { name: /记满分/ }).click()
  for (const path of [
    '/meetings',
    '/branch',
    '/members',
    '/me/opinions',
    '/me/devices',
    '/me/holds',
    '/me/about',
  ])
    await go(page, path)
  await everythingDelivered(page)

  const away = requests.map((r) => r.url()).filter((url) => /^https?:/.test(url) && !url.startsWith(hall.url))
  expect(away).toEqual([])
  expect(
    requests
      .map((r) => new URL(r.url()).pathname + new URL(r.url()).search)
      .filter((p) => COUNTER.test(p.replace(/\/assets\/.*/, ''))),
  ).toEqual([])
  const bodies = requests.map(bodyOf).filter((body) => body !== null)
  const types = JSON.stringify(bodies).match(/"type":"[\w-]+"/g) ?? []
  expect(new Set(types)).toEqual(
    new Set(
      ['lesson-receipt', 'reading-position', 'sign-off', 'self-assessment'].map((t) => `"type":"${t}"`),
    ),
  )
  expect([...new Set(bodies.flatMap(keysOf))].filter((key) => COUNTER.test(key))).toEqual([])
  expect(troubles).toEqual([])
})
