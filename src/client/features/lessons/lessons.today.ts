/** For 今日: the lessons of this week that are not marked yet, the one that was begun first. What is marked disappears. */
import { civilDate, isoWeek } from '../../../shared/civil-time.ts'
import type { Column } from '../../../shared/lessons/column.ts'
import { loadMarkdown } from '../../ui/reading/load-markdown.ts'
import { minutesLeft, readingMinutes } from '../../ui/reading/reading-minutes.ts'
import type { TodayContext, TodayItem, TodaySource } from '../../ui/today.ts'
import { lessonWeeks, visibleLessons, weekNumberInWords, type LessonEntry } from './list/lesson-list.ts'
import { isLearned, isLearnedBefore, receiptsByLesson, stateOfCopies } from './receipts.ts'

interface Unlearned {
  entry: LessonEntry
  isRevised: boolean
  /** From 0; null when not begun. */
  paragraph: number | null
}

interface ReadWeek {
  unlearned: Unlearned[]
  columnsById: Map<string, Column>
  /** Marked on this civil day. */
  done: number
}

async function readWeek({ phone, actor, now }: TodayContext): Promise<ReadWeek> {
  const { db, person } = phone
  const today = civilDate(now)
  const week = isoWeek(today)
  const [rows, columns] = await Promise.all([
    db.records('lesson').where('fields.week').equals(week).toArray(),
    db.records('column').toArray(),
  ])
  const columnsById = new Map<string, Column>(columns.map((row) => [row.id, row.fields]))
  const unitIds = [...actor.memberships]
    .sort((a, b) => Number(b.primary) - Number(a.primary))
    .map((m) => m.unitId)
  const [ofWeek] = lessonWeeks(visibleLessons(rows, now, unitIds), columnsById, week)
  const entries = ofWeek?.entries ?? []
  const isOwn = ({ fields }: { fields: { personId: string } }) => fields.personId === person.id
  // Of this week's lessons alone: a year has a thousand marks.
  const [receipts, positions] = await Promise.all([
    db
      .records('lesson-receipt')
      .where('fields.lessonId')
      .anyOf(entries.flatMap(({ copyIds }) => copyIds))
      .toArray(),
    db
      .records('reading-position')
      .where('fields.bookId')
      .anyOf(entries.map(({ lesson }) => lesson.id))
      .toArray(),
  ])
  const byLesson = receiptsByLesson(receipts.filter(isOwn))
  const paragraphs = new Map(positions.filter(isOwn).map(({ fields }) => [fields.bookId, fields.paragraph]))
  const unlearned: Unlearned[] = []
  let done = 0
  for (const entry of entries) {
    const { id, fields } = entry.lesson
    if (fields.withdrawn) continue
    const state = stateOfCopies(byLesson, entry.copyIds)
    if (!isLearned(state, fields.revision))
      unlearned.push({
        entry,
        isRevised: isLearnedBefore(state, fields.revision),
        paragraph: paragraphs.get(id) ?? null,
      })
    else if (civilDate(state!.observedAt) === today) done++
  }
  return { unlearned, columnsById, done }
}

/** @param isExtra a lesson was learned today: this one is there to go on with, and need not be of today */
function toItem(one: Unlearned, column: string, isLead: boolean, isExtra: boolean): TodayItem {
  const { id, fields } = one.entry.lesson
  const from = one.paragraph ?? 0
  const placed = (place: string, sum: number) => ({
    second: isLead ? place : [column, place].filter(Boolean).join(' · '),
    minutes: minutesLeft(readingMinutes(fields.body), from, sum),
  })
  const more = async () => {
    const sum = (await loadMarkdown()).countBlocks(fields.body)
    return placed(`读到第 ${Math.min(from + 1, sum)} 段，共 ${sum} 段`, sum)
  }
  return {
    key: fields.issueId,
    title: fields.title,
    ...placed(from > 0 ? `读到第 ${from + 1} 段` : '', 0),
    ...(from > 0 ? { more } : {}),
    dueAt: null,
    group: isLead ? 'now' : 'week',
    ...(isExtra ? { due: { count: 0 } } : {}),
    to: `/lessons/${id}`,
    ...(one.isRevised ? { tag: { text: '有修订', tone: 'amber' as const } } : {}),
    ...(isLead ? { lead: { column, body: `本周一课 · ${weekNumberInWords(fields.week)}` } } : {}),
  }
}

export const todayItems: TodaySource = {
  order: 10,
  tables: ['lesson', 'column', 'lesson-receipt', 'reading-position'],
  async load(context) {
    const { unlearned, columnsById, done } = await readWeek(context)
    context.done?.(done)
    // A revised one was learned once: it never takes the first place from one that was not.
    const rank = (one: Unlearned) => (one.isRevised ? 2 : one.paragraph === null ? 1 : 0)
    const ordered = [...unlearned].sort((a, b) => rank(a) - rank(b))
    return ordered.map((one, index) =>
      toItem(
        one,
        columnsById.get(one.entry.lesson.fields.columnId)?.name ?? '每周一课',
        index === 0,
        done > 0,
      ),
    )
  },
}
