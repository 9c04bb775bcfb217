/** Places in a book, and how much of it is on the phone. Pure. */
import type { BookChapter } from '../../../shared/books/book-chapter.ts'

export interface ChapterRow {
  id: string
  fields: BookChapter
}

export const inOrder = (chapters: readonly ChapterRow[]): ChapterRow[] =>
  [...chapters].sort((a, b) => a.fields.order - b.fields.order || (a.id < b.id ? -1 : 1))

/** Whole percent of the book that lies before the end of a paragraph. @param paragraph from 0 */
export function percentOf(chapters: readonly ChapterRow[], chapterId: string, paragraph: number): number {
  const index = chapters.findIndex((chapter) => chapter.id === chapterId)
  const sum = (rows: readonly ChapterRow[]) => rows.reduce((all, row) => all + row.fields.paragraphs, 0)
  const whole = sum(chapters)
  if (index < 0 || whole === 0) return 0
  const inChapter = Math.min(paragraph + 1, chapters[index]?.fields.paragraphs ?? 0)
  return Math.min(100, Math.round(((sum(chapters.slice(0, index)) + inChapter) / whole) * 100))
}

/** 第 38 段 · 全书 41%. */
export const placeInWords = (paragraph: number, percent: number): string =>
  `第 ${paragraph + 1} 段 · 全书 ${percent}%`
