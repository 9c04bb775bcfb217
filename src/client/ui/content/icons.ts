/**
 * One family of line icons on a 24 grid, stroke 1.6, round ends. A shape is one path; the name is what it means here. Those of
 * the frame and of 今日 stand here; the others come right after the first screen.
 */
import { shallowRef } from 'vue'
import type { morePaths } from './more-icons.ts'

const paths = {
  today: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2',
  study: 'M12 6.5C10 5 7 4.6 4 5v13c3-.4 6 0 8 1.5 2-1.5 5-1.9 8-1.5V5c-3-.4-6 0-8 1.5zM12 6.5v13',
  document: 'M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6',
  branch: 'M4 20V10l8-5 8 5v10M4 20h16M9 20v-6h6v6',
  me: 'M12 4.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 1 0 0-7.2zM4.5 20c1.2-4 4-5.5 7.5-5.5s6.3 1.5 7.5 5.5',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  chevron: 'M9.5 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7',
  warning: 'M12 4.5l8.5 15h-17zM12 10v4.5M12 17.2h.01',
  desk: 'M4 5h16v10.5H4zM9.5 20h5M12 15.5V20',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15',
} as const

export type IconName = keyof typeof paths | keyof typeof morePaths

const more = shallowRef<Partial<Record<IconName, string>>>({})
let coming: Promise<void> | undefined

/** Asked for again at the next icon when it did not come. */
export const loadMoreIcons = (): Promise<void> =>
  (coming ??= import('./more-icons.ts').then(
    ({ morePaths }) => {
      more.value = morePaths
    },
    () => {
      coming = undefined
    },
  ))

/** Followed by who draws it; empty until it is here. */
export function pathOf(name: IconName): string {
  const known: Partial<Record<IconName, string>> = paths
  const path = known[name] ?? more.value[name]
  if (path === undefined) void loadMoreIcons()
  return path ?? ''
}
