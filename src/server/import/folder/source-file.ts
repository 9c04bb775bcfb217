/**
 * One file of a folder: told by its bytes, passed through the secrecy gate, converted. Guarantee: what comes out as a
 * file has no secrecy mark in its path, properties or readable text, and is what its name says.
 */
import { createHash } from 'node:crypto'
import { besideHan } from '../../../shared/circulation/intake/file-facts.ts'
import { warningsInText } from '../../../shared/circulation/intake/gate.ts'
import { refusalForOldOffice } from '../docx-to-markdown.ts'
import type { FolderProblem, Refusal, Severity } from '../problems.ts'
import { findSecrecyMarks } from '../../../shared/circulation/intake/secrecy-text.ts'
import { extensionOf, oleMime, sniffFile, type FileKind } from '../file/sniff.ts'
import { decodeText } from '../file/text-encoding.ts'
import { checkZip } from '../file/zip-limits.ts'
import { readers, type SourceFile } from './readers.ts'

export type { SourceFile } from './readers.ts'

/** A file as the caller found it; `path` is relative to the imported folder. */
export interface FolderFile {
  path: string
  bytes: Uint8Array
}

export interface ReadResult {
  file: SourceFile | null
  problems: FolderProblem[]
}

const maxFileBytes = 100 * 1024 * 1024

/** Files that systems leave in folders and nobody means to import: hidden files, lock files of Word, thumbnails. */
export function isLeftover(path: string): boolean {
  return path.split('/').some((part) => /^(\.(?!\.?$)|~\$|__MACOSX$|thumbs\.db$|desktop\.ini$)/i.test(part))
}

/** '/' as separator, no './' in front. */
export function plainPath(path: string): string {
  return path.replace(/\\/g, '/').replace(/^(\.\/)+/, '')
}

/**
 * Reads one file when its kind is among `accepted`. Never throws for bad content: `file` is null when it is refused,
 * and a problem says why and what to do.
 */
export async function readSourceFile(
  { path, bytes }: FolderFile,
  accepted: readonly SourceFile['kind'][],
): Promise<ReadResult> {
  const problems: FolderProblem[] = []
  const report = (severity: Severity, message: string, line?: number) =>
    problems.push({ file: path, ...(line === undefined ? {} : { line }), message, severity })
  const gateName = (name: string, what: string) => {
    for (const mark of findSecrecyMarks(name, 'name')) {
      if (mark.level === 'refuse')
        report('refuse', `${what}带有“${mark.mark}”（${mark.excerpt}）。${secretAdvice}`)
      else report('warn', `${what}带有“${mark.mark}”。请确认可以向全体接收人公开。`)
    }
  }
  gateName(path.replace(/\.[^./]+$/, '').replace(/\//g, '\n'), '名称')
  const sniffed = sniffFile(bytes, path)
  const { kind, mime } = sniffed
  const refusal = refusalByKind(path, bytes, accepted)
  if (refusal !== null || !isReadable(kind)) {
    report('refuse', refusal?.message ?? '无法读取。请检查是否选错了文件。')
    return { file: null, problems }
  }
  const reading = await readers[kind](bytes)
  if (reading.type === 'refused') {
    report('refuse', reading.message)
    return { file: null, problems }
  }
  for (const name of new Set(reading.gateNames)) if (name) gateName(name, '标题或附件名')
  for (const mark of findSecrecyMarks(reading.gateText)) {
    const where = reading.hasLines ? `第 ${mark.line} 行` : '正文、页眉或属性'
    const line = reading.hasLines ? mark.line : undefined
    if (mark.level === 'refuse')
      report('refuse', `${where}有密级标志“${mark.mark}”（${mark.excerpt}）。${secretAdvice}`, line)
    else report('warn', `${where}有“${mark.mark}”（${mark.excerpt}）。请确认可以向全体接收人公开。`, line)
  }
  for (const warning of reading.facts.warnings) report('warn', warning)
  for (const notice of reading.notices) report('notice', notice.message, notice.line)
  if (problems.some(({ severity }) => severity === 'refuse')) return { file: null, problems }
  const warnings = problems.filter(({ severity }) => severity === 'warn').map(({ message }) => message)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const cautions = [...warningsInText(reading.gateText), ...(reading.cautions ?? [])]
  return { file: { path, bytes, sha256, kind, mime, ...reading.facts, warnings, cautions }, problems }
}

const secretAdvice =
  '涉密文件不得进入本系统，未导入。请取出该文件，按保密规定处理；如属误判，请核对后修改名称或文字。'

const isReadable = (kind: FileKind): kind is SourceFile['kind'] => kind in readers

const kindNames: Partial<Record<FileKind, string>> = {
  pdf: 'PDF',
  docx: 'Word 文档（.docx）',
  xlsx: 'Excel 表格（.xlsx）',
  md: 'Markdown 文字',
  txt: '纯文字',
  csv: '文字表格',
  png: 'PNG 图片',
  jpeg: 'JPEG 图片',
  ofd: 'OFD 版式文件',
  epub: 'EPUB 电子书',
  zip: '压缩包',
  html: '网页',
  svg: 'SVG 图形',
}

function refusalByKind(
  path: string,
  bytes: Uint8Array,
  accepted: readonly SourceFile['kind'][],
): Refusal | null {
  const refuse = (message: string): Refusal => ({ type: 'refused', message })
  if (path.startsWith('/') || path.split('/').includes('..')) return refuse('路径指向文件夹之外，未读取。')
  if (bytes.byteLength === 0) return refuse('文件是空的。请从原处重新复制。')
  if (bytes.byteLength > maxFileBytes) return refuse('文件超过 100 MB，未读取。请压缩图片或拆分后再导入。')
  const { kind, mime, agreesWithName } = sniffFile(bytes, path)
  const extension = extensionOf(path)
  const wanted = `这里接受 ${accepted.map((name) => `.${name}`).join('、')}。`
  if (mime === oleMime) return refusalForOldOffice(bytes)
  if (kind === 'zip') {
    const checked = checkZip(bytes)
    if (checked.type === 'refused') return checked
  }
  if (kind === 'unknown' && (extension === 'md' || extension === 'markdown')) {
    const decoded = decodeText(bytes)
    return decoded.type === 'refused' ? decoded : refuse('内容不是纯文字。请检查是否选错了文件。')
  }
  if (!agreesWithName) {
    const real = kind === 'unknown' ? '不是这种文件，或已损坏' : `其实是${besideHan(kindNames[kind] ?? kind)}`
    return refuse(`文件名以 .${extension} 结尾，内容${real}。请检查是否选错了文件，或改正扩展名。${wanted}`)
  }
  if (!accepted.some((name) => name === kind))
    return refuse(`不支持${besideHan(kindNames[kind] ?? '这种文件')}。${wanted}`)
  return null
}
