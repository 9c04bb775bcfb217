/**
 * 今日 as it would stand at a moment, drawn where nobody sees it.
 *
 * Guaranteed: it is TodayPage itself, handed what it shows, so it follows and reads nothing; it names no document, waits for no
 * time, stands in no document and is taken down at once.
 */
import { createApp, ref, shallowReactive } from 'vue'
import {
  createRouter,
  routeLocationKey,
  routerKey,
  type RouteLocationNormalizedLoaded,
  type RouterHistory,
} from 'vue-router'
import { foundTodayKey, type ReadToday } from '../../features/today/read-today.ts'
import TodayPage from '../../features/today/TodayPage.vue'
import { deliveryKey, type Delivery } from '../../sync/delivery-state.ts'
import { namingKey } from '../../ui/layout/bar-mark.ts'
import { whenIdle } from '../when-idle.ts'
import { pageOf } from './picture.ts'

/** The words of a day without anything are a part of their own. */
const LOOKS_FOR_WORDS = 40
const LOOK_MS = 50
const allDelivered = { summary: ref({ preparing: false }) } as unknown as Delivery

const nothing = (): void => undefined
/** Leads nowhere: it knows how an address is written, and that 今日 is open. */
const history: RouterHistory = {
  base: '',
  location: '/today',
  state: {},
  push: nothing,
  replace: nothing,
  go: nothing,
  listen: () => nothing,
  createHref: (address) => address,
  destroy: nothing,
}
const routes = [{ path: '/:address(.*)*', component: TodayPage }]

const isWhole = (root: Element, today: ReadToday): boolean =>
  today.groups.length > 0 || root.querySelector('.empty') !== null

/** @throws where a part of it does not come, or it cannot be drawn */
export async function drawToday(today: ReadToday, now: number): Promise<string> {
  const root = document.createElement('div')
  const app = createApp(TodayPage)
  const problems: unknown[] = []
  app.config.errorHandler = (problem) => problems.push(problem)
  app.provide(foundTodayKey, { picture: { today: ref(today), now: ref(now) } })
  app.provide(deliveryKey, allDelivered)
  app.provide(namingKey, nothing)
  const router = createRouter({ history, routes })
  app.provide(routerKey, router)
  const here = router.resolve(history.location) as RouteLocationNormalizedLoaded
  app.provide(routeLocationKey, shallowReactive(here))
  app.mount(root)
  try {
    for (let look = 0; !isWhole(root, today) && look < LOOKS_FOR_WORDS; look++)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    if (problems.length > 0 || !isWhole(root, today))
      throw new Error('今日 cannot be drawn', { cause: problems[0] })
    await whenIdle()
    return pageOf(root)
  } finally {
    app.unmount()
  }
}
