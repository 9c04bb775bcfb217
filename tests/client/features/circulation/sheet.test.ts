// @vitest-environment happy-dom
/** 传阅单 on an officer's phone, and 核对传阅文件. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import SheetPage from '../../../../src/client/features/circulation/sheet/SheetPage.vue'
import VerifyPage from '../../../../src/client/features/circulation/verify/VerifyPage.vue'
import {
  PURPOSE,
  sealStatement,
  type Bundle,
  type SealedBundle,
} from '../../../../src/shared/circulation/bundle/bundle.ts'
import {
  countersignatureStatement,
  unsignedCountersignature,
} from '../../../../src/shared/circulation/countersignature.ts'
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
    const text = wrapper.find('table').text()
    for (const words of [
      '陈思远',
      '王丽',
      '赵敏',
      '按此办理',
      'aaaa aaaa aaaa',
      '应签 3 人，已签 1 人，待阅 2 人',
    ])
      expect(text).toContain(words)
    expect(text).toContain(`验证码 ${sheetOf({ circulation, changes: [], signOffs: [signed] }).code}`)
    wrapper.unmount()
  })

  it('leaves out what waits on this phone, says so, and is not printed meanwhile', async () => {
    const waiting = stored('s3', 'file:b1:p3', signOffFields('p3', 1, SHA), { pending: 1, receivedAt: null })
    await parts.db.records('sign-off').put(waiting)
    const wrapper = await open()
    expect(wrapper.text()).toContain('还有 1 条没有送达')
    expect(wrapper.find('table').text()).toContain('已签 1 人')
    const print = wrapper.findAll('button').find((b) => b.text() === '打印')!
    expect(print.attributes('disabled') ?? print.attributes('aria-disabled')).toBeDefined()
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

describe('核对传阅文件', () => {
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
  const check = async (text: string) => {
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

  it('says what another file is', async () => {
    expect(await check('{"a":1}')).toContain('不是传阅核对文件')
  })
})
