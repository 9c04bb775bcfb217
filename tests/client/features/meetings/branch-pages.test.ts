// @vitest-environment happy-dom
/** 支部 and 会议与考勤 with many meetings: what the pages are for stays in sight, and a meeting is found by its name. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { civilInstant, DAY_MS } from '../../../../src/shared/civil-time.ts'
import BranchPage from '../../../../src/client/features/meetings/branch/BranchPage.vue'
import { namedLike } from '../../../../src/client/features/meetings/list/group-meetings.ts'
import MeetingsPage from '../../../../src/client/features/meetings/list/MeetingsPage.vue'
import type { MeetingRow } from '../../../../src/client/features/meetings/model/read-meetings.ts'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { eventually } from '../../../support/eventually.ts'
import { arrive, fillBranch, meetingFields, setupPhone } from './fixtures.ts'

let close = () => undefined as void
afterEach(() => close())

/** An officer, and as many meetings as told, one a day, the first of them today. */
async function open(page: Component, meetings: number) {
  const phone = setupPhone('p0')
  await fillBranch(phone, 6)
  for (let at = 0; at < meetings; at++) {
    const startsAt = civilInstant('2026-11-23', '20:45') - at * DAY_MS
    const sittings = [{ id: `st${at}`, name: '全体', startsAt, place: '' }]
    const date = new Date(startsAt).toISOString().slice(0, 10)
    await arrive(phone.db, 'meeting', `mt${at}`, meetingFields({ title: `第 ${at} 次会`, date, sittings }))
  }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const wrapper = mount(page, {
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  close = () => wrapper.unmount()
  const linksTo = (part: string) =>
    wrapper.findAll('a').filter((link) => link.attributes('href')?.includes(part))
  await eventually(() => expect(linksTo('/roll/').length).toBeGreaterThan(0))
  const pressed = (words: string) => wrapper.findAll('button').find((one) => one.text() === words)
  return { wrapper, linksTo, pressed }
}

it('the newest three rolls stand on 支部 with their day, the older ones behind one row', async () => {
  const { linksTo, pressed } = await open(BranchPage, 9)
  const rolls = () => linksTo('/roll/').map((link) => link.text())
  expect(rolls()).toHaveLength(3)
  expect(rolls()[0]).toMatch(/^第 0 次会.*11 月 23 日 周一 · 应到 6 人，还没有考勤$/)
  expect(linksTo('/members')).toHaveLength(1)
  await pressed('还有 6 场')!.trigger('click')
  expect(rolls()).toHaveLength(9)
  expect(pressed('还有 6 场')).toBeUndefined()
})

it('no roll is hidden behind a row that would take its place', async () => {
  const { linksTo, wrapper } = await open(BranchPage, 4)
  expect(linksTo('/roll/')).toHaveLength(4)
  expect(wrapper.text()).not.toContain('还有')
})

it('among many a meeting is found by its name, and the rolls step aside meanwhile', async () => {
  const { wrapper, linksTo } = await open(MeetingsPage, 13)
  const meetings = () =>
    linksTo('/meetings/mt').filter((link) => !link.attributes('href')!.includes('/roll/'))
  expect(meetings()).toHaveLength(13)
  await wrapper.get('input[type=search]').setValue('第 11')
  expect(meetings().map((link) => link.get('.title').text())).toEqual(['第 11 次会'])
  expect(linksTo('/roll/')).toHaveLength(0)
  await wrapper.get('input[type=search]').setValue('没有的会')
  expect(wrapper.text()).toContain('没有找到这样的会议')
})

it('a few are found by looking', async () => {
  const { wrapper } = await open(MeetingsPage, 3)
  expect(wrapper.find('input[type=search]').exists()).toBe(false)
})

it('every word must stand in the name; no word finds all', () => {
  const meeting = { fields: meetingFields({ title: '第四季度支部党员大会' }) } as MeetingRow
  expect(namedLike(' 党员大会 第四 ')(meeting)).toBe(true)
  expect(namedLike('党员 小组')(meeting)).toBe(false)
  expect(namedLike('  ')(meeting)).toBe(true)
})
