/**
 * Every page of the app: gathers the slices' routes, asks for a sign-in where one is needed, names the document, gives the
 * focus to the new page's heading and the old page's place back.
 */
import { nextTick, watch } from 'vue'
import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
  type RouterHistory,
  type RouterScrollBehavior,
} from 'vue-router'
import type { DeskUse } from './ui/desk-places.ts'
import { followHeading } from './ui/page/page-focus.ts'
import { nameDocument } from './ui/page/page-title.ts'

export type TabName = 'today' | 'study' | 'circulation' | 'branch' | 'me'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    tab?: TabName
    /** The tab bar also stands on this page of a phone; the five roots have it anyway. */
    tabs?: true
    desk?: { label: string; order: number; for: DeskUse | readonly DeskUse[] }
    /** No sign-in needed. */
    open?: true
  }
}

export const TAB_ROOTS: readonly string[] = ['/today', '/study', '/circulation', '/branch', '/me']
const SETTLE_MS = 800
const LOOK_MS = 40

const gathered = import.meta.glob<{ routes: RouteRecordRaw[] }>('./features/*/*.routes.ts', { eager: true })

const ownRoutes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  { path: '/desk', component: () => import('./app/pages/DeskPage.vue'), meta: { title: '工作台' } },
  {
    path: '/locked',
    component: () => import('./app/pages/LockedPage.vue'),
    meta: { title: '请重新登录', open: true },
  },
  {
    path: '/install',
    component: () => import('./app/pages/InstallFirstPage.vue'),
    meta: { title: '先添加到主屏幕', open: true },
  },
  {
    path: '/me/install',
    component: () => import('./app/pages/InstallPage.vue'),
    meta: { title: '添加到主屏幕', tab: 'me', tabs: true },
  },
  ...(import.meta.env.DEV
    ? [
        {
          path: '/gallery',
          component: () => import('./ui/gallery/GalleryPage.vue'),
          meta: { title: '组件', open: true as const },
        },
      ]
    : []),
  {
    path: '/:rest(.*)*',
    component: () => import('./app/pages/NotFoundPage.vue'),
    meta: { title: '没有这个页面', open: true },
  },
]

export interface GuardedSession {
  state: 'signed-out' | 'signed-in' | 'expired'
  locked: boolean
}

/** Where one is sent instead; undefined = go on. A phone whose session has ended still opens: the queue waits for a sign-in. */
export function redirectFor(
  to: Pick<RouteLocationNormalized, 'meta' | 'fullPath' | 'path'>,
  session: GuardedSession,
) {
  if (to.meta.open === true) {
    const isSignIn = to.path === '/sign-in' || to.path === '/activate' || to.path === '/set-up'
    return isSignIn && session.state === 'signed-in' && !session.locked ? '/today' : undefined
  }
  if (session.state === 'signed-out') return { path: '/sign-in', query: returnQuery(to.fullPath) }
  if (session.locked) return { path: '/locked', query: returnQuery(to.fullPath) }
  return undefined
}

const returnQuery = (fullPath: string) =>
  fullPath === '/' || fullPath === '/today' ? {} : { return: fullPath }

/** A page reads its rows first: wait, a moment at most, until it is as long as it was. */
const restoreScroll: RouterScrollBehavior = async (to, from, saved) => {
  if (to.path === from.path && to.hash === '') return saved ?? false
  if (to.hash !== '') return { el: to.hash }
  if (saved === null) return { top: 0 }
  const until = Date.now() + SETTLE_MS
  const isLongEnough = () => document.documentElement.scrollHeight >= saved.top + window.innerHeight
  while (!isLongEnough() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  return saved
}

/** Tells a screen reader that the page has changed. A page that takes the focus itself keeps it. */
async function focusHeading(): Promise<void> {
  await nextTick()
  const { activeElement } = document
  const isTaken = document.querySelector('#main')?.contains(activeElement) === true
  followHeading(isTaken ? null : activeElement)
}

export function createAppRouter(session: GuardedSession, history?: RouterHistory): Router {
  const router = createRouter({
    history: history ?? createWebHistory(),
    routes: [...Object.values(gathered).flatMap((slice) => slice.routes), ...ownRoutes],
    scrollBehavior: restoreScroll,
  })
  router.beforeEach((to) => redirectFor(to, session))
  // Signed out in another tab: nothing of the person stays on this screen. At once, so that a page's own way out wins.
  watch(
    () => session.state,
    (state) => {
      const isOpen = router.currentRoute.value.meta.open === true
      if (state === 'signed-out' && !isOpen) void router.replace('/sign-in')
    },
    { flush: 'sync' },
  )
  router.afterEach((to, from, failure) => {
    if (failure !== undefined) return
    const isFirst = from.matched.length === 0
    // The same page keeps the name that its heading has given it.
    if (isFirst || from.path !== to.path) nameDocument(to.meta.title)
    if (!isFirst && from.path !== to.path) void focusHeading()
  })
  return router
}
