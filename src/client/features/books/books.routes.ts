import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/books',
    component: () => import('./shelf/ShelfPage.vue'),
    meta: { title: '口袋书', tab: 'study' },
  },
  {
    path: '/books/:id',
    component: () => import('./shelf/BookPage.vue'),
    props: true,
    meta: { title: '口袋书', tab: 'study' },
  },
  {
    path: '/books/:bookId/:chapterId',
    component: () => import('./reader/ChapterPage.vue'),
    props: true,
    meta: { title: '阅读', tab: 'study' },
  },
]
