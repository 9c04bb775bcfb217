// @vitest-environment happy-dom
/** 传阅单 on an officer's phone. */
import 'fake-indexeddb/auto'
import readWorkbook from 'read-excel-file/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import SheetPage from '../../../../src/client/features/circulation/sheet/SheetPage.vue'
import { sheetOf } from '../../../../src/shared/circulation/sheet.ts'
import {
  circulationFields,
  mountAt,
  OFFICER,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const SHA = 'a'.repeat(64)
const circulation = stored('c1', 'unit:b1', circulationFields([revisionOf(1, SHA)]))
const signed = stored('s2', 'file:b1:p2', { ...signOffFields('p2', 1, SHA), opinion: '按此办理' })
let parts: ReturnType<typeof setupPhone>
beforeEach(async () => {
  parts = setupPhone()
  await parts.db.records('circulation').put(circulation)
  await parts.db.records('role').put(stored('r', 'unit:b1', OFFICER))
  await parts.db.records('sign-off').put(signed)
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

describe('传阅单', () => {
  const open = async () => {
    const { wrapper } = await mountAt(SheetPage, '/circulation/:id/sheet', '/circulation/c1/sheet', parts)
    await until(() => wrapper.find('table').exists() || wrapper.text().includes('支部委员'))
    return wrapper
  }

  it('has everybody, the document’s hash, the figures and the code of what the endpoint has accepted', async () => {
    const wrapper = await open()
    const text = wrapper.find('.sheet').text()
    for (const words of [
      '陈思远',
      '王丽',
      '赵敏',
      '按此办理',
      'aaaa aaaa aaaa',
      '应签 3 人，已签 1 人，待阅 2 人',
    ])
      expect(text).toContain(words)
    expect(text).toContain(`核验码 ${sheetOf({ circulation, changes: [], signOffs: [signed] }).code}`)
    wrapper.unmount()
  })

  it('leaves out what waits on this phone, says so, and is not printed meanwhile', async () => {
    const waiting = stored('s3', 'file:b1:p3', signOffFields('p3', 1, SHA), { pending: 1, receivedAt: null })
    await parts.db.records('sign-off').put(waiting)
    const wrapper = await open()
    expect(wrapper.text()).toContain('还有 1 条没有送达')
    expect(wrapper.find('.sheet').text()).toContain('已签 1 人')
    const print = wrapper.findAll('button').find((b) => b.text() === '打印')!
    expect(print.attributes('disabled') ?? print.attributes('aria-disabled')).toBeDefined()
    wrapper.unmount()
  })

  it('is saved as a table with no network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    const saved: { name: string; content: Blob }[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((content) => {
      saved.push({ name: '', content: content as Blob })
      return 'blob:x'
    })
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.at(-1)!.name = this.download
    })
    const wrapper = await open()
    await wrapper
      .findAll('button')
      .find((b) => b.text() === '存成表格')!
      .trigger('click')
    await until(() => saved[0]?.name !== undefined && saved[0].name !== '')
    expect(saved[0]!.name).toMatch(/^传阅单 .*关于延时服务的通知\.xlsx$/)
    const [sheet] = await readWorkbook(Buffer.from(await saved[0]!.content.arrayBuffer()))
    expect(sheet!.data.flat().filter((cell) => cell === '王丽')).toHaveLength(1)
    expect(wrapper.text()).not.toContain('没有导出')
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
    wrapper.unmount()
  })

  it('says that the file needs the network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    const wrapper = await open()
    await wrapper
      .findAll('button')
      .find((b) => b.text().includes('导出核对文件'))!
      .trigger('click')
    await until(() => wrapper.text().includes('没有导出'))
    expect(wrapper.text()).toContain('连不上')
    vi.unstubAllGlobals()
    wrapper.unmount()
  })

  it('is not for members', async () => {
    await parts.db.records('role').clear()
    const wrapper = await open()
    expect(wrapper.text()).not.toContain('王丽')
    wrapper.unmount()
  })
})
