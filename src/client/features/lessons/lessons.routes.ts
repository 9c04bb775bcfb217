import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/study', component: () => import('./list/StudyPage.vue'), meta: { title: '学习', tab: 'study' } },
  {
    path: '/lessons/:id',
    component: () => import('./reader/LessonPage.vue'),
    props: true,
    meta: { title: '每周一课', tab: 'study' },
  },
  {
    path: '/lessons/:id/reflection',
    component: () => import('./reflection/ReflectionPage.vue'),
    props: true,
    meta: { title: '心得', tab: 'study' },
  },
  {
    path: '/desk/lessons',
    component: () => import('./desk/DeskLessonsPage.vue'),
    meta: { title: '每周一课', only: ['office'], desk: { label: '每周一课', order: 10, for: 'office' } },
  },
  {
    path: '/desk/lessons/new',
    component: () => import('./desk/DeskNewLessonPage.vue'),
    meta: { title: '发布新课', only: ['office'] },
  },
  {
    path: '/desk/lessons/:issueId',
    component: () => import('./desk/DeskLessonPage.vue'),
    props: true,
    meta: { title: '编辑课文', only: ['office'] },
  },
]
