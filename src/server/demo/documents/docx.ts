/** A small Word file of an official text: paragraphs, headings and a title, nothing else. The same text gives the same bytes. */
import { strToU8, zipSync } from 'fflate'
import type { OfficialText } from './official-text.ts'

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function paragraph(text: string, properties: string): string {
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`
}

/** Two characters of indent, as on paper. */
const BODY = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
const style = (id: string) => `<w:pStyle w:val="${id}"/>`
const align = (side: 'center' | 'right') => `<w:jc w:val="${side}"/>`

function documentXml({ title, number, blocks, issuer, date }: OfficialText): string {
  const lines = [
    paragraph(title, style('Heading1') + align('center')),
    paragraph(number, align('center')),
    ...blocks.map(({ kind, text }) =>
      paragraph(text, kind === 'heading' ? style('Heading2') : kind === 'to' ? '' : BODY),
    ),
    paragraph(issuer, align('right')),
    paragraph(date, align('right')),
  ]
  // A4 with the margins of GB/T 9704, in twentieths of a point.
  const page =
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
  return `${HEAD}<w:document xmlns:w="${W}"><w:body>${lines.join('')}${page}</w:body></w:document>`
}

function headingStyle(id: string, name: string, level: number, halfPoints: number): string {
  return `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="${level}"/></w:pPr><w:rPr><w:b/><w:sz w:val="${halfPoints}"/></w:rPr></w:style>`
}

const STYLES = `${HEAD}<w:styles xmlns:w="${W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="FangSong" w:hAnsi="FangSong" w:eastAsia="仿宋"/><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>${headingStyle('Heading1', 'heading 1', 0, 44)}${headingStyle('Heading2', 'heading 2', 1, 32)}</w:styles>`

const TYPES = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const ROOT_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const DOCUMENT_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>`

const coreXml = (title: string) =>
  `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escapeXml(title)}</dc:title></cp:coreProperties>`

export function makeDocx(text: OfficialText): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': TYPES,
    '_rels/.rels': ROOT_RELATIONS,
    'word/document.xml': documentXml(text),
    'word/styles.xml': STYLES,
    'word/_rels/document.xml.rels': DOCUMENT_RELATIONS,
    'docProps/core.xml': coreXml(text.title),
  }
  const files = Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)]))
  // Zip keeps local time without a zone: a fixed local date is the same bytes everywhere.
  return zipSync(files, { mtime: new Date(2026, 0, 1), level: 6 })
}
