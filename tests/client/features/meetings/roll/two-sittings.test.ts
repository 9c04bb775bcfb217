// @vitest-environment happy-dom
/**
 * One person at two sittings of one meeting: named on the roll of each, told to the officer who marks the second one, counted once
 * by the meeting; neither mark is lost.
 */
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import MeetingPage from '../../../../../src/client/features/meetings/detail/MeetingPage.vue'
import RollPage from '../../../../../src/client/features/meetings/roll/RollPage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import ToastHost from '../../../../../src/client/ui/feedback/ToastHost.vue'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, fillBranch, meetingFields, setupPhone, type TestPhone } from '../fixtures.ts'

const at = (id: string, name: string, clock: string) => ({
  id,
  name,
  startsAt: civilInstant('2026-11-23', clock),
  place: '',
})
const SITTINGS = [at('st1', '早班场', '08:00'), at('st2', '晚班场', '20:45')]
let phone: TestPhone
let page: VueWrapper

function open(component: typeof RollPage | typeof MeetingPage, props: object): VueWrapper {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  return mount(
    { render: () => [h(component as typeof RollPage, props as never), h(ToastHost)] },
    { attachTo: document.body, global: { plugins: [router], provide: { [phoneKey as symbol]: phone } } },
  )
}
const openRoll = (sittingId: string) => open(RollPage, { id: 'mt', sittingId })
const row = (personId: string) => page.get(`[data-person="${personId}"]`)
const tap = (personId: string, state: string) => row(personId).get(`.state.${state}`).trigger('click')
const figures = () => page.findAll('.strip dd').map((dd) => Number(dd.text()))
const seen = () => eventually(() => expect(page.findAll('[data-person]').length).toBeGreaterThan(0))

beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ sittings: SITTINGS }))
  const early = { unitId: 'b1', meetingId: 'mt', sittingId: 'st1', leaveKind: null, supersedes: [] }
  const tapped = { ...early, method: 'tap', markedBy: 'p1', reason: '' }
  await arrive(phone.db, 'roll-mark', 'x1', { ...tapped, personId: 'p3', name: '刘某3', state: 'present' })
})
afterEach(() => {
  page.unmount()
  document.body.innerHTML = ''
})

it('is named before the tap, told at it, and named on both rolls after it', async () => {
  page = openRoll('st2')
  await seen()
  expect(row('p3').text()).toContain('早班场已到')
  expect(row('p2').text()).not.toContain('已到')
  await tap('p2', 'present')
  await eventually(() => expect(figures()).toEqual([6, 1, 0, 0]))
  expect(document.body.textContent).not.toContain('全会')
  await tap('p3', 'present')
  await eventually(() => expect(figures()).toEqual([6, 2, 0, 0]))
  await eventually(() => expect(document.body.textContent).toContain('刘某3在早班场也已到，全会只算一次'))
  await eventually(() => expect(row('p3').text()).toMatch(/早班场已到 · .*点名/))
  await row('p3').get('.who').trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('在早班场也记了到会'))
  page.unmount()
  page = openRoll('st1')
  await seen()
  await eventually(() => expect(row('p3').text()).toContain('晚班场已到'))
  page.unmount()
  page = open(MeetingPage, { id: 'mt' })
  await eventually(() => expect(page.text()).toContain('刘某3在几场都记了到会，全会只算一次'))
  const sums = () => page.findAll('.attendance dd').map((dd) => Number(dd.text()))
  expect(sums()).toEqual([6, 2, 0, 0])
})

it('a roll is complete without who came to the other sitting, and says why', async () => {
  page = openRoll('st2')
  await seen()
  await eventually(() => expect(page.text()).toContain('其余 5 人到会'))
  expect(page.text()).toContain('6 人未点')
  for (const personId of ['p0', 'p1', 'p2', 'p4']) await tap(personId, 'present')
  await eventually(() => expect(page.text()).toContain('2 人未点'))
  await tap('p5', 'absent')
  await eventually(() => expect(page.text()).toContain('没点的 1 人已到别场'))
  expect(page.text()).toContain('完成考勤')
  await tap('p3', 'present')
  await eventually(() => expect(page.text()).not.toContain('没点的'))
})

it('an absence here of who came to the other sitting stays on this roll, and the officer is told', async () => {
  page = openRoll('st2')
  await seen()
  await tap('p3', 'absent')
  await eventually(() => expect(figures()).toEqual([6, 0, 0, 1]))
  await eventually(() => expect(document.body.textContent).toContain('刘某3在早班场已到，全会按到会算'))
  await row('p3').get('.who').trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('这里的缺席只留在这一场'))
  page.unmount()
  page = open(MeetingPage, { id: 'mt' })
  await eventually(() =>
    expect(page.findAll('.attendance dd').map((dd) => Number(dd.text()))).toEqual([6, 1, 0, 0]),
  )
  expect(page.text()).not.toContain('在几场都')
  expect(await phone.db.records('roll-mark').count()).toBe(2)
})

it('a sitting that is taken out under the thumb says what becomes of its marks, and is put back as it was', async () => {
  page = openRoll('st2')
  await seen()
  await tap('p2', 'present')
  await eventually(() => expect(figures()).toEqual([6, 1, 0, 0]))
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ sittings: SITTINGS.slice(0, 1) }))
  await eventually(() => expect(page.text()).toContain('这一场已从会议里去掉'))
  expect(page.text()).toContain('已记的 1 条都保留，待送达的 1 条联网后照常送达，但不算进会议的数字')
  page.unmount()
  // Whoever opens the meeting finds them.
  page = open(MeetingPage, { id: 'mt' })
  await eventually(() => expect(page.text()).toContain('去掉的场次里还有考勤'))
  expect(page.find('a[href="/meetings/mt/roll/st2"]').exists()).toBe(true)
  page.unmount()
  page = openRoll('st2')
  await eventually(() => expect(page.text()).toContain('恢复这一场'))
  const restore = page.findAll('button').find((button) => button.text() === '恢复这一场')
  await restore!.trigger('click')
  await seen()
  await eventually(() => expect(figures()).toEqual([6, 1, 0, 0]))
  const { fields } = (await phone.db.records('meeting').get('mt'))!
  expect(fields.sittings.map(({ id }) => id)).toEqual(['st1', 'st2'])
})
