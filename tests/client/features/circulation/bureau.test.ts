// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import CirculationsPage from '../../../../src/client/features/circulation/desk/bureau/CirculationsPage.vue'
import ConfirmHost from '../../../../src/client/ui/feedback/ConfirmHost.vue'
import { mountAt, NOW, OFFICER, setupPhone, stored, until } from './fixtures.ts'

const COUNTS = { toSign: 20, signed: 12, outdated: 1, excused: 0, waiting: 7 }
const line = (documentId: string, part = {}) => ({
  documentId,
  documentNo: `〔2026〕${documentId} 号`,
  title: `文件 ${documentId}`,
  urgency: '平件',
  deadline: '2026-11-30',
  revision: 1,
  dispatchedAt: NOW,
  branchCount: 2,
  open: 2,
  behind: 1,
  overdue: 0,
  missing: 8,
  ...COUNTS,
  ...part,
})
const branch = (unitId: string, part = {}) => ({
  unitId,
  name: `${unitId}支部`,
  circulationId: `c-${unitId}`,
  state: 'open',
  ...COUNTS,
  oldestWaitingAt: NOW - 3 * 86_400_000,
  remindedAt: null,
  ...part,
})
const overview = (documents: object[], part = {}) => ({
  documents,
  total: documents.length,
  more: false,
  counts: { behind: documents.length, overdue: 1, complete: 2, archived: 3, recalled: 0, all: 9 },
  missing: 8,
  years: ['2026', '2025'],
  units: [{ id: 'b1', name: '一支部' }],
  ...part,
})

const page = { render: () => [h(CirculationsPage), h(ConfirmHost)] }
let parts: ReturnType<typeof setupPhone>
let asked: string[]
let commands: Record<string, unknown>[]
let answer: (path: string) => unknown
let losesAnswers = 0

