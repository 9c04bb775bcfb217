/**
 * 传阅单 as the cells of a spreadsheet. Guarantee: everything is text, so that no name or opinion is ever taken for a formula.
 * The library that writes it differs between browser and endpoint, so it is theirs to call.
 */
import { SHEET_COLUMNS, sheetLines, workbookHead, type SheetOf } from './sheet-table.ts'
import { signaturePng, type PackRows } from './signature-png.ts'

interface Cell {
  value: string
  type: StringConstructor
  fontWeight?: 'bold'
  fontSize?: number
  align?: 'left' | 'center'
  alignVertical: 'center'
  wrap: boolean
  columnSpan?: number
  height?: number
  borderStyle?: 'thin'
  backgroundColor?: string
}
type Row = (Cell | null)[]

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
  data: Row[]
  options: { sheet: string; columns: { width: number }[]; orientation: 'landscape'; stickyRowsCount: number }
  images: WorkbookImage[]
}

const SIGNATURE_COLUMN = SHEET_COLUMNS.findIndex(({ label }) => label === '签名')
/** Twice as fine as it is shown. */
const PICTURE = { width: 320, height: 88 }
const DPI = 192
const PICTURE_ROW_POINTS = 40
/** More than this in one cell and a spreadsheet program cuts it off or refuses the file. */
const MOST_IN_CELL = 32_000

const cell = (value: string, part: Partial<Cell> = {}): Cell => ({
  value: value.slice(0, MOST_IN_CELL),
  type: String,
  alignVertical: 'center',
  wrap: true,
  ...part,
})

const across = (from: Cell, columns: number): Row => [
  { ...from, columnSpan: columns },
  ...Array.from({ length: columns - 1 }, () => null),
]

/** @param pack for the pictures, where the platform has a faster way than storing them */
export function sheetWorkbook(of: SheetOf, pack?: PackRows): Workbook {
  const wide = SHEET_COLUMNS.length
  const head = workbookHead(of).map(([label, value]): Row => [
    ...across(cell(label, { fontWeight: 'bold' }), 2),
    ...across(cell(value), wide - 2),
  ])
  const title = cell('文件传阅单', { fontWeight: 'bold', fontSize: 18, align: 'center', height: 32 })
  const columns = SHEET_COLUMNS.map(({ label }) =>
    cell(label, { fontWeight: 'bold', borderStyle: 'thin', backgroundColor: '#f3efe8' }),
  )
  const data: Row[] = [across(title, wide), ...head, columns]
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
  return {
    data,
    options: { sheet: '传阅单', columns: widths, orientation: 'landscape', stickyRowsCount: head.length + 2 },
    images,
  }
}
