/** Pages of the desk that belong to no other slice. Its first page stands in router.ts: it shows what all slices have. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/desk/people',
    component: () => import('./people/PeoplePage.vue'),
    meta: {
      title: '人员与激活码',
      only: ['administrator', 'office'],
      desk: { label: '人员与激活码', order: 60, for: ['administrator', 'office'] },
    },
  },
  {
    path: '/desk/opinions',
    component: () => import('./opinions/OpinionsPage.vue'),
    meta: { title: '意见建议', only: ['office'], desk: { label: '意见建议', order: 70, for: 'office' } },
  },
]
