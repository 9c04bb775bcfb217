/** What a branch does: the roll, who has signed, scores. */
import type { Page } from 'playwright-core'
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { PHONE } from '../../browser/support/phones.ts'
import { press, visit, type Scene, type Set } from './scene.ts'

const MARKS = ['到会', '到会', '请假', '到会', '到会', '缺席', ...Array.from({ length: 8 }, () => '到会')]

async function roll(page: Page, take: Set['take']): Promise<void> {
  await page.getByRole('link', { name: '开始考勤' }).click()
  const rows = page.locator('[data-person]')
  await rows.first().waitFor()
  // Those whom their shift keeps away are folded.
  const marks = MARKS.slice(0, await rows.count())
  for (const [n, name] of marks.entries()) await rows.nth(n).getByRole('button', { name }).click()
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByText(`${marks.length} 条已送达`).waitFor()
  await take(page, 'roll')
  await rows.nth(2).locator('button.who').click()
  await take(page, 'roll-person')
  await page.keyboard.press('Escape')
  await page.locator('button.quorum').click()
  await take(page, 'quorum')
  await page.keyboard.press('Escape')
}

export const secretary: Scene = async ({ camera, places, take }) => {
  const { page, context } = await camera.open(STAFF.secretary, PHONE)
  await visit(page, `/meetings/${places.meeting}`)
  await take(page, 'meeting')
  await roll(page, take)
  await visit(page, `/circulation/${places.circulation}/progress`)
  await take(page, 'progress')
  await page.locator('button.row').first().click()
  await take(page, 'progress-person')
  await page.keyboard.press('Escape')
  await visit(
    page,
    places.roles[1]!.own.find((path) => path.startsWith(`/scoring/${places.thisMonth}`))!,
  )
  await press(page, /^接着评/)
  await take(page, 'score-sheet')
  await context.close()
}
