/** A member's week: 今日, 学习, 口袋书, 传阅, 自评. */
import type { Page } from 'playwright-core'
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { allDelivered } from '../../browser/support/acts.ts'
import { PHONE } from '../../browser/support/phones.ts'
import { writeName } from './hand.ts'
import { press, visit, type Scene, type Set } from './scene.ts'

async function study(page: Page, take: Set['take']): Promise<void> {
  await visit(page, '/today')
  await take(page, 'today')
  await page.getByRole('link', { name: /^开始读/ }).click()
  await page.getByRole('button', { name: '已学' }).waitFor()
  await take(page, 'lesson')
  await press(page, '阅读设置')
  await take(page, 'reader-settings')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: '写心得' }).click()
  await page
    .getByRole('textbox', { name: '心得' })
    .fill('取号的老人问了三遍，我说了三遍一样的话。下回先把单子递过去，指着说。')
  await page
    .getByText(/已存本机|已送达/)
    .last()
    .waitFor()
  await take(page, 'reflection')
  await visit(page, '/study')
  await take(page, 'study')
}

async function books(page: Page, take: Set['take']): Promise<void> {
  await visit(page, '/books')
  await page
    .getByRole('button', { name: /离线保存/ })
    .first()
    .click()
  await page.getByRole('button', { name: /移除/ }).first().waitFor()
  await take(page, 'books')
  await page.getByRole('link', { name: /学以致用/ }).click()
  await page.getByRole('link', { name: '开始读' }).click()
  await page.getByRole('heading', { name: /读懂一条规定/ }).waitFor()
  await take(page, 'chapter')
}

async function circulation(page: Page, take: Set['take']): Promise<void> {
  await visit(page, '/circulation')
  await allDelivered(page)
  await page.getByText('离线可用').first().waitFor()
  await take(page, 'circulation')
  await page.getByRole('link', { name: /高峰窗口保障/ }).click()
  await page.locator('canvas').first().waitFor()
  await take(page, 'document')
  await page.getByRole('link', { name: '签字' }).click()
  await writeName(page)
  await take(page, 'sign')
}

async function assessment(page: Page, take: Set['take'], places: Set['places']): Promise<void> {
  await visit(page, '/assessment')
  await page.getByRole('link', { name: /^党建/ }).first().click()
  for (let n = 0; n < 6; n++) {
    await press(page, /记满分/)
    await press(page, '下一项')
  }
  await press(page, /记满分/)
  await press(page, /^减/)
  await page.getByLabel(/说一句/).fill('走访两户，一户的社保转移已帮办结，另一户下周回访。')
  await page.getByText('正在存').waitFor({ state: 'hidden' })
  await page.getByText('待送达').first().waitFor({ state: 'hidden' })
  await take(page, 'self-assessment')
  await press(page, '目录')
  await take(page, 'self-index')
  await page.keyboard.press('Escape')
  await visit(
    page,
    places.roles[0]!.own.find((path) => path.endsWith('/result'))!,
  )
  await take(page, 'result')
}

export const member: Scene = async ({ camera, places, take }) => {
  const { page, context } = await camera.open(STAFF.member, PHONE)
  await study(page, take)
  await books(page, take)
  await circulation(page, take)
  await assessment(page, take, places)
  await context.close()
}
