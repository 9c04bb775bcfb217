/**
 * The words of a file from this phone's copy, for comparing: of Markdown, of a text made from DOCX, of a PDF that has a text
 * layer. What it says in pictures cannot be compared.
 */
import type { RevisionFile } from '../../../../shared/circulation/document/document.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readingOf } from '../reader/file-kind.ts'

/** Longer ones take a slow phone more than a moment, and are rarely read side by side. */
const MOST_PAGES = 60

export type TextAnswer =
  | { type: 'text'; text: string }
  /** Not on this phone. */
  | { type: 'missing'; sha256: string }
  | { type: 'none'; sentence: string }

const none = (sentence: string): TextAnswer => ({ type: 'none', sentence })

/** @param which of the files it is, as the reader knows it: 第 1 版, 第 2 版附件 1 */
export async function textOfFile(phone: Phone, of: RevisionFile, which: string): Promise<TextAnswer> {
  const reading = readingOf(of)
  if (reading.type !== 'markdown' && reading.type !== 'pdf')
    return none(`${which}的文件没有可以对照的文字，请看本版说明和全文。`)
  const file = await phone.blobs.get(reading.sha256)
  if (file === undefined) return { type: 'missing', sha256: reading.sha256 }
  if (reading.type === 'markdown') return { type: 'text', text: await file.text() }
  if ((of.pages ?? 0) > MOST_PAGES)
    return none(`${which}有 ${of.pages} 页，超过 ${MOST_PAGES} 页的 PDF 不逐段对照，请看本版说明和全文。`)
  const { openPdf } = await import('../reader/open-pdf.ts')
  const { document, close } = await openPdf(await file.arrayBuffer())
  try {
    const lines: string[] = []
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      lines.push(...items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')), '\n')
      page.cleanup()
    }
    const text = linesToParagraphs(lines.join(''))
    return text === ''
      ? none(`${which}是扫描件，没有可以对照的文字，请看本版说明和全文。`)
      : { type: 'text', text }
  } finally {
    await close()
  }
}

/**
 * A PDF knows lines, not paragraphs. A line goes on in the next one unless it ends a sentence or the next begins a numbered
 * part; otherwise one word more at the top of a page would show every line after it as changed.
 */
export function linesToParagraphs(text: string): string {
  const paragraphs: string[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || /^[-—\s]*\d+[-—\s]*$/.test(line)) continue
    const last = paragraphs.at(-1)
    const begins =
      /^(?:第[一二三四五六七八九十百零\d]+[章条]|[（(]?[一二三四五六七八九十\d]+[）)、.．])/.test(line)
    if (last === undefined || begins || /[。\uFF01？：；]$/.test(last)) paragraphs.push(line)
    else paragraphs[paragraphs.length - 1] = last + line
  }
  return paragraphs.join('\n')
}
