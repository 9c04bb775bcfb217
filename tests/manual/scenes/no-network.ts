/** Signing with no network, what waits on the phone, and what becomes 需处理 because the document had been recalled before it was signed. */
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { allDelivered, answer } from '../../browser/support/acts.ts'
import { workerReady } from '../../browser/support/browser.ts'
import { DESK, PHONE } from '../../browser/support/phones.ts'
import { DAY, stopClock } from '../day.ts'
import { writeName } from './hand.ts'
import { press, visit, type Scene } from './scene.ts'

const RECALLED = /下一季度党员集中学习/

export const noNetwork: Scene = async ({ camera, take }) => {
  const { page, context } = await camera.open(STAFF.member, PHONE)
  await workerReady(page)
  await page.reload()
  await allDelivered(page)
  await visit(page, '/circulation')
  await page.getByText('离线可用').nth(2).waitFor()
  await page.getByRole('link', { name: RECALLED }).click()
  await page.getByRole('link', { name: '签字' }).waitFor()
  await context.setOffline(true)

  const office = await camera.open(STAFF.office, DESK)
  await visit(office.page, '/desk/documents')
  await office.page.getByRole('link', { name: RECALLED }).click()
  await press(office.page, '撤回')
  await office.page.getByRole('dialog').getByLabel('原因').fill('附件有误，请等新的通知')
  await press(office.page, '撤回文件')
  await office.page.getByText('已从全部支部撤回').waitFor()
  await office.context.close()

  // What was signed before the recall would count: this phone signs a minute after it.
  await stopClock(context, DAY + 60_000)
  await page.getByRole('link', { name: '签字' }).click()
  await writeName(page)
  await press(page, '签字')
  const toast = page.getByText('已存本机，联网后送达')
  await toast.waitFor()
  await take(page, 'signed-offline')
  await toast.waitFor({ state: 'hidden' })
  await visit(page, '/me/delivery')
  await take(page, 'delivery')
  await visit(page, '/me')
  await press(page, '退出登录')
  await page.getByRole('alertdialog').waitFor()
  await take(page, 'sign-out')
  await answer(page, '先不退出')

  await context.setOffline(false)
  await visit(page, '/me/delivery')
  await page.getByRole('heading', { name: /^需处理 1 条/ }).waitFor()
  await take(page, 'attention')
  await page.locator('button.row').first().click()
  await page.getByRole('dialog').waitFor()
  await take(page, 'attention-one')
  await context.close()
}
