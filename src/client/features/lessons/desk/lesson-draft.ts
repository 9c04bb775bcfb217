/** A lesson while the office writes it. Pure: what it begins as, what is still missing, what is sent. */
import { civilDate, civilInstant, DAY_MS, isoWeek, mondayOfWeek } from '../../../../shared/civil-time.ts'
import type { FileRef } from '../../../../shared/fields.ts'
import type { Lesson } from '../../../../shared/lessons/lesson.ts'
import { clockTime } from '../../../ui/words.ts'
import { mondayInWords, weekNumberInWords } from '../list/lesson-list.ts'

export interface LessonDraft {
  issueId: string
  /** Of the lesson that this draft changes; 0 for a new one. */
  revision: number
  week: string
  columnId: string
  title: string
  body: string
  attachments: FileRef[]
  /** 'YYYY-MM-DDTHH:MM', China time. */
  publishAt: string
  /** null: everyone. */
  unitIds: string[] | null
  revisionNote: string
  savedAt: number
  /** One id for one act, kept over attempts; a changed draft is another act. */
  commandId: string | null
}

const publishTime = '08:30'
export const bodyLimit = 60_000

export const weekOf = (at: number): string => isoWeek(civilDate(at))

/** From Thursday on one writes for next Monday. */
export function defaultWeek(now: number): string {
  const thisWeek = weekOf(now)
  const isLate = now >= civilInstant(mondayOfWeek(thisWeek)) + 3 * DAY_MS
  return isLate ? weekOf(now + 7 * DAY_MS) : thisWeek
}

export function weekOptions(now: number, chosen: string): { value: string; label: string }[] {
  const around = [-7, 0, 7, 14, 21].map((days) => weekOf(now + days * DAY_MS))
  const weeks = [...new Set([...around, chosen])].sort()
  const names = new Map([
    [weekOf(now), '本周'],
    [weekOf(now + 7 * DAY_MS), '下周'],
  ])
  return weeks.map((week) => {
    const name = names.get(week)
    const number = weekNumberInWords(week)
    return {
      value: week,
      label: name === undefined ? `${number} · ${mondayInWords(week)}` : `${name}（${number}）`,
    }
  })
}

export const publishTimeOf = (week: string): string => `${mondayOfWeek(week)}T${publishTime}`

export function newDraft(issueId: string, now: number): LessonDraft {
  const week = defaultWeek(now)
  return {
    issueId,
    revision: 0,
    week,
    columnId: '',
    title: '',
    body: '',
    attachments: [],
    publishAt: publishTimeOf(week),
    unitIds: null,
    revisionNote: '',
    savedAt: 0,
    commandId: null,
  }
}

/** @param copies of one issue, all that this phone has */
export function draftOfLesson(copies: readonly Lesson[]): LessonDraft | undefined {
  const [first] = copies
  if (first === undefined) return undefined
  const unitIds = copies.flatMap(({ unitId }) => (unitId === null ? [] : [unitId]))
  return {
    issueId: first.issueId,
    revision: first.revision,
    week: first.week,
    columnId: first.columnId,
    title: first.title,
    body: first.body,
    attachments: [...first.attachments],
    publishAt: `${civilDate(first.publishAt)}T${clockTime(first.publishAt)}`,
    unitIds: unitIds.length === 0 ? null : unitIds,
    revisionNote: '',
    savedAt: 0,
    commandId: null,
  }
}

export const publishInstant = (publishAt: string): number => {
  const [date = '', time = ''] = publishAt.split('T')
  return civilInstant(date, time.slice(0, 5))
}

export type DraftField = 'columnId' | 'title' | 'body' | 'publishAt' | 'unitIds' | 'revisionNote'

/** What is missing, by field, in words that say what to do. */
export function problemsOf(draft: LessonDraft): Partial<Record<DraftField, string>> {
  const problems: Partial<Record<DraftField, string>> = {}
  if (draft.columnId === '') problems.columnId = '请选择栏目'
  if (draft.title.trim() === '') problems.title = '请写标题'
  else if (draft.title.trim().length > 200) problems.title = '标题请写在 200 字以内'
  if (draft.body.trim() === '') problems.body = '请写正文'
  else if (draft.body.length > bodyLimit) problems.body = '正文请写在 60000 字以内，余下的可以放进附件'
  if (Number.isNaN(publishInstant(draft.publishAt))) problems.publishAt = '请选发布时间'
  if (draft.unitIds?.length === 0) problems.unitIds = '请至少选一个单位，或改为全体人员'
  if (draft.revision > 0 && draft.revisionNote.trim() === '')
    problems.revisionNote = '请写一句改了什么，读者会看到'
  return problems
}

/** The body of the command, without its id. */
export const toIssue = (draft: LessonDraft): Record<string, unknown> => ({
  issueId: draft.issueId,
  unitIds: draft.unitIds,
  week: draft.week,
  columnId: draft.columnId,
  title: draft.title.trim(),
  body: draft.body,
  attachments: draft.attachments,
  publishAt: publishInstant(draft.publishAt),
  revisionNote: draft.revisionNote.trim(),
})