beforeEach(async () => {
  parts = setupPhone()
  asked = []
  commands = []
  losesAnswers = 0
  const role = { ...OFFICER, role: 'office' as const, unitId: 'root' }
  await parts.db.records('role').put(stored('r', 'org', role))
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (init?.method === 'POST') {
      commands.push(JSON.parse(String(init.body)) as Record<string, unknown>)
      if (losesAnswers-- > 0) throw new TypeError('the line broke')
      return Response.json({ reminded: 8, branches: 1, tooSoon: 2, tooMany: 0 })
    }
    asked.push(path.replace('/api/office/', ''))
    const body = answer(path)
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
const open = (query = '') => mountAt(page, '/desk/circulations', `/desk/circulations${query}`, parts)
const button = (words: string, root: ParentNode = document) =>
  [...root.querySelectorAll('button')].find((b) => b.textContent?.includes(words))!

describe('the bureau’s overview', () => {
  it('shows figures, each document with its counts in words too, and says where the names are', async () => {
    answer = () =>
      overview([line('1', { deadline: '2026-11-20', overdue: 1 }), line('2', { urgency: '特急' })])
    const { wrapper } = await open()
    await until(() => wrapper.text().includes('文件 1'))
    expect(wrapper.text()).toContain('已过截止日 3 天')
    expect(wrapper.text()).toContain('特急')
    expect(wrapper.text()).toContain('12 / 20')
    expect(wrapper.find('[role=progressbar]').attributes('aria-valuetext')).toBe('20 人中 12 人已签，60%')
    expect(wrapper.text()).toContain('还差谁，看各支部的传阅单')
    wrapper.unmount()
  })

  it('asks for what the address says, and a changed filter changes the address and begins at the first page', async () => {
    answer = () => overview([line('1')], { more: true, total: 90 })
    const { wrapper, router } = await open('?view=archived&page=1&year=2025')
    await until(() => wrapper.text().includes('第 2 页，共 90 份'))
    expect(asked[0]).toBe('circulations?view=archived&year=2025&page=1')
    const urgency = wrapper.findAll('select').find((s) => s.html().includes('特急'))!
    await urgency.setValue('特急')
    await until(() => router.currentRoute.value.query['urgency'] === '特急')
    expect(router.currentRoute.value.query).toEqual({ view: 'archived', urgency: '特急', year: '2025' })
    await until(() => asked.length === 2)
    expect(decodeURIComponent(asked[1]!)).toBe('circulations?view=archived&urgency=特急&year=2025')
    wrapper.unmount()
  })

  it('searches at Enter at once, and what was asked before does not come back over it', async () => {
    const late: { resolve?: (value: unknown) => void } = {}
    answer = (path) =>
      path.includes('q=') ? overview([line('found')]) : new Promise((resolve) => (late.resolve = resolve))
    vi.stubGlobal('fetch', async (path: string) => Response.json(await answer(path)))
    const { wrapper, router } = await open()
    await until(() => late.resolve !== undefined)
    await router.replace('/desk/circulations?q=31')
    await until(() => wrapper.text().includes('文件 found'))
    late.resolve!(overview([line('old')]))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(wrapper.text()).not.toContain('文件 old')
    wrapper.unmount()
  })

  it('without network says so, and keeps the figures that it has', async () => {
    answer = () => undefined
    const { wrapper } = await open()
    await until(() => wrapper.text().includes('全局进度要联网才能看'))
    answer = () => overview([line('1')])
    button('再试一次').click()
    await until(() => wrapper.text().includes('文件 1'))
    expect(wrapper.text()).not.toContain('要联网才能看')
    wrapper.unmount()
  })

  it('is for the office alone', async () => {
    await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
    const { wrapper } = await open()
    await until(() => wrapper.text().includes('这里由党建科使用'))
    expect(asked).toEqual([])
    wrapper.unmount()
  })
})

describe('one document', () => {
  const document1 = {
    ...line('d1'),
    branches: [
      branch('甲'),
      branch('乙', { signed: 20, waiting: 0, outdated: 0, oldestWaitingAt: null }),
      branch('丙', { state: 'recalled' }),
      branch('丁', { remindedAt: NOW - 86_400_000, waiting: 2 }),
    ],
  }
  beforeEach(() => {
    answer = () => ({ document: document1 })
  })

  it('is reached by its own address, the branches with most people missing first', async () => {
    const { wrapper } = await open('?document=d1')
    await until(() => wrapper.text().includes('甲支部'))
    expect(asked).toEqual(['circulation?document=d1'])
    const order = ['甲支部', '丁支部', '乙支部', '丙支部'].map((name) => wrapper.text().indexOf(name))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    wrapper.unmount()
  })

  it('reminds only branches where somebody is missing; after a lost answer the same act is sent again', async () => {
    losesAnswers = 1
    const { wrapper } = await open('?document=d1')
    await until(() => wrapper.text().includes('催阅 2 个支部未签的人'))
    const press = async () => {
      button('催阅 2 个支部').click()
      await until(() => document.querySelector('[role=alertdialog]') !== null)
      expect(document.body.textContent).toContain('24 小时内催过的、已催满三次的、请假或休息的人不再催')
      button('催阅', document.querySelector('[role=alertdialog]')!).click()
    }
    await press()
    await until(() => wrapper.text().includes('没有催阅'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await press()
    await until(() => commands.length === 2 && !wrapper.text().includes('没有催阅'))
    expect(commands[0]).toMatchObject({ documentId: 'd1', unitIds: ['丁', '甲'] })
    expect(commands[1]).toEqual(commands[0])
    // It stays said beside the button, which goes on naming all who have not signed.
    await until(() => /刚才已催 \d+ 人/.test(wrapper.text()))
    wrapper.unmount()
  })

  it('with a filter reminds what is shown', async () => {
    const { wrapper } = await open('?document=d1')
    await until(() => wrapper.text().includes('没催过 1'))
    await wrapper.findAll('input[type=radio]')[2]!.setValue()
    await until(() => wrapper.text().includes('催阅 1 个支部未签的人'))
    expect(wrapper.text()).not.toContain('丁支部')
    wrapper.unmount()
  })

  it('never sent is told as such', async () => {
    answer = () => ({ document: null })
    const { wrapper } = await open('?document=d1')
    await until(() => wrapper.text().includes('这份文件还没有发出'))
    wrapper.unmount()
  })
})
