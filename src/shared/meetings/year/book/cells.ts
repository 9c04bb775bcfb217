/**
 * The cells of a spreadsheet. Guarantee: what somebody wrote is text, whatever it begins with, and never a formula; figures are
 * numbers, and days are days. The library that writes it differs between browser and endpoint, so it is theirs to call.
 */
import { withHeights } from '../../../spreadsheet/row-heights.ts'

export interface Cell {
  value: string | number | Date
  type: StringConstructor | NumberConstructor | DateConstructor
  format?: string
  fontWeight?: 'bold'
  fontSize?: number
  align?: 'center' | 'right'
  alignVertical: 'center'
  wrap?: boolean
  columnSpan?: number
  borderStyle?: 'thin'
  backgroundColor?: string
  height?: number
}
export type Row = (Cell | null)[]

export interface Sheet {
  sheet: string
  data: Row[]
  columns: { width: number }[]
  orientation?: 'landscape'
  stickyRowsCount?: number
  stickyColumnsCount?: number
  /** What its first row says, where its pages cut that off. */
  title?: string
}

/** More than this in one cell and a spreadsheet program cuts it off or refuses the file. */
const MOST_IN_CELL = 32_000
const CHINA_OFFSET_MS = 8 * 3_600_000
const RULED = { alignVertical: 'center', borderStyle: 'thin' } as const

export const text = (value: string): Cell => ({
  value: value.slice(0, MOST_IN_CELL),
  type: String,
  wrap: true,
  ...RULED,
})

export const count = (value: number): Cell => ({ value, type: Number, align: 'right', ...RULED })

/** A part of the whole as percent; — where there is no whole. */
export const part = (of: number, whole: number): Cell =>
  whole === 0
    ? { ...text('—'), align: 'right' }
    : { value: of / whole, type: Number, format: '0.0%', align: 'right', ...RULED }

/** A civil date. A spreadsheet knows no zones: it reads the UTC day. */
export const day = (date: string): Cell => ({
  value: new Date(`${date}T00:00:00.000Z`),
  type: Date,
  format: 'yyyy-mm-dd',
  ...RULED,
})

/** An instant (UTC ms), as the hall's wall clock showed it. */
export const moment = (ms: number): Cell => ({
  value: new Date(ms + CHINA_OFFSET_MS),
  type: Date,
  format: 'yyyy-mm-dd hh:mm',
  ...RULED,
})

export const label = (value: string): Cell => ({
  ...text(value),
  fontWeight: 'bold',
  backgroundColor: '#f3efe8',
})

export const title = (value: string): Cell => ({
  ...text(value),
  wrap: false,
  fontWeight: 'bold',
  fontSize: 16,
  height: 30,
})

/** With room for every line of what wraps. */
export const fitted = (sheet: Sheet): Sheet => ({ ...sheet, data: withHeights(sheet.data, sheet.columns) })

export const across = (cell: Cell, columns: number): Row => [
  { ...cell, columnSpan: columns },
  ...Array.from({ length: columns - 1 }, () => null),
]
