// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import MonthsDeskPage from '../../../../src/client/features/assessment/desk/MonthsDeskPage.vue'
import { createTestPhone, until, withPhone } from './fixtures.ts'

afterEach(() => vi.unstubAllGlobals())

it('each 定稿 says of which branch', async () => {
  const done = { members: 5, submitted: 5, partyDone: 5, workDone: 5 }
  const units = [
    { unitId: 'b3', name: '第三支部', ...done, frozen: 5 },
    { unitId: 'b2', name: '第二支部', ...done, frozen: 0 },
    { unitId: 'b1', name: '第一支部', ...done, frozen: 0 },
  ]
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ units })))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  const page = mount(MonthsDeskPage, {
    global: { plugins: [router, { install: withPhone(createTestPhone()) }] },
  })
  await until(() => page.find('tbody button').exists())
  expect(page.findAll('tbody button').map((b) => b.attributes('aria-label'))).toEqual([
    '定稿：第一支部',
    '定稿：第二支部',
    '再次定稿：第三支部',
  ])
  page.unmount()
})
