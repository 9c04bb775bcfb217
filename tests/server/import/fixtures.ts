/** Files for the importer's tests, made in memory: nothing here is read from disk. */
import {
  Document,
  HeadingLevel,
  Header,
  ImageRun,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx'
import { zipSync } from 'fflate'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import writeWorkbook from 'write-excel-file/node'

export const utf8 = (text: string) => new TextEncoder().encode(text)

/** “工号,姓名\n001,张三” in GB18030: Node can only decode it, so the bytes stand here. */
export const gbRoster = Uint8Array.from([
  0xb9, 0xa4, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x30, 0x30, 0x31, 0x2c, 0xd5, 0xc5, 0xc8, 0xfd,
])

export function utf16le(text: string): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]))
}

export const onePixelPng = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
)

export interface DocxParts {
  paragraphs?: string[]
  heading?: string
  header?: string
  table?: string[][]
  title?: string
  image?: boolean
}

export async function makeDocx({
  paragraphs = [],
  heading,
  header,
  table,
  title,
  image,
}: DocxParts): Promise<Uint8Array> {
  const document = new Document({
    ...(title === undefined ? {} : { title }),
    sections: [
      {
        headers: header === undefined ? {} : { default: new Header({ children: [new Paragraph(header)] }) },
        children: [
          ...(heading === undefined
            ? []
            : [new Paragraph({ text: heading, heading: HeadingLevel.HEADING_1 })]),
          ...paragraphs.map((text) => new Paragraph({ children: [new TextRun(text)] })),
          ...(table === undefined ? [] : [makeTable(table)]),
          ...(image === true ? [makeImage()] : []),
        ],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(document))
}

function makeTable(rows: string[][]): Table {
  return new Table({
    rows: rows.map(
      (cells) =>
        new TableRow({ children: cells.map((text) => new TableCell({ children: [new Paragraph(text)] })) }),
    ),
  })
}

function makeImage(): Paragraph {
  return new Paragraph({
    children: [new ImageRun({ type: 'png', data: onePixelPng, transformation: { width: 10, height: 10 } })],
  })
}

/** A minimal Word file whose body XML the test writes itself, for what a well-behaved library does not write. */
export function rawDocx(body: string, more: Record<string, string> = {}): Uint8Array {
  const types =
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
  const rels =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
  const document = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>${body}</w:body></w:document>`
  return makeZip({
    '[Content_Types].xml': types,
    '_rels/.rels': rels,
    'word/document.xml': document,
    ...more,
  })
}

export function makeZip(files: Record<string, string | Uint8Array>): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === 'string' ? utf8(content) : content,
      ]),
    ),
  )
}

export async function makePdf(
  options: { title?: string; lines?: string[]; pages?: number } = {},
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  if (options.title !== undefined) pdf.setTitle(options.title)
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (let page = 0; page < (options.pages ?? 1); page += 1) {
    const target = pdf.addPage()
    for (const [index, line] of (options.lines ?? []).entries())
      target.drawText(line, { x: 50, y: 700 - index * 20, font, size: 12 })
  }
  return pdf.save()
}

type Cell =
  string | number | null | { value: string | number; format?: string; rowSpan?: number; columnSpan?: number }

export async function makeXlsx(sheets: Record<string, Cell[][]>): Promise<Uint8Array> {
  const data = Object.entries(sheets).map(([sheet, rows]) => ({ sheet, data: rows }))
  return new Uint8Array(await writeWorkbook(data as Parameters<typeof writeWorkbook>[0]).toBuffer())
}

/** The start of an old Office container, with the name of one stream in it. */
export function oleFile(stream: string): Uint8Array {
  const magic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
  return new Uint8Array(
    Buffer.concat([Buffer.from(magic), Buffer.alloc(504), Buffer.from(stream, 'utf16le'), Buffer.alloc(64)]),
  )
}
