/** What people said: opinions to the office, reflections shared with the branch, and lessons that the demo's member has marked. */
import { civilInstant, DAY_MS, mondayOfWeek } from '../../../shared/civil-time.ts'
import type { Lesson } from '../../../shared/lessons/lesson.ts'
import { STAFF } from '../accounts.ts'
import { daysFrom, demoId, HOUR_MS, personIdOf, type DemoContext } from '../context.ts'
import { FIRST_BRANCH_ID } from '../people/units.ts'
import { lessonIssueId } from './lessons.ts'

const OPINIONS = [
  { staffNo: '1012', text: '夜班交接时能不能先看到当天的通知要求？有时群众问起，我们还没看到。', daysAgo: 6 },
  { staffNo: '4003', text: '口袋书的字号希望能再大一档。休息室光线暗，老花镜也不总带着。', daysAgo: 2 },
] as const

const REFLECTIONS = [
  {
    staffNo: '1017',
    folder: 'one-week-ago',
    file: 'theory.md',
    text: '以前总想着一次多说几句才算负责。这周试着先问“您最急的是哪一件”，反而两边都省了时间。',
  },
  {
    staffNo: '1013',
    folder: 'two-weeks-ago',
    file: 'style.md',
    text: '看到把常见问题写成小卡片的做法，我也写了三张，放在窗口台面右手边。',
  },
] as const

/** Lessons that the member has marked 已学. */
const LEARNED = [
  ['four-weeks-ago', 'theory.md'],
  ['three-weeks-ago', 'theory.md'],
  ['three-weeks-ago', 'integrity.md'],
  ['two-weeks-ago', 'style.md'],
  ['one-week-ago', 'integrity.md'],
] as const

export async function fillVoices(context: DemoContext): Promise<void> {
  for (const { staffNo, text, daysAgo } of OPINIONS) {
    const personId = personIdOf(staffNo)
    const at = context.now - daysAgo * DAY_MS - 3 * HOUR_MS
    await context.put('opinion', demoId('opinion', personId), { personId, text }, personId, at)
  }
  for (const { staffNo, folder, file, text } of REFLECTIONS) {
    const lesson = await lessonOf(context, folder, file)
    if (lesson === undefined) continue
    const personId = personIdOf(staffNo)
    const name = context.people.find((row) => row.staffNo === staffNo)?.name ?? ''
    const { lessonId, title } = lesson
    const fields = {
      personId,
      name,
      unitId: FIRST_BRANCH_ID,
      lessonId,
      lessonTitle: title,
      text,
      supersedes: [],
    }
    await context.put(
      'shared-reflection',
      demoId('reflection', lessonId, personId),
      fields,
      personId,
      lesson.at,
    )
  }
  for (const [folder, file] of LEARNED) {
    const lesson = await lessonOf(context, folder, file)
    if (lesson !== undefined) await markLearned(context, lesson)
  }
}

interface FoundLesson {
  lessonId: string
  title: string
  week: string
  revision: number
  /** A moment in that week's middle. */
  at: number
}

async function lessonOf({ tx }: DemoContext, folder: string, file: string): Promise<FoundLesson | undefined> {
  const lessonId = lessonIssueId(folder, file)
  const stored = await tx.record('lesson', lessonId)
  if (stored === undefined) return undefined
  const { title, week, revision } = JSON.parse(stored.fields) as Lesson
  const at = civilInstant(daysFrom(mondayOfWeek(week), 2), '12:50')
  return { lessonId, title, week, revision: revision ?? 1, at }
}

async function markLearned(context: DemoContext, lesson: FoundLesson): Promise<void> {
  const personId = personIdOf(STAFF.member)
  const fields = {
    personId,
    unitId: FIRST_BRANCH_ID,
    lessonId: lesson.lessonId,
    week: lesson.week,
    lessonTitle: lesson.title,
    lessonRevision: lesson.revision,
    learned: true,
    supersedes: [],
  }
  await context.put(
    'lesson-receipt',
    demoId('receipt', lesson.lessonId, personId),
    fields,
    personId,
    lesson.at,
  )
}
