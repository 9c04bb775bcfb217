/** Pages of the 支部 tab that belong to meetings, and the tab's own first page. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/branch',
    component: () => import('./branch/BranchPage.vue'),
    meta: { title: '支部', tab: 'branch' },
  },
  {
    path: '/members',
    component: () => import('./members/MembersPage.vue'),
    meta: { title: '支部成员', tab: 'branch' },
  },
  {
    path: '/meetings',
    component: () => import('./list/MeetingsPage.vue'),
    meta: { title: '会议与考勤', tab: 'branch' },
  },
  {
    path: '/meetings/new',
    component: () => import('./form/MeetingFormPage.vue'),
    meta: { title: '新建会议', tab: 'branch' },
  },
  {
    path: '/meetings/:id',
    component: () => import('./detail/MeetingPage.vue'),
    props: true,
    meta: { title: '会议', tab: 'branch' },
  },
  {
    path: '/meetings/:id/edit',
    component: () => import('./form/MeetingFormPage.vue'),
    props: true,
    meta: { title: '修改会议', tab: 'branch' },
  },
  {
    path: '/meetings/:id/minutes',
    component: () => import('./detail/MinutesPage.vue'),
    props: true,
    meta: { title: '会议纪要', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId',
    component: () => import('./roll/RollPage.vue'),
    props: true,
    meta: { title: '考勤', tab: 'branch' },
  },
]
