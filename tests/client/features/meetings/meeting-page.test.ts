// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import MeetingPage from '../../../../src/client/features/meetings/detail/MeetingPage.vue'
import MinutesPage from '../../../../src/client/features/meetings/minutes/MinutesPage.vue'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { arrive, fillBranch, meetingFields, setupPhone } from './fixtures.ts'

it('a guest is named in one piece, with the mark that follows', async () => {
  const phone = setupPhone('p0')
  await fillBranch(phone, 3)
  const guests = ['林科长', '买买提·买买提依明'].map((name) => ({ name, personId: null }))
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ guests }))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MeetingPage, {
    props: { id: 'mt' },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.findAll('.guest')).toHaveLength(2))
  expect(page.findAll('.guest').map((guest) => guest.text())).toEqual(['林科长、', '买买提·买买提依明'])
  page.unmount()
})

it('says of those without a mark who could come to no sitting by the shift roster', async () => {
  const phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  // The sitting is on 23 November at 20:45.
  const kinds = { p1: 'late', p2: 'leave', p3: 'late', p4: 'rest' }
  const days = Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, { '23': kind }]))
  const roster = { unitId: 'b1', month: '2026-11', hours: {}, days }
  await arrive(phone.db, 'shift-roster', 'b1:2026-11', roster)
  const mark = (personId: string) => ({
    unitId: 'b1',
    meetingId: 'mt',
    sittingId: 'st1',
    personId,
    name: '某',
    method: 'tap',
    markedBy: 'p0',
    state: 'present',
    leaveKind: null,
    reason: '',
    supersedes: [],
  })
  // On duty, and came all the same.
  await arrive(phone.db, 'roll-mark', 'k3', mark('p3'))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MeetingPage, {
    props: { id: 'mt' },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.text()).toContain('5 人未点，其中 2 人按排班不在'))
  for (const personId of ['p0', 'p4', 'p5'])
    await arrive(phone.db, 'roll-mark', `k${personId}`, mark(personId))
  await eventually(() => expect(page.text()).toContain('没点的 2 人按排班不在'))
  await phone.db.records('shift-roster').clear()
  await eventually(() => expect(page.text()).toContain('2 人未点'))
  expect(page.text()).not.toContain('按排班')
  page.unmount()
})

it('who can’t write the minutes is led to the meeting', async () => {
  const phone = setupPhone('p2')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MinutesPage, {
    props: { id: 'mt' },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.text()).toContain('这里不能写纪要'))
  expect(page.get('a').attributes('href')).toBe('/meetings/mt')
  page.unmount()
})

describe('我的码', () => {
  const openFor = async (personId: string, changes: object, state?: string) => {
    const phone = setupPhone(personId)
    await fillBranch(phone, 6)
    await arrive(phone.db, 'meeting', 'mt', meetingFields(changes))
    const place = { unitId: 'b1', meetingId: 'mt', sittingId: 'st1', personId, name: '某' }
    if (state !== undefined)
      await arrive(phone.db, 'roll-mark', 'k1', { ...place, state, method: 'tap', markedBy: 'p0' })
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
    })
    const page = mount(MeetingPage, {
      props: { id: 'mt' },
      global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
    })
    await eventually(() => expect(page.text()).toContain('三楼会议室'))
    const shown = page.findAll('footer a').map((link) => [link.text(), link.attributes('href')])
    page.unmount()
    return shown
  }
  const CODE = ['我的码', '/my-code']
  const tomorrow = {
    date: '2026-11-24',
    sittings: [
      { id: 'st1', name: '全体', startsAt: civilInstant('2026-11-24', '09:00'), place: '三楼会议室' },
    ],
  }

  it('is one tap away for who should come, on the day', async () => {
    expect(await openFor('p3', {})).toEqual([CODE])
    expect(await openFor('p3', {}, 'absent')).toEqual([CODE])
  })
  it('stands beside the roll for an officer, who is read by another', async () => {
    expect(await openFor('p0', {})).toEqual([CODE, ['开始考勤', '/meetings/mt/roll/st1']])
  })
  it.each([
    ['on another day', 'p3', tomorrow, undefined],
    ['when it was called off', 'p3', { state: 'cancelled' }, undefined],
    ['once the roll has them', 'p3', {}, 'present'],
    ['once the roll has them as late', 'p3', {}, 'late'],
    ['for who should not come', 'stranger', {}, undefined],
  ])('is not offered %s', async (_, personId, changes, state) => {
    expect(await openFor(personId, changes, state)).toEqual([])
  })
})
