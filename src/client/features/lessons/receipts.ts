/** 已学 of one lesson, from the facts that a person left. Pure. */
import type { LessonReceipt } from '../../../shared/lessons/lesson-receipt.ts'
import { headsOf } from '../../../shared/sync/heads.ts'

export interface ReceiptRow {
  id: string
  fields: LessonReceipt
  observedAt: number
  pending: 0 | 1
}

export interface LearnedState {
  learned: boolean
  /** Of the lesson when it was marked. */
  revision: number
  /** What a new mark supersedes. */
  headIds: readonly string[]
  observedAt: number
  pending: 0 | 1
}

/**
 * Undefined when nothing was ever marked. Two phones that marked the same while offline leave two equal heads, which count
 * once; where they differ, what the person said last holds, and the next mark supersedes both.
 */
export function learnedState(receipts: readonly ReceiptRow[]): LearnedState | undefined {
  const candidates = receipts.map((row) => ({ id: row.id, supersedes: row.fields.supersedes ?? [], row }))
  const heads = headsOf(candidates).map(({ row }) => row)
  const last = heads.reduce<ReceiptRow | undefined>(
    (newest, row) => (newest === undefined || row.observedAt > newest.observedAt ? row : newest),
    undefined,
  )
  if (last === undefined) return undefined
  return {
    learned: last.fields.learned,
    revision: last.fields.lessonRevision,
    headIds: heads.map((row) => row.id),
    observedAt: last.observedAt,
    pending: last.pending,
  }
}

/** Learned, and not revised since. */
export const isLearned = (state: LearnedState | undefined, revision: number): boolean =>
  state?.learned === true && state.revision >= revision

/** Learned in an older revision. */
export const isLearnedBefore = (state: LearnedState | undefined, revision: number): boolean =>
  state?.learned === true && state.revision < revision

export function receiptsByLesson(rows: readonly ReceiptRow[]): Map<string, ReceiptRow[]> {
  const byLesson = new Map<string, ReceiptRow[]>()
  for (const row of rows) {
    const known = byLesson.get(row.fields.lessonId)
    if (known === undefined) byLesson.set(row.fields.lessonId, [row])
    else known.push(row)
  }
  return byLesson
}

export const stateOfCopies = (
  byLesson: ReadonlyMap<string, readonly ReceiptRow[]>,
  copyIds: readonly string[],
): LearnedState | undefined => learnedState(copyIds.flatMap((id) => byLesson.get(id) ?? []))
