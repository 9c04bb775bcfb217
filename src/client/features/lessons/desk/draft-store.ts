/**
 * Drafts of lessons on this phone. They are nobody's record yet: they lie beside the records, stay over a restart and an
 * update, and are removed when the endpoint has published them or the person throws them away.
 */
import type { Phone } from '../../../storage/phone.ts'
import { guarded } from '../../../storage/trouble.ts'
import type { LessonDraft } from './lesson-draft.ts'

const prefix = 'lesson-draft:'
const keyOf = (issueId: string): string => `${prefix}${issueId}`

const isDraft = (value: unknown): value is LessonDraft =>
  typeof value === 'object' && value !== null && 'issueId' in value && 'body' in value

export async function readDraft(db: Phone['db'], issueId: string): Promise<LessonDraft | undefined> {
  const row = await db.meta.get(keyOf(issueId))
  return isDraft(row?.value) ? row.value : undefined
}

/** The one that was written last comes first. */
export async function readDrafts(db: Phone['db']): Promise<LessonDraft[]> {
  const rows = await db.meta.where('key').startsWith(prefix).toArray()
  return rows.flatMap(({ value }) => (isDraft(value) ? [value] : [])).sort((a, b) => b.savedAt - a.savedAt)
}

/** @throws StorageTrouble */
export const writeDraft = (db: Phone['db'], draft: LessonDraft): Promise<unknown> =>
  guarded(db, () => db.meta.put({ key: keyOf(draft.issueId), value: draft }))

/** @throws StorageTrouble */
export const removeDraft = (db: Phone['db'], issueId: string): Promise<unknown> =>
  guarded(db, () => db.meta.delete(keyOf(issueId)))
