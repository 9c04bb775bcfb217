/**
 * The main path of each job for the ear: the order of reading, every name, every state, and what is said by itself while a write
 * goes from the phone to the endpoint. The endpoint is kept waiting, so that each of the words has its time.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { DEMO_PASSWORD, STAFF } from '../../src/server/demo/accounts.ts'
import { allDelivered, go } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { startPhones, type Phones } from './support/phones.ts'
import { listen, spokenOf } from './support/spoken.ts'
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

/** A phone whose writes reach the endpoint when the test lets them. */
async function open(staffNo: string, path: string) {
  const phone = await phones.open(undefined, { reducedMotion: 'reduce', serviceWorkers: 'block' })
  await signIn(phone.page, hall.url, staffNo, DEMO_PASSWORD)
  await allDelivered(phone.page)
  const gate = Promise.withResolvers<void>()
  await phone.context.route('**/api/push', async (route) => {
    await gate.promise
    await route.continue()
  })
  await go(phone.page, path)
  await settled(phone.page)
  return { ...phone, letGo: gate.resolve, ear: await listen(phone.page) }
}

/** All of it in this order, whatever stands between. The browser builds its tree a moment after the page. */
async function reads(page: Page, expected: readonly (string | RegExp)[]): Promise<void> {
  const isRead = async () => {
    const { lines, unnamed } = await spokenOf(page)
    expect(unnamed).toEqual([])
    let at = 0
    for (const line of expected) {
      const found = lines.findIndex(
        (one, n) => n >= at && (typeof line === 'string' ? one === line : line.test(one)),
      )
      expect(found, `${String(line)} after line ${at} of:\n${lines.join('\n')}`).toBeGreaterThanOrEqual(0)
      at = found + 1
    }
  }
  await vi.waitFor(isRead, { timeout: 10_000, interval: 200 })
}
async function hears(ear: { heard(): Promise<string[]> }, expected: readonly RegExp[]): Promise<void> {
  const inOrder = async () => {
    const heard = await ear.heard()
    let at = 0
    for (const words of expected) {
      const found = heard.findIndex((one, n) => n >= at && words.test(one))
      if (found < 0) return `not heard: ${String(words)} in ${heard.join(' | ')}`
      at = found + 1
    }
    return ''
  }
  await expect.poll(inOrder, { timeout: 15_000 }).toBe('')
}

it('a lesson: the title, the text, the mark and where it is', async () => {
  const { page, ear, letGo } = await open(STAFF.member, `/lessons/${places.lesson}`)
  await reads(page, ['main', /^heading “.+” 1$/, 'link “写心得”', 'button “已学” not pressed'])
  await page.getByRole('button', { name: '已学' }).click()
  await hears(ear, [/^已学 · 已存本机$/])
  letGo()
  await hears(ear, [/^已学 · 已存本机$/, /^已学 · 已送达$/])
  await reads(page, ['main', 'button “已学” pressed'])
})

it('a signature: the statement’s page, why it cannot be pressed yet, and that it has gone', async () => {
  const { page, ear, letGo } = await open(STAFF.member, `/circulation/${places.circulation}/sign`)
  await page.getByRole('button', { name: '改用键盘' }).click()
  await reads(page, [
    'main',
    /^heading “.+” 1$/,
    /^textbox “输入姓名签字”/,
    'button “改用手写”',
    'textbox “阅示意见（可不填）”',
    /^button “签字” disabled \(.*姓名.*\)$/,
  ])
  await page.getByLabel('输入姓名签字').fill('林晓禾')
  await hears(ear, [/^签字先存本机，再送达$/])
  await reads(page, [/^button “签字” \(签字先存本机，再送达\)$/])
  await page.getByRole('button', { name: '签字', exact: true }).click()
  await hears(ear, [/已存本机/])
  await page.getByText('签字，待送达').waitFor()
  letGo()
  await hears(ear, [/已存本机/, /^签字已送达$/])
  await reads(page, [/^heading “.+” 1$/, 'link “回执”'])
})

