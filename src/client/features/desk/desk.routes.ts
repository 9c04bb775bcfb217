import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/desk', component: () => import('./DeskHomePage.vue'), meta: { title: '工作台' } },
  {
    path: '/desk/people',
    component: () => import('./people/PeoplePage.vue'),
    meta: { title: '人员与激活码', desk: { label: '人员与激活码', order: 60, for: 'administrator' } },
  },
  {
    path: '/desk/opinions',
    component: () => import('./opinions/OpinionsPage.vue'),
    meta: { title: '意见建议', desk: { label: '意见建议', order: 70, for: 'office' } },
  },
]
