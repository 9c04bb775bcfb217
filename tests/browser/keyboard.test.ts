/**
 * The main path of each job by keyboard alone. After every Tab the focus is somewhere and is seen; after every act it is not lost.
 * What a screen reader is told: names, roles, states and the live regions that the journeys pass.
 */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_PASSWORD, STAFF } from '../../src/server/demo/accounts.ts'
import { allDelivered, BACK_ONLINE, go } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { DESK, startPhones, WITHOUT_WORKER, type Phones } from './support/phones.ts'
import { serveDemo, type DemoHall } from './support/walk/demo-hall.ts'
import { placesOf, type Places } from './support/walk/places.ts'
import { settled } from './support/walk/walk.ts'

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

const MOST_TABS = 120

/** Where the focus stands; '' when it is lost or nobody can see it. */
const standing = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const active = document.activeElement
    if (active === null || active === document.body) return ''
    const isRinged = (element: Element | null) => {
      if (element === null) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle !== 'none' && outlineWidth !== '0px'
    }
    // A radio's ring is its label's, a search field's its box's.
    const isSeen = isRinged(active) || isRinged(active.parentElement)
    return isSeen ? `${active.tagName} ${active.getAttribute('aria-label') ?? active.textContent}` : ''
  })
const isOn = (target: Locator) => target.evaluate((element) => element === document.activeElement)

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let left = MOST_TABS; left > 0; left--) {
    await page.keyboard.press('Tab')
    if (await isOn(target)) {
      expect(await standing(page)).not.toBe('')
      return
    }
  }
  throw new Error(`not reached by Tab: ${String(target)}`)
}
async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}
/** After an act: somewhere in the page or in the open sheet, not on the body. */
const isKept = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body),
    )
    .toBe(true)

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) })

async function open(staffNo: string, size?: typeof DESK) {
  const phone = await phones.open(size, { reducedMotion: 'reduce', ...WITHOUT_WORKER })
  await signIn(phone.page, hall.url, staffNo, DEMO_PASSWORD)
  await allDelivered(phone.page)
  return phone
}

it('signs in, reads a lesson and marks it', async () => {
  const { page, troubles } = await phones.open(undefined, { reducedMotion: 'reduce' })
  await page.goto(`${hall.url}/sign-in`)
  await tabTo(page, page.getByLabel('工号'))
  await page.keyboard.type(STAFF.member)
  await tabTo(page, page.getByLabel('密码', { exact: true }))
  await page.keyboard.type(DEMO_PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '这五分钟' }).waitFor()
  await isKept(page)
  await pressOn(page, page.getByRole('link', { name: /^学习/ }))
  await settled(page)
  await pressOn(page, page.locator('main a[href^="/lessons/"]').first())
  await page.locator('.prose').waitFor()
  expect(await page.getByRole('main').count()).toBe(1)
  await isKept(page)
  const learned = page.locator('.foot button[aria-pressed]')
  await pressOn(page, learned, 'Space')
  await page.locator('[role=status]', { hasText: '已送达' }).first().waitFor()
  expect(await learned.getAttribute('aria-pressed')).toBe('true')
  expect(await isOn(learned)).toBe(true)
  expect(troubles).toEqual([])
})

it('signs a document by typing the name, and keeps the receipt', async () => {
  const { page, troubles } = await open(STAFF.member)
  await pressOn(page, page.getByRole('link', { name: /^传阅/ }))
  await settled(page)
  await pressOn(page, page.locator(`a[href$="/circulation/${places.circulation}"]`).first())
  await settled(page)
  await isKept(page)
  await pressOn(page, page.getByRole('link', { name: '签字' }))
  await pressOn(page, button(page, '改用键盘'))
  const name = page.getByLabel('输入姓名签字')
  await expect.poll(() => isOn(name)).toBe(true)
  // Too early: the reason is said, and the keyboard goes where it can be mended.
  const sign = button(page, '签字')
  expect(await sign.getAttribute('aria-describedby')).toBe('sign-reason')
  await pressOn(page, sign)
  await expect.poll(() => isOn(name)).toBe(true)
  await page.keyboard.type('林晓禾')
  await pressOn(page, sign)
  await page.getByText('，已送达').waitFor()
  await isKept(page)
  expect(troubles).toEqual([])
})

