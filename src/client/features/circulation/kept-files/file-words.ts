/** The files of a revision in words: which is which, what it is, how large. */
import type { Revision, RevisionFile } from '../../../../shared/circulation/document/document.ts'
import { KIND_WORDS, MIME_OF_KIND } from '../../../../shared/circulation/intake/file-facts.ts'
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'
import { sizeInWords } from '../../../ui/files/size-in-words.ts'

const wordByMime = new Map(
  Object.entries(MIME_OF_KIND).map(([kind, mime]) => [mime, KIND_WORDS[kind as keyof typeof KIND_WORDS]]),
)

/** PDF · 12 页 · 1.2 MB */
export const fileInWords = ({ file, pages }: Pick<RevisionFile, 'file' | 'pages'>): string =>
  [wordByMime.get(file.mime) ?? '', pages === null ? '' : `${pages} 页`, sizeInWords(file.sizeBytes)]
    .filter((part) => part !== '')
    .join(' · ')

/** 共 3 个文件（正文和 2 个附件）; empty for one. */
export function countInWords(revision: Pick<Revision, 'file' | 'attachments'>): string {
  const count = filesOf(revision).length
  return count === 1 ? '' : `共 ${count} 个文件（正文和 ${count - 1} 个附件）`
}
