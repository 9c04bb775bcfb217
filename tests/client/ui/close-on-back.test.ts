// @vitest-environment happy-dom
/** The way back of the phone while a sheet is open: it takes the sheet away, and leaves the page under it. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { h, ref } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import SheetDialog from '../../../src/client/ui/sheet/SheetDialog.vue'

const shown = { first: ref(false), second: ref(false) }
const isHeld = ref(false)
let router: Router
let wrapper: ReturnType<typeof mount>

const sheet = (title: string, show: { value: boolean }, held: boolean) =>
  h(
    SheetDialog,
    {
      title,
      held,
      show: show.value,
      'onUpdate:show': (to: boolean | undefined) => (show.value = to === true),
    },
    { default: () => h('button', title) },
  )
const at = () => router.currentRoute.value.path
async function back(): Promise<void> {
  router.back()
  await flushPromises()
}

beforeEach(async () => {
  shown.first.value = shown.second.value = isHeld.value = false
  document.body.innerHTML = '<div id="app"><div id="here"></div></div>'
  const roll = () => [sheet('一', shown.first, isHeld.value), sheet('二', shown.second, false)]
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/meetings', component: { render: () => h('p') } },
      { path: '/roll', component: { render: roll } },
      { path: '/elsewhere', component: { render: () => h('p') } },
    ],
  })
  await router.push('/meetings')
  await router.push('/roll')
  wrapper = mount(RouterView, { attachTo: '#here', global: { plugins: [router] } })
  shown.first.value = true
  await flushPromises()
})
afterEach(() => wrapper.unmount())

it('closes the sheet and stays; the next one leaves', async () => {
  await back()
  expect([at(), shown.first.value]).toEqual(['/roll', false])
  await back()
  expect(at()).toBe('/meetings')
})

it('takes the upper of two sheets first', async () => {
  shown.second.value = true
  await flushPromises()
  await back()
  expect([at(), shown.first.value, shown.second.value]).toEqual(['/roll', true, false])
  await back()
  expect([at(), shown.first.value]).toEqual(['/roll', false])
})

it('neither leaves nor closes what is half written', async () => {
  isHeld.value = true
  await flushPromises()
  await back()
  expect([at(), shown.first.value]).toEqual(['/roll', true])
})

it('does not hold what is opened from the sheet', async () => {
  await router.push('/elsewhere')
  expect(at()).toBe('/elsewhere')
  await back()
  expect(at()).toBe('/roll')
})
