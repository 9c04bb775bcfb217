/** 核对文件: what was exported, of whichever slice, is checked here. The address is printed in manuals and stays. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/circulation-check',
    component: () => import('./VerifyPage.vue'),
    meta: { title: '核对文件', desk: { label: '核对文件', order: 35, for: 'office' } },
  },
]
