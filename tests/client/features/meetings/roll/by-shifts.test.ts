// @vitest-environment happy-dom
/** The roll by the shift roster: who can come first, the others folded with their reason, counted, found, and never in the way. */
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import RollPage from '../../../../../src/client/features/meetings/roll/RollPage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import ConfirmHost from '../../../../../src/client/ui/feedback/ConfirmHost.vue'
import { shiftRosterId } from '../../../../../src/shared/org/shifts/shift-roster.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, BRANCH, fillBranch, meetingFields, setupPhone, type TestPhone } from '../fixtures.ts'

/** The sitting is on 23 November at 20:45. */
const SHIFTS = { p2: 'late', p3: 'late', p4: 'leave', p5: 'rest', p6: 'early', p7: 'night' } as const
const MEMBERS = 12

let phone: TestPhone
let page: VueWrapper | undefined

const arriveShifts = (days: Record<string, string>) =>
  arrive(phone.db, 'shift-roster', shiftRosterId(BRANCH, '2026-11'), {
    unitId: BRANCH,
    month: '2026-11',
    hours: {},
    days: Object.fromEntries(Object.entries(days).map(([id, kind]) => [id, { '23': kind }])),
  })
async function open(): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  page = mount(
    { render: () => [h(RollPage, { id: 'mt', sittingId: 'st1' }), h(ConfirmHost)] },
    { attachTo: document.body, global: { plugins: [router], provide: { [phoneKey as symbol]: phone } } },
  )
  const mounted = page
  await eventually(() => expect(mounted.findAll('[data-person]').length).toBeGreaterThan(0))
  return page
}
const order = () => page!.findAll('[data-person]').map((row) => row.attributes('data-person')!)
const figures = () => page!.findAll('.strip dd').map((dd) => Number(dd.text()))
const lineOf = (personId: string) => page!.get(`[data-person="${personId}"] .second`).text()
const unfold = async () => {
  await page!.get('.fold .head').trigger('click')
  // A long list makes its later rows a frame later.
  await eventually(() => expect(order()).toHaveLength(MEMBERS))
}

beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, MEMBERS)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
})
afterEach(() => {
  page?.unmount()
  document.body.innerHTML = ''
})

it('stands as ever where nobody wrote shifts', async () => {
  await open()
  await eventually(() => expect(order()).toHaveLength(MEMBERS))
  expect(page!.find('.fold').exists()).toBe(false)
})

it('shows who can come first, folds the others with their reasons, and counts them all', async () => {
  await arriveShifts(SHIFTS)
  await open()
  expect(new Set(order())).toEqual(new Set(['p0', 'p1', 'p5', 'p6', 'p7', 'p8', 'p9', 'p10', 'p11']))
  expect(page!.get('.fold').text()).toContain('按排班不在这一场 3 人')
  expect(page!.get('.fold').text()).toContain('晚班 2，请假 1')
  expect(figures()[0]).toBe(MEMBERS)
  expect(page!.text()).toContain('12 人未点')
  expect(page!.get('.fold .head').attributes('aria-expanded')).toBe('false')
  const before = order()
  await unfold()
  expect(order().slice(0, before.length)).toEqual(before)
  expect(new Set(order().slice(before.length))).toEqual(new Set(['p2', 'p3', 'p4']))
  expect([lineOf('p2'), lineOf('p4')]).toEqual(['排晚班', '排请假'])
})

it('says which other sitting suits', async () => {
  const sittings = [
    { id: 'st0', name: '上午场', startsAt: Date.parse('2026-11-23T10:00:00+08:00'), place: '' },
    { id: 'st1', name: '晚上场', startsAt: Date.parse('2026-11-23T20:45:00+08:00'), place: '' },
  ]
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ sittings }))
  await arriveShifts({ p2: 'late', p5: 'rest', p8: 'early' })
  await open()
  await unfold()
  expect(order().slice(-2).toSorted()).toEqual(['p2', 'p5'])
  expect([lineOf('p2'), lineOf('p5')]).toEqual(['排晚班 · 可去上午场', '排休息 · 可去上午场'])
})

it('finds by name whoever is folded, marks them, and the mark counts', async () => {
  await arriveShifts(SHIFTS)
  await open()
  await page!.get('input[type=search]').setValue('某4')
  await eventually(() => expect(order()).toEqual(['p4']))
  await page!.get('[data-person="p4"] .state.present').trigger('click')
  await eventually(() => expect(figures()[1]).toBe(1))
  await page!.get('input[type=search]').setValue('')
  await eventually(() => expect(page!.get('.fold').text()).toContain('晚班 2，请假 1；已点 1'))
})

it('the rest are those who are expected: nobody who is folded is marked with them', async () => {
  await arriveShifts(SHIFTS)
  await open()
  expect(page!.get('.button.main').text()).toBe('其余 9 人到会')
  await page!.get('.button.main').trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('按排班不在这一场的 3 人不在内'))
  ;[...document.querySelectorAll<HTMLElement>('[role=alertdialog] button')]
    .find((button) => button.textContent?.trim() === '记到会')
    ?.click()
  await eventually(() => expect(figures()).toEqual([MEMBERS, 9, 0, 0]))
  // Complete, and why, though not everybody is marked.
  expect(page!.text()).toContain('没点的 3 人按排班不在')
  expect(page!.text()).toContain('完成考勤')
})

it('moves nobody when shifts arrive or change while the roll is open, until the officer asks', async () => {
  await arriveShifts({ p2: 'late' })
  await open()
  await unfold()
  const before = order()
  await arriveShifts({ p2: 'early', p3: 'late', p9: 'leave' })
  await eventually(() => expect(page!.text()).toContain('名单有变化'))
  expect(order()).toEqual(before)
  await page!.get('.again').trigger('click')
  await eventually(() => expect(new Set(order().slice(-2))).toEqual(new Set(['p3', 'p9'])))
  expect(page!.text()).not.toContain('名单有变化')
})

it('who joins meanwhile stands after all others, and pushes no folded row away', async () => {
  await arriveShifts(SHIFTS)
  await open()
  await unfold()
  const before = order()
  const row = await phone.db.records('membership').get('m8')
  await arrive(phone.db, 'membership', 'new', { ...row!.fields, personId: 'new', name: '丁新来' })
  await eventually(() => expect(order()).toEqual([...before, 'new']))
})

it('folds nobody where it would fold everybody', async () => {
  await arriveShifts(Object.fromEntries(Array.from({ length: MEMBERS }, (_, at) => [`p${at}`, 'late'])))
  await open()
  await eventually(() => expect(order()).toHaveLength(MEMBERS))
  expect(page!.find('.fold').exists()).toBe(false)
})
