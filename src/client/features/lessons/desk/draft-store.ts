/**
 * Drafts of lessons on this phone. They are nobody's record yet: they lie beside the records, stay over a restart and an
 * update, and are removed when the endpoint has published them or the person throws them away.
 */
import type { Phone } from '../../../storage/phone.ts'
import { dropKept, keepDraft, listKept, readKept } from '../../../storage/kept-drafts.ts'
import type { LessonDraft } from './lesson-draft.ts'

const prefix = 'lesson:'
const LABEL = '每周一课'
const keyOf = (issueId: string): string => `${prefix}${issueId}`

const isDraft = (value: unknown): value is LessonDraft =>
  typeof value === 'object' && value !== null && 'issueId' in value && 'body' in value

export async function readDraft(db: Phone['db'], issueId: string): Promise<LessonDraft | undefined> {
  const kept = await readKept(db, keyOf(issueId))
  return isDraft(kept) ? kept : undefined
}

/** The one that was written last comes first. */
export async function readDrafts(db: Phone['db']): Promise<LessonDraft[]> {
  const rows = await listKept(db, prefix)
  return rows.flatMap(({ value }) => (isDraft(value) ? [value] : [])).sort((a, b) => b.savedAt - a.savedAt)
}

/** @throws StorageTrouble */
export const writeDraft = (db: Phone['db'], draft: LessonDraft): Promise<void> =>
  keepDraft(db, keyOf(draft.issueId), draft, LABEL)

/** @throws StorageTrouble */
export const removeDraft = (db: Phone['db'], issueId: string): Promise<void> => dropKept(db, keyOf(issueId))
