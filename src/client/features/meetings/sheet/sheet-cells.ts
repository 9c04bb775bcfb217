/**
 * 签到表 as the cells of a spreadsheet: to be filled in at a desk and read back, or filled, for the file. The last column is not shown;
 * it says which sheet it is and who stands in each row.
 */
import { across, cell, headRows, type CellRow } from '../../../../shared/spreadsheet/cells.ts'
import { withHeights } from '../../../../shared/spreadsheet/row-heights.ts'
import { inFours } from '../../../ui/paper/in-fours.ts'
import { keyText, type AttendanceSheet, type SheetRow } from './attendance-sheet.ts'
import { MARKS_TO_WRITE } from './marks-on-paper.ts'

export const NAME = '姓名'
export const MARK = '考勤'
export const NOTE = '备注'
export const PERSON_ID = '编号（不要改）'
export const GUESTS = '列席'
/** For guests who come unannounced. */
const FREE_GUEST_ROWS = 5

interface Column {
  label: string
  width: number
  of: (row: SheetRow, at: number) => string
}
const FIRST: readonly Column[] = [
  { label: '序号', width: 6, of: (_, at) => String(at + 1) },
  { label: NAME, width: 14, of: ({ name }) => name },
  { label: '工号', width: 10, of: ({ staffNo }) => staffNo },
  {
    label: '党小组、职务',
    width: 24,
    of: ({ kind, belongs }) => [kind, belongs].filter(Boolean).join('、'),
  },
]
const COLUMNS: Record<'empty' | 'filled', readonly Column[]> = {
  empty: [
    ...FIRST,
    { label: '排班', width: 8, of: ({ away }) => away },
    { label: MARK, width: 16, of: () => '' },
    { label: NOTE, width: 30, of: () => '' },
  ],
  filled: [
    ...FIRST,
    { label: MARK, width: 16, of: ({ mark }) => mark },
    { label: '方式', width: 16, of: ({ how }) => how },
    { label: NOTE, width: 30, of: ({ note }) => note },
  ],
}

export interface SheetCells {
  data: CellRow[]
  /** Widths in characters. */
  columns: { width: number }[]
  /** From 0. */
  hiddenColumn: number
  stickyRowsCount: number
}

export function sheetCells(sheet: AttendanceSheet): SheetCells {
  const columns = COLUMNS[sheet.isFilled ? 'filled' : 'empty']
  const facts: [string, string][] = [
    ['会议', sheet.title],
    ...sheet.head,
    ['人数', sheet.sums.join('。')],
    ...(sheet.isFilled
      ? []
      : [['怎么填', `“${MARK}”一栏写：${MARKS_TO_WRITE}。空着的不记。`] as [string, string]]),
    [sheet.isFilled ? '核验码' : '表号', inFours(sheet.code)],
  ]
  const head = headRows(
    '签到表',
    facts,
    columns.map(({ label }) => label),
  )
  const ids = [keyText(sheet), ...facts.map(() => ''), PERSON_ID]
  const row = (values: readonly string[], id = ''): CellRow => [
    ...values.map((value) => cell(value, { borderStyle: 'thin' })),
    cell(id, { wrap: false }),
  ]
  const blank = columns.map(() => '')
  const guest = (name: string, at: number) =>
    row(columns.map(({ label }) => (label === NAME ? name : label === '序号' ? String(at + 1) : '')))
  const free = sheet.isFilled ? 0 : FREE_GUEST_ROWS
  const guests = [...sheet.guests, ...Array.from({ length: free }, () => '')]
  const widths = columns.map(({ width }) => ({ width }))
  const data = [
    ...head.map((cells, at) => [...cells, cell(ids[at] ?? '', { wrap: false })]),
    ...sheet.rows.map((person, at) =>
      row(
        columns.map(({ of }) => of(person, at)),
        person.personId,
      ),
    ),
    ...(guests.length === 0
      ? []
      : [
          [...across(cell(`${GUESTS}（不计入应到）`, { fontWeight: 'bold' }), blank.length), cell('')],
          ...guests.map(guest),
        ]),
  ]
  return {
    data: withHeights(data, widths),
    columns: [...widths, { width: 20 }],
    hiddenColumn: columns.length,
    stickyRowsCount: head.length,
  }
}
