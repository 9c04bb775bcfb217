/** 传阅单 as the cells of a spreadsheet. */
import { cell, headRows, type CellRow } from '../../spreadsheet/cells.ts'
import type { Tab } from '../../spreadsheet/a4-pages.ts'
import { withHeights } from '../../spreadsheet/row-heights.ts'
import { SHEET_COLUMNS, sheetLines, workbookHead, type SheetOf } from './sheet-table.ts'
import { signaturePng, type PackRows } from './signature-png.ts'

export interface WorkbookImage {
  content: Uint8Array<ArrayBuffer>
  contentType: 'image/png'
  width: number
  height: number
  dpi: number
  anchor: { row: number; column: number }
  offsetX: number
  offsetY: number
  title: string
  description: string
}

export interface Workbook {
  data: CellRow[]
  options: { sheet: string; columns: { width: number }[]; stickyRowsCount: number }
  /** For paper. */
  tab: Tab
  images: WorkbookImage[]
}

const SIGNATURE_COLUMN = SHEET_COLUMNS.findIndex(({ label }) => label === '签名')
/** Twice as fine as it is shown. */
const PICTURE = { width: 320, height: 88 }
const DPI = 192
const PICTURE_ROW_POINTS = 40
/** @param pack for the pictures, where the platform has a faster way than storing them */
export function sheetWorkbook(of: SheetOf, pack?: PackRows): Workbook {
  const columns = SHEET_COLUMNS.map(({ label }) => label)
  const data = headRows('文件传阅单', workbookHead(of), columns)
  const headed = data.length
  const images: WorkbookImage[] = []
  for (const { cells, signature, name } of sheetLines(of)) {
    const picture = signature?.kind === 'drawn' ? signaturePng(signature, PICTURE, pack) : null
    const height = picture === null ? {} : { height: PICTURE_ROW_POINTS }
    data.push(cells.map((value) => cell(value, { borderStyle: 'thin', ...height })))
    if (picture === null) {
      if (signature?.kind === 'drawn') data.at(-1)![SIGNATURE_COLUMN]!.value = '手写，见打印件'
      continue
    }
    images.push({
      content: picture.png,
      contentType: 'image/png',
      width: picture.width,
      height: picture.height,
      dpi: DPI,
      anchor: { row: data.length, column: SIGNATURE_COLUMN + 1 },
      offsetX: 4,
      offsetY: 3,
      title: `${name}的手写签名`,
      description: `${name}的手写签名`,
    })
  }
  const widths = SHEET_COLUMNS.map(({ width }) => ({ width }))
  const { documentNo, title } = of.circulation
  const above = [documentNo, title, `核验码 ${of.sheet.code}`].filter((part) => part !== '').join('　')
  const options = { sheet: '传阅单', columns: widths, stickyRowsCount: headed }
  const tab = { ...options, title: above, isHeadLong: true }
  return { data: withHeights(data, widths), options, tab, images }
}
