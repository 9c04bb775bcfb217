// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import AppealForm from '../../../../src/client/features/assessment/result/AppealForm.vue'
import ResultPage from '../../../../src/client/features/assessment/result/ResultPage.vue'
import { createTestPhone, facts, MONTH, NOW, seedOrg, until, withPhone, type TestPhone } from './fixtures.ts'

let phone: TestPhone
let page: VueWrapper
const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
})
const global = () => ({ plugins: [router, { install: withPhone(phone) }] })
const about = { resultId: 'r1', unitId: 'b1', month: MONTH, indicatorId: 'i1', about: '指标1' }

const result = (total: number, supersedes: string[] = []) => ({
  personId: 'p1',
  name: '周敏',
  unitId: 'b1',
  month: MONTH,
  side: 'party' as const,
  setId: 'setP',
  lines: [
    {
      indicatorId: 'i1',
      title: '指标1',
      max: 5,
      selfScore: 5,
      score: 4,
      reason: '少一次记录',
      evidence: '',
      scorerId: 'p3',
      at: NOW - 3_600_000,
    },
  ],
  adjustments: [{ points: -0.5, reason: '离岗未放牌' }],
  total,
  partyTotal: total,
  workTotal: 97.5,
  frozenBy: 'o',
  supersedes,
})

beforeEach(async () => {
  phone = createTestPhone()
  await seedOrg(phone)
  await phone.put('month-result', 'r1', result(98))
})
afterEach(() => page.unmount())

it('shows every line with score, reason, scorer and time, and both totals', async () => {
  page = mount(ResultPage, { props: { month: MONTH }, global: global() })
  await until(() => page.find('article').exists())
  for (const words of ['98', '97.5', '少一次记录', '王芳', '自评 5', '离岗未放牌', '-0.5', '09:00'])
    expect(page.text()).toContain(words)
  expect(page.get('article button').attributes('aria-label')).toBe('申诉：指标1')
})

it('a correction stands in the place of what it supersedes', async () => {
  await phone.put('month-result', 'r2', result(99, ['r1']))
  page = mount(ResultPage, { props: { month: MONTH }, global: global() })
  await until(() => page.find('article').exists())
  expect(page.text()).toContain('党建 · 99 分')
})

it('an appeal is one fact in the file of the unit that scored, and says that it waits', async () => {
  page = mount(AppealForm, { props: about, global: global() })
  await page.get('textarea').setValue('补了回访')
  const send = page.findAll('button').at(-1)!
  void send.trigger('click')
  void send.trigger('click')
  await until(async () => (await facts(phone.db, 'appeal')).length > 0)
  await flushPromises()
  const appeals = await facts(phone.db, 'appeal')
  expect(appeals).toHaveLength(1)
  expect(appeals[0]).toMatchObject({ scope: 'file:b1:p1', pending: 1, fields: { indicatorId: 'i1' } })
  page.unmount()
  page = mount(ResultPage, { props: { month: MONTH }, global: global() })
  await until(() => page.text().includes('申诉：补了回访'))
  expect(page.text()).toContain('待送达')
})

it('an appeal half written is there again', async () => {
  page = mount(AppealForm, { props: about, global: global() })
  await page.get('textarea').setValue('写到一半')
  page.unmount()
  await until(async () => (await phone.db.meta.get('kept:appeal:r1:i1')) !== undefined)
  page = mount(AppealForm, { props: about, global: global() })
  await until(() => page.get<HTMLTextAreaElement>('textarea').element.value === '写到一半')
})
