/**
 * The gate of an upload: what the bytes are, and whether they bear a classification mark. A file is never trusted by the type
 * it says it has, and a marked one is refused before anybody else can read it.
 */
import { ERRORS, type ErrorCode } from '../../shared/sync/protocol/errors.ts'
import { docxToMarkdown } from './docx-to-markdown.ts'
import { readPdfFacts } from './pdf-facts.ts'
import { findSecrecyMarks } from './secrecy-gate.ts'
import { sniffFile, type FileKind } from './sniff.ts'
import { decodeText } from './text-encoding.ts'

export interface UploadRefusal {
  code: ErrorCode
  message: string
}

const MIME_OF: Partial<Record<FileKind, readonly string[]>> = {
  pdf: ['application/pdf'],
  docx: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  png: ['image/png'],
  jpeg: ['image/jpeg', 'image/jpg'],
  md: ['text/markdown', 'text/plain'],
  txt: ['text/markdown', 'text/plain', 'text/csv'],
  csv: ['text/csv', 'text/plain'],
}
/** Could run in a browser that opens it by itself. */
const ACTIVE: readonly FileKind[] = ['html', 'svg']
/** Pages whose text is looked through; a scan has none, and the second person looks at it. */
const PDF_PAGES = 30

const refusal = (code: ErrorCode, message: string = ERRORS[code].sentence): UploadRefusal => ({
  code,
  message,
})

/** @param mime as the sender says; 'application/octet-stream' says nothing. @returns null when the file may come in */
export async function checkUpload(bytes: Uint8Array, mime: string): Promise<UploadRefusal | null> {
  const { kind } = sniffFile(bytes, '')
  if (ACTIVE.includes(kind)) return refusal('file-mislabelled')
  const known = Object.values(MIME_OF).flat()
  if (known.includes(mime) && !(MIME_OF[kind] ?? []).includes(mime)) return refusal('file-mislabelled')
  const text = await textOf(bytes, kind)
  if (typeof text !== 'string') return text
  const mark = findSecrecyMarks(text).find((found) => found.level === 'refuse')
  return mark === undefined
    ? null
    : refusal('secrecy-mark', `文件里有密级标志“${mark.mark}”，没有收下。涉密文件一律走线下渠道，不得上传。`)
}

async function textOf(bytes: Uint8Array, kind: FileKind): Promise<string | UploadRefusal> {
  if (kind === 'pdf') {
    const facts = await readPdfFacts(bytes, PDF_PAGES)
    return facts.type === 'refused' ? refusal('file-refused', facts.message) : `${facts.text}\n${facts.info}`
  }
  if (kind === 'docx') {
    const converted = await docxToMarkdown(bytes)
    return converted.type === 'refused' ? refusal('file-refused', converted.message) : converted.gateText
  }
  if (kind === 'md' || kind === 'txt' || kind === 'csv') {
    const decoded = decodeText(bytes)
    return decoded.type === 'refused' ? refusal('file-mislabelled') : decoded.text
  }
  return ''
}
