// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import DevicesPage from '../../../../src/client/features/me/devices/DevicesPage.vue'
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
