/**
 * All of a PDF that a secrecy mark can stand in and that can be read without drawing it: the same on the desk's own device,
 * before anything is stored, and on the endpoint, before anybody else can read it. Of pdf.js only what is needed is named here.
 */
interface Page {
  getTextContent(): Promise<{ items: readonly object[] }>
  getAnnotations(): Promise<readonly object[]>
  cleanup(): unknown
}
export interface PdfDocument {
  numPages: number
  getPage(number: number): Promise<Page>
  getMetadata(): Promise<{ info: object; metadata?: { getRaw?(): unknown } | null }>
  getAttachments(): Promise<unknown>
}

export interface PdfText {
  pageCount: number
  /** From the document information; null when absent or blank. */
  title: string | null
  /** Text of the first pages, a line for each line of the page, pages separated by form feeds. */
  text: string
  /** Title, subject, keywords, author, own properties, remarks on pages, one in a line: to be passed through the gate too. */
  info: string
  /** False for a scan: its pages can't be checked by machine. */
  hasText: boolean
  /** Names of the files inside the PDF. */
  attachmentNames: string[]
}

/** Pages whose text is looked through; a mark stands on the first. */
export const GATE_PAGES = 30

export async function readPdfText(document: PdfDocument, textPages = GATE_PAGES): Promise<PdfText> {
  const pages: string[] = []
  const remarks: string[] = []
  for (let number = 1; number <= Math.min(textPages, document.numPages); number += 1) {
    const page = await document.getPage(number)
    pages.push(linesOf((await page.getTextContent()).items))
    // A remark that can't be read is no reason to refuse the page: its text is what counts.
    remarks.push(...(await page.getAnnotations().catch(() => [])).flatMap(stringsOfRemark))
    page.cleanup()
  }
  const { info, metadata } = await document.getMetadata()
  const raw = metadata?.getRaw?.()
  const text = pages.join('\f')
  return {
    pageCount: document.numPages,
    title: stringOf(info, 'Title') ?? null,
    text,
    info: [
      ...['Title', 'Subject', 'Keywords', 'Author'].map((key) => stringOf(info, key) ?? ''),
      ...stringsIn(valueOf(info, 'Custom')),
      // XMP: the same again, and what other programs add.
      ...(typeof raw === 'string' ? [raw.replaceAll(/<[^>]*>/g, '\n')] : []),
      ...remarks,
    ]
      .filter((part) => part.trim() !== '')
      .join('\n'),
    hasText: text.trim() !== '',
    attachmentNames: namesOf(await document.getAttachments()),
  }
}

/** A file that was cut off on its way lacks its end, and readers mend it by leaving pages out. ISO 32000: within the last 1,024 bytes. */
export function isCutPdf(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 5; at >= Math.max(0, bytes.length - 2048); at--)
    if (END.every((byte, offset) => bytes[at + offset] === byte)) return false
  return true
}
/** %%EOF */
const END = [0x25, 0x25, 0x45, 0x4f, 0x46]

const linesOf = (items: readonly object[]): string =>
  items.map((item) => `${stringOf(item, 'str', true) ?? ''}${valueOf(item, 'hasEOL') ? '\n' : ''}`).join('')

const valueOf = (of: unknown, key: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[key] : undefined

function stringOf(of: unknown, key: string, asItIs = false): string | undefined {
  const value = valueOf(of, key)
  if (typeof value !== 'string') return undefined
  return asItIs ? value : value.trim() || undefined
}

/** pdf.js gives own properties and attached files as a Map, older ones as an object. */
const entriesOf = (of: unknown): [string, unknown][] => {
  if (of instanceof Map) return [...(of as Map<string, unknown>)]
  return typeof of === 'object' && of !== null ? Object.entries(of) : []
}
const stringsIn = (of: unknown): string[] =>
  entriesOf(of).flatMap(([key, value]) => (typeof value === 'string' ? [`${key}：${value}`] : []))

/** A comment, a stamp's or a form field's text. */
const stringsOfRemark = (remark: object): string[] =>
  ['contentsObj', 'titleObj', 'richText'].flatMap((key) => stringOf(valueOf(remark, key), 'str') ?? [])

const namesOf = (attachments: unknown): string[] =>
  entriesOf(attachments).flatMap(([, attachment]) => stringOf(attachment, 'filename') ?? [])
