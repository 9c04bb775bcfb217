// @vitest-environment happy-dom
/** On pages without the line about delivery: a word while something waits, when it has gone, and when it was refused. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import BarDelivery from '../../../src/client/app/delivery/BarDelivery.vue'
import { phoneKey } from '../../../src/client/storage/phone.ts'
import { deliveryKey, type DeliverySummary } from '../../../src/client/sync/delivery-state.ts'
import PageShell from '../../../src/client/ui/layout/PageShell.vue'
import { barMarkKey } from '../../../src/client/ui/layout/bar-mark.ts'

const QUIET: DeliverySummary = {
  phase: 'idle',
  waiting: 0,
  oldestWaitingAt: null,
  attention: 0,
  lastContactAt: 1,
  preparing: false,
}
beforeEach(() => {
  vi.useFakeTimers()
  // A phone: at a desk the rail has the whole line.
  const narrow = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }
  vi.stubGlobal('matchMedia', () => narrow)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function setUp() {
  const summary = shallowRef(QUIET)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
  })
  await router.push('/lessons/l1')
  const page = mount(PageShell, {
    props: { title: '每周一课', back: true },
    global: {
      plugins: [router],
      provide: {
        [barMarkKey as symbol]: BarDelivery,
        [phoneKey as symbol]: { now: () => 0 },
        [deliveryKey as symbol]: { summary },
      },
    },
  })
  const become = async (change: Partial<DeliverySummary>) => {
    summary.value = { ...QUIET, ...change }
    await nextTick()
  }
  return { page, become, said: () => page.find('.bar-mark').text() }
}

it('is silent while there is nothing to say, offline too', async () => {
  const { page, become } = await setUp()
  expect(page.find('.bar-mark').exists()).toBe(false)
  await become({ phase: 'offline' })
  expect(page.find('.bar-mark').exists()).toBe(false)
})

it('says how much of the phone waits, not of the page, and that all has gone, for a moment', async () => {
  const { page, become, said } = await setUp()
  await become({ waiting: 2, oldestWaitingAt: 0 })
  expect(said()).toBe('本机还有 2 条')
  expect(page.find('.bar-mark .red').exists()).toBe(false)
  await become({})
  expect(said()).toBe('全部已送达')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(page.find('.bar-mark').exists()).toBe(false)
})

it('is red and leads on only when something needs the person', async () => {
  const { page, become, said } = await setUp()
  await become({ attention: 1, waiting: 1, oldestWaitingAt: 0 })
  expect(said()).toContain('需处理 1 条')
  expect(page.get('a.bar-mark').attributes('href')).toBe('/me/delivery')
  expect(page.find('.bar-mark .red').exists()).toBe(true)
})
