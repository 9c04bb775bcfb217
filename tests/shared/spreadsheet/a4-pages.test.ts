/** A spreadsheet that someone prints as it is: no column is torn off, and every page says what its columns are. */
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import writeWorkbook from 'write-excel-file/universal'
import { a4Pages } from '../../../src/shared/spreadsheet/a4-pages.ts'
import { readSpreadsheet } from '../../../src/client/features/meetings/spreadsheet/read-spreadsheet.ts'

const sheets = ["甲'乙", '说明'].map((sheet) => ({
  sheet,
  data: Array.from({ length: 3 }, () => Array.from({ length: 40 }, () => ({ value: '一格' }))),
  stickyRowsCount: 2,
}))
const partsOf = async (features: ReturnType<typeof a4Pages>[]) => {
  const book = await writeWorkbook(sheets, { features }).toBlob()
  const parts = unzipSync(new Uint8Array(await book.arrayBuffer()))
  return { book, text: (name: string) => strFromU8(parts[name]!) }
}

it('is A4 across, as wide as the page, with the rows that stay in view above each page', async () => {
  const { book, text } = await partsOf([a4Pages([{ columns: [], stickyRowsCount: 2 }, { columns: [] }])])
  for (const name of ['xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml']) {
    const sheet = text(name)
    // The format demands this order.
    const order = [
      '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
      '<sheetViews',
      '<sheetData',
      '<pageMargins',
      '<pageSetup ',
      '<headerFooter>',
    ]
    const places = order.map((part) => sheet.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
    expect(sheet.match(/<pageSetup /g)).toHaveLength(1)
    expect(sheet).toContain('<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter>')
    expect(sheet).toContain('paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"')
  }
  const names = /<definedNames>(.*)<\/definedNames>/.exec(text('xl/workbook.xml'))?.[1]
  expect(names).toBe(
    `<definedName name="_xlnm.Print_Titles" localSheetId="0">'甲&apos;&apos;乙'!$1:$2</definedName>`,
  )
  expect((await readSpreadsheet(book, '表')).type).not.toBe('refused')
})

it('too wide to be read on one page, it goes on page by page, with the names beside', async () => {
  const columns = Array.from({ length: 40 }, () => ({ width: 9 }))
  const { text } = await partsOf([a4Pages([{ columns, stickyRowsCount: 3, stickyColumnsCount: 2 }])])
  expect(text('xl/worksheets/sheet1.xml')).not.toContain('fitTo')
  expect(text('xl/workbook.xml')).toContain("!$A:$B,'甲&apos;&apos;乙'!$1:$3<")
})

it('a title over all columns is not cut off by the pages that hold some of them: each says it above the table', async () => {
  const columns = Array.from({ length: 40 }, () => ({ width: 9 }))
  const tab = { columns, stickyRowsCount: 3, stickyColumnsCount: 2, title: '甲&乙<支部> 2026 年出勤汇总' }
  const { book, text } = await partsOf([a4Pages([tab, { ...tab, columns: columns.slice(0, 9) }])])
  expect(text('xl/worksheets/sheet1.xml')).toContain(
    '<oddHeader>&amp;L甲&amp;&amp;乙&lt;支部&gt; 2026 年出勤汇总</oddHeader>',
  )
  expect(text('xl/worksheets/sheet2.xml')).not.toContain('oddHeader')
  expect(text('xl/workbook.xml')).toMatch(/乙'!\$2:\$3<.*说明'!\$1:\$3</)
  expect((await readSpreadsheet(book, '表')).type).not.toBe('refused')
})

it('without rows that stay, none are repeated', async () => {
  const { text } = await partsOf([a4Pages([])])
  expect(text('xl/workbook.xml')).not.toContain('Print_Titles')
})
