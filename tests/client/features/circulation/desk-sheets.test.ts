// @vitest-environment happy-dom
/** The office's view of the sheets of a document, and of a year: asked from the endpoint, calm without network. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import DeskSheetsPage from '../../../../src/client/features/circulation/sheet/DeskSheetsPage.vue'
import YearExportPage from '../../../../src/client/features/circulation/sheet/YearExportPage.vue'
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
beforeEach(async () => {
  parts = setupPhone()
  asked = []
  isOffline = false
  await parts.db.records('role').put(stored('r', 'unit:root', OFFICE))
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address)
    if (isOffline) throw new TypeError('no network')
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
    // What is there already is not asked for again.
    expect(asked.filter((address) => address.includes('circulationId=c1'))).toHaveLength(1)
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

  it('is the office’s alone', async () => {
    await parts.db.records('role').clear()
    const wrapper = await open()
    await until(() => wrapper.text().includes('由党建科使用'))
    expect(wrapper.find('table').exists()).toBe(false)
    wrapper.unmount()
  })
})

describe('传阅归档', () => {
  const open = async () =>
    (await mountAt(YearExportPage, '/desk/circulation-years', '/desk/circulation-years', parts)).wrapper

  it('hands a year to the browser, straight from the endpoint, and shows who took one before', async () => {
    const note = { year: '2025', withOriginals: true, exportedBy: 'p9', name: '林燕', at: NOW }
    await parts.db.records('circulation-export').put(stored('e', 'desk:root', note))
    const followed: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      followed.push(this.href)
    })
    const wrapper = await open()
    await until(() => wrapper.text().includes('3 份文件，9 次传阅') && wrapper.text().includes('林燕'))
    await wrapper
      .findAll('button')
      .find((b) => b.text() === '导出')!
      .trigger('click')
    await until(() => followed.length === 1)
    expect(followed[0]).toContain('/api/office/circulation-year?year=2026&originals=yes')
    expect(wrapper.text()).toContain('进度看浏览器的下载栏')
    vi.restoreAllMocks()
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
