import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/today', component: () => import('./TodayPage.vue'), meta: { title: '今日', tab: 'today' } },
]
