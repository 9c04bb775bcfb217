// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h, type ComponentPublicInstance } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import RollPage from '../../../../src/client/features/meetings/roll/RollPage.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { StorageTrouble } from '../../../../src/client/storage/trouble.ts'
import { isBusy } from '../../../../src/client/ui/page/busy.ts'
import ToastHost from '../../../../src/client/ui/feedback/ToastHost.vue'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import { writeMeta } from '../../../../src/client/storage/meta.ts'
import { arrive, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from './fixtures.ts'

let phone: TestPhone
let page: VueWrapper

/** Of whom the row was drawn anew. */
const drawn: string[] = []
const countDrawn = {
  updated(this: ComponentPublicInstance): void {
    const row = this.$el as HTMLElement | Text
    if (row instanceof HTMLElement && row.dataset.person !== undefined) drawn.push(row.dataset.person)
  },
}

async function open(): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  return mount(
    { render: () => [h(RollPage, { id: 'mt', sittingId: 'st1' }), h(ConfirmHost), h(ToastHost)] },
    {
      attachTo: document.body,
      global: { plugins: [router], provide: { [phoneKey as symbol]: phone }, mixins: [countDrawn] },
    },
  )
}
const figures = () => page.findAll('.strip dd').map((dd) => Number(dd.text()))
const seen = (rows: number) => eventually(() => expect(page.findAll('[data-person]')).toHaveLength(rows))
const tap = (personId: string, state: string) =>
  page.get(`[data-person="${personId}"] .state.${state}`).trigger('click')

/** By its words, wherever it stands. */
function press(words: string): void {
  const button = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === words)
  if (button === undefined) throw new Error(`no button ${words}`)
  button.dispatchEvent(new MouseEvent('click', { bubbles: true }))
}

beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  page = await open()
  await seen(50)
})
afterEach(() => {
  page.unmount()
  document.body.innerHTML = ''
})

it('takes the roll of 50 by 50 taps', async () => {
  const ids = page.findAll('[data-person]').map((row) => row.attributes('data-person') ?? '')
  for (const [at, personId] of ids.entries())
    await tap(personId, at < 40 ? 'present' : at < 47 ? 'leave' : 'absent')
  await eventually(() => expect(figures()).toEqual([50, 40, 7, 3]))
  expect(await phone.db.outbox.count()).toBe(50)
  expect(page.findAll('[data-person]').map((row) => row.attributes('data-person'))).toEqual(ids)
  expect(page.text()).toContain('50 条已存本机，待送达')
  expect(page.text()).toContain('可以表决')
  expect(page.text()).toContain('完成考勤')

  await phone.db.records('roll-mark').toCollection().modify({ pending: 0, receivedAt: 1 })
  await eventually(() => expect(page.text()).toContain('50 条已送达'))
})

it('draws one row anew for a tap, and those of news from elsewhere, however long the roll', async () => {
  drawn.length = 0
  await tap('p3', 'present')
  await eventually(() => expect(figures()).toEqual([50, 1, 0, 0]))
  await tap('p4', 'absent')
  await eventually(() => expect(figures()).toEqual([50, 1, 0, 1]))
  expect(new Set(drawn)).toEqual(new Set(['p3', 'p4']))
  drawn.length = 0
  await phone.db.records('roll-mark').toCollection().modify({ pending: 0, receivedAt: 1 })
  await eventually(() => expect(page.text()).toContain('2 条已送达'))
  expect(drawn.toSorted()).toEqual(['p3', 'p4'])
})

it('marks nothing twice for a nervous thumb, and undoes one press', async () => {
  await tap('p3', 'present')
  await tap('p3', 'present')
  await tap('p3', 'present')
  await eventually(() => expect(figures()).toEqual([50, 1, 0, 0]))
  expect(await phone.db.outbox.count()).toBe(1)
  const undo = page.findAll('button').find((button) => button.text() === '撤销')
  await undo?.trigger('click')
  await eventually(() => expect(figures()).toEqual([50, 0, 0, 0]))
})

it('marks the rest only after a question', async () => {
  await tap('p3', 'absent')
  await eventually(() => expect(figures()[3]).toBe(1))
  await page.get('.button.main').trigger('click')
  await flushPromises()
  expect(figures()[1]).toBe(0)
  const yes = [...document.querySelectorAll('[role=dialog] button, [role=alertdialog] button')].find(
    (button) => button.textContent?.trim() === '记到会',
  )
  yes?.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  await eventually(() => expect(figures()).toEqual([50, 49, 0, 1]))
})

