import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: () => import('./SignInPage.vue'), meta: { title: '登录', open: true } },
  {
    path: '/activate',
    component: () => import('./ActivatePage.vue'),
    meta: { title: '激活账号', open: true },
  },
  { path: '/set-up', component: () => import('./SetUpPage.vue'), meta: { title: '首次设置', open: true } },
  {
    path: '/open-in-browser',
    component: () => import('./browser/OpenInBrowserPage.vue'),
    meta: { title: '在浏览器打开', open: true },
  },
]
