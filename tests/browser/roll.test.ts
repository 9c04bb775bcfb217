/**
 * A roll of 300 on a slow phone: a tap answers at once, and nothing that comes from other phones moves the list under the thumb.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { branchId, personIdOf } from '../support/endpoint.ts'
import { allDelivered } from './support/acts.ts'
import { openBrowser, signIn, type PhoneBrowser } from './support/browser.ts'
import { MEETING, serveHall, SITTING, type ServedHall } from './support/served-hall.ts'

const PEOPLE = 300
const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹']
const unit = branchId('第一支部')
const memberAt = (n: number) => idFrom('roll-test', 'person', String(n))
let hall: ServedHall
let phone: PhoneBrowser

beforeAll(async () => {
  hall = await serveHall()
  for (let n = 0; n < PEOPLE; n++)
    await hall.endpoint.put('membership', idFrom('roll-test', 'member', String(n)), {
      personId: memberAt(n),
      unitId: unit,
      name: `${SURNAMES[n % SURNAMES.length]!}某${n}`,
      staffNo: '',
      memberKind: 'full',
      votingRight: true,
      primary: true,
      handOrder: 0,
      from: '2020-01-01',
      to: null,
    })
  phone = await openBrowser({ width: 360, height: 740 })
  await signIn(phone.page, hall.url, '1001')
  await allDelivered(phone.page)
  const session = await phone.page.context().newCDPSession(phone.page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
}, 120_000)
afterAll(async () => {
  await phone?.close()
  await hall?.close()
})

let marks = 0
/** As another officer's phone has delivered it. */
const markElsewhere = (personId: string, state: string, by = '1007') =>
  hall.endpoint.put(
    'roll-mark',
    idFrom('roll-test', 'mark', String(++marks)),
    {
      unitId: unit,
      meetingId: MEETING,
      sittingId: SITTING,
      personId,
      name: '某',
      state,
      method: 'tap',
      markedBy: personIdOf(by),
    },
    personIdOf(by),
  )
const figure = async (page: Page, at: number) => Number(await page.locator('.strip dd').nth(at).textContent())

/** The row in the middle of the screen, and where it stands. */
const middle = (page: Page) =>
  page.evaluate(() => {
    const row = document.elementFromPoint(60, innerHeight / 2)!.closest<HTMLElement>('[data-person]')!
    return { personId: row.dataset.person!, top: row.getBoundingClientRect().top }
  })
const topOf = (page: Page, personId: string) =>
  page.evaluate(
    (id) => document.querySelector(`[data-person="${id}"]`)!.getBoundingClientRect().top,
    personId,
  )

it('answers a tap at once', async () => {
  const { page } = phone
  await page.goto(`${hall.url}/meetings/${MEETING}/roll/${SITTING}`)
  await page.locator('[data-person]').first().waitFor()
  expect(await figure(page, 0)).toBeGreaterThanOrEqual(PEOPLE)
  const waits: number[] = []
  for (let n = 0; n < 12; n++)
    waits.push(
      await page.evaluate(async (at) => {
        const button = document.querySelectorAll<HTMLElement>('[data-person] .state.present')[at]!
        const began = performance.now()
        button.click()
        while (!button.classList.contains('on')) await new Promise(requestAnimationFrame)
        return performance.now() - began
      }, n),
    )
  const median = waits.toSorted((a, b) => a - b)[6]!
  console.log(`300 people, 4× slower: a tap is answered after ${Math.round(median)} ms (median of 12)`)
  // Generous: the machine that runs this is shared.
  expect(median).toBeLessThan(2500)
  expect(await figure(page, 1)).toBe(12)
})

it('stays where it is when marks, a contradiction and new people come from elsewhere', async () => {
  const { page } = phone
  for (const scroll of [0, 2600]) {
    await page.evaluate((y) => window.scrollTo(0, y), scroll)
    await page.waitForTimeout(400)
    const before = await middle(page)
    const expected = await figure(page, 0)
    const base = scroll === 0 ? 100 : 160
    for (let n = 0; n < 30; n++) await markElsewhere(memberAt(base + n), 'present')
    // Two officers who disagree about one: the strip gets a line more.
    await markElsewhere(memberAt(base + 40), 'present')
    await markElsewhere(memberAt(base + 40), 'absent', '1001')
    await hall.endpoint.put('membership', idFrom('roll-test', 'new', String(scroll)), {
      personId: idFrom('roll-test', 'new-person', String(scroll)),
      unitId: unit,
      name: '丁新来',
      staffNo: '',
      memberKind: 'full',
      votingRight: true,
      primary: true,
      handOrder: 0,
      from: '2020-01-01',
      to: null,
    })
    hall.endpoint.nudges.moved([`unit:${unit}`])
    // The new member was written last.
    await expect.poll(() => figure(page, 0), { timeout: 60_000 }).toBe(expected + 1)
    await page.getByText(`${scroll === 0 ? 1 : 2} 人记录不一致`).waitFor()
    await page.getByText('名单有变化').waitFor()
    await page.waitForTimeout(300)
    expect(Math.abs((await topOf(page, before.personId)) - before.top)).toBeLessThanOrEqual(1)
  }
  expect(phone.troubles).toEqual([])
}, 180_000)

it('the index leads to a surname at once', async () => {
  const { page } = phone
  await page.getByText('名单有变化').click()
  await page.getByText('名单有变化').waitFor({ state: 'detached' })
  const index = page.locator('nav, [role=navigation]').getByRole('button').last()
  await index.click()
  await expect.poll(async () => await page.evaluate(() => window.scrollY)).toBeGreaterThan(3000)
})
