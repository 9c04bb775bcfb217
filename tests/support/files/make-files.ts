/** Files as offices have them, and as nobody should, made in memory. */
import { crc32, deflateSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { PDFDict, PDFDocument, PDFHexString, PDFName, StandardFonts } from 'pdf-lib'

export const utf8 = (text: string) => new TextEncoder().encode(text)
export const half = (bytes: Uint8Array) => bytes.slice(0, Math.floor(bytes.length / 2))

export const zipOf = (files: Record<string, string | Uint8Array>, level: 0 | 6 = 6): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === 'string' ? utf8(content) : content,
      ]),
    ),
    { level },
  )

interface PdfParts {
  /** An own property of the document information. */
  property?: string
  /** XMP, as other programs write it beside the document information. */
  xmp?: string
  /** A comment on the page. */
  remark?: string
}
export async function pdfOf(
  lines: readonly string[],
  title = '',
  { property, xmp, remark }: PdfParts = {},
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  if (property !== undefined) {
    pdf.setProducer('x')
    const info = pdf.context.lookup(pdf.context.trailerInfo.Info, PDFDict)
    info.set(PDFName.of('Level'), PDFHexString.fromText(property))
  }
  if (xmp !== undefined) {
    const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:o="http://example.com/o/"><o:level>${xmp}</o:level></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
    const stream = pdf.context.stream(utf8(packet), { Type: 'Metadata', Subtype: 'XML' })
    pdf.catalog.set(PDFName.of('Metadata'), pdf.context.register(stream))
  }
  if (title !== '') pdf.setTitle(title)
  const page = pdf.addPage()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  lines.forEach((line, at) => page.drawText(line, { x: 50, y: 700 - at * 20, font, size: 12 }))
  if (remark !== undefined) {
    const note = pdf.context.obj({
      Type: 'Annot',
      Subtype: 'Text',
      Rect: [10, 10, 30, 30],
      Contents: PDFHexString.fromText(remark),
    })
    page.node.addAnnot(pdf.context.register(note))
  }
  return pdf.save()
}

/** Encrypted with a user password: the entries are nonsense, which no reader finds out without the password. */
export const encryptedPdf = utf8(
  `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -44/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>>>endobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF\n`,
)

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
/** @param parts further parts of the package: headers, comments, properties */
export const docxOf = (paragraph: string, parts: Record<string, string | Uint8Array> = {}): Uint8Array =>
  zipOf({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document ${WORD}><w:body><w:p><w:r><w:t>${paragraph}</w:t></w:r></w:p></w:body></w:document>`,
    ...parts,
  })
/** A part of a Word file with one paragraph: word/header1.xml, word/comments.xml. */
export const wordPart = (root: string, text: string): string =>
  `<w:${root} ${WORD}><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:${root}>`

const OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
/** @param change other texts of its parts, and further parts */
export const ofdOf = (
  lines: readonly string[],
  { info = '', resource = 'Res/font.ttf', pagePlace = 'Pages/Page_0/Content.xml' } = {},
  parts: Record<string, string | Uint8Array> = {},
): Uint8Array =>
  zipOf({
    'OFD.xml': `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD ${OFD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>${info}</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
    'Doc_0/Document.xml': `<ofd:Document ${OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="${pagePlace}"/></ofd:Pages></ofd:Document>`,
    'Doc_0/PublicRes.xml': `<ofd:Res ${OFD} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体"><ofd:FontFile>${resource}</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>`,
    'Doc_0/Pages/Page_0/Content.xml': `<ofd:Page ${OFD}><ofd:Content><ofd:Layer ID="3">${lines
      .map((line, at) =>
        // A text object for each character, as some printers of OFD write.
        [...line]
          .map(
            (char, x) =>
              `<ofd:TextObject ID="${10 + at * 100 + x}" Boundary="${20 + x * 5} ${20 + at * 10} 5 6"><ofd:TextCode X="0" Y="5">${char}</ofd:TextCode></ofd:TextObject>`,
          )
          .join(''),
      )
      .join('')}</ofd:Layer></ofd:Content></ofd:Page>`,
    ...parts,
  })

function chunk(kind: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(content.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
/** @param claimed the size that the header says; the picture's own by default */
export function pngOf(width: number, height: number, claimed = { width, height }): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(claimed.width, 0)
  header.writeUInt32BE(claimed.height, 4)
  header.set([8, 0], 8)
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.from([0, ...Array.from({ length: width }, (_, x) => (x * 3 + y * 5) % 256)]),
    ),
  )
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', new Uint8Array()),
    ]),
  )
}

/** The segments of a JPEG without a picture's data that could be drawn; a preview with an end mark of its own stands first. */
export function jpegOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const segment = (marker: number, content: readonly number[]) => [
    0xff,
    marker,
    (content.length + 2) >> 8,
    (content.length + 2) & 0xff,
    ...content,
  ]
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe1, [0xff, 0xd8, 0xff, 0xd9]),
    ...segment(0xc0, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...Array.from({ length: 200 }, () => 0x55),
    0xff,
    0xd9,
  ])
}

/** The start of an old Office container, with the name of one stream in it. */
export const oleOf = (stream: string): Uint8Array =>
  new Uint8Array(
    Buffer.concat([
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      Buffer.alloc(504),
      Buffer.from(stream, 'utf16le'),
      Buffer.alloc(64),
    ]),
  )
