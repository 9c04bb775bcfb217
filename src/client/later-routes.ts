/** The routes of every page that opening the app does not need: gathers the slices' routes, and the app's own pages. */
import type { RouteRecordRaw } from 'vue-router'
import { gated } from './app/pages/gated.ts'

const gathered = import.meta.glob<{ routes: RouteRecordRaw[] }>(
  ['./features/*/*.routes.ts', '!./features/{today,sign-in}/*.routes.ts'],
  { eager: true },
)

const ownPages: RouteRecordRaw[] = [
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
    // The router asks for it by name to know whether these are there.
    name: 'not-found',
    component: () => import('./app/pages/NotFoundPage.vue'),
    meta: { title: '没有这个页面', open: true },
  },
]

export const laterRoutes: readonly RouteRecordRaw[] = [
  ...Object.values(gathered)
    .flatMap((slice) => slice.routes)
    .map(gated),
  ...ownPages,
]
