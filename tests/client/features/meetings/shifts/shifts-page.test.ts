// @vitest-environment happy-dom
/** 排班 on the phone of an officer and of a member; the roster as two officers write it offline. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import ShiftsPage from '../../../../../src/client/features/meetings/shifts/ShiftsPage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { shiftRosterId, type ShiftRoster } from '../../../../../src/shared/org/shifts/shift-roster.ts'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, BRANCH, fillBranch, setupPhone } from '../fixtures.ts'

let close = () => undefined as void
beforeEach(() =>
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  })),
)
afterEach(() => {
  close()
  vi.unstubAllGlobals()
})
const ID = shiftRosterId(BRANCH, '2026-12')

async function open(personId: string, days: ShiftRoster['days'] = {}) {
  const phone = setupPhone(personId)
  await fillBranch(phone, 4)
  await arrive(phone.db, 'shift-roster', shiftRosterId(BRANCH, '2026-11'), {
    unitId: BRANCH,
    month: '2026-11',
    days,
    hours: {},
  })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const wrapper = mount(ShiftsPage, {
    props: { unitId: BRANCH, month: '2026-12' },
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  close = () => wrapper.unmount()
  const all = () => [...document.querySelectorAll<HTMLElement>('button')]
  const press = async (name: string) => {
    await eventually(() => {
      const found = all().find((b) => (b.getAttribute('aria-label') ?? b.textContent ?? '').includes(name))
      if (found === undefined) throw new Error(`no button ${name}: ${document.body.textContent}`)
      found.click()
    })
  }
  const roster = async () => (await phone.db.records('shift-roster').get(ID))?.fields
  return { phone, wrapper, press, roster }
}

it('an officer writes a day by a press; it is on the phone at once and waits to be sent', async () => {
  const { press, roster, phone } = await open('p0')
  await press('李某1')
  await press('12 月 3 日')
  await eventually(async () => expect((await roster())?.days).toEqual({ p1: { '03': 'early' } }))
  const [entry] = await phone.db.outbox.toArray()
  expect(entry).toMatchObject({ type: 'shift-roster', scope: 'unit:b1' })
  expect(Object.keys(entry!.fields).sort()).toEqual(['days/p1/03', 'month', 'unitId'])
})

it('paints a stretch by its first and its last day', async () => {
  const { press, roster } = await open('p0')
  await press('李某1')
  await press('连续几天')
  await press('12 月 9 日')
  await press('12 月 7 日')
  await eventually(async () =>
    expect((await roster())?.days).toEqual({ p1: { '07': 'early', '08': 'early', '09': 'early' } }),
  )
})

it('goes on as last month ended, without writing over what stands', async () => {
  const november = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      String(at + 1).padStart(2, '0'),
      (['early', 'night', 'rest'] as const)[at % 3]!,
    ]),
  )
  const { press, roster } = await open('p0', { p1: november })
  await press('接着上月排')
  await eventually(async () => {
    const days = (await roster())?.days?.['p1'] ?? {}
    expect(Object.keys(days)).toHaveLength(31)
    expect([days['01'], days['02'], days['03'], days['31']]).toEqual(['early', 'night', 'rest', 'early'])
  })
})

it('a member reads the month and cannot write it', async () => {
  const { wrapper, press, phone } = await open('p3', { p3: { '30': 'night' } })
  await eventually(() => expect(wrapper.text()).toContain('这一天还没有排班'))
  expect(wrapper.text()).not.toContain('接着上月排')
  await press('12 月 3 日')
  expect(await phone.db.outbox.count()).toBe(0)
})
