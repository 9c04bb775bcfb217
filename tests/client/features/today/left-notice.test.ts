// @vitest-environment happy-dom
/** What the person may no longer read leaves the phone, and they are told whose it was. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import LeftNotice from '../../../../src/client/features/today/LeftNotice.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { writeMeta } from '../../../../src/client/storage/meta.ts'
import { FakeEndpoint } from '../../../support/client/fake-endpoint.ts'
import { meetingFields, meetingScope, unitFields } from '../../../support/client/records.ts'
import { closePhones, setupPhone } from '../../../support/client/setup-phone.ts'

afterEach(closePhones)

async function settled() {
  const endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('第一支部'))
  endpoint.seed('meeting', 'm', meetingScope, meetingFields('一'))
  const a = await setupPhone(endpoint)
  await a.phone.engine.syncNow()
  const page = mount(LeftNotice, { global: { provide: { [phoneKey as symbol]: a.phone } } })
  const scopes = [...endpoint.scopeRevs.keys()]
  const readsOnly = async (readable: string[]) => {
    endpoint.readable.set(a.phone.person.id, readable)
    await a.phone.engine.syncNow()
  }
  return { a, page, endpoint, scopes, readsOnly, without: scopes.filter((scope) => scope !== meetingScope) }
}

it('names the unit whose content has left, until the person has seen it', async () => {
  const { a, page, without, readsOnly } = await settled()
  expect(page.text()).toBe('')
  await readsOnly(without)
  await eventually(() =>
    expect(page.text()).toContain('第一支部的内容，你现在的职务和所属单位看不到，已从本机移除。'),
  )
  expect(await a.phone.db.records('meeting').count()).toBe(0)
  await page.get('button').trigger('click')
  await eventually(() => expect(page.find('button').exists()).toBe(false))
  page.unmount()
})

it('says nothing of what came back before it was read', async () => {
  const { a, page, scopes, without, readsOnly } = await settled()
  await readsOnly(without)
  await eventually(() => expect(page.text()).toContain('第一支部'))
  await readsOnly(scopes)
  await eventually(() => expect(page.text()).toBe(''))
  expect(await a.phone.db.records('meeting').count()).toBe(1)
  page.unmount()
})

it('names three of many units, and counts the rest', async () => {
  const { a, page, endpoint } = await settled()
  const names = ['第一支部', '第二支部', '第三支部', '第四支部', '第五支部']
  for (const [at, name] of names.entries()) endpoint.seed('unit', `u${at}`, 'org', unitFields(name))
  await a.phone.engine.syncNow()
  const scopes = names.map((_, at) => `unit:u${at}`)
  await writeMeta(a.phone.db, 'left', scopes)
  await eventually(() => expect(page.text()).toContain('第一支部、第二支部、第三支部等 5 个单位的内容'))
  page.unmount()
})
