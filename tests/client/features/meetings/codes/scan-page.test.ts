// @vitest-environment happy-dom
/** 扫码 and 报码 as the officer's hand meets them; what the camera reads is handed to the page by its view. */
import 'fake-indexeddb/auto'
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import CameraView from '../../../../../src/client/features/meetings/codes/camera/CameraView.vue'
import KeypadPage from '../../../../../src/client/features/meetings/codes/keypad/KeypadPage.vue'
import ScanPage from '../../../../../src/client/features/meetings/codes/scan/ScanPage.vue'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { shortCodeOf } from '../../../../../src/shared/meetings/codes/text/short-code.ts'
import { civilDate, DAY_MS } from '../../../../../src/shared/civil-time.ts'
import { eventually } from '../../../../support/eventually.ts'
import { keyOf, personCode, type ShownKey } from '../../../../shared/meetings/codes/make-codes.ts'
import { arrive, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from '../fixtures.ts'

let phone: TestPhone
let page: VueWrapper
let key: ShownKey

function open(component: typeof ScanPage | typeof KeypadPage): VueWrapper {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  return mount(component, {
    props: { id: 'mt', sittingId: 'st1' },
    attachTo: document.body,
    global: {
      plugins: [router],
      provide: { [phoneKey as symbol]: phone },
      stubs: { CameraView: defineComponent({ name: 'CameraView', emits: ['text'], render: () => h('i') }) },
    },
  })
}
const camera = () => page.findComponent({ name: CameraView.name ?? 'CameraView' })
const see = (code: string): void => void camera().vm.$emit('text', code)
const marks = () => phone.db.records('roll-mark').toArray()
const button = (words: string) => page.findAll('button').find((each) => each.text() === words)!

beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  key = await keyOf('p7')
  await arrive(phone.db, 'device-key', key.fact.id, key.fact.fields)
  // Since the last contact, right now: the phone's clock is the bureau's.
  await phone.db.meta.bulkPut([
    { key: 'serverOffset', value: 0 },
    { key: 'lastContactAt', value: NOW },
    { key: 'serverTimeSeen', value: NOW },
  ])
})
afterEach(() => {
  page.unmount()
  document.body.innerHTML = ''
})

async function scanning(): Promise<void> {
  page = open(ScanPage)
  await eventually(() => expect(camera().exists()).toBe(true))
}

it('marks who is held up, once, names them, and takes it back', async () => {
  await scanning()
  const code = await personCode(key, NOW)
  for (let look = 0; look < 5; look++) see(code)
  await eventually(() => expect(page.get('.result .name').text()).toBe('赵某7'))
  await eventually(async () =>
    expect(await marks()).toMatchObject([{ fields: { method: 'scan', byHand: '' } }]),
  )
  expect((await marks())[0]?.fields.proof).toMatchObject({ keyId: key.fact.id })
  await button('撤销').trigger('click')
  await eventually(() => expect(page.text()).toContain('已撤销'))
  // It is still in sight: not marked again by itself.
  see(code)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await marks()).toHaveLength(2)
})

it('marks nothing for an old code until the officer says so, and the mark keeps why', async () => {
  await scanning()
  see(await personCode(key, NOW - 3 * 3_600_000))
  await eventually(() => expect(page.text()).toContain('码是 2 小时前的，可能是截图'))
  expect(await marks()).toEqual([])
  await button('当面核对过，手工认可').trigger('click')
  await eventually(async () =>
    expect(await marks()).toMatchObject([{ fields: { method: 'scan', byHand: 'expired' } }]),
  )
})

it('offers nothing by hand for what may be forged', async () => {
  await scanning()
  const forged = await personCode(await keyOf('p8'), NOW, 'p7')
  await arrive(phone.db, 'device-key', 'k8', (await keyOf('p8')).fact.fields)
  see(forged.slice(0, 40) + (forged[40] === 'A' ? 'B' : 'A') + forged.slice(41))
  see('https://example.org')
  await eventually(() => expect(page.text()).toContain('不是本应用的码'))
  expect(page.text()).not.toContain('手工认可')
  expect(await marks()).toEqual([])
})

it('a clock that stands before the last contact is told, and locks nobody out', async () => {
  await phone.db.meta.put({ key: 'lastContactAt', value: NOW + 86_400_000 })
  await scanning()
  await eventually(() => expect(page.text()).toContain('本机时间可能不准'))
  expect(page.text()).toContain('联网后自动校准')
})

it('a short code names the person before it marks, as 报码', async () => {
  page = open(KeypadPage)
  await eventually(() => expect(page.find('.keys').exists()).toBe(true))
  for (const figure of shortCodeOf('p7')) await button(figure).trigger('click')
  await eventually(() => expect(page.get('.who .name').text()).toBe('赵某7'))
  expect(await marks()).toEqual([])
  await button('到会').trigger('click')
  await eventually(async () =>
    expect(await marks()).toMatchObject([{ fields: { method: 'code', proof: null } }]),
  )
  expect(page.findAll('.who')).toHaveLength(0)
})

it('a short code of nobody, and one of two', async () => {
  page = open(KeypadPage)
  await eventually(() => expect(page.find('.keys').exists()).toBe(true))
  const taken = new Set(Array.from({ length: 50 }, (_, at) => shortCodeOf(`p${at}`)))
  const free = Array.from({ length: 100 }, (_, at) => String(at).padStart(4, '0')).find((c) => !taken.has(c))!
  for (const figure of free) await button(figure).trigger('click')
  await eventually(() => expect(page.text()).toContain('没有人是这个码'))
  const twin = Array.from({ length: 100_000 }, (_, at) => `twin${at}`).find(
    (id) => shortCodeOf(id) === shortCodeOf('p7'),
  )!
  const { fields } = (await phone.db.records('membership').get('m7'))!
  await arrive(phone.db, 'membership', 'mtwin', { ...fields, personId: twin, name: '同码' })
  for (const figure of shortCodeOf('p7')) await button(figure).trigger('click')
  await eventually(() => expect(page.findAll('.who')).toHaveLength(2))
  expect(page.text()).toContain('有 2 人是这个码，请问清姓名')
})

it('a short code of another branch’s member, and of one who moved there yesterday, marks nobody and says where to go on', async () => {
  const { fields } = (await phone.db.records('membership').get('m7'))!
  const yesterday = civilDate(NOW - DAY_MS)
  await arrive(phone.db, 'unit', 'b2', { kind: 'branch', name: '第二党支部', parentId: 'root', order: 1 })
  await arrive(phone.db, 'membership', 'ms', {
    ...fields,
    unitId: 'b2',
    personId: 'stranger',
    name: '外支部',
  })
  await arrive(phone.db, 'membership', 'm7', { ...fields, to: civilDate(NOW - 2 * DAY_MS) })
  await arrive(phone.db, 'membership', 'm7b', { ...fields, unitId: 'b2', from: yesterday })
  page = open(KeypadPage)
  await eventually(() => expect(page.find('.keys').exists()).toBe(true))
  for (const personId of ['stranger', 'p7']) {
    for (const figure of shortCodeOf(personId)) await button(figure).trigger('click')
    await eventually(() => expect(page.text()).toContain('应到名单里没有人是这个码'))
    expect(page.text()).toContain('回到名单按姓名点')
    expect(page.findAll('.who')).toHaveLength(0)
    expect(button('到会')).toBeUndefined()
  }
  expect(await marks()).toEqual([])
})
