/**
 * A member and a secretary, in real browsers, with the network really off: sign in, close the browser, open it again offline,
 * read, sign, take the roll, write; close; open online; everything is on the endpoint once, and the other browser sees it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import type { LastSeen } from '../../src/client/app/last-seen/show.ts'
import { dayInWords } from '../../src/client/ui/words.ts'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { personIdOf } from '../support/endpoint.ts'
import { allDelivered, drawSignature, storedFields } from './support/acts.ts'
import { openBrowser, signIn, workerReady, type PhoneBrowser } from './support/browser.ts'
import {
  CIRCULATION,
  LESSON,
  MEETING,
  MONTH,
  serveHall,
  SITTING,
  type ServedHall,
} from './support/served-hall.ts'

let hall: ServedHall
let member: PhoneBrowser
let secretary: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  member = await openBrowser()
  secretary = await openBrowser()
})
afterAll(async () => {
  await member?.close()
  await secretary?.close()
  await hall?.close()
})

const stored = (type: string) => storedFields(hall.endpoint, type)
const toLesson = (page: Page) => page.goto(`${hall.url}/lessons/${LESSON}`)

it('signs in, and has everything on the phone before the network goes', async () => {
  await signIn(member.page, hall.url, '1003')
  await workerReady(member.page)
  await allDelivered(member.page)
  await member.page.goto(`${hall.url}/circulation`)
  await member.page.getByText('离线可用').first().waitFor()
  await signIn(secretary.page, hall.url, '1001')
  await workerReady(secretary.page)
  await allDelivered(secretary.page)
  // With the app open there, the secretary's rounds would be among the requests that are counted below.
  await secretary.page.goto('about:blank')
})

/** Each opening of a database with its version, as Dexie asks for it, and how many rows of 今日 stood then. */
const noteOpenings = (phone: PhoneBrowser) =>
  phone.context.addInitScript(() => {
    const noted: number[] = []
    Object.assign(globalThis, { rowsAtOpenings: noted })
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (this: IDBFactory, ...asked: [string, number?]) {
      if (asked[1] !== undefined) noted.push(document.querySelectorAll('#main a').length)
      return open.apply(this, asked)
    }
  })
const rowsAtOpenings = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { rowsAtOpenings: number[] }).rowsAtOpenings)

it('shows the rows of 今日 offline before Dexie opens, unless the disk is slow that once', async () => {
  await member.reopen({ offline: true })
  await noteOpenings(member)
  const { page } = member
  let before: number[] = [0]
  for (let turn = 0; turn < 5 && before.includes(0); turn++) {
    await page.goto(`${hall.url}/today`)
    await page.locator('#main a').first().waitFor()
    await expect.poll(() => rowsAtOpenings(page)).not.toHaveLength(0)
    before = await rowsAtOpenings(page)
  }
  expect(before).not.toContain(0)
})

/** What stood before the app had drawn anything; with `tap`, its first row is tapped at that moment. */
const noteLastSeen = (phone: PhoneBrowser) =>
  phone.context.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const seen = document.querySelector('#bones.last-seen')
      if (seen === null) return
      observer.disconnect()
      // What the app itself has to say comes a little later than the day.
      const rows = [...seen.querySelectorAll('main [data-to]:not(.card-of-app *)')].map(
        (row) => row.textContent,
      )
      Object.assign(globalThis, {
        lastSeen: { rows, parts: document.querySelector('#app')!.childElementCount },
      })
      if (sessionStorage.getItem('tap') !== null) seen.querySelector<HTMLElement>('main [data-to]')!.click()
    }).observe(document, { subtree: true, childList: true, attributes: true })
  })
const lastSeen = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'lastSeen') as unknown)
const isKept = (page: Page) => page.evaluate(() => localStorage.getItem('wh-last-seen') !== null)

it('shows 今日 as it was last seen before the app runs, offline, and carries out a tap on it', async () => {
  await member.reopen({ offline: true })
  await noteLastSeen(member)
  const { page } = member
  await page.goto(`${hall.url}/today`)
  const rows = page.locator('#main a:not(.card-of-app *)')
  await rows.first().waitFor()
  const words = await rows.allTextContents()
  await expect.poll(() => isKept(page)).toBe(true)
  await page.reload()
  await rows.first().waitFor()
  expect(await lastSeen(page)).toEqual({ rows: words, parts: 0 })
  expect(await page.locator('.last-seen').count()).toBe(0)
  await page.evaluate(() => sessionStorage.setItem('tap', ''))
  const to = new URL((await rows.first().getAttribute('href'))!, hall.url).href
  await page.reload()
  await expect.poll(() => page.url()).toBe(to)
})

