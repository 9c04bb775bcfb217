/** Activating, adding to the home screen, 长辈版. */
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { PHONE } from '../../browser/support/phones.ts'
import { visit, type Scene } from './scene.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

export const firstDay: Scene = async ({ camera, take }) => {
  const fresh = await camera.open(undefined, PHONE)
  await visit(fresh.page, '/activate')
  await take(fresh.page, 'activate')
  await fresh.context.close()

  const iphone = await camera.open(STAFF.deputy, PHONE, { userAgent: IPHONE })
  await visit(iphone.page, '/me/install')
  await take(iphone.page, 'install')
  await visit(iphone.page, '/me/offline')
  await iphone.page.getByText('已备好').first().waitFor()
  await take(iphone.page, 'offline')
  await visit(iphone.page, '/me/appearance')
  await iphone.page.getByRole('switch', { name: /长辈版/ }).click()
  await take(iphone.page, 'appearance')
  await visit(iphone.page, '/today')
  await take(iphone.page, 'elder')
  await iphone.context.close()
}
