import type { RouteRecordRaw } from 'vue-router'

const MONTH = ':month(\\d{4}-\\d{2})'
const SIDE = ':side(party|work)'

export const routes: RouteRecordRaw[] = [
  {
    path: '/assessment',
    component: () => import('./self/months/MonthsPage.vue'),
    meta: { title: '自评', tab: 'branch' },
  },
  {
    path: `/assessment/${MONTH}/${SIDE}`,
    component: () => import('./self/SelfAssessmentPage.vue'),
    props: true,
    meta: { title: '自评', tab: 'branch' },
  },
  {
    path: `/assessment/${MONTH}/result`,
    component: () => import('./result/ResultPage.vue'),
    props: true,
    meta: { title: '月度结果', tab: 'branch' },
  },
  {
    path: '/scoring',
    component: () => import('./scoring/ScoringPage.vue'),
    meta: { title: '评分', tab: 'branch', desk: { label: '评分', order: 45, for: 'scorer' } },
  },
  {
    path: `/scoring/${MONTH}/${SIDE}/:unitId/:personId`,
    component: () => import('./scoring/sheet/SheetPage.vue'),
    props: true,
    meta: { title: '评分表', tab: 'branch' },
  },
  {
    path: '/desk/months',
    component: () => import('./desk/MonthsDeskPage.vue'),
    meta: { title: '月度定稿', only: ['office'], desk: { label: '月度定稿', order: 50, for: 'office' } },
  },
]
