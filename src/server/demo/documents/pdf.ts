/**
 * A small PDF 1.4 of lines of text on A4 pages. Guarantee: a valid file with a right cross-reference table, whose text can be
 * copied and searched; the same pages give the same bytes.
 *
 * Nothing is embedded: the font is the standard STSong-Light of the Adobe-GB1 collection, which readers bring or replace.
 */
import { emsOf } from './line-breaks.ts'

/** Points, from the lower left corner of the page. */
export interface PdfLine {
  text: string
  x: number
  y: number
  sizePt: number
  color?: 'black' | 'red'
  /** Drawn with an outline, because the one standard font has no bold face. */
  bold?: boolean
}
export interface PdfRule {
  y: number
  from: number
  to: number
  widthPt: number
}
export interface PdfPage {
  lines: PdfLine[]
  rules: PdfRule[]
}

export const A4 = { width: 595.28, height: 841.89 } as const

const RED = '0.66 0.15 0.12'
const round = (points: number) => String(Math.round(points * 100) / 100)

/** UCS-2, big endian, as UniGB-UCS2-H reads it. */
function hexOf(text: string): string {
  return [...text].map((sign) => sign.charCodeAt(0).toString(16).padStart(4, '0')).join('')
}

function drawLine({ text, x, y, sizePt, color = 'black', bold = false }: PdfLine): string {
  const ink = color === 'red' ? `${RED} rg ${RED} RG` : '0 g 0 G'
  const face = bold ? `2 Tr ${round(sizePt / 45)} w` : '0 Tr'
  return `BT ${ink} ${face} /F1 ${sizePt} Tf 1 0 0 1 ${round(x)} ${round(y)} Tm <${hexOf(text)}> Tj ET`
}

function drawRule({ y, from, to, widthPt }: PdfRule): string {
  return `${RED} RG ${widthPt} w ${round(from)} ${round(y)} m ${round(to)} ${round(y)} l S`
}

const FONT_OBJECTS = [
  '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
  // CIDs 1 to 95 are the Latin letters: half as wide, as line-breaks.ts counts them.
  '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>',
  '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
]
const FIRST_PAGE_OBJECT = 6

/** @param title for the document information */
export function makePdf(title: string, pages: readonly PdfPage[]): Uint8Array {
  const pageObject = (index: number) => FIRST_PAGE_OBJECT + index * 2
  const infoObject = pageObject(pages.length)
  const kids = pages.map((_, index) => `${pageObject(index)} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    ...FONT_OBJECTS,
    ...pages.flatMap((page, index) => {
      const content = [...page.rules.map(drawRule), ...page.lines.map(drawLine)].join('\n')
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${A4.width} ${A4.height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${pageObject(index) + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
    `<< /Title <feff${hexOf(title)}> >>`,
  ]
  return new TextEncoder().encode(fileOf(objects, infoObject))
}

/** All of it is ASCII, so that places in the text are places in the file. */
function fileOf(objects: readonly string[], infoObject: number): string {
  let file = '%PDF-1.4\n'
  const places = objects.map((body, index) => {
    const place = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return place
  })
  const size = objects.length + 1
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R /Info ${infoObject} 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
}

/** The x at which a line of text stands in the middle of the page. */
export const centred = (text: string, sizePt: number): number => (A4.width - emsOf(text) * sizePt) / 2
