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
    path: '/meetings/calendar',
    component: () => import('./calendar/CalendarPage.vue'),
    meta: { title: '日程', tab: 'branch' },
  },
  {
    path: '/meetings/attendance',
    component: () => import('./attendance/branch/AttendancePage.vue'),
    meta: { title: '出勤汇总', tab: 'branch' },
  },
  {
    path: '/me/attendance',
    component: () => import('./attendance/own/MyAttendancePage.vue'),
    meta: { title: '我的考勤', tab: 'me' },
  },
  {
    path: '/meetings/take',
    component: () => import('./roll/carry/TakeRollPage.vue'),
    meta: { title: '接收考勤', tab: 'branch' },
  },
  {
    path: '/meetings/year/:unitId?/:year?',
    component: () => import('./year/YearPage.vue'),
    props: true,
    meta: { title: '年度计划', tab: 'branch' },
  },
  {
    path: '/desk/meetings',
    component: () => import('./year/bureau/BureauYearPage.vue'),
    meta: { title: '各支部会议', desk: { label: '各支部会议', order: 40, for: 'office' } },
  },
  {
    path: '/shifts/:unitId?/:month?',
    component: () => import('./shifts/ShiftsPage.vue'),
    props: true,
    meta: { title: '排班', tab: 'branch' },
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
    component: () => import('./minutes/MinutesPage.vue'),
    props: true,
    meta: { title: '会议纪要', tab: 'branch' },
  },
  {
    path: '/meetings/:id/proposals/:proposalId',
    component: () => import('./minutes/ProposalPage.vue'),
    props: true,
    meta: { title: '确认纪要', tab: 'branch' },
  },
  {
    path: '/meetings/:id/correction',
    component: () => import('./minutes/corrections/CorrectionPage.vue'),
    props: true,
    meta: { title: '提出更正', tab: 'branch' },
  },
  {
    path: '/meetings/:id/record',
    component: () => import('./record/RecordPage.vue'),
    props: true,
    meta: { title: '会议记录', tab: 'branch' },
  },
  {
    path: '/meetings/:id/sheet',
    component: () => import('./sheet/AttendanceSheetPage.vue'),
    props: true,
    meta: { title: '签到表', tab: 'branch' },
  },
  {
    path: '/meetings/:id/sheet/take',
    component: () => import('./sheet/import/TakeSheetPage.vue'),
    props: true,
    meta: { title: '读入签到表', tab: 'branch' },
  },
  {
    path: '/meetings/:id/votes/new',
    component: () => import('./votes/VotePage.vue'),
    props: true,
    meta: { title: '录入表决', tab: 'branch' },
  },
  {
    path: '/meetings/:id/votes/:voteId',
    component: () => import('./votes/VotePage.vue'),
    props: true,
    meta: { title: '更正表决', tab: 'branch' },
  },
  {
    path: '/meetings/:id/make-ups',
    component: () => import('./detail/MakeUpsPage.vue'),
    props: true,
    meta: { title: '补学情况', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId',
    component: () => import('./roll/RollPage.vue'),
    props: true,
    meta: { title: '考勤', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId/scan',
    component: () => import('./codes/scan/ScanPage.vue'),
    props: true,
    meta: { title: '扫码考勤', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId/code',
    component: () => import('./codes/keypad/KeypadPage.vue'),
    props: true,
    meta: { title: '报码考勤', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId/show',
    component: () => import('./codes/show/ShowCodePage.vue'),
    props: true,
    meta: { title: '会场码', tab: 'branch' },
  },
  {
    path: '/my-code',
    component: () => import('./codes/mine/MyCodePage.vue'),
    meta: { title: '我的码', tab: 'branch' },
  },
  {
    path: '/my-code/scan',
    component: () => import('./codes/claim/ClaimPage.vue'),
    meta: { title: '扫会场码', tab: 'branch' },
  },
  {
    path: '/meetings/:id/roll/:sittingId/hand-over',
    component: () => import('./roll/carry/HandOverPage.vue'),
    props: true,
    meta: { title: '交接考勤', tab: 'branch' },
  },
  {
    path: '/meetings/:id/figures',
    component: () => import('./roll/figures/FiguresPage.vue'),
    props: true,
    meta: { title: '合计', tab: 'branch' },
  },
]