it('fills a self-assessment by arrows, and submits it', async () => {
  const { page, troubles } = await open('1011')
  await go(page, `/assessment/${places.thisMonth}/party`)
  await settled(page)
  const score = page.getByRole('spinbutton')
  await tabTo(page, score)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  expect(await score.getAttribute('aria-valuetext')).toMatch(/分/)
  await pressOn(page, button(page, '下一项'))
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H2')
  await pressOn(page, button(page, '目录'))
  const index = page.getByRole('dialog')
  await index.waitFor()
  await isKept(page)
  await pressOn(page, index.getByRole('button').last())
  await page.getByRole('region', { name: '看一遍' }).waitFor()
  await isKept(page)
  await pressOn(page, page.locator('.foot').getByRole('button', { name: /提交$/ }))
  const question = page.getByRole('alertdialog')
  if (await question.isVisible().catch(() => false)) await pressOn(page, question.getByRole('button').last())
  await page.locator('.foot').getByRole('link', { name: '完成' }).waitFor()
  await isKept(page)
  expect(troubles).toEqual([])
})

it('takes a roll: marks, undoes, marks the rest', async () => {
  const { page, troubles } = await open(STAFF.secretary)
  await go(page, `/meetings/${places.meeting}/roll/${places.sitting}`)
  await settled(page)
  const row = page.locator('[data-person]').first()
  const present = row.locator('button.state').first()
  expect(await row.getByRole('group').getAttribute('aria-label')).not.toBe('')
  await pressOn(page, present)
  await expect.poll(() => present.getAttribute('aria-pressed')).toBe('true')
  expect(await isOn(present)).toBe(true)
  await pressOn(page, button(page, '撤销'))
  await expect.poll(() => present.getAttribute('aria-pressed')).toBe('false')
  await isKept(page)
  await pressOn(page, row.locator('button.who'))
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => isOn(row.locator('button.who'))).toBe(true)
  await pressOn(page, button(page, /^其余/))
  const question = page.getByRole('alertdialog')
  await question.waitFor()
  expect(await question.getAttribute('aria-describedby')).not.toBeNull()
  await pressOn(page, question.getByRole('button').last())
  await page.getByRole('link', { name: '完成考勤', exact: true }).waitFor()
  await isKept(page)
  expect(troubles).toEqual([])
})

it('fills a score sheet: 其余记满分 and a point from an inspection', async () => {
  const { page, troubles } = await open(STAFF.secretary)
  await go(
    page,
    places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!,
  )
  await settled(page)
  await pressOn(page, button(page, /^记一条/))
  const sheet = page.getByRole('dialog')
  await tabTo(page, sheet.getByLabel('理由'))
  await page.keyboard.type('检查时主动引导')
  await pressOn(page, sheet.getByRole('button', { name: '记下' }))
  await sheet.waitFor({ state: 'hidden' })
  await isKept(page)
  await pressOn(page, button(page, /^撤销：检查时主动引导/))
  await page.getByText('已撤销，不计分').waitFor()
  await isKept(page)
  await pressOn(page, button(page, '其余记满分'))
  await pressOn(page, page.getByRole('alertdialog').getByRole('button').last())
  await button(page, '其余记满分').waitFor({ state: 'hidden' })
  await isKept(page)
  expect(troubles).toEqual([])
})

it('follows a circulation at the desk', async () => {
  const { page, troubles } = await open(STAFF.office, DESK)
  await page.keyboard.press('Tab')
  await pressOn(page, page.getByRole('navigation').getByRole('link', { name: '传阅进度' }))
  const opener = page.getByRole('rowheader').getByRole('button').first()
  await opener.waitFor()
  await isKept(page)
  await pressOn(page, opener)
  await page.getByRole('row', { name: /支部/ }).first().waitFor()
  expect(page.url()).toContain('?document=')
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.goBack()
  await opener.waitFor()
  await isKept(page)
  expect(troubles).toEqual([])
})

it('opens who has not signed, and comes back to the row', async () => {
  const { page, troubles } = await open(STAFF.secretary)
  await go(page, `/circulation/${places.circulation}/progress`)
  await settled(page)
  const row = page.locator('button.row').first()
  await pressOn(page, row)
  await page.getByRole('dialog').waitFor()
  await isKept(page)
  await page.keyboard.press('Escape')
  await expect.poll(() => isOn(row)).toBe(true)
  expect(troubles).toEqual([])
})

it('says when delivery becomes another, and how many a search has found', async () => {
  const { page, context } = await open(STAFF.deputy)
  const said = (text: string | RegExp) => page.locator('[role=status]', { hasText: text }).first()
  await context.setOffline(true)
  await said('没有网络').waitFor({ state: 'attached' })
  await context.setOffline(false)
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await said('全部已送达').waitFor({ state: 'attached', ...BACK_ONLINE })
  await go(page, '/members')
  await settled(page)
  await tabTo(page, page.getByLabel('按姓名查找'))
  await page.keyboard.type('宁')
  await said(/找到 \d+ 条/).waitFor({ state: 'attached' })
  await page.keyboard.type('没有的人')
  await said('没有找到').waitFor({ state: 'attached' })
})
