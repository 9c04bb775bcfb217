// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import DevicesPage from '../../../../src/client/features/me/devices/DevicesPage.vue'
import { readKeys } from '../../../../src/client/features/me/devices/useKeys.ts'
import { phoneKey, type Phone } from '../../../../src/client/storage/phone.ts'

afterEach(() => vi.unstubAllGlobals())

it('each 停用 says which device', async () => {
  const device = (id: string, name: string) => ({ id, name, createdAt: 1, revokedAt: null, thisOne: false })
  const devices = [device('d1', '红米手机'), device('d2', '')]
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ devices })))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  const phone = { deviceKeys: { ensure: async () => null } } as unknown as Phone
  const page = mount(DevicesPage, {
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  const names = () => page.findAll('li button, .trailing button').map((b) => b.attributes('aria-label'))
  await eventually(() => expect(names()).toEqual(['停用：红米手机', '停用：未命名设备']))
  page.unmount()
})

describe('the signing keys', () => {
  const key = (id: string, part: object = {}) => ({
    id,
    fields: {
      personId: 'p1',
      unitId: 'b1',
      deviceId: `device of ${id}`,
      deviceName: id,
      publicKey: 'BAAA',
      enrolledAt: Date.parse('2026-11-20T00:00:00+08:00'),
      revokedAt: null,
      supersedes: [],
      ...part,
    },
  })
  const facts = [
    key('红米手机'),
    key('旧手机'),
    key('stopped', { revokedAt: Date.parse('2026-11-22T00:00:00+08:00'), supersedes: ['旧手机'] }),
  ]
  const phoneWith = (own: string): Phone =>
    ({
      person: { id: 'p1' },
      deviceKeys: { ensure: async () => ({ publicKey: 'BAAA' }), keyId: async () => own },
      db: { records: () => ({ where: () => ({ equals: () => ({ toArray: async () => facts }) }) }) },
    }) as unknown as Phone
  const open = async (phone: Phone) => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
    })
    return mount(DevicesPage, { global: { plugins: [router], provide: { [phoneKey as symbol]: phone } } })
  }

  it('are told with no network too: whose, since when, which is of this phone, which were stopped', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    expect(
      (await readKeys(phoneWith('红米手机'))).map((k) => [k.id, k.thisOne, k.revokedAt !== null]),
    ).toEqual([
      ['红米手机', true, false],
      ['旧手机', false, true],
    ])
    const page = await open(phoneWith('红米手机'))
    await eventually(() => expect(page.text()).toContain('本机知道的签名密钥'))
    expect(page.text()).toMatch(/红米手机.*本机.*11 月 20 日起用.*签名密钥/)
    expect(page.text()).toMatch(/旧手机.*已停用.*密钥已停用/)
    expect(page.findAll('button').some((b) => b.text() === '停用')).toBe(false)
    page.unmount()
  })

  it('of this phone, when it was stopped: said, with the way on', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    const page = await open(phoneWith('旧手机'))
    await eventually(() => expect(page.text()).toContain('本机的密钥已停用'))
    expect(page.text()).toContain('退出后重新登录')
    page.unmount()
  })
})
