// @vitest-environment happy-dom
/** 我的考勤 and 出勤汇总 as they are read: whose figures, what is missing from them, and where one goes on. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { h, nextTick, shallowRef, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import AttendancePage from '../../../../../src/client/features/meetings/attendance/branch/AttendancePage.vue'
import MyAttendancePage from '../../../../../src/client/features/meetings/attendance/own/MyAttendancePage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import {
  deliveryKey,
  type Delivery,
  type DeliverySummary,
} from '../../../../../src/client/sync/delivery-state.ts'
import { eventually } from '../../../../support/eventually.ts'
import { setupPhone } from '../fixtures.ts'
import { fillYear } from './fill-year.ts'

let close = () => undefined as void
afterEach(() => {
  close()
  vi.unstubAllGlobals()
})

async function open(
  page: Component,
  {
    me,
    path,
    summary = {},
    isWide = false,
  }: { me: string; path: string; summary?: Partial<DeliverySummary>; isWide?: boolean },
) {
  vi.stubGlobal('matchMedia', () => ({
    matches: isWide,
    addEventListener: () => {},
    removeEventListener: () => {},
  }))
  const phone = setupPhone(me)
  await fillYear(phone, me === 'p0' ? undefined : me)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  await router.push(path)
  const delivery = {
    summary: shallowRef({ preparing: false, lastContactAt: 1, waiting: 0, attention: 0, ...summary }),
  } as unknown as Delivery
  const wrapper = mount(page, {
    attachTo: document.body,
    global: {
      plugins: [router],
      provide: { [phoneKey as symbol]: phone, [deliveryKey as symbol]: delivery },
    },
  })
  close = () => wrapper.unmount()
  return { wrapper, router, text: () => wrapper.text() }
}

it('a member reads the own year, with the way to what is still to make up', async () => {
  const { wrapper, text, router } = await open(MyAttendancePage, { me: 'p4', path: '/me/attendance' })
  await eventually(() => expect(text()).toContain('第一季度'))
  for (const word of ['应到', '实到', '待补学', '没有你的记录']) expect(text()).toContain(word)
  const study = wrapper.findAll('a').find((link) => link.attributes('href')?.startsWith('/meetings/mt'))
  expect(study).toBeDefined()
  await wrapper.get('[aria-label="上一年"]').trigger('click')
  await eventually(() => expect(text()).toContain('2025 年还没有你应到的会'))
  expect(router.currentRoute.value.query['year']).toBe('2025')
})

it('a meeting of the own year says who marked it, how, and whom to tell that it is wrong', async () => {
  const { wrapper, text } = await open(MyAttendancePage, { me: 'p4', path: '/me/attendance' })
  await eventually(() => expect(text()).toContain('第一季度'))
  const away = wrapper.findAll('button').find((button) => button.text().includes('缺席'))
  await away!.trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('记得不对'))
  expect(document.body.textContent).toMatch(/请告诉.*(支部书记|党小组组长)/)
  expect(document.body.textContent).toMatch(/王某0.*点名/)
})

it('the sheet is for those who take the roll', async () => {
  const { text, wrapper } = await open(AttendancePage, { me: 'p4', path: '/meetings/attendance' })
  await eventually(() => expect(text()).toContain('这里由支部委员、党小组组长查看'))
  expect(text()).not.toContain('王某0')
  expect(wrapper.find('a[href="/me/attendance"]').exists()).toBe(true)
})

it('the secretary reads everybody, by quarter and by group, and the address keeps what is asked', async () => {
  const path = '/meetings/attendance?year=2026&quarter=2'
  const { wrapper, text, router } = await open(AttendancePage, { me: 'p0', path })
  await eventually(() => expect(text()).toContain('陈某4'))
  expect(wrapper.get('section[aria-label]').attributes('aria-label')).toBe('2026 年第二季度合计')
  const names = () => wrapper.findAll('[role=listitem] .title').map((title) => title.text())
  expect(names()).toHaveLength(6)
  await wrapper.get('select').setValue('g1')
  await eventually(() => expect(names()).toHaveLength(2))
  const year = wrapper
    .findAll<HTMLInputElement>('input[type=radio]')
    .find(({ element }) => element.value === '')
  await year!.setValue(true)
  await eventually(() => expect(router.currentRoute.value.query).toEqual({ year: '2026' }))
})

it('never names a period over the figures of another one, while the one just chosen is being read', async () => {
  const path = '/meetings/attendance?year=2026'
  const { wrapper, text, router } = await open(AttendancePage, { me: 'p0', path })
  await eventually(() => expect(text()).toContain('陈某4'))
  const shown = () => [
    wrapper.get('section[aria-label]').attributes('aria-label'),
    wrapper.get('section[aria-label] dd').text(),
  ]
  const [year, all] = shown()
  expect(year).toBe('2026 年全年合计')
  await router.push('/meetings/attendance?year=2026&quarter=2')
  await nextTick()
  expect(shown()).toEqual([year, all])
  expect(wrapper.find('.shell[aria-busy="true"]').exists()).toBe(true)
  await eventually(() => expect(shown()[0]).toBe('2026 年第二季度合计'))
  expect(shown()[1]).not.toBe(all)
  expect(wrapper.find('[aria-busy="true"]').exists()).toBe(false)
})

it('says that the phone has not everything yet', async () => {
  const summary = { preparing: true, lastContactAt: null }
  const { text } = await open(AttendancePage, { me: 'p0', path: '/meetings/attendance', summary })
  await eventually(() => expect(text()).toContain('陈某4'))
  expect(text()).toContain('内容还在下载')
  expect(text()).toContain('还没有连上过服务器')
})

it('at the desk sorts by a figure and back to the roster; the sum stays first', async () => {
  const { wrapper, text } = await open(AttendancePage, {
    me: 'p0',
    path: '/meetings/attendance',
    isWide: true,
  })
  await eventually(() => expect(text()).toContain('出勤率'))
  const names = () => wrapper.findAll('tbody tr').map((row) => row.get('th').text())
  const roster = names()
  const sorter = (label: string) =>
    wrapper.findAll('thead button').find((button) => button.text().includes(label))!
  await sorter('实到').trigger('click')
  const figures = wrapper.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
  const heads = wrapper.findAll('thead th').map((head) => head.text())
  const came = figures.slice(1).map((cells) => Number(cells[heads.indexOf('实到') - 1]))
  expect(came).toEqual([...came].sort((a, b) => a - b))
  expect(names()[0]).toBe('合计')
  await sorter('姓名').trigger('click')
  expect(names()).toEqual(roster)
})
