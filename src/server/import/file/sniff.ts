/**
 * What a file really is. Names are claims, bytes are evidence: the kind comes from magic bytes, from the listing of
 * a zip, or from the fact that the bytes are text. Only among plain texts (md, txt, csv), which carry no mark of
 * their own, does the name choose.
 */
import { decodeText } from './text-encoding.ts'
import { checkZip } from './zip-limits.ts'

export type FileKind =
  | 'pdf'
  | 'docx'
  | 'xlsx'
  | 'md'
  | 'txt'
  | 'csv'
  | 'png'
  | 'jpeg'
  | 'ofd'
  | 'epub'
  | 'zip'
  | 'html'
  | 'svg'
  | 'unknown'

export interface SniffedFile {
  kind: FileKind
  mime: string
  agreesWithName: boolean
}

/** Old Office files and password-protected new ones share one container; its mime tells it from other unknowns. */
export const oleMime = 'application/x-ole-storage'

const mimes: Record<FileKind, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  md: 'text/markdown',
  txt: 'text/plain',
  csv: 'text/csv',
  png: 'image/png',
  jpeg: 'image/jpeg',
  ofd: 'application/ofd',
  epub: 'application/epub+zip',
  zip: 'application/zip',
  html: 'text/html',
  svg: 'image/svg+xml',
  unknown: 'application/octet-stream',
}

const extensions: Record<FileKind, readonly string[]> = {
  pdf: ['pdf'],
  docx: ['docx'],
  xlsx: ['xlsx'],
  md: ['md', 'markdown'],
  txt: ['txt'],
  csv: ['csv', 'tsv'],
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  ofd: ['ofd'],
  epub: ['epub'],
  zip: ['zip'],
  html: ['html', 'htm'],
  svg: ['svg'],
  unknown: [],
}

/**
 * The kind of a file by its bytes, its mime type, and whether the extension of `name` says the same.
 * Never throws; what can't be told is 'unknown' and agrees with no name.
 */
export function sniffFile(bytes: Uint8Array, name: string): SniffedFile {
  const extension = extensionOf(name)
  const kind = kindOf(bytes, extension)
  return {
    kind,
    mime: kind === 'unknown' && isOle(bytes) ? oleMime : mimes[kind],
    agreesWithName: extensions[kind].includes(extension),
  }
}

/** The extension of a path in lower case without the dot; '' when it has none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? ''
}

function kindOf(bytes: Uint8Array, extension: string): FileKind {
  if (bytes.byteLength === 0) return 'unknown'
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46, 0x2d])) return 'pdf'
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]))
    return zipKind(bytes)
  if (isOle(bytes)) return 'unknown'
  return textKind(bytes, extension)
}

function zipKind(bytes: Uint8Array): FileKind {
  const listing = checkZip(bytes)
  if (listing.type === 'refused') return 'zip'
  const names = new Set(listing.entries.map((entry) => entry.name))
  if (names.has('OFD.xml')) return 'ofd'
  if (firstEntryText(bytes).startsWith('mimetypeapplication/epub+zip')) return 'epub'
  if (names.has('[Content_Types].xml')) {
    if (names.has('word/document.xml')) return 'docx'
    if (names.has('xl/workbook.xml')) return 'xlsx'
  }
  return 'zip'
}

/** An EPUB's first entry is stored plainly, so that name and content stand side by side near the start. */
function firstEntryText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(30, 90))
}

function textKind(bytes: Uint8Array, extension: string): FileKind {
  const decoded = decodeText(bytes)
  if (decoded.type === 'refused' || hasControlCharacters(decoded.text)) return 'unknown'
  const start = decoded.text.slice(0, 4_096).replace(/^(\s|<!--[\s\S]*?-->|<\?xml[^>]*>)+/, '')
  if (/^(<!doctype svg|<svg[\s>])/i.test(start)) return 'svg'
  if (/^<(!doctype html|html|head|body|script|meta|iframe|table|style)[\s>]/i.test(start)) return 'html'
  if (extensions.md.includes(extension)) return 'md'
  if (extensions.csv.includes(extension)) return 'csv'
  return 'txt'
}

/** Tab, line feed, form feed and carriage return occur in texts; other control characters mean binary data. */
function hasControlCharacters(text: string): boolean {
  return /[^\P{Cc}\t\n\f\r\u0080-\u009f]/u.test(text)
}

function isOle(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
