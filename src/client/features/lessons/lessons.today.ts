/** For 今日: the lessons of this week that are not marked yet, the one that was begun first. What is marked disappears. */
import { civilDate, isoWeek } from '../../../shared/civil-time.ts'
import type { Column } from '../../../shared/lessons/column.ts'
import { loadMarkdown } from '../../ui/reading/load-markdown.ts'
import { minutesLeft, readingMinutes } from '../../ui/reading/reading-minutes.ts'
import type { TodayContext, TodayItem, TodaySource } from '../../ui/today.ts'
import { lessonWeeks, visibleLessons, weekNumberInWords, type LessonEntry } from './lesson-list.ts'
import { isLearned, isLearnedBefore, receiptsByLesson, stateOfCopies } from './receipts.ts'

interface Unlearned {
  entry: LessonEntry
  isRevised: boolean
  /** From 0; null when not begun. */
  paragraph: number | null
}

async function readUnlearned({
  phone,
  actor,
  now,
}: TodayContext): Promise<[Unlearned[], Map<string, Column>]> {
  const { db, person } = phone
  const week = isoWeek(civilDate(now))
  const rows = await db.records('lesson').where('fields.week').equals(week).toArray()
  const columns = await db.records('column').toArray()
  const receipts = await db.records('lesson-receipt').where('fields.personId').equals(person.id).toArray()
  const columnsById = new Map<string, Column>(columns.map((row) => [row.id, row.fields]))
  const unitIds = [...actor.memberships]
    .sort((a, b) => Number(b.primary) - Number(a.primary))
    .map((m) => m.unitId)
  const [ofWeek] = lessonWeeks(visibleLessons(rows, now, unitIds), columnsById, week)
  const byLesson = receiptsByLesson(receipts)
  const open = (ofWeek?.entries ?? []).filter(({ lesson, copyIds }) => {
    const { revision, withdrawn } = lesson.fields
    return !withdrawn && !isLearned(stateOfCopies(byLesson, copyIds), revision)
  })
  const positions = await db
    .records('reading-position')
    .where('fields.bookId')
    .anyOf(open.map(({ lesson }) => lesson.id))
    .toArray()
  const paragraphs = new Map(
    positions
      .filter(({ fields }) => fields.personId === person.id)
      .map(({ fields }) => [fields.bookId, fields.paragraph]),
  )
  const unlearned = open.map((entry) => ({
    entry,
    isRevised: isLearnedBefore(stateOfCopies(byLesson, entry.copyIds), entry.lesson.fields.revision),
    paragraph: paragraphs.get(entry.lesson.id) ?? null,
  }))
  return [unlearned, columnsById]
}

/** 读到第 3 段，共 7 段. Without the sum where the part of the app that counts is not at hand. */
async function placeOf({ entry, paragraph }: Unlearned): Promise<{ second: string; paragraphs: number }> {
  if (paragraph === null || paragraph === 0) return { second: '', paragraphs: 0 }
  try {
    const paragraphs = (await loadMarkdown()).countBlocks(entry.lesson.fields.body)
    const reached = Math.min(paragraph + 1, paragraphs)
    return { second: `读到第 ${reached} 段，共 ${paragraphs} 段`, paragraphs }
  } catch {
    return { second: `读到第 ${paragraph + 1} 段`, paragraphs: 0 }
  }
}

async function toItem(one: Unlearned, column: string, isLead: boolean): Promise<TodayItem> {
  const { id, fields } = one.entry.lesson
  const { second, paragraphs } = await placeOf(one)
  return {
    key: fields.issueId,
    title: fields.title,
    second: isLead ? second : [column, second].filter(Boolean).join(' · '),
    minutes: minutesLeft(readingMinutes(fields.body), one.paragraph ?? 0, paragraphs),
    dueAt: null,
    group: isLead ? 'now' : 'week',
    to: `/lessons/${id}`,
    ...(one.isRevised ? { tag: { text: '有修订', tone: 'amber' as const } } : {}),
    ...(isLead ? { lead: { column, body: `本周一课 · ${weekNumberInWords(fields.week)}` } } : {}),
  }
}

export const todayItems: TodaySource = {
  order: 10,
  async load(context) {
    const [unlearned, columnsById] = await readUnlearned(context)
    // A revised one was learned once: it never takes the first place from one that was not.
    const rank = (one: Unlearned) => (one.isRevised ? 2 : one.paragraph === null ? 1 : 0)
    const ordered = [...unlearned].sort((a, b) => rank(a) - rank(b))
    return Promise.all(
      ordered.map((one, index) =>
        toItem(one, columnsById.get(one.entry.lesson.fields.columnId)?.name ?? '每周一课', index === 0),
      ),
    )
  },
}