it('an item of the self-assessment: that it has no score, the score, and that it is kept', async () => {
  const { page, ear, letGo } = await open(STAFF.member, `/assessment/${places.thisMonth}/party`)
  await reads(page, [
    /^heading “\d+ 月自评 · 党建” 1$/,
    /^progressbar “已打分” = 已打分 0 项/,
    'main',
    /^heading “.+” 2$/,
    'group “自评”',
    /^button “减 [\d.]+ 分”/,
    /^spinbutton “自评”.* \(还没有打分\)$/,
    /^button “加 [\d.]+ 分”/,
    'textbox “说一句（可不填）”',
    'button “目录”',
    'button “下一项”',
  ])
  await page.getByRole('spinbutton').focus()
  await page.keyboard.press('ArrowUp')
  await hears(ear, [/已存本机/])
  await reads(page, [/^progressbar “已打分” = 已打分 1 项/, /^spinbutton “自评” = [\d.]+$/])
  letGo()
})

it('a self-assessment that is handed in: that it waits, and that it has gone', async () => {
  const { page, ear, letGo } = await open('1011', `/assessment/${places.thisMonth}/party`)
  await page.getByRole('spinbutton').focus()
  await page.keyboard.press('ArrowDown')
  await hears(ear, [/^已存本机$/])
  await page.getByRole('button', { name: '目录' }).click()
  await page.getByRole('dialog').getByRole('button').last().click()
  await reads(page, ['main', 'region “看一遍”', /^button “再次提交”/])
  await page.getByRole('button', { name: '再次提交' }).click()
  await hears(ear, [/^已存本机$/, /^已提交，待送达$/])
  letGo()
  await hears(ear, [/^已提交，待送达$/, /^已提交，已送达$/])
})

it('a person of the roll: three states of each by name, the mark and its undoing; that it has gone', async () => {
  const { page, ear, letGo } = await open(
    STAFF.secretary,
    `/meetings/${places.meeting}/roll/${places.sitting}`,
  )
  const first = page.locator('[data-person]').first()
  const name = (await first.getByRole('group').getAttribute('aria-label'))!
  const person = (state: string) => [
    `button “${name} ，更多”`,
    `group “${name}”`,
    `button “到会” ${state}`,
    'button “请假” not pressed',
    'button “缺席” not pressed',
  ]
  await reads(page, [
    /^heading “.+” 1$/,
    'main',
    'region “考勤数字”',
    'searchbox “按姓名查找”',
    ...person('not pressed'),
  ])
  await first.getByRole('button', { name: '到会' }).click()
  await expect.poll(async () => (await spokenOf(page)).lines).toContain('button “到会” pressed')
  await reads(page, [...person('pressed').slice(1), 'button “撤销”', /^button “其余 \d+ 人到会”$/])
  await page.getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => (await spokenOf(page)).lines).not.toContain('button “到会” pressed')
  letGo()
  await hears(ear, [/^考勤已送达$/])
})

it('a score sheet: each item with what it is about, and where the sheet is', async () => {
  const sheet = places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!
  const { page, ear, letGo } = await open(STAFF.secretary, sheet)
  await reads(page, [
    'main',
    /^heading “.+” 1$/,
    /^heading “.+” 2$/,
    /^button “1\. .+” not expanded$/,
    /^spinbutton “评分 ：.+”.* \(还没有打分\)$/,
    'button “满分”',
    /^button “.+未评.+” not expanded$/,
    /^button “完成评分”/,
  ])
  await page.getByRole('spinbutton').first().focus()
  await page.keyboard.press('ArrowUp')
  await hears(ear, [/^评分：已存本机，待送达$/])
  letGo()
  await hears(ear, [/^评分：已存本机，待送达$/, /^评分：已送达$/])
})
