/** A chosen table: as Excel and WPS write it, and what is none refused with a sentence. */
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { readSpreadsheet } from '../../../../../src/client/features/meetings/spreadsheet/read-spreadsheet.ts'
import { zipContents } from '../../../../../src/client/features/meetings/spreadsheet/zip-contents.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The parts of a workbook as programs write them: without what no reader needs. */
export function workbookFile(
  rows: string,
  parts: { shared?: string; more?: Record<string, Uint8Array> } = {},
) {
  const sharedRel = `<Relationship Id="rId3" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/>`
  const files: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${RELS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="签到表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${RELS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/>${parts.shared === undefined ? '' : sharedRel}</Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
    ...(parts.shared === undefined
      ? {}
      : { 'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${parts.shared}</sst>` }),
  }
  const packed = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))
  return zipSync({ ...packed, ...parts.more })
}
const read = (bytes: Uint8Array) => readSpreadsheet(new Blob([bytes as Uint8Array<ArrayBuffer>]), '签到表')
const inline = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`

it('texts written inside the cells, as some versions of WPS do', async () => {
  const rows = `<row r="1">${inline('A1', '姓名')}${inline('C1', '考勤')}</row><row r="2">${inline('A2', '王芳')}${inline('C2', '到会')}</row>`
  expect(await read(workbookFile(rows))).toEqual({
    type: 'rows',
    rows: [
      ['姓名', null, '考勤'],
      ['王芳', null, '到会'],
    ],
  })
})
it('shared texts, also those in several pieces of another look', async () => {
  const shared =
    '<si><t>姓名</t></si><si><r><t>到</t></r><r><rPr><b/></rPr><t>会</t></r><rPh sb="0" eb="1"><t>dao</t></rPh></si>'
  const rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
  expect(await read(workbookFile(rows, { shared }))).toEqual({ type: 'rows', rows: [['姓名', '到会']] })
})
it('a number stays one, a date is a date, and an error in a cell does not stop the rest', async () => {
  const rows = `<row r="1"><c r="A1"><v>1005</v></c><c r="B1" s="1"><v>46349</v></c><c r="C1" t="e"><v>#REF!</v></c>${inline('D1', '王芳')}</row>`
  const answer = await read(workbookFile(rows))
  expect(answer.type).toBe('rows')
  if (answer.type !== 'rows') return
  const [number, date, , name] = answer.rows[0]!
  expect([number, date instanceof Date, name]).toEqual([1005, true, '王芳'])
})

it.each([
  ['nothing', new Uint8Array(0), '文件是空的'],
  ['text', strToU8('姓名,工号,1\n李明,1001,早\n'), '不是 .xlsx 表格'],
  [
    'an old .xls, or one with a password',
    new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(600)]),
    '不是 .xlsx 表格',
  ],
  ['a zip that is no workbook', zipSync({ 'a.txt': strToU8('甲') }), '表格已损坏或加了密码'],
  ['a workbook cut in the middle', workbookFile('<row r="1"/>').slice(0, 700), '不是 .xlsx 表格'],
  ['a workbook whose sheet is no XML', workbookFile('<row r="1"><c r="A1"'), '表格已损坏'],
  ['macros', workbookFile('', { more: { 'xl/vbaProject.bin': new Uint8Array(9) } }), '表格里带宏'],
  ['a zip bomb', zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(21_000_000) }), '展开后太大'],
  ['too large a file', new Uint8Array(2_000_001), '文件超过 2 MB，不像一份签到表'],
])('%s is refused with a sentence', async (_, bytes, sentence) => {
  expect(await read(bytes)).toMatchObject({ type: 'refused', sentence: expect.stringContaining(sentence) })
})

it('a zip is told by its directory', () => {
  expect(zipContents(zipSync({ a: new Uint8Array(1000), 'b/王': new Uint8Array(24) }))).toEqual({
    names: ['a', 'b/王'],
    unpackedBytes: 1024,
  })
  expect(zipContents(new Uint8Array(10))).toBeNull()
  expect(zipContents(new Uint8Array(100))).toBeNull()
})
