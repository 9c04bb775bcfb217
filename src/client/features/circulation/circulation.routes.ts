/** 传阅: what a member signs, what an officer follows, and the desk that sends documents out. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/circulation',
    component: () => import('./list/CirculationListPage.vue'),
    meta: { title: '传阅', tab: 'circulation' },
  },
  {
    path: '/circulation/:id',
    component: () => import('./reader/ReaderPage.vue'),
    meta: { title: '文件', tab: 'circulation' },
  },
  {
    path: '/circulation/:id/sign',
    component: () => import('./sign/SignPage.vue'),
    meta: { title: '签字确认' },
  },
  {
    path: '/circulation/:id/sign-for/:personId',
    component: () => import('./sign/SignPage.vue'),
    meta: { title: '代签确认' },
  },
  {
    path: '/circulation/:id/receipt',
    component: () => import('./receipt/ReceiptPage.vue'),
    meta: { title: '签字回执' },
  },
  {
    path: '/circulation/:id/progress',
    component: () => import('./progress/ProgressPage.vue'),
    meta: { title: '签阅情况', tab: 'circulation' },
  },
  {
    path: '/circulation/:id/sheet',
    component: () => import('./sheet/SheetPage.vue'),
    meta: { title: '传阅单' },
  },
  {
    path: '/desk/circulations',
    component: () => import('./desk/bureau/CirculationsPage.vue'),
    meta: { title: '传阅进度', desk: { label: '传阅进度', order: 30, for: 'office' } },
  },
  {
    path: '/desk/circulations/:documentId/sheets',
    component: () => import('./sheet/DeskSheetsPage.vue'),
    meta: { title: '各支部传阅单', only: ['office'] },
  },
  {
    path: '/desk/circulation-years',
    component: () => import('./sheet/year/YearExportPage.vue'),
    meta: { title: '传阅归档', only: ['office'], desk: { label: '传阅归档', order: 34, for: 'office' } },
  },
  {
    path: '/desk/documents',
    component: () => import('./desk/DocumentsPage.vue'),
    meta: { title: '文件登记', desk: { label: '文件登记', order: 20, for: 'office' } },
  },
  {
    path: '/desk/documents/new',
    component: () => import('./desk/form/DocumentFormPage.vue'),
    meta: { title: '登记文件' },
  },
  {
    path: '/desk/documents/:id',
    component: () => import('./desk/DocumentPage.vue'),
    meta: { title: '文件登记' },
  },
]
