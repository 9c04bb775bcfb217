/** Where a chapter lies in its book. Pure. */
import type { ChapterRow } from './chapters.ts'

export interface Neighbours {
  previous: ChapterRow | undefined
  next: ChapterRow | undefined
}

export function neighboursOf(chapters: readonly ChapterRow[], chapterId: string): Neighbours {
  const index = chapters.findIndex((chapter) => chapter.id === chapterId)
  if (index < 0) return { previous: undefined, next: undefined }
  return { previous: chapters[index - 1], next: chapters[index + 1] }
}
