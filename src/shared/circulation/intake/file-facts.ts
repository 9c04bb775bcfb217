/** What the endpoint answers about a file that the desk means to register: `POST /api/office/file-facts`. */
import * as v from 'valibot'

export const FILE_KINDS = ['pdf', 'ofd', 'docx', 'md', 'txt', 'png', 'jpeg'] as const
export type DocumentKind = (typeof FILE_KINDS)[number]

export const MIME_OF_KIND: Record<DocumentKind, string> = {
  pdf: 'application/pdf',
  ofd: 'application/ofd',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  md: 'text/markdown',
  txt: 'text/plain',
  png: 'image/png',
  jpeg: 'image/jpeg',
}
export const KIND_WORDS: Record<DocumentKind, string> = {
  pdf: 'PDF',
  ofd: 'OFD',
  docx: 'Word 文档',
  md: 'Markdown 文字',
  txt: '纯文字',
  png: 'PNG 图片',
  jpeg: 'JPEG 图片',
}

/** After a Chinese word: with a space where it begins with Latin letters. */
export const besideHan = (words: string): string => words.replace(/^(?=[A-Za-z])/, ' ')

export const FileFacts = v.object({
  kind: v.picklist(FILE_KINDS),
  pages: v.nullable(v.number()),
  /** Of a Word file, for reading; null where the file is read as it is. */
  markdown: v.nullable(v.string()),
  warnings: v.array(v.string()),
})
export type FileFacts = v.InferOutput<typeof FileFacts>
