/** An official text on A4, after GB/T 9704: red head, number, centred title, 28 signs to the line, 22 lines to the page. */
import { breakLines, emsOf } from './line-breaks.ts'
import type { OfficialBlock, OfficialText } from './official-text.ts'
import { A4, centred, makePdf, type PdfLine, type PdfPage } from './pdf.ts'

const BODY_PT = 16
const LEADING_PT = 28.9
const LEFT = 79.4
const MEASURE_EMS = 27.5
const TOP = A4.height - 116
const BOTTOM = 104
const TITLE_PT = 22
const TITLE_MEASURE_EMS = 18
const HEAD_PT = 34

interface Cursor {
  pages: PdfPage[]
  y: number
}

function place(cursor: Cursor, line: Omit<PdfLine, 'y'>, advancePt = LEADING_PT): void {
  if (cursor.y < BOTTOM || cursor.pages.length === 0) {
    cursor.pages.push({ lines: [], rules: [] })
    cursor.y = TOP
  }
  cursor.pages.at(-1)?.lines.push({ ...line, y: cursor.y })
  cursor.y -= advancePt
}

export function officialPdf(text: OfficialText): Uint8Array {
  const cursor: Cursor = { pages: [], y: 0 }
  placeHead(cursor, text)
  for (const block of text.blocks) placeBlock(cursor, block)
  cursor.y -= LEADING_PT
  for (const line of [text.issuer, text.date]) {
    const x = LEFT + (MEASURE_EMS - 4 - emsOf(line)) * BODY_PT
    place(cursor, { text: line, x, sizePt: BODY_PT })
  }
  for (const [index, page] of cursor.pages.entries()) {
    const number = `— ${index + 1} —`
    // Odd pages outside right, even pages outside left.
    const x = index % 2 === 0 ? LEFT + (MEASURE_EMS - 1 - emsOf(number)) * BODY_PT : LEFT + BODY_PT
    page.lines.push({ text: number, x, y: 68, sizePt: 14 })
  }
  return makePdf(text.title, cursor.pages)
}

function placeHead(cursor: Cursor, { title, number, issuer }: OfficialText): void {
  const head = `${issuer}文件`
  place(
    cursor,
    { text: head, x: centred(head, HEAD_PT), sizePt: HEAD_PT, color: 'red', bold: true },
    LEADING_PT * 1.8,
  )
  place(cursor, { text: number, x: centred(number, BODY_PT), sizePt: BODY_PT }, LEADING_PT * 0.6)
  cursor.pages[0]?.rules.push({ y: cursor.y, from: LEFT, to: A4.width - LEFT, widthPt: 1.4 })
  cursor.y -= LEADING_PT * 1.8
  for (const line of titleLines(title)) {
    place(cursor, { text: line, x: centred(line, TITLE_PT), sizePt: TITLE_PT, bold: true }, LEADING_PT * 1.2)
  }
  cursor.y -= LEADING_PT * 0.6
}

/** Lines of about the same length: a title of two lines never ends in one lonely word. */
function titleLines(title: string): string[] {
  const ems = emsOf(title)
  const lines = Math.ceil(ems / TITLE_MEASURE_EMS)
  return breakLines(title, Math.ceil(ems / lines))
}

function placeBlock(cursor: Cursor, { kind, text }: OfficialBlock): void {
  const indentEms = kind === 'to' ? 0 : 2
  for (const [index, line] of breakLines(text, MEASURE_EMS, indentEms).entries()) {
    const x = LEFT + (index === 0 ? indentEms : 0) * BODY_PT
    place(cursor, { text: line, x, sizePt: BODY_PT, bold: kind === 'heading' })
  }
}
