/**
 * Lessons of this week, of four earlier weeks and of the next one. This week's are out at any moment of the week: before Monday's
 * publication time they count as published an hour ago.
 */
import { civilDate, civilInstant, DAY_MS, isoWeek, mondayOfWeek } from '../../../shared/civil-time.ts'
import { columnId } from '../../commands/make-bureau.ts'
import { putLesson } from '../../commands/publish-lesson.ts'
import { readLessonFolder, type LessonItem } from '../../import/folder.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, demoId, HOUR_MS, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID, SECOND_BRANCH_ID } from '../people/units.ts'
import { itemsOf, readTexts, SAMPLE_MARK } from './read-texts.ts'

const PUBLISH_TIME = '07:00'
/** Folder of the texts, and how many weeks from this one. */
const WEEKS: Readonly<Record<string, number>> = {
  'next-week': 1,
  'this-week': 0,
  'this-week-some-units': 0,
  'one-week-ago': -1,
  'one-week-ago-revised': -1,
  'two-weeks-ago': -2,
  'three-weeks-ago': -3,
  'four-weeks-ago': -4,
}
const SOME_UNITS = [FIRST_BRANCH_ID, SECOND_BRANCH_ID]
const REVISION_NOTE = '更正取号时间：由 8 时改为 8 时 30 分'

export interface DemoLesson {
  folder: string
  file: string
  item: LessonItem
}

export async function readLessons(now: number): Promise<DemoLesson[]> {
  const lessons: DemoLesson[] = []
  const files = await readTexts('lessons')
  for (const [folder, weeks] of Object.entries(WEEKS)) {
    const week = weekFrom(now, weeks)
    const own = files
      .filter(({ path }) => path.split(/[\\/]/)[0] === folder)
      .map(({ path, bytes }) => ({ path: `${week}/${path.split(/[\\/]/).at(-1)}`, bytes }))
    if (own.length === 0) continue
    for (const item of itemsOf(await readLessonFolder(own)))
      lessons.push({ folder, file: item.source.path.split('/').at(-1) ?? '', item })
  }
  return lessons
}

const weekFrom = (now: number, weeks: number): string => {
  const monday = mondayOfWeek(isoWeek(civilDate(now)))
  return isoWeek(daysFrom(monday, weeks * 7))
}

export const lessonIssueId = (folder: string, file: string): string =>
  demoId('lesson', folder.replace(/-revised$/, ''), file)

export async function fillLessons(
  { tx, now, moved }: DemoContext,
  lessons: readonly DemoLesson[],
): Promise<void> {
  for (const { folder, file, item } of lessons) {
    const due = civilInstant(mondayOfWeek(item.week), PUBLISH_TIME)
    const isThisWeek = WEEKS[folder] === 0
    const publishAt = isThisWeek ? Math.min(due, now - HOUR_MS) : due
    const isRevision = folder.endsWith('-revised')
    const issue = {
      issueId: lessonIssueId(folder, file),
      unitIds: folder.endsWith('-some-units') ? SOME_UNITS : null,
      week: item.week,
      columnId: columnId(item.column),
      title: `${item.title}${SAMPLE_MARK}`,
      body: item.markdown,
      attachments: [],
      publishAt,
      revisionNote: isRevision ? REVISION_NOTE : '',
    }
    // Written on the Friday before; a revision on the Tuesday after.
    const writtenAt = Math.min(now, isRevision ? publishAt + 29 * HOUR_MS : publishAt - 3 * DAY_MS)
    await putLesson(tx, issue, personIdOf(STAFF.office), writtenAt, moved)
  }
}
