// @vitest-environment happy-dom
/** The office's view of the sheets of a document, and of a year: asked from the endpoint, calm without network. That it is the office's
 * alone, and that nothing is asked for anybody else, is in tests/client/app/role-pages.test.ts. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import DeskSheetsPage from '../../../../src/client/features/circulation/sheet/DeskSheetsPage.vue'
import YearExportPage from '../../../../src/client/features/circulation/sheet/year/YearExportPage.vue'
import {
  circulationFields,
  mountAt,
  NOW,
  OFFICER,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const SHA = 'a'.repeat(64)
const OFFICE = { ...OFFICER, unitId: 'root', role: 'office' as const }
const filed = <Fields>(id: string, fields: Fields) => ({
  id,
  author: 'x',
  observedAt: NOW,
  receivedAt: NOW,
  fields,
})
const bundleOf = (id: string, unitName: string) => ({
  purpose: 'window-hall/circulation',
  version: 1,
  exportedAt: NOW,
  exportedBy: { personId: 'p1', name: '何伟' },
  unit: { id: `b-${id}`, name: unitName },
  circulation: filed(id, circulationFields([revisionOf(1, SHA)])),
  changes: [],
  signOffs: [
    filed(`s-${id}`, { ...signOffFields('p2', 1, SHA), circulationId: id, opinion: `${unitName}的意见` }),
  ],
  countersignatures: [],
  deviceKeys: [],
  endpointKeys: [],
  seal: { keyId: 'k', signature: 'x' },
})
const BRANCHES = { c1: '第一支部', c2: '第二支部', c3: '第三支部' }
const head = { title: '关于延时服务的通知', documentNo: '办公室〔2026〕31 号', state: 'open' }

let parts: ReturnType<typeof setupPhone>
let asked: string[]
let isOffline: boolean
/** What the endpoint says of the export that runs, by what was followed. */
let run: Record<string, unknown> | null
let sent: { address: string; body: unknown }[]
beforeEach(async () => {
  parts = setupPhone()
  asked = []
  sent = []
  run = null
  isOffline = false
  await parts.db.records('role').put(stored('r', 'unit:root', OFFICE))
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    asked.push(address)
    if (isOffline) throw new TypeError('no network')
    if (init.method === 'POST') {
      sent.push({ address, body: JSON.parse(String(init.body)) })
      if (address.endsWith('-stop')) run = { ...run, state: 'stopped' }
      return Response.json({})
    }
    if (address.includes('year-progress')) return Response.json({ export: run })
    const id = /circulationId=(\w+)/.exec(address)?.[1] as keyof typeof BRANCHES | undefined
    if (id !== undefined) return Response.json(bundleOf(id, BRANCHES[id]))
    if (address.includes('circulation-years'))
      return Response.json({ years: [{ year: '2026', documents: 3, circulations: 9 }], isExporting: false })
    const sheets = Object.entries(BRANCHES).map(([circulationId, unitName]) => ({
      circulationId,
      unitName,
      ...head,
    }))
    return Response.json({ sheets })
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

describe('各支部传阅单', () => {
  const open = async () =>
    (
      await mountAt(
        DeskSheetsPage,
        '/desk/circulations/:documentId/sheets',
        '/desk/circulations/d1/sheets',
        parts,
      )
    ).wrapper
  const button = (wrapper: Awaited<ReturnType<typeof open>>, text: string) =>
    wrapper.findAll('button').find((b) => b.text() === text)

  it('shows one branch, and all of them for one print run', async () => {
    const wrapper = await open()
    await until(() => wrapper.findAll('table').length === 1)
    expect(wrapper.find('table').text()).toContain('第一支部的意见')
    const print = vi.fn<() => void>()
    window.print = print
    await wrapper.find('select').setValue('all')
    await until(() => wrapper.findAll('table').length === 3)
    await until(() => button(wrapper, '打印全部')?.attributes('aria-disabled') !== 'true')
    expect(wrapper.findAll('table').map((table) => /第.支部的意见/.exec(table.text())![0])).toEqual([
      '第一支部的意见',
      '第二支部的意见',
      '第三支部的意见',
    ])
    await button(wrapper, '打印全部')!.trigger('click')
    await until(() => print.mock.calls.length === 1)
    expect(sent).toMatchObject([
      {
        address: '/api/commands/note-circulation-sheets',
        body: { kind: 'print', circulationIds: ['c1', 'c2', 'c3'] },
      },
    ])
    expect(asked.filter((address) => address.includes('as=file'))).toEqual([])
    // What is there already is not asked for again.
    expect(asked.filter((address) => address.includes('circulationId=c1'))).toHaveLength(1)
    wrapper.unmount()
  })

  it('prints and saves nothing that could not be noted', async () => {
    const wrapper = await open()
    await until(() => wrapper.findAll('table').length === 1)
    const print = vi.fn<() => void>()
    window.print = print
    isOffline = true
    await button(wrapper, '打印')!.trigger('click')
    await until(() => wrapper.text().includes('没有导出'))
    expect(wrapper.text()).toContain('连不上')
    expect(print).not.toHaveBeenCalled()
    wrapper.unmount()
  })

  it('says that it needs the network, and goes on where it stopped', async () => {
    isOffline = true
    const wrapper = await open()
    await until(() => wrapper.text().includes('要联网才能看'))
    isOffline = false
    await button(wrapper, '再试一次')!.trigger('click')
    await until(() => wrapper.findAll('table').length === 1)
    wrapper.unmount()
  })
})

describe('传阅归档', () => {
  const open = async () =>
    (await mountAt(YearExportPage, '/desk/circulation-years', '/desk/circulation-years', parts)).wrapper

  const followed: string[] = []
  const begin = async () => {
    followed.length = 0
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      followed.push(this.href)
    })
    const wrapper = await open()
    await until(() => wrapper.text().includes('3 份文件，9 次传阅'))
    const press = (name: string) =>
      wrapper
        .findAll('button')
        .find((b) => b.text() === name)!
        .trigger('click')
    await press('导出')
    await until(() => followed.length === 1)
    const id = new URL(followed[0]!).searchParams.get('export')!
    const of = { id, year: '2026', by: '何伟', done: 3, all: 9 }
    return { wrapper, press, of }
  }
  afterEach(() => vi.restoreAllMocks())

  it('hands a year to the browser, straight from the endpoint, and shows who took what before', async () => {
    const rest = { documentNo: '', title: '', unitName: '', circulations: 0 }
    const by = { exportedBy: 'p9', name: '林燕', at: NOW }
    const note = { kind: 'year' as const, year: '2025', withOriginals: true, ...rest, ...by }
    const one = { ...note, kind: 'file' as const, title: '关于延时服务的通知', unitName: '第一支部' }
    const all = { ...note, kind: 'print' as const, title: '关于延时服务的通知', circulations: 3 }
    const meeting = { ...note, kind: 'meeting' as const, title: '11 月党员大会', unitName: '第二支部' }
    for (const [id, fields] of Object.entries({ note, one, all, meeting }))
      await parts.db.records('circulation-export').put(stored(id, 'desk:root', fields))
    const { wrapper } = await begin()
    await until(() => wrapper.text().includes('导出留痕'))
    for (const words of [
      '2025 年传阅，带原件',
      '核对文件：关于延时服务的通知 · 第一支部',
      '打印传阅单：关于延时服务的通知 · 3 个支部',
      '会议核对文件：11 月党员大会 · 第二支部',
      '林燕',
    ])
      expect(wrapper.text()).toContain(words)
    expect(followed[0]).toContain('/api/office/circulation-year?year=2026&originals=yes')
    wrapper.unmount()
  })

  it('tells how far it is, and that all was sent only when the endpoint says so', async () => {
    const { wrapper, of } = await begin()
    run = { ...of, state: 'running' }
    await until(() => wrapper.text().includes('已写好 3 次传阅，共 9 次'))
    expect(wrapper.find('[role=progressbar]').attributes('aria-valuenow')).toBe('3')
    run = { ...of, done: 9, state: 'whole' }
    await until(() => wrapper.find('[role=status]').text().includes('已全部发出，共 9 次传阅'))
    expect(wrapper.text()).not.toContain('正在导出')
    wrapper.unmount()
  })

  it('says of one that was cut in the middle that it is not whole, and begins another', async () => {
    const { wrapper, press, of } = await begin()
    run = { ...of, state: 'cut' }
    await until(() => wrapper.text().includes('没有存完整'))
    expect(wrapper.text()).toContain('导出停在第 3 次，共 9 次传阅。存下的那一份不完整，请删去')
    await press('重新导出')
    await until(() => followed.length === 2)
    expect(new URL(followed[1]!).searchParams.get('export')).not.toBe(of.id)
    expect(wrapper.text()).not.toContain('没有存完整')
    wrapper.unmount()
  })

  it('stops it, its own or a colleague’s, and begins none beside it', async () => {
    run = { id: 'of-another', year: '2025', by: '林燕', done: 1, all: 9, state: 'running' }
    const wrapper = await open()
    await until(() => wrapper.text().includes('由林燕导出，一次只能导一份'))
    const button = (name: string) => wrapper.findAll('button').find((b) => b.text() === name)!
    expect(button('导出').attributes('aria-disabled') ?? button('导出').attributes('disabled')).toBeDefined()
    await button('停止').trigger('click')
    await until(() => !wrapper.text().includes('正在导出'))
    expect(sent).toEqual([{ address: '/api/office/circulation-year-stop', body: { id: 'of-another' } }])
    // Not begun here: nothing is said of a file that is not on this desk.
    expect(wrapper.text()).not.toContain('请删去')
    wrapper.unmount()
  })

  it('goes on asking after a gap in the line', async () => {
    const { wrapper, of } = await begin()
    run = { ...of, state: 'running' }
    await until(() => wrapper.text().includes('已写好 3 次'))
    isOffline = true
    await until(() => wrapper.text().includes('连不上'))
    run = { ...of, done: 9, state: 'whole' }
    isOffline = false
    await until(() => wrapper.text().includes('已全部发出'))
    expect(wrapper.text()).not.toContain('连不上')
    wrapper.unmount()
  })

  it('says calmly that it needs the network', async () => {
    isOffline = true
    const wrapper = await open()
    await until(() => wrapper.text().includes('现在不能导出'))
    expect(wrapper.text()).toContain('连不上')
    wrapper.unmount()
  })
})
