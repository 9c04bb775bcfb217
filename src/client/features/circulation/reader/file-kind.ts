/** How a revision is read on this phone, and what is signed. */
import type { Revision, RevisionFile } from '../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'

export type Reading =
  | { type: 'pdf'; sha256: string }
  /** Best effort, under a line that says so. */
  | { type: 'ofd'; sha256: string }
  /** Text in Markdown: the file itself, or a conversion of it. */
  | { type: 'markdown'; sha256: string; isConverted: boolean }
  | { type: 'image'; sha256: string }
  | { type: 'none' }

export function readingOf(revision: Pick<RevisionFile, 'file' | 'readingSha256'>): Reading {
  const { sha256, mime, name } = revision.file
  if (revision.readingSha256) return { type: 'markdown', sha256: revision.readingSha256, isConverted: true }
  if (mime === 'application/pdf' || /\.pdf$/i.test(name)) return { type: 'pdf', sha256 }
  if (/^application\/(?:x-)?ofd$/.test(mime) || /\.ofd$/i.test(name)) return { type: 'ofd', sha256 }
  if (/^text\/(markdown|plain)/.test(mime) || /\.(md|markdown|txt)$/i.test(name))
    return { type: 'markdown', sha256, isConverted: false }
  // Not by the name: what else calls itself a picture was never looked at by the gate.
  if (/^image\/(png|jpeg)$/.test(mime)) return { type: 'image', sha256 }
  return { type: 'none' }
}

/** Nothing of it is seen without the viewer of PDF files. */
export const hasPdf = (revision: Revision): boolean =>
  filesOf(revision).some((file) => readingOf(file).type === 'pdf')

/** Its original can be shown in its layout, beside the text. */
export const isConvertedWord = ({
  file,
  readingSha256,
}: Pick<RevisionFile, 'file' | 'readingSha256'>): boolean =>
  Boolean(readingSha256) && /\.docx$/i.test(file.name)

/** Nobody signs what they cannot read: every file of the revision can be shown here. */
export const canBeRead = (revision: Revision): boolean =>
  filesOf(revision).every((file) => readingOf(file).type !== 'none')
