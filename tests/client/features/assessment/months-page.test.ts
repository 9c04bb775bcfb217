// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import ScoringPage from '../../../../src/client/features/assessment/scoring/ScoringPage.vue'
import MonthsPage from '../../../../src/client/features/assessment/self/months/MonthsPage.vue'
import SelfAssessmentPage from '../../../../src/client/features/assessment/self/SelfAssessmentPage.vue'
import {
  createTestPhone,
  giveRole,
  MONTH,
  NOW,
  seedOrg,
  testDelivery,
  until,
  withPhone,
  type TestPhone,
} from './fixtures.ts'

let phone: TestPhone
let page: VueWrapper | undefined
beforeEach(() => (phone = createTestPhone()))
afterEach(() => page?.unmount())

const props = { month: MONTH, side: 'work' as const }
async function open(component: object, contact: { lastContactAt: number | null; preparing: boolean }) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  await router.push('/')
  const delivery = testDelivery([], contact)
  page = mount(component, {
    props: component === SelfAssessmentPage ? props : {},
    global: { plugins: [router, { install: withPhone(phone, delivery) }] },
  })
  await until(() => page!.find('.row, .empty, [class*="empty"]').exists())
  return page
}
const HERE = { lastContactAt: NOW, preparing: false }

describe('without any indicators', () => {
  beforeEach(async () => {
    await seedOrg(phone)
    await giveRole(phone, 's1', 'section-scorer')
    await phone.db.records('indicator-set').clear()
  })
  const pages = [MonthsPage, SelfAssessmentPage, ScoringPage]

  it('says that the office has published none, when everything has come', async () => {
    for (const component of pages) {
      const opened = await open(component, HERE)
      expect(opened.text()).toContain('党建科还没有发布')
      expect(opened.text()).not.toContain('没有下载到本机')
      opened.unmount()
    }
  })
  it.each([
    { lastContactAt: null, preparing: false },
    { lastContactAt: NOW, preparing: true },
  ])('says that they have not come yet: %o', async (contact) => {
    for (const component of pages) {
      const opened = await open(component, contact)
      expect(opened.text()).toContain('指标还没有下载到本机')
      opened.unmount()
    }
  })
})

describe('the heading of 评分', () => {
  it('keeps its dot with the unit, so that no line of a long name begins with it', async () => {
    await seedOrg(phone)
    await giveRole(phone, 's1', 'section-scorer')
    const opened = await open(ScoringPage, HERE)
    expect(opened.get('h1').text()).toMatch(/[^\s]\u00a0· 业务$/u)
  })
})

describe('whom self-assessment is for', () => {
  it('asks nothing of who is not in the Party, whatever sets have come', async () => {
    await seedOrg(phone, { section: false })
    const rows = await phone.db.records('membership').toArray()
    for (const row of rows)
      await phone.put('membership', row.id, { ...row.fields, memberKind: 'none', votingRight: false })
    const opened = await open(MonthsPage, HERE)
    expect(opened.text()).toContain('自评由党员每月填写')
    expect(opened.text()).not.toContain('业务科室')
    opened.unmount()
    expect((await open(SelfAssessmentPage, HERE)).text()).toContain('自评由党员填写')
  })
  it('says of the work side alone that there is no section', async () => {
    await seedOrg(phone, { section: false })
    const opened = await open(MonthsPage, HERE)
    const [party, work] = opened.findAll('.row').map((row) => row.text())
    expect(party).toContain('还差 4 项')
    expect(work).toContain('没有编入业务科室')
  })
})