it('holds back an update while it is open', () => {
  expect(isBusy.value).toBe(true)
  page.unmount()
  expect(isBusy.value).toBe(false)
})

it('shows a contradiction and lets a person settle it', async () => {
  const mark = (state: string, markedBy: string) => ({
    unitId: 'b1',
    meetingId: 'mt',
    sittingId: 'st1',
    personId: 'p7',
    name: '某',
    state,
    leaveKind: null,
    method: 'tap',
    markedBy,
    reason: '',
    supersedes: [],
  })
  await arrive(phone.db, 'roll-mark', 'x1', mark('present', 'p0'))
  await arrive(phone.db, 'roll-mark', 'x2', mark('absent', 'p1'))
  await eventually(() => expect(page.text()).toContain('1 人记录不一致，待核定'))
  await page.get('[data-person="p7"] .who').trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('记录不一致，请核定'))
  // Both are shown, with who and how, and nothing is settled without a reason.
  expect(document.body.textContent).toMatch(/到会.*点名.*以“到会”为准.*缺席.*以“缺席”为准/)
  press('以“到会”为准')
  await eventually(() => expect(document.body.textContent).toContain('请先选或写核定理由'))
  expect(await phone.db.outbox.count()).toBe(0)
  press('当面核实')
  await flushPromises()
  press('以“到会”为准')
  await eventually(() => expect(figures()).toEqual([50, 1, 0, 0]))
  const [settled] = await phone.db.outbox.toArray()
  expect(settled?.fields).toMatchObject({ state: 'present', reason: '当面核实', supersedes: ['x1', 'x2'] })
})

it('enters the paper sheet afterwards, and every mark says so with the sheet’s date', async () => {
  press('更多')
  await flushPromises()
  press('纸质补录照纸质签到表补记，每条都标明')
  await eventually(() => expect(document.body.textContent).toContain('签到表上的日期'))
  press('开始补录')
  await eventually(() => expect(page.text()).toContain('正在补录'))
  await tap('p3', 'present')
  await eventually(() => expect(figures()).toEqual([50, 1, 0, 0]))
  press('停止')
  await flushPromises()
  await tap('p4', 'present')
  await eventually(() => expect(figures()).toEqual([50, 2, 0, 0]))
  const said = (await phone.db.outbox.toArray()).map(({ fields }) => [fields.method, fields.paperDate])
  expect(said).toEqual([
    ['paper', '2026-11-23'],
    ['tap', null],
  ])
  expect(page.get('[data-person="p3"]').text()).toContain('纸质补录')
})

it('keeps everybody in place when the roster changes meanwhile, until the officer asks', async () => {
  const order = () => page.findAll('[data-person]').map((row) => row.attributes('data-person'))
  const before = order()
  const old = await phone.db.records('membership').get('m5')
  await arrive(phone.db, 'membership', 'm5', { ...old!.fields, to: '2026-11-23' })
  await arrive(phone.db, 'membership', 'new', { ...old!.fields, personId: 'new', name: '丁新来' })
  await eventually(() => expect(page.text()).toContain('名单有变化'))
  await eventually(() => expect(order()).toEqual([...before, 'new']))
  expect(page.get('[data-person="p5"]').text()).toContain('已不在应到名单')
  expect(page.get('[data-person="p5"] .present').attributes('disabled')).toBeDefined()
  expect(figures()[0]).toBe(50)
  press('名单有变化，点这里更新')
  await eventually(() => expect(order()).not.toContain('p5'))
  expect(order()).toHaveLength(50)
  expect(order().indexOf('new')).toBeLessThan(49)
  expect(page.text()).not.toContain('名单有变化')
})

it('a meeting that was called off meanwhile keeps its marks, says what becomes of them, and can be restored', async () => {
  await tap('p3', 'present')
  await eventually(() => expect(figures()[1]).toBe(1))
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ state: 'cancelled' }))
  await eventually(() => expect(page.text()).toContain('已记的 1 条都保留，待送达的 1 条联网后照常送达'))
  // Also to a thumb that is far down the list.
  expect(document.querySelector('.toasts')?.textContent).toContain('会议已取消，已记的都保留')
  await tap('p4', 'present')
  expect(figures()[1]).toBe(1)
  press('恢复会议')
  await eventually(() => expect(page.text()).not.toContain('会议已取消'))
  await tap('p4', 'present')
  await eventually(() => expect(figures()[1]).toBe(2))
})

