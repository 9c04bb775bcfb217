/** Which lessons a reader sees, and in which order. Pure. */
import { mondayOfWeek } from '../../../../shared/civil-time.ts'
import type { Column } from '../../../../shared/lessons/column.ts'
import type { Lesson } from '../../../../shared/lessons/lesson.ts'
import { dayInWords } from '../../../ui/words.ts'

export interface Row<Fields> {
  id: string
  fields: Fields
}

/** One lesson, however many copies of it (for everyone, for several of one's units) are on the phone. */
export interface LessonEntry {
  lesson: Row<Lesson>
  /** All copies on the phone, the shown one too: a receipt for any of them counts. */
  copyIds: readonly string[]
}

export interface LessonWeek {
  week: string
  label: string
  entries: readonly LessonEntry[]
}

const isBetter = (a: Lesson, b: Lesson, unitIds: readonly string[]): boolean => {
  if (a.withdrawn !== b.withdrawn) return !a.withdrawn
  if (a.revision !== b.revision) return a.revision > b.revision
  const rank = (unitId: string | null): number => {
    if (unitId === null) return -1
    const place = unitIds.indexOf(unitId)
    return place < 0 ? unitIds.length : place
  }
  return rank(a.unitId) < rank(b.unitId)
}

/**
 * Published lessons, each once.
 * @param now UTC ms: what is to be published later is not shown
 * @param unitIds own units, the primary one first: decides which of several copies is shown
 */
export function visibleLessons(
  rows: readonly Row<Lesson>[],
  now: number,
  unitIds: readonly string[],
): LessonEntry[] {
  const byIssue = new Map<string, { lesson: Row<Lesson>; copyIds: string[] }>()
  for (const row of [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (row.fields.publishAt > now) continue
    const known = byIssue.get(row.fields.issueId)
    if (known === undefined) {
      byIssue.set(row.fields.issueId, { lesson: row, copyIds: [row.id] })
      continue
    }
    known.copyIds.push(row.id)
    if (isBetter(row.fields, known.lesson.fields, unitIds)) known.lesson = row
  }
  return [...byIssue.values()]
}

/** 第 47 周 of '2026-W47'. */
export const weekNumberInWords = (week: string): string => `第 ${Number(week.slice(6))} 周`

/** 11 月 23 日, the Monday of the week. */
export const mondayInWords = (week: string): string => dayInWords(mondayOfWeek(week)).replace(/ 周.$/, '')

export function weekInWords(week: string, thisWeek: string): string {
  const name = `${weekNumberInWords(week)} · ${mondayInWords(week)}`
  if (week === thisWeek) return `本周 · ${name}`
  const year = week.slice(0, 4)
  return year === thisWeek.slice(0, 4) ? name : `${year} 年${name}`
}

/** Newest week first; in a week by column, then by publication. */
export function lessonWeeks(
  entries: readonly LessonEntry[],
  columnsById: ReadonlyMap<string, Column>,
  thisWeek: string,
): LessonWeek[] {
  const orderOf = (entry: LessonEntry) => columnsById.get(entry.lesson.fields.columnId)?.order ?? 1000
  const byWeek = new Map<string, LessonEntry[]>()
  for (const entry of entries) {
    const { week } = entry.lesson.fields
    byWeek.set(week, [...(byWeek.get(week) ?? []), entry])
  }
  return [...byWeek.entries()]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([week, ofWeek]) => ({
      week,
      label: weekInWords(week, thisWeek),
      entries: ofWeek.sort(
        (a, b) =>
          orderOf(a) - orderOf(b) ||
          a.lesson.fields.publishAt - b.lesson.fields.publishAt ||
          (a.lesson.id < b.lesson.id ? -1 : 1),
      ),
    }))
}

/** @param columnId null: all columns @param words found in the title, blanks and case aside */
export function filterLessons(
  entries: readonly LessonEntry[],
  columnId: string | null,
  words: string,
): LessonEntry[] {
  const plain = (text: string) => text.replace(/\s+/g, '').toLowerCase()
  const wanted = plain(words)
  return entries.filter(
    ({ lesson }) =>
      (columnId === null || lesson.fields.columnId === columnId) &&
      plain(lesson.fields.title).includes(wanted),
  )
}
