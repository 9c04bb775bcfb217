/**
 * The gate of an upload: what the bytes are, and whether they bear a classification mark. A file is never trusted by the type
 * it says it has, and a marked one is refused before anybody else can read it.
 */
import { besideHan, KIND_WORDS, MIME_OF_KIND } from '../../../shared/circulation/intake/file-facts.ts'
import type { ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { lookAtFile } from './look-at-file.ts'
import type { FileKind } from './sniff.ts'

export interface UploadRefusal {
  code: ErrorCode
  message: string
}

const MIME_OF: Partial<Record<FileKind, readonly string[]>> = {
  pdf: ['application/pdf'],
  ofd: [MIME_OF_KIND.ofd],
  docx: [MIME_OF_KIND.docx],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  png: ['image/png'],
  jpeg: ['image/jpeg', 'image/jpg'],
  md: ['text/markdown', 'text/plain'],
  txt: ['text/markdown', 'text/plain', 'text/csv'],
  csv: ['text/csv', 'text/plain'],
}
const KNOWN = new Set(Object.values(MIME_OF).flat())
const WORDS: Partial<Record<string, string>> = KIND_WORDS
const wordOfMime = (mime: string): string =>
  Object.entries(MIME_OF_KIND).flatMap(([kind, own]) => (own === mime ? (WORDS[kind] ?? []) : []))[0] ?? mime

export const fileTooLarge = (maxFileBytes: number) => ({
  message: `文件超过 ${Math.floor(maxFileBytes / (1024 * 1024))} MB，没有收下。请压缩图片或拆成几个文件后再选。`,
})

/** @param mime as the sender says; 'application/octet-stream' says nothing. @returns null when the file may come in */
export async function checkUpload(bytes: Uint8Array, mime: string): Promise<UploadRefusal | null> {
  const looked = await lookAtFile(bytes, '')
  if (looked.type === 'refused') return { code: looked.code, message: looked.message }
  if (!KNOWN.has(mime) || (MIME_OF[looked.kind] ?? []).includes(mime)) return null
  const real = WORDS[looked.kind] === undefined ? '不是' : `其实是${besideHan(WORDS[looked.kind]!)}`
  return {
    code: 'file-mislabelled',
    message: `文件标为${besideHan(wordOfMime(mime))}，内容${real}，没有收下。请检查是否选错了文件。`,
  }
}
