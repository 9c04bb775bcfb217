/**
 * The router: knows the pages that open the app and brings the others, asks for a sign-in where one is needed, names the
 * document, gives the focus to the new page's heading and the old page's place back.
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
import type { PageUser } from './app/pages/page-users.ts'
import type { DeskUse } from './ui/desk-places.ts'
import { laterSheet } from './ui/page/later-sheet.ts'
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
    /** Whom the endpoint answers here; others are told whose page it is. Without it the page tells them itself. */
    only?: readonly PageUser[]
    /** No sign-in needed. */
    open?: true
  }
}

export const TAB_ROOTS: readonly string[] = ['/today', '/study', '/circulation', '/branch', '/me']
const SETTLE_MS = 800
const LOOK_MS = 40

/** What opening the app needs; every other page's route comes after the first screen, or with the first way to it. */
const first = import.meta.glob<{ routes: RouteRecordRaw[] }>('./features/{today,sign-in}/*.routes.ts', {
  eager: true,
})
const NOT_FOUND = 'not-found'
/** The rail of a wide screen lists pages by their routes. */
const WIDE = '(min-width: 900px)'

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
    // A card that was scanned stands behind #: its page says that somebody is signed in.
    const isSignIn = /^\/(sign-in|activate|set-up)[^#]*$/.test(to.fullPath)
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

/** All routes are there when it resolves, and the sheet of their pages. @returns whether some came just now @throws where a file cannot be had */
export async function completeRoutes(router: Router): Promise<boolean> {
  if (router.hasRoute(NOT_FOUND)) return false
  const [{ laterRoutes }] = await Promise.all([import('./later-routes.ts'), laterSheet()])
  if (router.hasRoute(NOT_FOUND)) return false
  for (const route of laterRoutes) router.addRoute(route)
  return true
}

export function createAppRouter(session: GuardedSession, history?: RouterHistory): Router {
  const router = createRouter({
    history: history ?? createWebHistory(),
    routes: [{ path: '/', redirect: '/today' }, ...Object.values(first).flatMap((slice) => slice.routes)],
    scrollBehavior: restoreScroll,
  })
  router.beforeEach(async (to) => {
    const isUnknown = to.matched.length === 0
    if (isUnknown || matchMedia(WIDE).matches) {
      await completeRoutes(router)
      if (isUnknown) return to.fullPath
    }
    return redirectFor(to, session)
  })
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
