/** The revisions of a document: the newest, and their files; and how pressing it is. */

/** The more pressing the later. */
export const URGENCIES = ['平件', '加急', '特急'] as const

interface Filed {
  file: { sha256: string }
  readingSha256?: string | null
}

export const revisionFiles = (revisions: readonly Filed[]): string[] =>
  revisions.flatMap((r) => (r.readingSha256 == null ? [r.file.sha256] : [r.file.sha256, r.readingSha256]))

/** The revision to read and sign: the newest. */
export function currentRevision<R extends { revision: number }>(of: { revisions: readonly R[] }): R {
  return of.revisions.reduce((newest, r) => (r.revision > newest.revision ? r : newest))
}
