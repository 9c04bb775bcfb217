/** How much of a book is on the phone. Pure. */
import type { ChapterRow } from './chapters.ts'

export interface Keeping {
  chapters: number
  keptChapters: number
  sizeBytes: number
  keptBytes: number
}

/** Chapters that share a file count it once in bytes. @param kept hashes of the files that are on the phone */
export function keepingOf(chapters: readonly ChapterRow[], kept: ReadonlySet<string>): Keeping {
  const sizes = new Map(chapters.map(({ fields }) => [fields.sha256, fields.sizeBytes]))
  const keeping: Keeping = { chapters: chapters.length, keptChapters: 0, sizeBytes: 0, keptBytes: 0 }
  for (const { fields } of chapters) if (kept.has(fields.sha256)) keeping.keptChapters += 1
  for (const [sha256, sizeBytes] of sizes) {
    keeping.sizeBytes += sizeBytes
    if (kept.has(sha256)) keeping.keptBytes += sizeBytes
  }
  return keeping
}

export const isWhole = (keeping: Keeping): boolean =>
  keeping.chapters > 0 && keeping.keptChapters === keeping.chapters
