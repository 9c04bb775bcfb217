/**
 * Ready without a network is said only once the app itself is kept: a browser that was closed before opens nothing offline. And what
 * a hurried finger does there.
 */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allDelivered } from './support/acts.ts'
import { openBrowser, signIn, type PhoneBrowser } from './support/browser.ts'
import { LESSON, serveHall, type ServedHall } from './support/served-hall.ts'
import { openSlowRoad } from './support/slow-road.ts'

let hall: ServedHall
let road: Awaited<ReturnType<typeof openSlowRoad>>
let member: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  road = await openSlowRoad(hall.url)
  member = await openBrowser({ width: 360, height: 740 })
})
afterAll(async () => {
  await member?.close()
  await road?.close()
  await hall?.close()
})

/** By the place on the glass alone, without the help that a click by name has. */
async function tap(page: Page, what: Locator, times = 1): Promise<void> {
  const box = (await what.boundingBox())!
  for (let time = 0; time < times; time++)
    await page.touchscreen.tap(box.x + box.width * 0.7, box.y + box.height / 2)
}

it('is not said while the worker installs, whatever else is here; then it is, and the app opens offline', async () => {
  const { page } = member
  await signIn(page, road.url, '1003')
  await allDelivered(page)
  await page.goto(`${road.url}/me/offline`)
  const keep = page.getByRole('button', { name: /^离线保存/ })
  await keep.waitFor()
  await tap(page, keep)
  // Every file of what one reads is here; the app is not.
  await page.getByText('应用本身').waitFor()
  await keep.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '停止' }).waitFor({ state: 'detached' })
  expect(await page.evaluate(() => scrollY)).toBe(0)
  await page.getByRole('heading', { name: '正在存到本机' }).waitFor()
  expect(await page.getByText('已备好').count()).toBe(0)
  expect(await page.getByText('没有网络也都能看').count()).toBe(0)
  road.release()
  await page.getByRole('heading', { name: '没有网络也都能看' }).waitFor({ timeout: 90_000 })
  await member.reopen({ offline: true })
  await member.page.goto(`${road.url}/today`)
  await member.page.getByRole('heading', { name: '这五分钟' }).waitFor()
  expect(member.troubles).toEqual([])
  // The app comes in one text, beside what the page itself has asked for: not in some hundred files.
  expect(road.forKeeping()).toBeLessThan(20)
})

it('a finger that taps 已学 four times does not answer the question that it raises; one that waits does', async () => {
  const { page } = member
  await page.goto(`${road.url}/lessons/${LESSON}`)
  const learned = page.getByRole('button', { name: '已学', exact: true })
  await learned.waitFor()
  await tap(page, learned)
  await page.locator('button[aria-pressed=true]').waitFor()
  await tap(page, learned)
  const question = page.getByRole('alertdialog', { name: '取消已学？' })
  await question.waitFor()
  const undo = question.getByRole('button', { name: '取消已学' })
  await tap(page, undo, 2)
  expect(await question.isVisible()).toBe(true)
  await undo.click()
  await page.getByText('已取消已学').waitFor()
})
