/** How a revision is read on this phone, and what is signed. */
import type { Revision } from '../../../../shared/circulation/document.ts'

export type Reading =
  | { type: 'pdf'; sha256: string }
  /** Text in Markdown: the file itself, or a conversion of it. */
  | { type: 'markdown'; sha256: string; isConverted: boolean }
  | { type: 'none' }

export function readingOf(revision: Pick<Revision, 'file' | 'readingSha256'>): Reading {
  const { sha256, mime, name } = revision.file
  if (revision.readingSha256) return { type: 'markdown', sha256: revision.readingSha256, isConverted: true }
  if (mime === 'application/pdf' || /\.pdf$/i.test(name)) return { type: 'pdf', sha256 }
  if (/^text\/(markdown|plain)/.test(mime) || /\.(md|markdown|txt)$/i.test(name))
    return { type: 'markdown', sha256, isConverted: false }
  return { type: 'none' }
}
