/**
 * One file of a folder: told by its bytes, passed through the secrecy gate, converted. Guarantee: what comes out as a
 * file has no secrecy mark in its path, properties or readable text, and is what its name says.
 */
import { createHash } from 'node:crypto'
import { docxToMarkdown, refusalForOldOffice, type DocxImage } from '../docx-to-markdown.ts'
import { readMarkdown, type MarkdownFile } from '../markdown.ts'
import { readPdfFacts } from '../pdf-facts.ts'
import type { FolderProblem, Refusal, Severity } from '../problems.ts'
import { findSecrecyMarks } from '../secrecy-gate.ts'
import { extensionOf, oleMime, sniffFile, type FileKind } from '../sniff.ts'
import { decodeText } from '../text-encoding.ts'
import { checkZip } from '../zip-limits.ts'

/** A file as the caller found it; `path` is relative to the imported folder. */
export interface FolderFile {
  path: string
  bytes: Uint8Array
}

export interface SourceFile {
  /** Path inside the folder with '/'. */
  path: string
  /** The original bytes, unchanged; `sha256` is of exactly these, lower-case hex. */
  bytes: Uint8Array
  sha256: string
  kind: 'pdf' | 'docx' | 'md'
  mime: string
  /** Markdown and DOCX: clean Markdown without front matter; null for PDF. */
  markdown: string | null
  /** Images of a DOCX; the Markdown refers to them as `blob:<index>`. */
  images: DocxImage[]
  fields: MarkdownFile['fields']
  firstHeading: string | null
  /** Title in the properties of the file. */
  propertyTitle: string | null
  /** Pages of a PDF; null for others. */
  pageCount: number | null
  /** Sentences that a person should read before publishing; each is also a problem of severity 'warn'. */
  warnings: string[]
}

export interface ReadResult {
  file: SourceFile | null
  problems: FolderProblem[]
}

type Facts = Pick<
  SourceFile,
  'markdown' | 'images' | 'fields' | 'firstHeading' | 'propertyTitle' | 'pageCount' | 'warnings'
>
interface Reading {
  type: 'reading'
  facts: Facts
  gateText: string
  /** Titles and names of attached files: passed through the gate as names. */
  gateNames: (string | null | undefined)[]
  /** Lines in gateText are lines of the file. */
  hasLines: boolean
  notices: Pick<FolderProblem, 'line' | 'message'>[]
}

const maxFileBytes = 100 * 1024 * 1024
const noFacts: Facts = {
  markdown: null,
  images: [],
  fields: {},
  firstHeading: null,
  propertyTitle: null,
  pageCount: null,
  warnings: [],
}

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
  return { file: { path, bytes, sha256, kind, mime, ...reading.facts, warnings }, problems }
}

const secretAdvice =
  '涉密文件不得进入本系统，未导入。请取出该文件，按保密规定处理；如属误判，请核对后修改名称或文字。'

const isReadable = (kind: FileKind): kind is SourceFile['kind'] =>
  kind === 'pdf' || kind === 'docx' || kind === 'md'

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
    const real = kind === 'unknown' ? '不是这种文件，或已损坏' : `其实是${kindNames[kind] ?? kind}`
    return refuse(`文件名以 .${extension} 结尾，内容${real}。请检查是否选错了文件，或改正扩展名。${wanted}`)
  }
  if (kind === 'ofd') return refuse('OFD 不能在此批量导入。请另存为 PDF，或在工作台单独上传。')
  if (!accepted.some((name) => name === kind))
    return refuse(`不支持${kindNames[kind] ?? '这种文件'}。${wanted}`)
  return null
}

const readers: Record<SourceFile['kind'], (bytes: Uint8Array) => Promise<Reading | Refusal>> = {
  async md(bytes) {
    const decoded = decodeText(bytes)
    if (decoded.type === 'refused') return decoded
    if (decoded.text.trim() === '') return { type: 'refused', message: '文件里没有文字。请检查是否已保存。' }
    const { body, fields, firstHeading, notUnderstood, htmlRemoved } = readMarkdown(decoded.text)
    const notices: Reading['notices'] = notUnderstood.map(({ line, text }) => ({
      line,
      message: `第 ${line} 行“${text}”不是本系统使用的项目，已略过。`,
    }))
    if (htmlRemoved > 0) notices.push({ message: `文中有 ${htmlRemoved} 处网页标签，已去掉标签，只留文字。` })
    return {
      type: 'reading',
      facts: { ...noFacts, markdown: body, fields, firstHeading },
      gateText: decoded.text,
      gateNames: [fields.title?.value],
      hasLines: true,
      notices,
    }
  },
  async docx(bytes) {
    const converted = await docxToMarkdown(bytes)
    if (converted.type === 'refused') return converted
    const { markdown, images, imagesLeftOut, title, gateText } = converted
    if (markdown === '') return { type: 'refused', message: '文档里没有文字。请检查是否已保存。' }
    const { body, firstHeading } = readMarkdown(markdown)
    const warnings =
      imagesLeftOut > 0
        ? [`有 ${imagesLeftOut} 张图片手机无法显示，已略去。请在 Word 里另存为 PNG 或 JPEG 图片后替换。`]
        : []
    const facts = { ...noFacts, markdown: body, images, firstHeading, propertyTitle: title, warnings }
    return { type: 'reading', facts, gateText, gateNames: [title], hasLines: false, notices: [] }
  },
  async pdf(bytes) {
    const read = await readPdfFacts(bytes)
    if (read.type === 'refused') return read
    const warnings = read.hasText
      ? []
      : ['PDF 没有文字（可能是扫描件），无法自动检查密级。请人工核对每一页。']
    if (read.attachmentNames.length > 0)
      warnings.push(
        `PDF 里夹带 ${read.attachmentNames.length} 个附件，系统不检查附件内容。请核对或去掉附件。`,
      )
    const facts = { ...noFacts, propertyTitle: read.title, pageCount: read.pageCount, warnings }
    return {
      type: 'reading',
      facts,
      gateText: `${read.text}\n${read.info}`,
      gateNames: [read.title, ...read.attachmentNames],
      hasLines: false,
      notices: [],
    }
  },
}
