// @vitest-environment happy-dom
/** 年度计划: what is due stands beside what was held; planning the year is one write that can be taken back. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import YearPage from '../../../../src/client/features/meetings/year/YearPage.vue'
import ToastHost from '../../../../src/client/ui/feedback/ToastHost.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { planItems, yearPlanId } from '../../../../src/shared/meetings/year/year-plan.ts'
import { eventually } from '../../../support/eventually.ts'
import { arrive, BRANCH, fillBranch, meetingFields, setupPhone } from './fixtures.ts'

let close = () => undefined as void
afterEach(() => {
  close()
  vi.unstubAllGlobals()
})

async function open(personId: string) {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => {},
    removeEventListener: () => {},
  }))
  const phone = setupPhone(personId)
  await fillBranch(phone, 4)
  await arrive(phone.db, 'meeting-kind', 'day', {
    name: '主题党日',
    order: 1,
    unitKinds: ['branch'],
    roster: 'members',
    cadence: { per: 'month', times: 1, source: '示例条例', toBeChecked: true, since: null },
    quorum: null,
    passing: null,
  })
  await arrive(
    phone.db,
    'meeting',
    'held',
    meetingFields({ kindId: 'day', date: '2026-11-07', state: 'held' }),
  )
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = () => [h(YearPage, { unitId: BRANCH, year: '2026' }), h(ToastHost)]
  const wrapper = mount(page, {
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  close = () => wrapper.unmount()
  await eventually(() => expect(wrapper.text()).toContain('全年应开'))
  const button = (name: string) =>
    [...document.querySelectorAll<HTMLElement>('button')].find((b) => b.textContent?.includes(name))
  const press = (name: string) =>
    eventually(() => {
      const found = button(name)
      if (found === undefined) throw new Error(`no button ${name}`)
      found.click()
    })
  const plan = async () =>
    planItems((await phone.db.records('year-plan').get(yearPlanId(BRANCH, 2026)))?.fields)
  return { phone, wrapper, press, button, plan, router }
}

it('says what is due, held and missing, with the source and 待核', async () => {
  const { wrapper } = await open('p3')
  expect(wrapper.text()).toContain('全年应开 12 次，已开 1 次，过期没有开的 10 次')
  expect(wrapper.text()).not.toContain('按需要另开')
  expect(wrapper.text()).toContain('依据：示例条例')
  expect(wrapper.text()).toContain('待核')
})

it('a meeting held as needed makes up for none that is missing, and is said apart', async () => {
  const { phone, wrapper } = await open('p3')
  await arrive(phone.db, 'meeting', 'extra', meetingFields({ date: '2026-11-08', state: 'held' }))
  await eventually(() =>
    expect(wrapper.text()).toContain('全年应开 12 次，已开 1 次，过期没有开的 10 次；按需要另开 1 次'),
  )
})

it('a second one in a month that asks for one is held, and said to be beyond what is due: the figures add up', async () => {
  const { phone, wrapper } = await open('p3')
  const second = { kindId: 'day', date: '2026-11-09', state: 'held' }
  await arrive(phone.db, 'meeting', 'second', meetingFields(second))
  await eventually(() =>
    expect(wrapper.text()).toContain(
      '全年应开 12 次，已开 2 次（其中 1 次是应开以外的），过期没有开的 10 次',
    ),
  )
})

it('a tap on the wrong roll that was undone holds no meeting', async () => {
  const { phone, wrapper } = await open('p3')
  const planned = {
    kindId: 'day',
    date: '2026-10-07',
    sittings: [{ id: 'sx', name: '全体', startsAt: 0, place: '' }],
  }
  await arrive(phone.db, 'meeting', 'mx', meetingFields(planned))
  const mark = {
    unitId: BRANCH,
    meetingId: 'mx',
    sittingId: 'sx',
    personId: 'p2',
    name: '',
    method: 'tap',
    markedBy: 'p0',
  }
  await arrive(phone.db, 'roll-mark', 'k1', { ...mark, state: 'present', supersedes: [] })
  await eventually(() => expect(wrapper.text()).toContain('已开 2 次'))
  await arrive(phone.db, 'roll-mark', 'k2', { ...mark, state: 'cleared', supersedes: ['k1'] })
  await eventually(() => expect(wrapper.text()).toContain('全年应开 12 次，已开 1 次，过期没有开的 10 次'))
})

it('a member cannot plan', async () => {
  const { button, wrapper } = await open('p3')
  expect(button('拟定全年')).toBeUndefined()
  expect(wrapper.text()).not.toContain('从哪天起计')
})

it('plans what is left of the year in one write, on the day on which it was held last', async () => {
  const { press, plan, wrapper, phone } = await open('p0')
  await press('拟定全年')
  await press('写进计划')
  await eventually(async () =>
    expect((await plan()).map(({ kindId, date }) => `${kindId} ${date}`)).toEqual(['day 2026-12-07']),
  )
  expect(await phone.db.outbox.count()).toBe(1)
  await eventually(() => expect(wrapper.text()).toContain('12 月拟 7 日'))
})

it('what is pressed goes into the plan that stands on the screen, and so does what takes it back', async () => {
  const { press, plan, phone, wrapper } = await open('p0')
  const of = async (year: number) =>
    planItems((await phone.db.records('year-plan').get(yearPlanId(BRANCH, year)))?.fields)
  await press('拟定全年')
  await press('写进计划')
  await eventually(async () => expect(await plan()).toHaveLength(1))
  await wrapper.find('[aria-label="下一年"]').trigger('click')
  // Still the old year's content, or already the new one's: what is pressed in between opens nothing and writes nothing.
  for (const each of document.querySelectorAll<HTMLElement>('.cell')) each.click()
  await eventually(() => expect(wrapper.text()).toContain('2027 年'))
  await press('撤销')
  await eventually(async () => expect(await plan()).toEqual([]))
  expect(await of(2027)).toEqual([])
  expect(document.body.textContent).not.toContain('只写进计划')
})

it('leads to the form with the day and the subject', async () => {
  const { press, router } = await open('p0')
  await press('没有安排')
  await press('安排会议')
  await eventually(() => expect(router.currentRoute.value.path).toBe('/meetings/new'))
  expect(router.currentRoute.value.query).toMatchObject({ unit: BRANCH, kind: 'day', date: '2026-12-07' })
})
