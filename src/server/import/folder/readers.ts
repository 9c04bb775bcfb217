/** What each kind of file says: its text for reading, its facts, and everything that has to pass through the secrecy gate. */
import { UNREADABLE } from '../../../shared/circulation/intake/gate.ts'
import { pictureTrouble, readPicture } from '../../../shared/circulation/intake/picture.ts'
import { docxToMarkdown, type DocxImage } from '../docx-to-markdown.ts'
import { readMarkdown, type MarkdownFile } from '../markdown.ts'
import { readOfdFacts } from '../file/ofd-facts.ts'
import { readPdfFacts } from '../file/pdf-facts.ts'
import type { FolderProblem, Refusal } from '../problems.ts'
import { decodeText } from '../file/text-encoding.ts'

export interface SourceFile {
  /** Path inside the folder with '/'. */
  path: string
  /** The original bytes, unchanged; `sha256` is of exactly these, lower-case hex. */
  bytes: Uint8Array
  sha256: string
  kind: 'pdf' | 'ofd' | 'docx' | 'md' | 'png' | 'jpeg'
  mime: string
  /** Markdown and DOCX: clean Markdown without front matter; null for PDF. */
  markdown: string | null
  /** Images of a DOCX; the Markdown refers to them as `blob:<index>`. */
  images: DocxImage[]
  fields: MarkdownFile['fields']
  firstHeading: string | null
  /** Title in the properties of the file. */
  propertyTitle: string | null
  /** Pages of a PDF or an OFD; null for others. */
  pageCount: number | null
  /** What whoever confirms should look at, as phrases: 有“内部资料”字样. */
  cautions: string[]
  /** Sentences that a person should read before publishing; each is also a problem of severity 'warn'. */
  warnings: string[]
}

type Facts = Pick<
  SourceFile,
  'markdown' | 'images' | 'fields' | 'firstHeading' | 'propertyTitle' | 'pageCount' | 'warnings'
>
export interface Reading {
  type: 'reading'
  facts: Facts
  gateText: string
  /** Titles and names of attached files: passed through the gate as names. */
  gateNames: (string | null | undefined)[]
  /** Lines in gateText are lines of the file. */
  hasLines: boolean
  notices: Pick<FolderProblem, 'line' | 'message'>[]
  /** What no machine can look through. */
  cautions?: string[]
}

const noFacts: Facts = {
  markdown: null,
  images: [],
  fields: {},
  firstHeading: null,
  propertyTitle: null,
  pageCount: null,
  warnings: [],
}

export const readers: Record<SourceFile['kind'], (bytes: Uint8Array) => Promise<Reading | Refusal>> = {
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
      cautions: cautionsOf(read),
    }
  },
  async ofd(bytes) {
    const read = readOfdFacts(bytes)
    if (read.type === 'refused') return read
    const warnings = cautionsOf(read).map((caution) => `这个 OFD ${caution}。请人工核对。`)
    return {
      type: 'reading',
      facts: { ...noFacts, propertyTitle: read.title, pageCount: read.pageCount, warnings },
      gateText: `${read.text}\n${read.info}`,
      gateNames: [read.title, ...read.attachmentNames],
      hasLines: false,
      notices: [],
      cautions: cautionsOf(read),
    }
  },
  png: readImage,
  jpeg: readImage,
}

async function readImage(bytes: Uint8Array): Promise<Reading | Refusal> {
  const trouble = pictureTrouble(readPicture(bytes) ?? 'damaged')
  if (trouble !== undefined) return { type: 'refused', message: trouble }
  const facts = { ...noFacts, warnings: ['这是图片，系统看不到其中的文字，无法自动检查密级。请人工核对。'] }
  const cautions = [UNREADABLE.picture]
  return { type: 'reading', facts, gateText: '', gateNames: [], hasLines: false, notices: [], cautions }
}

const cautionsOf = (read: { hasText: boolean; attachmentNames: readonly string[] }): string[] => [
  ...(read.hasText ? [] : [UNREADABLE.scan]),
  ...(read.attachmentNames.length > 0 ? [UNREADABLE.inside(read.attachmentNames.length)] : []),
]
