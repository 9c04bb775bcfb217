/** 工作台 on a wide screen. */
import { STAFF } from '../../../src/server/demo/accounts.ts'
import { DESK } from '../../browser/support/phones.ts'
import { visit, type Scene } from './scene.ts'

export const desk: Scene = async ({ camera, places, take }) => {
  const own = places.roles.find(({ role }) => role === 'office')!.own
  const document = own.find((path) => /^\/desk\/documents\/(?!new)/.test(path))!
  const office = await camera.open(STAFF.office, DESK)
  await visit(office.page, '/desk')
  await take(office.page, 'desk-home')
  await visit(
    office.page,
    own.find((path) => /^\/desk\/lessons\/(?!new)/.test(path))!,
  )
  await take(office.page, 'desk-lesson')
  await visit(office.page, '/desk/documents')
  await take(office.page, 'desk-documents')
  await visit(office.page, document)
  await office.page.getByText('发送情况').waitFor()
  await take(office.page, 'desk-document')
  await visit(office.page, '/desk/circulations')
  await office.page.getByRole('table').waitFor()
  await take(office.page, 'desk-circulations')
  await visit(office.page, '/desk/months')
  await office.page.getByRole('table').waitFor()
  await take(office.page, 'desk-months')
  await office.context.close()

  const second = await camera.open(STAFF.secondOffice, DESK)
  await visit(second.page, '/desk/documents')
  await second.page.getByRole('link', { name: /示范岗物资/ }).click()
  await second.page.getByRole('button', { name: /^确认非密/ }).waitFor()
  await take(second.page, 'desk-confirm')
  await second.context.close()

  const administrator = await camera.open(STAFF.administrator, DESK)
  await visit(administrator.page, '/desk/people')
  await administrator.page.getByRole('row').getByRole('checkbox').first().check()
  await take(administrator.page, 'desk-people')
  await administrator.context.close()
}
