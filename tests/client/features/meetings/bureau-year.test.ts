// @vitest-environment happy-dom
/** 各支部会议 at the office's desk: who sees it, the filters, one branch, no network, a year turned while the answer is under way. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import BureauYearPage from '../../../../src/client/features/meetings/year/bureau/BureauYearPage.vue'
import type { BureauYear, PeriodFigures } from '../../../../src/shared/meetings/year/bureau/bureau-year.ts'
import { mountAt, NOW, OFFICER, setupPhone, stored, until } from '../circulation/fixtures.ts'

const month = (overdueIn: readonly number[]): PeriodFigures[] =>
  Array.from({ length: 12 }, (_, at): PeriodFigures => {
    if (at > 10) return [1, 0, 0, 'coming']
    if (at === 10) return [1, 0, 0, 'open']
    return overdueIn.includes(at) ? [1, 0, 1, 'overdue'] : [1, 1, 0, 'held']
  })
const committee = (overdueIn: readonly number[]) => ({
  kindId: 'committee',
  due: 12,
  held: 10 - overdueIn.length,
  overdue: overdueIn.length,
  periods: month(overdueIn),
})
const needed = { kindId: 'class', due: 0, held: 2, overdue: 0, periods: [] }
const yearOf = (year: number, units: BureauYear['units']): BureauYear => ({
  year,
  at: NOW,
  kinds: [
    {
      id: 'committee',
      name: '支委会',
      cadence: { per: 'month', times: 1, source: '示例条例', toBeChecked: true },
    },
    { id: 'class', name: '党课', cadence: null },
    {
      id: 'group',
      name: '党小组会',
      cadence: { per: 'month', times: 1, source: '示例', toBeChecked: false },
    },
  ],
  units,
})
const YEAR = yearOf(2026, [
  { unitId: 'b1', name: '第一支部', branchId: null, kinds: [committee([]), needed] },
  { unitId: 'b2', name: '第二支部', branchId: null, kinds: [committee([0, 7]), { ...needed, held: 0 }] },
  { unitId: 'g', name: '早班小组', branchId: 'b2', kinds: [{ ...committee([3]), kindId: 'group' }] },
])

let parts: ReturnType<typeof setupPhone>
let asked: string[]
let answer: (path: string) => unknown
let isWide = false
beforeEach(async () => {
  parts = setupPhone()
  asked = []
  isWide = false
  answer = () => YEAR
  const role = { ...OFFICER, role: 'office' as const, unitId: 'root' }
  await parts.db.records('role').put(stored('r', 'org', role))
  vi.stubGlobal('matchMedia', () => ({
    matches: isWide,
    addEventListener: () => {},
    removeEventListener: () => {},
  }))
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path.replace('/api/office/', ''))
    const body = await answer(path)
    if (body === undefined) throw new TypeError('no network')
    return Response.json(body)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const open = (query = '') => mountAt(BureauYearPage, '/desk/meetings', `/desk/meetings${query}`, parts)
const named = (wrapper: Awaited<ReturnType<typeof open>>['wrapper'], name: string) =>
  wrapper.findAll('button').find((b) => b.attributes('aria-label') === name || b.text() === name)!

it('puts the branches that are behind first, groups counted in, and says in words what is missing where', async () => {
  const { wrapper } = await open()
  await until(() => wrapper.text().includes('第二支部'))
  expect(asked).toEqual(['meeting-year?year=2026'])
  const rows = wrapper.findAll('li').map((row) => row.text())
  expect(rows[0]).toContain('第二支部')
  expect(rows[0]).toContain('缺 3 次')
  expect(rows[0]).toMatch(/应开 24 次，已开 17 次.*一季缺 1 次.*二季缺 1 次.*三季缺 1 次/)
  expect(rows[1]).toContain('第一支部')
  expect(rows[1]).not.toContain('缺')
  expect(rows[1]).toContain('应开 12 次，已开 10 次')
  expect(wrapper.text()).toContain('按需要召开的 2 次另计')
  expect(wrapper.text()).toContain('07:52 的数字')
  wrapper.unmount()
})

it('keeps kind, view and year in the address, and leads to the branch and back to the same list', async () => {
  const { wrapper, router } = await open('?kind=committee&view=behind')
  await until(() => wrapper.text().includes('第二支部'))
  expect(wrapper.findAll('li')).toHaveLength(1)
  expect(wrapper.find('li').text()).toContain('缺 2 次')
  expect(wrapper.text()).toContain('依据：示例条例')
  await wrapper.find('li a').trigger('click')
  await until(() => wrapper.text().includes('早班小组 · 党小组会'))
  expect(router.currentRoute.value.query).toEqual({ kind: 'committee', view: 'behind', unit: 'b2' })
  expect(wrapper.find('h1').text()).toBe('第二支部')
  expect(wrapper.text()).toMatch(/1 月\s*没有开/)
  expect(wrapper.text()).toMatch(/12 月\s*还没有到/)
  expect(wrapper.text()).toContain('待核')
  expect(asked).toHaveLength(1)
  await wrapper.find('.back').trigger('click')
  await until(() => wrapper.find('h1').text() === '各支部会议')
  expect(router.currentRoute.value.query).toEqual({ kind: 'committee', view: 'behind' })
  wrapper.unmount()
})

it('is a table where there is room, which is sorted by name or by what is missing', async () => {
  isWide = true
  const { wrapper } = await open()
  await until(() => wrapper.find('table').exists())
  const names = () => wrapper.findAll('tbody th').map((cell) => cell.text())
  expect(names()).toEqual(['第二支部', '第一支部'])
  expect(wrapper.findAll('tbody tr')[0]!.text().replaceAll(/\s+/g, ' ')).toContain('缺 1 5/6')
  await wrapper.findAll('.sorter')[0]!.trigger('click')
  expect(names()).toEqual(['第一支部', '第二支部'])
  wrapper.unmount()
})

it('with no network says so and what to do; figures of a year seen before stay, and never stand under another year', async () => {
  const { wrapper } = await open()
  await until(() => wrapper.text().includes('第二支部'))
  answer = () => undefined
  await named(wrapper, '上一年').trigger('click')
  await until(() => wrapper.text().includes('各支部的会议要联网才能看'))
  expect(wrapper.text()).toContain('2025 年')
  expect(wrapper.text()).not.toContain('第二支部')
  await named(wrapper, '下一年').trigger('click')
  await until(() => wrapper.text().includes('没有刷新，下面是 07:52 的数字'))
  expect(wrapper.text()).toContain('第二支部')
  answer = () => YEAR
  await named(wrapper, '再试一次').trigger('click')
  await until(() => !wrapper.text().includes('没有刷新'))
  wrapper.unmount()
})

it('drops the answer about a year that was turned away from', async () => {
  let late: (year: BureauYear) => void = () => {}
  answer = (path) =>
    path.endsWith('2026')
      ? new Promise((resolve) => (late = resolve))
      : yearOf(2025, [{ unitId: 'b9', name: '第九支部', branchId: null, kinds: [committee([])] }])
  const { wrapper } = await open()
  await until(() => asked.length === 1)
  await named(wrapper, '上一年').trigger('click')
  await until(() => wrapper.text().includes('第九支部'))
  late(YEAR)
  await new Promise((resolve) => setTimeout(resolve))
  expect(wrapper.text()).toContain('第九支部')
  expect(wrapper.text()).not.toContain('第二支部')
  wrapper.unmount()
})

it('with nothing behind, no branch yet, or a branch that year does not know, says what that means', async () => {
  answer = () => yearOf(2026, [YEAR.units[0]!])
  const { wrapper } = await open('?view=behind')
  await until(() => wrapper.text().includes('没有缺的'))
  wrapper.unmount()
  answer = () => yearOf(2026, [])
  const empty = await open()
  await until(() => empty.wrapper.text().includes('还没有支部'))
  empty.wrapper.unmount()
  answer = () => YEAR
  const unknown = await open('?unit=nobody')
  await until(() => unknown.wrapper.text().includes('2026 年没有这个支部'))
  unknown.wrapper.unmount()
})

it('asks nothing for whoever is not of the office, and shows where the own branch is', async () => {
  await parts.db.records('role').put(stored('r', 'org', OFFICER))
  const { wrapper } = await open()
  await until(() => wrapper.text().includes('这里由党建科使用'))
  expect(wrapper.find('a[href$="/meetings/year"]').exists()).toBe(true)
  expect(asked).toEqual([])
  wrapper.unmount()
})

it('an answer of another shape is not shown', async () => {
  answer = () => ({ ...YEAR, units: [{ unitId: 'b1', name: '第一支部' }] })
  const { wrapper } = await open()
  await until(
    () => wrapper.find('[role=alert], .error, .notice').exists() || wrapper.text().includes('再试一次'),
  )
  expect(wrapper.text()).not.toContain('第一支部')
  wrapper.unmount()
})
