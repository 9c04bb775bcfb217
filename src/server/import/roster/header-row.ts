/** Finds the row of headings: often not the first, because a title in merged cells stands above it. */
import type { RosterProblem } from '../problems.ts'
import type { TableRow } from './read-tables.ts'
import { fieldNames, meaningOfHeading, type RosterField } from './vocabulary.ts'
import { columnLetters } from './xlsx-details.ts'

export interface HeaderRow {
  row: number
  /** Field → column from 0. */
  columns: Partial<Record<RosterField, number>>
  /** The cells as written, to recognise a heading row that is repeated on each printed page. */
  cells: string[]
  problems: RosterProblem[]
}

const searchedRows = 10
const required: readonly RosterField[] = ['staffNo', 'name']

/** How many headings a row holds; the caller takes the sheet and the row with the most. */
export function findHeaderRow(rows: readonly TableRow[]): { index: number; known: number } {
  let best = { index: -1, known: 0 }
  for (const [index, { cells }] of rows.slice(0, searchedRows).entries()) {
    const known = new Set(
      cells.map(meaningOfHeading).flatMap((meaning) => (meaning.type === 'field' ? [meaning.field] : [])),
    ).size
    if (known > best.known) best = { index, known }
  }
  return best
}

/** The columns of a heading row and what is wrong with it. */
export function readHeaderRow({ row, cells }: TableRow): HeaderRow {
  const columns: HeaderRow['columns'] = {}
  const problems: RosterProblem[] = []
  for (const [index, heading] of cells.entries()) {
    if (heading.trim() === '') continue
    const column = columnLetters(index)
    const at = { row, column, heading }
    const place = `第 ${row} 行 ${column} 列“${heading}”`
    const meaning = meaningOfHeading(heading)
    if (meaning.type === 'id-number') {
      problems.push({
        ...at,
        severity: 'refuse',
        message: `${place}是身份证号一类的证件号，本系统不收集。请删去这一列再导入。`,
      })
    } else if (meaning.type === 'ignored') {
      problems.push({ ...at, severity: 'notice', message: `${place}已略过：${meaning.reason}。` })
    } else if (meaning.type === 'unknown') {
      problems.push({ ...at, severity: 'notice', message: `${place}不是本系统使用的列，已略过。` })
    } else if (columns[meaning.field] !== undefined) {
      const first = columnLetters(columns[meaning.field] ?? 0)
      problems.push({
        ...at,
        severity: 'refuse',
        message: `${place}与 ${first} 列是同一项“${fieldNames[meaning.field]}”。请只留一列。`,
      })
    } else {
      columns[meaning.field] = index
    }
  }
  return { row, columns, cells, problems: [...problems, ...missingHeadings(row, cells, columns)] }
}

function missingHeadings(
  row: number,
  cells: readonly string[],
  columns: HeaderRow['columns'],
): RosterProblem[] {
  const found = cells.filter((cell) => cell.trim() !== '').join('、')
  const at = { row, column: null }
  return required
    .filter((field) => columns[field] === undefined)
    .map((field) => ({
      ...at,
      heading: fieldNames[field],
      severity: 'refuse' as const,
      message: `第 ${row} 行表头缺少“${fieldNames[field]}”。找到的列有：${found}。请补上这一列，或把列名改为“${fieldNames[field]}”。`,
    }))
}

/** Says that no heading row was found, and what stands in the first row that is not empty. */
export function noHeaderRow(rows: readonly TableRow[]): RosterProblem {
  const first = rows.find(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const found =
    first === undefined ? '' : `第 ${first.row} 行是：${first.cells.filter(Boolean).slice(0, 8).join('、')}。`
  return {
    row: first?.row ?? null,
    column: null,
    heading: null,
    severity: 'refuse',
    message: `前 ${searchedRows} 行里没有找到表头。${found}请在一行里写上列名，至少有“工号”和“姓名”。`,
  }
}
