/**
 * Tabs of one profile in a real Chromium: one is frozen in the middle of a step while it holds the lock, one is killed in
 * mid-sync, one finds that the browser has wiped everything. What was said to be 已存本机 arrives, once.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page, Route } from 'playwright-core'
import { personIdOf } from '../support/endpoint.ts'
import { allDelivered, go, keysOnPhone, storedFields } from './support/acts.ts'
import { followTroubles, openBrowser, signIn, workerReady, type PhoneBrowser } from './support/browser.ts'
import { serveHall, type ServedHall } from './support/served-hall.ts'

let hall: ServedHall
let phone: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  phone = await openBrowser()
  await signIn(phone.page, hall.url, '1003')
  await workerReady(phone.page)
  await allDelivered(phone.page)
})
afterAll(async () => {
  await phone?.close()
  await hall?.close()
})

const opinions = async () =>
  (await storedFields(hall.endpoint, 'opinion')).map((fields) => fields.text).sort()

async function writeOpinion(page: Page, text: string): Promise<void> {
  await page.goto(`${hall.url}/me/opinions`)
  await page.getByLabel('写给党建科').fill(text)
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.getByText('已存本机').first().waitFor()
}

async function openTab(): Promise<Page> {
  const page = await phone.context.newPage()
  followTroubles(page, phone.troubles)
  return page
}

/** The first push of the page is held on its way: the tab is in the middle of a step. */
async function holdPush(page: Page): Promise<{ held: Promise<Route>; letGo: () => Promise<void> }> {
  let first: Route | undefined
  let tell: (route: Route) => void = () => undefined
  const held = new Promise<Route>((resolve) => (tell = resolve))
  await page.route('**/api/push', async (route) => {
    if (first !== undefined) return await route.continue()
    first = route
    tell(route)
  })
  return { held, letGo: async () => await first?.continue() }
}

it('a tab that is frozen with the lock in its hands does not stop the other', async () => {
  const frozen = phone.page
  await frozen.goto(`${hall.url}/me/opinions`)
  const { held, letGo } = await holdPush(frozen)
  await frozen.getByLabel('写给党建科').fill('冻住的窗口写的')
  await frozen.getByRole('button', { name: '提交', exact: true }).click()
  await held
  await frozen.evaluate(() => {
    document.body.dataset.seconds = '0'
    setInterval(() => {
      document.body.dataset.seconds = String(Number(document.body.dataset.seconds) + 1)
    }, 1000)
  })
  const frozenSession = await phone.context.newCDPSession(frozen)
  // A browser without a screen counts every page as visible, and freezes none when asked (Page.setWebLifecycleState); the
  // debugger stops its scripts and timers as thoroughly, and the lock stays in its hands.
  await frozenSession.send('Debugger.enable')
  await frozenSession.send('Debugger.pause')

  const other = await openTab()
  await writeOpinion(other, '另一个窗口写的')
  expect(await opinions()).toEqual([])
  // The lock is waited for 35 seconds, then done without.
  await expect.poll(opinions, { timeout: 75_000 }).toEqual(['冻住的窗口写的', '另一个窗口写的'].sort())
  // By a link: a page that is loaded anew in mid-step waits for the lock once more.
  await go(other, '/me/delivery')
  await allDelivered(other)

  // It thaws, and its old request arrives after all.
  await frozenSession.send('Debugger.resume')
  const seconds = await frozen.evaluate(() => Number(document.body.dataset.seconds))
  // It was: a tab that runs would have counted half a minute.
  expect(seconds).toBeLessThan(10)
  await letGo()
  await frozen.goto(`${hall.url}/me/delivery`)
  await allDelivered(frozen)
  expect(await opinions()).toEqual(['冻住的窗口写的', '另一个窗口写的'].sort())
  await other.close()
})

it('a tab that is killed after the endpoint has committed, and before it heard so, delivers once', async () => {
  const killed = await openTab()
  await killed.goto(`${hall.url}/me/opinions`)
  let committed: () => void = () => undefined
  const hasCommitted = new Promise<void>((resolve) => (committed = resolve))
  await killed.route('**/api/push', async (route) => {
    await route.fetch()
    committed()
    // The answer never comes.
  })
  await killed.getByLabel('写给党建科').fill('被杀掉的窗口写的')
  await killed.getByRole('button', { name: '提交', exact: true }).click()
  await killed.getByText('已存本机').first().waitFor()
  await hasCommitted
  expect(await opinions()).toContain('被杀掉的窗口写的')
  const session = await phone.context.newCDPSession(killed)
  const crashed = killed.waitForEvent('crash')
  // Never answers: the tab is gone.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  await killed.close()

  const again = await openTab()
  await again.goto(`${hall.url}/me/delivery`)
  await allDelivered(again)
  const all = await opinions()
  expect(all.filter((text) => text === '被杀掉的窗口写的')).toHaveLength(1)
  await again.close()
})

it('a browser killed in mid-sync and opened again on the same profile delivers what was saved, once', async () => {
  await phone.page.goto(`${hall.url}/me/opinions`)
  const { held } = await holdPush(phone.page)
  await phone.page.getByLabel('写给党建科').fill('浏览器被关掉时写的')
  await phone.page.getByRole('button', { name: '提交', exact: true }).click()
  await phone.page.getByText('已存本机').first().waitFor()
  await held
  await phone.reopen()
  await phone.page.goto(`${hall.url}/me/delivery`)
  await allDelivered(phone.page)
  expect((await opinions()).filter((text) => text === '浏览器被关掉时写的')).toHaveLength(1)
})

it('a window whose data the browser has wiped says so at the next write, keeps the text, and loads everything again', async () => {
  const { page } = phone
  await page.goto(`${hall.url}/me/opinions`)
  await page.getByText('浏览器被关掉时写的').waitFor()
  const session = await phone.context.newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin: hall.url, storageTypes: 'indexeddb' })
  await page.getByLabel('写给党建科').fill('清除之后写的')
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.getByText('本机数据刚被浏览器清除').first().waitFor()
  expect(await page.getByLabel('写给党建科').inputValue()).toBe('清除之后写的')
  await page.getByRole('button', { name: '重新打开' }).first().click()
  await page.getByText('浏览器被关掉时写的').waitFor()
  await page.getByLabel('写给党建科').fill('清除之后写的')
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect.poll(opinions, { timeout: 20_000 }).toContain('清除之后写的')
  expect(await keysOnPhone(page, personIdOf('1003'), 'meta')).toContain('cursor')
})

it('says nothing in the console', () => {
  expect(phone.troubles).toEqual([])
})
