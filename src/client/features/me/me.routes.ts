import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/me', component: () => import('./MePage.vue'), meta: { title: '我的', tab: 'me' } },
  {
    path: '/me/delivery',
    component: () => import('./delivery/DeliveryPage.vue'),
    meta: { title: '送达与存储', tab: 'me', tabs: true },
  },
  {
    path: '/me/offline',
    component: () => import('./offline/OfflinePage.vue'),
    meta: { title: '离线保存', tab: 'me', tabs: true },
  },
  {
    path: '/me/holds',
    component: () => import('./holds/HoldsPage.vue'),
    meta: { title: '本机内容', tab: 'me', tabs: true },
  },
  {
    path: '/me/devices',
    component: () => import('./devices/DevicesPage.vue'),
    meta: { title: '我的设备', tab: 'me', tabs: true },
  },
  {
    path: '/me/opinions',
    component: () => import('./opinions/OpinionsPage.vue'),
    meta: { title: '意见建议', tab: 'me' },
  },
  {
    path: '/me/appearance',
    component: () => import('./AppearancePage.vue'),
    meta: { title: '显示与长辈版', tab: 'me', tabs: true },
  },
  {
    path: '/me/about',
    component: () => import('./about/AboutPage.vue'),
    meta: { title: '关于', tab: 'me', tabs: true },
  },
]
