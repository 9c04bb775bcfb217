/** A month from the score sheets to the appeal: two desks score, the office freezes, the member reads every line and answers. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { branchId, personIdOf, sectionId } from '../support/endpoint.ts'
import { allDelivered, answer, keysOnPhone, storedFields } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { DESK, PHONE, startPhones, WITHOUT_WORKER, type Phone, type Phones } from './support/phones.ts'
import { MONTH, serveHall, type ServedHall } from './support/served-hall.ts'

let hall: ServedHall
let phones: Phones
let secretary: Phone
let scorer: Phone
let office: Phone
let member: Phone

const month = MONTH()
const sheetOf = (side: 'party' | 'work') => {
  const unit = side === 'party' ? branchId('第一支部') : sectionId('综合科')
  return `${hall.url}/scoring/${month}/${side}/${unit}/${personIdOf('1003')}`
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

beforeAll(async () => {
  hall = await serveHall()
  phones = await startPhones()
  secretary = await phones.open(PHONE, WITHOUT_WORKER)
  scorer = await phones.open(DESK, WITHOUT_WORKER)
  office = await phones.open(DESK, WITHOUT_WORKER)
  member = await phones.open()
  await Promise.all([
    signIn(secretary.page, hall.url, '1001'),
    signIn(scorer.page, hall.url, '1005'),
    signIn(office.page, hall.url, '9001'),
    signIn(member.page, hall.url, '1003'),
  ])
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

it('fills a sheet: a deduction needs its reason, the rest is full marks, then 完成评分', async () => {
  const { page } = secretary
  await page.goto(`${hall.url}/scoring?month=${month}`)
  await page.getByRole('link', { name: /王芳/ }).click()
  const first = page.locator('#item-party-1')
  await first.getByRole('spinbutton').fill('8')
  await first.getByRole('spinbutton').press('Enter')
  await first.getByText('扣分须写明理由').waitFor()
  await button(page, '其余记满分').click()
  await page.getByText('只填还没有打分的项').waitFor()
  await answer(page, '记满分')
  await page.getByText('21 / 21').waitFor()
  await button(page, '完成评分').click()
  await page.getByText('还不能完成评分').waitFor()
  await first.getByLabel('扣分理由').fill('两次会议迟到')
  await page.getByText('还不能完成评分').waitFor({ state: 'hidden' })
  await button(page, '完成评分').click()
  await page.getByText('已完成评分。定稿前可以重新打开修改。').waitFor()
  await page.getByText('已送达', { exact: true }).first().waitFor()
})

it('takes the other desk’s sheet with a point from an inspection, by the keyboard', async () => {
  const { page } = scorer
  await page.goto(sheetOf('work'))
  const score = (n: number) => page.locator(`#item-work-${n}`).getByRole('spinbutton')
  await score(1).fill('14')
  await score(1).press('Enter')
  await expect.poll(() => score(2).evaluate((input) => input === document.activeElement)).toBe(true)
  await page.locator('#item-work-1').getByLabel('扣分理由').fill('少办一件')
  await page.getByRole('button', { name: /记一条/ }).click()
  const sheet = page.getByRole('dialog')
  await sheet.locator('label', { hasText: '加分' }).click()
  await sheet.getByLabel('理由').fill('主动帮助老人填表')
  await sheet.getByRole('button', { name: '记下' }).click()
  await page.getByText('主动帮助老人填表').waitFor()
  await button(page, '其余记满分').click()
  await answer(page, '记满分')
  await button(page, '完成评分').click()
  await page.getByText('已完成评分').waitFor()
  await page.getByText('已送达', { exact: true }).first().waitFor()
  expect(await storedFields(hall.endpoint, 'score-sheet')).toHaveLength(2)
})

it('freezes the month; who has no sheet is named', async () => {
  const { page } = office
  await page.goto(`${hall.url}/desk/months`)
  await page.getByLabel('月份').selectOption(month)
  const row = page.getByRole('row', { name: /第一支部/ })
  await row.getByRole('button', { name: /^定稿/ }).click()
  await page.getByText(/没有完成的一侧这次不出结果/).waitFor()
  await answer(page, '定稿')
  await page.getByText('已定稿，出了 2 份结果').waitFor()
  await page.getByText(/还没有结果：.*李明（党建）/).waitFor()
  await row.getByRole('button', { name: '再次定稿' }).waitFor()
})

it('shows the member every line; the appeal is delivered and reaches the desk', async () => {
  const { page } = member
  await page.goto(`${hall.url}/assessment/${month}/result`)
  await page.getByText('扣分理由：两次会议迟到').waitFor()
  await page.getByText('主动帮助老人填表').waitFor()
  await page.getByText(/陈静/).first().waitFor()
  await page
    .locator('article', { hasText: '扣分理由：两次会议迟到' })
    .getByRole('button', { name: '申诉' })
    .click()
  const form = page.getByRole('dialog')
  await form.getByLabel('不同意见和理由').fill('其中一次是窗口值班')
  await expect
    .poll(async () => (await keysOnPhone(page, personIdOf('1003'), 'meta')).join())
    .toContain('appeal:')
  await page.reload()
  await page
    .locator('article', { hasText: '扣分理由：两次会议迟到' })
    .getByRole('button', { name: '申诉' })
    .click()
  await expect.poll(() => form.getByLabel('不同意见和理由').inputValue()).toBe('其中一次是窗口值班')
  await form.getByRole('button', { name: '提出申诉' }).click()
  await page.locator('.appeal', { hasText: '其中一次是窗口值班' }).getByText('已送达').waitFor()
  expect(await storedFields(hall.endpoint, 'appeal')).toMatchObject([
    { personId: personIdOf('1003'), text: '其中一次是窗口值班', indicatorId: 'party-1' },
  ])

  await secretary.page.goto(sheetOf('party'))
  await secretary.page.getByText('其中一次是窗口值班').waitFor()
  await secretary.page.getByText(/已定稿，评分不能再改/).waitFor()
  await scorer.page.goto(sheetOf('work'))
  await scorer.page.getByText(/已定稿，评分不能再改/).waitFor()
  await allDelivered(scorer.page)
  expect(await scorer.page.getByText('其中一次是窗口值班').count()).toBe(0)
})

it('says nothing in the console', () => {
  for (const phone of [office, secretary, scorer, member]) expect(phone.troubles).toEqual([])
  expect(hall.endpoint.problems).toEqual([])
})
