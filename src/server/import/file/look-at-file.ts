/**
 * The gate for the bytes of a file: what they are, what a person should know of them, and whether they may come in. A file is never
 * trusted by the type or the name it has, and nothing is stored here.
 */
import type { FileFacts } from '../../../shared/circulation/intake/file-facts.ts'
import { refusedText, UNREADABLE, warningsInText } from '../../../shared/circulation/intake/gate.ts'
import { GATE_PAGES } from '../../../shared/circulation/intake/pdf-text.ts'
import { pictureTrouble, readPicture } from '../../../shared/circulation/intake/picture.ts'
import { secrecyMarkIn } from '../../../shared/circulation/intake/secrecy-marks.ts'
import type { ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { docxToMarkdown, refusalForOldOffice } from '../docx-to-markdown.ts'
import { readMarkdown } from '../markdown.ts'
import { readOfdFacts } from './ofd-facts.ts'
import { readPdfFacts } from './pdf-facts.ts'
import { oleMime, sniffFile, type FileKind } from './sniff.ts'
import { decodeText } from './text-encoding.ts'
import { checkZip } from './zip-limits.ts'

export interface FileRefusal {
  type: 'refused'
  code: ErrorCode
  message: string
}
/** What can be circulated and shown; null: something else, that is kept as it is. */
export type LookedAt = { type: 'facts'; kind: FileKind; facts: FileFacts | null }

export const refusal = (code: ErrorCode, message: string): FileRefusal => ({ type: 'refused', code, message })
const unusable = (message: string) => refusal('file-refused', message)

interface Found {
  facts: Omit<FileFacts, 'warnings'>
  /** All that a mark could stand in. */
  text: string
  warnings: string[]
}

/** @param name chooses only among plain texts; '' where it is not known */
export async function lookAtFile(bytes: Uint8Array, name: string): Promise<LookedAt | FileRefusal> {
  const { kind, mime } = sniffFile(bytes, name)
  if (mime === oleMime) return unusable(refusalForOldOffice(bytes).message)
  if (kind === 'html' || kind === 'svg')
    return refusal('file-mislabelled', '网页和 SVG 图形里可以带程序，不收。请另存为 PDF 或 PNG 图片再选。')
  const found = await (READERS[kind]?.(bytes, kind) ?? null)
  if (found === null) return { type: 'facts', kind, facts: null }
  if ('type' in found) return found
  const mark = refusedText(found.text)
  if (mark !== undefined) return refusal('secrecy-mark', mark)
  const warnings = [...warningsInText(found.text), ...found.warnings]
  return { type: 'facts', kind, facts: { ...found.facts, warnings } }
}

type Reader = (bytes: Uint8Array, kind: FileKind) => Promise<Found | FileRefusal | null>

async function readPlain(bytes: Uint8Array, kind: FileKind): Promise<Found | FileRefusal> {
  const decoded = decodeText(bytes)
  if (decoded.type === 'refused') return unusable(decoded.message)
  // Phones take text as UTF-8, and a table of fields at the beginning is not for reading.
  const isPlain = decoded.encoding === 'utf-8' && !decoded.text.startsWith('---')
  const markdown = isPlain ? null : readMarkdown(decoded.text).body
  return {
    facts: { kind: kind === 'md' ? 'md' : 'txt', pages: null, markdown },
    text: decoded.text,
    warnings: [],
  }
}

async function readImage(bytes: Uint8Array): Promise<Found | FileRefusal> {
  const picture = readPicture(bytes) ?? 'damaged'
  const trouble = pictureTrouble(picture)
  if (trouble !== undefined || picture === 'damaged') return unusable(trouble ?? '')
  return {
    facts: { kind: picture.kind, pages: null, markdown: null },
    text: '',
    warnings: [UNREADABLE.picture],
  }
}

const READERS: Partial<Record<FileKind, Reader>> = {
  async pdf(bytes) {
    const read = await readPdfFacts(bytes, GATE_PAGES)
    return read.type === 'refused' ? unusable(read.message) : ofPages('pdf', read)
  },
  async ofd(bytes) {
    const read = readOfdFacts(bytes)
    return read.type === 'refused' ? unusable(read.message) : ofPages('ofd', read)
  },
  async docx(bytes) {
    const read = await docxToMarkdown(bytes)
    if (read.type === 'refused') return unusable(read.message)
    const marked = refusedName('标题', [read.title])
    if (marked !== undefined) return marked
    const markdown = withoutPictures(readMarkdown(read.markdown).body)
    return { facts: { kind: 'docx', pages: null, markdown }, text: read.gateText, warnings: [] }
  },
  png: readImage,
  jpeg: readImage,
  md: readPlain,
  txt: readPlain,
  csv: readPlain,
  /** An archive that breaks off or holds too much looks like no office file, and is told for what is wrong with it. */
  async zip(bytes) {
    const checked = checkZip(bytes)
    return checked.type === 'refused' ? unusable(checked.message) : null
  },
}

interface Pages {
  pageCount: number
  title: string | null
  text: string
  info: string
  hasText: boolean
  attachmentNames: readonly string[]
}

function ofPages(kind: 'pdf' | 'ofd', read: Pages): Found | FileRefusal {
  const inside = read.attachmentNames.length
  return (
    refusedName('标题', [read.title]) ??
    refusedName('附件名', read.attachmentNames) ?? {
      facts: { kind, pages: read.pageCount, markdown: null },
      text: `${read.text}\n${read.info}`,
      warnings: [
        ...(read.hasText ? [] : [UNREADABLE.scan]),
        ...(inside > 0 ? [UNREADABLE.inside(inside)] : []),
      ],
    }
  )
}

/** Titles and names are judged as names are: any of the words counts that is not part of a plain one. */
function refusedName(what: string, names: readonly (string | null)[]): FileRefusal | undefined {
  const mark = names.map((name) => secrecyMarkIn(name ?? '')).find((found) => found?.level === 'refuse')
  if (mark == null) return undefined
  return refusal(
    'secrecy-mark',
    `文件里的${what}带有“${mark.mark}”，没有收下。涉密文件一律走线下渠道，不得上传。`,
  )
}

/** The reading text of a Word file has no pictures of its own; where one stands is said. */
export const withoutPictures = (markdown: string): string =>
  markdown.replaceAll(/!\[[^\]]*\]\(blob:(\d+)\)/g, (_all, n: string) => `（图 ${Number(n) + 1}，见原件）`)