it('the first opening of the next day shows at once what the app itself shows then', async () => {
  const { page } = member
  const reach = () =>
    page.evaluate(() => (JSON.parse(localStorage.getItem('wh-last-seen') ?? '{}') as Partial<LastSeen>).times)
  await page.evaluate(() => sessionStorage.clear())
  await page.goto(`${hall.url}/today`)
  await expect.poll(async () => (await reach())?.at(-1)?.until ?? 0).toBeGreaterThan(Date.now() + 3 * DAY_MS)
  await page.clock.setFixedTime(Date.now() + DAY_MS)
  await page.reload()
  const rows = page.locator('#main a:not(.card-of-app *)')
  await rows.first().waitFor()
  expect(await lastSeen(page)).toEqual({ rows: await rows.allTextContents(), parts: 0 })
  const day = dayInWords(Date.now() + DAY_MS)
  expect(await page.locator('#main').textContent()).toContain(day)
})

it('starts offline, reads the lesson, marks it 已学 and writes a reflection', async () => {
  await member.reopen({ offline: true })
  const before = hall.requests.length
  const { page } = member
  await page.goto(`${hall.url}/today`)
  await page.getByRole('heading', { name: '这五分钟' }).waitFor()
  await toLesson(page)
  await page.getByText('这是示例正文的第 1 段').waitFor()
  await page.getByRole('button', { name: '已学' }).click()
  await page.getByText('已存本机').first().waitFor()
  await page.getByRole('link', { name: '写心得' }).click()
  await page.getByRole('textbox').first().fill('问清了，常常就不必填了。')
  await page.getByText('已存本机').first().waitFor()
  expect(hall.requests.length).toBe(before)
})

it('reads the PDF from the phone’s copy and signs it, still offline', async () => {
  const { page } = member
  await page.goto(`${hall.url}/circulation/${CIRCULATION}`)
  await page.locator('canvas').first().waitFor()
  await page.getByRole('link', { name: '签字' }).click()
  await drawSignature(page)
  await page.getByText('现在没有网络，签字先存本机，联网后送达').waitFor()
  await page.getByRole('button', { name: '签字', exact: true }).click()
  await page.getByText('已存本机').first().waitFor()
  expect(await page.getByText('已送达').count()).toBe(0)
  expect(await stored('sign-off')).toEqual([])
})

it('writes a self-assessment and submits it, still offline', async () => {
  const { page } = member
  await page.goto(`${hall.url}/assessment/${MONTH()}/party`)
  await page.getByRole('button', { name: /记满分/ }).click()
  await page.getByLabel(/说一句/).fill('到会三次，有记录。')
  await page.getByRole('button', { name: '下一项' }).click()
  await page.getByText('示例指标 2').first().waitFor()
  await page.getByRole('button', { name: '目录' }).click()
  await page
    .getByText(/看一遍/)
    .last()
    .click()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: /提交/ }).click()
  await page.getByText('已存本机').first().waitFor()
})

it('takes the roll offline on the secretary’s phone, with the figures in sight', async () => {
  await secretary.reopen({ offline: true })
  const { page } = secretary
  await page.goto(`${hall.url}/meetings/${MEETING}/roll/${SITTING}`)
  const row = (staffNo: string) => page.locator(`[data-person="${personIdOf(staffNo)}"]`)
  for (const staffNo of ['1001', '1002', '1003'])
    await row(staffNo).getByRole('button', { name: '到会' }).click()
  await row('1004').getByRole('button', { name: '请假' }).click()
  await row('1005').getByRole('button', { name: '缺席' }).click()
  await page.getByText(/5 条已存本机/).waitFor()
  await page.getByText('可以表决').waitFor()
})

it('delivers everything once when the network is back, after the browser was closed', async () => {
  for (const phone of [member, secretary]) {
    await phone.reopen({ offline: false })
    await phone.page.goto(`${hall.url}/today`)
    await allDelivered(phone.page)
  }
  const signOffs = await stored('sign-off')
  expect(signOffs).toHaveLength(1)
  expect(signOffs[0]).toMatchObject({ personId: personIdOf('1003'), revision: 1, mode: 'in-person' })
  expect(signOffs[0]!.deviceSignature).toMatch(/^[\w-]{86}$/)
  expect(await stored('lesson-receipt')).toHaveLength(1)
  expect((await stored('roll-mark')).map((m) => m.state).sort()).toEqual([
    'absent',
    'leave',
    'present',
    'present',
    'present',
  ])
  expect(await stored('submission')).toHaveLength(1)
  expect((await stored('reflection')).map((r) => r.text)).toEqual(['问清了，常常就不必填了。'])
})

it('shows it all to the secretary, and nothing of the private reflection', async () => {
  const { page } = secretary
  await page.goto(`${hall.url}/circulation/${CIRCULATION}/progress`)
  await page.locator('label', { hasText: '已签' }).click()
  await page.getByText('王芳').first().waitFor()
  await page.goto(`${hall.url}/scoring`)
  await page.getByText('王芳').first().waitFor()
  expect(await page.content()).not.toContain('问清了，常常就不必填了。')
})

it('says nothing in the console', () => {
  expect(member.troubles).toEqual([])
  expect(secretary.troubles).toEqual([])
})
