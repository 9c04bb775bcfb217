/** Publishes or revises a lesson: one record for everyone, or a copy for each unit, all of one issue, all or none. */
import * as v from 'valibot'
import { BodyText, FileRef, Id, Millis, RequiredText, ShortText, Week } from '../../shared/fields.ts'
import { secrecyMarkIn } from '../../shared/circulation/intake/secrecy-marks.ts'
import { findRefusedMark } from '../import/file/refused-mark.ts'
import type { Lesson } from '../../shared/lessons/lesson.ts'
import { canonicalJson, idFrom } from '../../shared/sync/canonical.ts'
import { isOffice } from '../../shared/org/actor.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { mayRead } from '../auth/access.ts'
import { Refusal } from '../problem.ts'
import type { WriteTx } from '../store/record-store.ts'
import { defineCommand } from './define-command.ts'
import { putRecord } from './put-record.ts'

export const LessonIssue = v.object({
  issueId: Id,
  unitIds: v.nullable(v.pipe(v.array(Id), v.minLength(1), v.maxLength(500))),
  week: Week,
  columnId: Id,
  title: RequiredText,
  body: BodyText,
  attachments: v.optional(v.pipe(v.array(FileRef), v.maxLength(20)), []),
  publishAt: Millis,
  revisionNote: v.optional(ShortText, ''),
})
export type LessonIssue = v.InferOutput<typeof LessonIssue>

export const lessonId = (issueId: string, unitId: string | null): string =>
  unitId === null ? issueId : idFrom('lesson', issueId, unitId)

/** What makes a revision: a change of these. The note alone does not. */
const contentOf = (f: Pick<Lesson, 'week' | 'columnId' | 'title' | 'body' | 'attachments' | 'publishAt'>) =>
  canonicalJson({
    week: f.week,
    columnId: f.columnId,
    title: f.title,
    body: f.body,
    attachments: f.attachments ?? [],
    publishAt: f.publishAt,
  })

export interface Counts {
  added: number
  changed: number
  same: number
}

export async function putLesson(
  tx: WriteTx,
  issue: LessonIssue,
  author: string,
  now: number,
  moved: Set<string>,
): Promise<Counts> {
  const counts: Counts = { added: 0, changed: 0, same: 0 }
  for (const unitId of issue.unitIds ?? [null]) {
    const id = lessonId(issue.issueId, unitId)
    const before = await tx.record('lesson', id)
    const old = before === undefined ? undefined : (JSON.parse(before.fields) as Lesson)
    if (old !== undefined && contentOf(old) === contentOf(issue) && !old.withdrawn) {
      counts.same++
      continue
    }
    const published = old !== undefined && (old.publishAt <= now || old.revision! > 1)
    const fields: Lesson = {
      issueId: issue.issueId,
      unitId,
      week: issue.week,
      columnId: issue.columnId,
      title: issue.title,
      body: issue.body,
      attachments: issue.attachments,
      publishAt: issue.publishAt,
      revision: published ? (old.revision ?? 1) + 1 : (old?.revision ?? 1),
      revisedAt: published ? now : null,
      revisionNote: published ? issue.revisionNote : '',
      withdrawn: false,
    }
    const result = await putRecord(tx, {
      type: 'lesson',
      id,
      fields: fields as unknown as JsonObject,
      author,
      now,
    })
    counts[result.change]++
    moved.add(result.scope)
  }
  return counts
}

/** Names are judged more strictly than the text: there the word alone is the mark. */
function markOf({ title, body, attachments }: LessonIssue): string | undefined {
  const named = [title, ...attachments.map((file) => file.name)].map(secrecyMarkIn)
  return named.find((found) => found?.level === 'refuse')?.mark ?? findRefusedMark([title, body])
}

export const publishLesson = defineCommand({
  name: 'publish-lesson',
  schema: LessonIssue,
  run: async ({ tx, actor, now, moved }, issue) => {
    if (!isOffice(actor)) throw new Refusal('forbidden')
    const mark = markOf(issue)
    if (mark !== undefined)
      throw new Refusal('secrecy-mark', {
        message: `内容带有“${mark}”标志，不能发布。请核对后改用线下渠道。`,
      })
    if ((await tx.record('column', issue.columnId)) === undefined)
      throw new Refusal('invalid-fields', { field: 'columnId' })
    for (const unitId of issue.unitIds ?? []) {
      if ((await tx.record('unit', unitId))?.deleted !== false)
        throw new Refusal('invalid-fields', { message: '没有这个单位，请重新选单位。', field: 'unitIds' })
    }
    for (const file of issue.attachments) {
      // Knowing a hash gives no right to show the file to everyone.
      const scopes = await tx.blobScopes(file.sha256)
      const isReadable = scopes.some((scope) => mayRead(actor, scope))
      if (!isReadable || (await tx.blob(file.sha256))?.complete !== true)
        throw new Refusal('missing-file', { field: 'attachments' })
    }
    return { ...(await putLesson(tx, issue, actor.personId, now, moved)) }
  },
})
