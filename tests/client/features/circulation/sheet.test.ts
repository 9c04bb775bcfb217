// @vitest-environment happy-dom
/** 传阅单 on an officer's phone, and 核对文件. */
import 'fake-indexeddb/auto'
import { zipSync } from 'fflate'
import readWorkbook from 'read-excel-file/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sealStatement } from '../../../../src/shared/bundle/filed.ts'
import SheetPage from '../../../../src/client/features/circulation/sheet/SheetPage.vue'
import VerifyPage from '../../../../src/client/features/circulation/verify/VerifyPage.vue'
import { PURPOSE, type Bundle, type SealedBundle } from '../../../../src/shared/circulation/bundle/bundle.ts'
import {
  countersignatureStatement,
  unsignedCountersignature,
} from '../../../../src/shared/circulation/signing/countersignature.ts'
import { sheetOf } from '../../../../src/shared/circulation/sheet.ts'
import { endpointKeyId } from '../../../../src/shared/org/endpoint-key.ts'
import { makeDeviceKey } from '../../../server/attack.ts'
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

describe('核对文件', () => {
  async function sealed(): Promise<SealedBundle> {
    const key = await makeDeviceKey()
    const keyId = endpointKeyId(key.publicKey)
    const receipt = unsignedCountersignature('s2', signed.fields, { receivedAt: NOW, keyId })
    const signature = await key.sign(countersignatureStatement(receipt))
    const filed = <Fields>(id: string, fields: Fields) => ({
      id,
      author: 'x',
      observedAt: NOW,
      receivedAt: NOW,
      fields,
    })
    const bundle: Bundle = {
      purpose: PURPOSE,
      version: 1,
      exportedAt: NOW,
      exportedBy: { personId: 'p1', name: '陈思远' },
      unit: { id: 'b1', name: '第一支部' },
      circulation: filed('c1', circulation.fields),
      changes: [],
      signOffs: [filed('s2', signed.fields)],
      countersignatures: [filed('receipt', { ...receipt, signature })],
      deviceKeys: [],
      endpointKeys: [filed(keyId, { publicKey: key.publicKey, madeAt: NOW })],
    }
    return { ...bundle, seal: { keyId, signature: await key.sign(sealStatement(bundle)) } }
  }
  const check = async (text: string | Uint8Array<ArrayBuffer>) => {
    const { wrapper } = await mountAt(VerifyPage, '/circulation-check', '/circulation-check', parts)
    const input = wrapper.find<HTMLInputElement>('input[type=file]')
    Object.defineProperty(input.element, 'files', {
      value: [new File([text], '核对.json')],
      configurable: true,
    })
    await input.trigger('change')
    await until(() => wrapper.find('.result').text() !== '')
    const told = wrapper.text()
    wrapper.unmount()
    return told
  }

  it('says what holds, and whose seal it is, with no network', async () => {
    const bundle = await sealed()
    const stranger = await check(JSON.stringify(bundle))
    expect(stranger).toContain('共 1 个签字，全部成立')
    expect(stranger).toContain('没有密钥')
    const [key] = bundle.endpointKeys
    await parts.db.records('endpoint-key').put(stored(key!.id, 'org', key!.fields))
    const own = await check(JSON.stringify(bundle))
    expect(own).toContain('封签成立')
    expect(own).toContain(sheetOf(bundle).code)
  })

  it('says which sign-off was altered', async () => {
    const bundle = await sealed()
    bundle.signOffs[0]!.fields.opinion = '不同意'
    const told = await check(JSON.stringify(bundle))
    expect(told).toContain('共 1 个签字，0 个成立，1 个不成立')
    expect(told).toContain('封签不成立')
    expect(told).toContain('内容与送达回执不符')
  })

  const archive = async (part: Record<string, string> = {}) =>
    zipSync({
      'x/第一支部 核对文件.json': new TextEncoder().encode(JSON.stringify(await sealed())),
      ...Object.fromEntries(
        Object.entries(part).map(([path, text]) => [path, new TextEncoder().encode(text)]),
      ),
    })

  it('checks the archive of a year, circulation by circulation', async () => {
    const told = await check(await archive({ 'x/第二支部 核对文件.json': '{"half":' }))
    expect(told).toContain('共 2 次传阅，1 次成立，1 次有问题')
    expect(told).toContain('没有清单')
    expect(told).toContain('没有下载完整')
    const swapped = await check(await archive({ 'x/原件/第1版 正文 通知.md': '另一份' }))
    expect(swapped).toContain('与签字的文件指纹不符')
  })

  it('says in a sentence what a damaged archive is, or one that unpacks to more than it says', async () => {
    const whole = await archive()
    expect(await check(whole.slice(0, whole.length - 9))).toContain('不完整，或者已损坏')
    const liar = Buffer.from(zipSync({ 'x/甲 核对文件.json': new Uint8Array(1024 * 1024) }))
    for (const at of [22, liar.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24]) liar.writeUInt32LE(10, at)
    expect(await check(new Uint8Array(liar))).toContain('损坏，读不出来')
    expect(await check(zipSync({ 'a.txt': new Uint8Array(3) }))).toContain('没有传阅核对文件')
  })

  it('says what another file is', async () => {
    expect(await check('{"a":1}')).toContain('不是传阅核对文件')
  })
})