it('says that a clock is wrong, and beside a mark whose time cannot be right', async () => {
  await writeMeta(phone.db, 'serverOffset', 2 * 86_400_000)
  await eventually(() => expect(page.text()).toContain('本机的时间不准'))
  phone.setNow(NOW - 3 * 86_400_000)
  await tap('p3', 'present')
  await eventually(() => expect(figures()[1]).toBe(1))
  await page.get('[data-person="p3"] .who').trigger('click')
  await eventually(() => expect(document.body.textContent).toContain('早于会议，记录人手机的时间可能不准'))
})

it('a choice that was not stored is told in the sheet, which stays open', async () => {
  vi.spyOn(phone.store, 'put').mockRejectedValue(new StorageTrouble('quota', undefined))
  await page.get('[data-person="p7"] .who').trigger('click')
  await eventually(() => expect(document.querySelector('[role=dialog] .option')).not.toBeNull())
  document.querySelector<HTMLElement>('[role=dialog] .option')?.click()
  const alerts = () => [...document.querySelectorAll('[role=alert]')].filter((a) => a.textContent !== '')
  await eventually(() => expect(alerts()).toHaveLength(1))
  expect(alerts()[0]?.textContent).toContain('手机空间不足')
  expect(document.querySelector('[role=dialog]')?.contains(alerts()[0]!)).toBe(true)
})

it('an error that nobody foresaw is told in Chinese, without its own words', async () => {
  vi.spyOn(phone.store, 'put').mockRejectedValue(new TypeError('Cannot read properties of undefined'))
  await page.get('[data-person="p7"] .who').trigger('click')
  await eventually(() => expect(document.querySelector('[role=dialog] .option')).not.toBeNull())
  document.querySelector<HTMLElement>('[role=dialog] .option')?.click()
  await eventually(() => expect(document.body.textContent).toContain('这一笔请再点一次。'))
  expect(document.body.textContent).not.toContain('Cannot read')
})

it('an initial leads the keyboard to its first person', async () => {
  HTMLElement.prototype.scrollIntoView = () => undefined
  await eventually(() => expect(page.findAll('[data-initial]').length).toBeGreaterThan(1))
  const initial = page.findAll('[data-initial]').at(-1)!
  await initial.trigger('click')
  const row = document.activeElement?.closest('[data-person]')
  expect(row?.querySelector('.who')).toBe(document.activeElement)
})

it('a vote is counted in a live part that was there before', async () => {
  await tap('p3', 'present')
  await eventually(() => expect(figures()[1]).toBe(1))
  await page.get('.strip button').trigger('click')
  await eventually(() => expect(document.querySelector('[role=dialog] input')).not.toBeNull())
  const live = document.querySelector('[role=dialog] .result')
  expect(live?.getAttribute('aria-live')).toBe('polite')
  expect(live?.textContent).toBe('')
  const votes = document.querySelector<HTMLInputElement>('[role=dialog] input')!
  votes.value = '1'
  votes.dispatchEvent(new Event('input'))
  await eventually(() => expect(live?.textContent).toContain('是否通过'))
})

it('finds a name', async () => {
  await page.get('input[type=search]').setValue('王某')
  await eventually(() => expect(page.findAll('[data-person]')).toHaveLength(1))
})

it('takes no roll inside the browser of WeChat', async () => {
  page.unmount()
  const agent = vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue('iPhone MicroMessenger/8.0')
  page = await open()
  await seen(50)
  agent.mockRestore()
  expect(page.text()).toContain('请在浏览器打开后再考勤')
  expect(page.get('[data-person="p3"] .state.present').attributes('disabled')).toBeDefined()
})

it('shows no roll to a member, who has only the own mark: everybody else would count as away', async () => {
  page.unmount()
  phone = setupPhone('p3')
  await fillBranch(phone)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  page = await open()
  await eventually(() => expect(page.text()).toContain('名单在他们手机上'))
  expect(page.find('.strip').exists()).toBe(false)
  expect(page.findAll('[data-person]')).toHaveLength(0)
  expect(page.text()).not.toMatch(/实到|还差|更多/)
})
