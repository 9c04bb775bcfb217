// @vitest-environment happy-dom
/** What a screen reader is told without asking: changes of delivery, and what went wrong. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import App from '../../../src/client/App.vue'
import DeliveryLine from '../../../src/client/app/delivery/DeliveryLine.vue'
import DeliveryNews from '../../../src/client/app/delivery/DeliveryNews.vue'
import { failureKey, type Failure } from '../../../src/client/app/failure.ts'
import { phoneHolderKey } from '../../../src/client/app/session/phone-holder.ts'
import { phoneKey } from '../../../src/client/storage/phone.ts'
import { deliveryKey, type DeliverySummary } from '../../../src/client/sync/delivery-state.ts'
import { eventually } from '../../support/eventually.ts'

const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    {
      path: '/:rest(.*)*',
      component: { template: '<main id="main"><h1>题</h1></main>' },
      meta: { open: true },
    },
  ],
})
const calm: DeliverySummary = {
  phase: 'idle',
  waiting: 0,
  oldestWaitingAt: null,
  attention: 0,
  lastContactAt: 1,
  preparing: false,
}

describe('delivery', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const summary = shallowRef<DeliverySummary>(calm)
  const open = (component: object) => {
    summary.value = { ...calm, lastContactAt: null }
    const provide = { [deliveryKey]: { summary }, [phoneKey]: { now: () => Date.now() } }
    return mount(component, { global: { provide, plugins: [router] } })
  }

  it('is told at a change that lasts, once, and never with an age', async () => {
    const news = open(DeliveryNews)
    const tell = async (change: Partial<DeliverySummary>, ms = 1000) => {
      summary.value = { ...calm, ...change }
      await vi.advanceTimersByTimeAsync(ms)
      return news.get('[role=status]').text()
    }
    expect(await tell({})).toBe('')
    expect(await tell({ waiting: 1, oldestWaitingAt: 0, phase: 'syncing' })).toBe('')
    expect(await tell({})).toBe('')
    expect(await tell({ phase: 'offline' }, 999)).toBe('')
    expect(await tell({ phase: 'offline', waiting: 1, oldestWaitingAt: 0 })).toBe('没有网络，内容在本机')
    expect(await tell({ phase: 'offline', waiting: 2, oldestWaitingAt: 0 }, 3_600_000)).toBe(
      '没有网络，内容在本机',
    )
    expect(await tell({ phase: 'syncing', waiting: 2, oldestWaitingAt: 0 })).toBe('')
    expect(await tell({ phase: 'syncing' })).toBe('')
    expect(await tell({})).toBe('全部已送达')
    expect(await tell({ attention: 2 })).toBe('需处理 2 条')
    // A write that is under way: what was said is over, and is not said again.
    expect(await tell({ waiting: 1, oldestWaitingAt: 0 }, 0)).toBe('')
    expect(await tell({ attention: 2 })).toBe('')
  })
  it('the line for the eye, whose age goes on, is not read out', async () => {
    const line = open(DeliveryLine)
    summary.value = { ...calm, waiting: 1, oldestWaitingAt: Date.now() }
    await vi.advanceTimersByTimeAsync(120_000)
    expect(line.text()).toContain('最早一条 2 分钟前')
    expect(line.find('[role=status], [aria-live]').exists()).toBe(false)
  })
})

describe('the root', () => {
  it('has the place of what goes wrong before it goes wrong, and toasts outside of the page', async () => {
    const failure = shallowRef<Failure | null>(null)
    document.body.innerHTML = '<div id="app"></div>'
    await router.push('/')
    const app = mount(App, {
      attachTo: '#app',
      global: {
        plugins: [router],
        provide: {
          [failureKey]: failure,
          [phoneHolderKey]: { state: ref({ type: 'none' }) },
        },
      },
    })
    const places = [...document.querySelectorAll('#app [role=status]')]
    failure.value = { text: '手机空间不足', act: null }
    const said = () => places.find((place) => place.textContent.includes('手机空间不足'))
    await eventually(() => expect(said()?.querySelector('[role]')).toBeNull())
    expect(document.querySelector('#app .toasts')).toBeNull()
    await eventually(() =>
      expect(document.querySelector('body > .toasts')?.getAttribute('role')).toBe('status'),
    )
    app.unmount()
  })
})
