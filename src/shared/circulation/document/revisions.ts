/** The revisions of a document: the newest, its files in their order; and how pressing it is. */

/** The more pressing the later. */
export const URGENCIES = ['平件', '加急', '特急'] as const

export interface Filed {
  file: { sha256: string }
  readingSha256?: string | null | undefined
}
export interface Revised<F extends Filed> extends Filed {
  attachments?: readonly F[] | undefined
}

/** 正文 first, then the attachments in their order. */
export const filesOf = <R extends Filed, F extends Filed>(revision: R & Revised<F>): [R, ...F[]] => [
  revision,
  ...(revision.attachments ?? []),
]

/** SHA-256 of everything that has to be on a phone to read these revisions: the files, and the texts made of them. */
export const revisionFiles = (revisions: readonly Revised<Filed>[]): string[] => [
  ...new Set(
    revisions
      .flatMap((r): Filed[] => filesOf(r))
      .flatMap((f) => (f.readingSha256 == null ? [f.file.sha256] : [f.file.sha256, f.readingSha256])),
  ),
]

/** The revision to read and sign: the newest. */
export function currentRevision<R extends { revision: number }>(of: { revisions: readonly R[] }): R {
  return of.revisions.reduce((newest, r) => (r.revision > newest.revision ? r : newest))
}
