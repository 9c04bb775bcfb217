/**
 * Reads a file that was chosen at the desk, by its bytes and not by its name.
 *
 * Guarantees: what is taken is whole, is of a kind that phones show, opens without a password, and bears no secrecy mark in its
 * name, its text or what it says about itself; what no machine can look through is told. Whatever is refused has a sentence, and
 * nothing of it was stored. The endpoint looks at every file again.
 */
import type { RevisionFile } from '../../../../../shared/circulation/document/document.ts'
import {
  besideHan,
  KIND_WORDS,
  MIME_OF_KIND,
  type DocumentKind,
  type FileFacts,
} from '../../../../../shared/circulation/intake/file-facts.ts'
import { refusedText, UNREADABLE, warningsInText } from '../../../../../shared/circulation/intake/gate.ts'
import { isCutPdf, readPdfText } from '../../../../../shared/circulation/intake/pdf-text.ts'
import { pictureTrouble, readPicture } from '../../../../../shared/circulation/intake/picture.ts'
import { secrecyMarkIn } from '../../../../../shared/circulation/intake/secrecy-marks.ts'
import { RemoteProblem } from '../../../../remote/call.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { openPdf } from '../../reader/open-pdf.ts'

export interface ChosenFile {
  name: string
  kind: DocumentKind
  mime: string
  bytes: Uint8Array<ArrayBuffer>
  pages: RevisionFile['pages']
  /** For reading, where the file itself is not what is shown. */
  reading: Uint8Array<ArrayBuffer> | null
  warnings: string[]
}
export type FileAnswer = { type: 'file'; file: ChosenFile } | { type: 'refused'; sentence: string }
/** Asks the endpoint. @throws RemoteProblem */
export type AskFacts = (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<FileFacts>

type Facts = Pick<FileFacts, 'kind' | 'pages' | 'warnings'> & { markdown?: string | null }

/** Why it is not taken, for the person. */
class NotTaken extends Error {}
function refuse(sentence: string): never {
  throw new NotTaken(sentence)
}

const NOT_OURS =
  '只能登记 PDF、OFD、Word（.docx）、文字（.md、.txt，UTF-8）和图片（.png、.jpg），这个文件的内容不是。'
const EXTENSIONS: Record<string, readonly DocumentKind[]> = {
  pdf: ['pdf'],
  ofd: ['ofd'],
  docx: ['docx'],
  md: ['md'],
  markdown: ['md'],
  txt: ['md', 'txt'],
  png: ['png', 'jpeg'],
  jpg: ['png', 'jpeg'],
  jpeg: ['png', 'jpeg'],
}
const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? ''

export const markSentence = (what: string, mark: string): string =>
  `${what}带有“${mark}”字样。涉密文件不得进入本系统，请按保密规定另行传阅。`

export async function readChosen(file: File, limitBytes: number, ask: AskFacts): Promise<FileAnswer> {
  try {
    return { type: 'file', file: await read(file, limitBytes, ask) }
  } catch (error) {
    if (error instanceof NotTaken) return { type: 'refused', sentence: error.message }
    throw error
  }
}

async function read(file: File, limitBytes: number, ask: AskFacts): Promise<ChosenFile> {
  const mark = secrecyMarkIn(file.name)
  if (mark?.level === 'refuse') refuse(markSentence('文件名', mark.mark))
  if (file.name.length > 200) refuse('文件名超过 200 字，请改短后再选。')
  if (file.size === 0) refuse('这个文件是空的，请重新选一个。')
  if (file.size > limitBytes)
    refuse(`文件超过 ${Math.floor(limitBytes / 1024 / 1024)} MB，请压缩图片或拆成几个文件后再选。`)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const facts = await factsOf(file.name, bytes, ask)
  const extension = extensionOf(file.name)
  if (EXTENSIONS[extension]?.includes(facts.kind) === false)
    refuse(
      `文件名以 .${extension} 结尾，内容其实是${besideHan(KIND_WORDS[facts.kind])}。请改正扩展名，或检查是否选错了文件。`,
    )
  const { kind, pages, warnings, markdown } = facts
  const reading = markdown == null ? null : new TextEncoder().encode(markdown)
  return { name: file.name, kind, mime: MIME_OF_KIND[kind], bytes, pages, reading, warnings }
}

const startsWith = (bytes: Uint8Array, text: string, from = 0): boolean =>
  [...text].every((char, at) => bytes[from + at] === char.charCodeAt(0))

async function factsOf(name: string, bytes: Uint8Array<ArrayBuffer>, ask: AskFacts): Promise<Facts> {
  if (startsWith(bytes, '%PDF-')) return pdfFacts(bytes)
  const picture = readPicture(bytes)
  if (picture !== null) {
    const trouble = pictureTrouble(picture)
    if (trouble !== undefined || picture === 'damaged') refuse(trouble ?? NOT_OURS)
    return { kind: picture.kind, pages: null, warnings: [UNREADABLE.picture] }
  }
  if (startsWith(bytes, '\u00d0\u00cf\u0011\u00e0'))
    refuse('文件设有打开密码，或是旧版 Office 格式（.doc）。请去掉密码、另存为 .docx 或 PDF 后再选。')
  if (startsWith(bytes, 'GIF8') || startsWith(bytes, 'WEBP', 8) || startsWith(bytes, 'ftyp', 4))
    refuse('这种图片不是每部手机都能显示。请另存为 PNG 或 JPEG 后再选。')
  if (startsWith(bytes, 'PK')) return asked(name, bytes, ask)
  if (!/^(md|markdown|txt)$/.test(extensionOf(name))) refuse(NOT_OURS)
  return textFacts(name, bytes, ask)
}

async function pdfFacts(bytes: Uint8Array<ArrayBuffer>): Promise<Facts> {
  if (isCutPdf(bytes)) refuse(DAMAGED_PDF)
  const opened = await openPdf(bytes.slice().buffer).catch((error: unknown) => refuse(whyUnread(error)))
  try {
    const { pageCount, title, text, info, hasText, attachmentNames } = await readPdfText(opened.document)
    const marked = attachmentNames.map(secrecyMarkIn).find((mark) => mark?.level === 'refuse')
    if (marked != null) refuse(markSentence('里面夹带的文件名', marked.mark))
    const entitled = secrecyMarkIn(title ?? '')
    if (entitled?.level === 'refuse') refuse(markSentence('文件里的标题', entitled.mark))
    return {
      kind: 'pdf',
      pages: pageCount,
      warnings: [
        ...passText(`${text}\n${info}`),
        ...(hasText ? [] : [UNREADABLE.scan]),
        ...(attachmentNames.length > 0 ? [UNREADABLE.inside(attachmentNames.length)] : []),
      ],
    }
  } finally {
    await opened.close()
  }
}

const DAMAGED_PDF = 'PDF 已损坏或不完整。请从原处重新复制，或重新导出后再选。'
/** pdf.js tells its errors apart by name. */
function whyUnread(error: unknown): string {
  const name = error instanceof Error && error.cause instanceof Error ? error.cause.name : ''
  if (name === 'PasswordException') return 'PDF 设有打开密码，无法读取。请去掉密码后再选。'
  return name === 'InvalidPDFException' ? DAMAGED_PDF : sentenceOf(error, '这个 PDF 打不开，请换一份再选。')
}

/** Words that ask for a second look, of text that bears no mark. */
function passText(text: string): string[] {
  const refused = refusedText(text)
  return refused === undefined ? warningsInText(text) : refuse(refused)
}

async function textFacts(name: string, bytes: Uint8Array<ArrayBuffer>, ask: AskFacts): Promise<Facts> {
  const text = plainText(bytes)
  // In another encoding, or with a table of fields at the beginning: the endpoint makes a text of it that phones can read.
  if (text === undefined || text.startsWith('---')) return asked(name, bytes, ask)
  if (
    /^\s*(<!--[\s\S]*?-->|<\?xml[^>]*>|\s)*<(!doctype|html|head|body|script|meta|iframe|style|svg)[\s>]/i.test(
      text,
    )
  )
    refuse('网页和 SVG 图形里可以带程序，不收。请另存为 PDF 或 PNG 图片再选。')
  const kind = extensionOf(name) === 'txt' ? 'txt' : 'md'
  return { kind, pages: null, warnings: passText(text) }
}

function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0) || startsWith(bytes, '\u00ef\u00bb\u00bf')) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

async function asked(name: string, bytes: Uint8Array<ArrayBuffer>, ask: AskFacts): Promise<Facts> {
  try {
    return await ask(name, bytes)
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.code !== 'offline') refuse(error.message)
    return refuse('这种文件要由服务器检查、转换，现在连不上服务器。请联网后再选，或另存为 PDF。')
  }
}
