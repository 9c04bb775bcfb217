/**
 * A bureau's roster (.xlsx, .csv) to people. Guarantee: a person is either read completely or named in a problem with
 * row and column; no row is dropped in silence, and no number loses a zero that the spreadsheet shows.
 */
import { refused, type Refusal, type RosterProblem } from './problems.ts'
import { findHeaderRow, noHeaderRow, readHeaderRow, type HeaderRow } from './roster/header-row.ts'
import { readTables, type TableRow } from './roster/read-tables.ts'
import {
  branchWord,
  plainText,
  readPerson,
  reportAt,
  type RosterOptions,
  type RosterPerson,
  type RowReader,
} from './roster/read-person.ts'
import { fieldNames, plainWord, type RosterField } from './roster/vocabulary.ts'

export type { RosterOptions, RosterPerson } from './roster/read-person.ts'
export type { PartyStatus, RosterField, RosterRole } from './roster/vocabulary.ts'

export interface RosterSheet {
  type: 'sheet'
  /** null for CSV. */
  sheetName: string | null
  rows: TableRow[]
  /** What was decided on the way, for example which of several sheets was taken. */
  notices: RosterProblem[]
}

export interface ParsedRoster {
  people: RosterPerson[]
  /** The fields that have a column: the others are unknown, not empty, and must not overwrite what is stored. */
  columns: RosterField[]
  /** In order of rows; when one is 'refuse', nothing of the roster may be stored. */
  problems: RosterProblem[]
}

/** Rows of the first sheet that has the headings. Refused: see readTables; also a file without any filled cell. */
export async function readRosterFile(bytes: Uint8Array, name: string): Promise<RosterSheet | Refusal> {
  const read = await readTables(bytes, name)
  if (read.type === 'refused') return read
  const filled = read.tables.filter(({ rows }) =>
    rows.some(({ cells }) => cells.some((cell) => cell.trim() !== '')),
  )
  const [first] = filled
  if (first === undefined) return refused('表格里没有内容。请检查是否选错了文件，或是否已保存。')
  const chosen = filled.find(({ rows }) => findHeaderRow(rows).known >= 2) ?? first
  const notices: RosterProblem[] = []
  if (read.tables.length > 1) {
    const others = read.tables
      .filter((table) => table !== chosen)
      .map(({ sheetName }) => `“${sheetName ?? ''}”`)
    const message = `文件有 ${read.tables.length} 张工作表，读取的是“${chosen.sheetName ?? ''}”；没有读取 ${others.join('、')}。`
    notices.push({ row: null, column: null, heading: null, severity: 'notice', message })
  }
  return { type: 'sheet', sheetName: chosen.sheetName, rows: chosen.rows, notices }
}

/** People and problems of a sheet; never throws for bad content. */
export function parseRoster(
  sheet: Pick<RosterSheet, 'rows'> & Partial<RosterSheet>,
  options: RosterOptions,
): ParsedRoster {
  const { index, known } = findHeaderRow(sheet.rows)
  const headerRow = sheet.rows[index]
  if (known === 0 || headerRow === undefined) {
    return { people: [], columns: [], problems: [...(sheet.notices ?? []), noHeaderRow(sheet.rows)] }
  }
  const header = readHeaderRow(headerRow)
  const columns = Object.keys(header.columns) as RosterField[]
  const problems = [...(sheet.notices ?? []), ...header.problems]
  if (header.columns.staffNo === undefined || header.columns.name === undefined)
    return { people: [], columns, problems }
  const reader: RowReader = {
    header,
    options,
    problems,
    zeroPadded: zeroPaddedLength(sheet.rows.slice(index + 1), header),
  }
  const read: RosterPerson[] = []
  for (const row of sheet.rows.slice(index + 1)) {
    if (isBlank(row) || isRepeatedHeader(row, header)) continue
    const person = isFooter(row, header, problems) ? null : readPerson(row, reader)
    if (person !== null) read.push(person)
  }
  const people = withoutDuplicates(read, header, problems)
  if (read.length === 0 && !problems.some(({ severity }) => severity === 'refuse')) {
    const message = `第 ${header.row} 行是表头，下面没有人员。请检查是否已保存。`
    problems.push({ row: header.row, column: null, heading: null, severity: 'refuse', message })
  }
  problems.push(...similarBranches(people))
  return { people, columns, problems: problems.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0)) }
}

/** One number, one person: the same row twice is counted once, two different rows are refused, both named. */
function withoutDuplicates(
  people: RosterPerson[],
  header: HeaderRow,
  problems: RosterProblem[],
): RosterPerson[] {
  const firstByNo = new Map<string, RosterPerson>()
  for (const person of people) {
    const key = person.staffNo.toUpperCase()
    const first = firstByNo.get(key)
    if (first === undefined) firstByNo.set(key, person)
    else if (JSON.stringify({ ...first, row: 0 }) === JSON.stringify({ ...person, row: 0 })) {
      reportAt(
        { header, problems },
        person.row,
        'staffNo',
        'notice',
        `“${person.staffNo}”与第 ${first.row} 行完全相同，只算一次`,
      )
    } else {
      const who =
        first.name === person.name ? `都是${person.name}，内容不同` : `分别是${first.name}、${person.name}`
      reportAt(
        { header, problems },
        person.row,
        'staffNo',
        'refuse',
        `“${person.staffNo}”与第 ${first.row} 行重复（${who}）。请核对，一个工号只能有一行`,
      )
    }
  }
  return [...firstByNo.values()]
}

/** 窗口一支部 and 窗口一党支部 would become two branches. */
function similarBranches(people: RosterPerson[]): RosterProblem[] {
  const first = new Map<string, RosterPerson>()
  const told = new Set<string>()
  return people.flatMap((person): RosterProblem[] => {
    if (person.branch === null) return []
    const other = first.get(branchWord(person.branch))
    if (other === undefined) first.set(branchWord(person.branch), person)
    if (other === undefined || other.branch === person.branch || told.has(person.branch)) return []
    told.add(person.branch)
    const message = `第 ${person.row} 行的支部“${person.branch}”与第 ${other.row} 行的“${other.branch ?? ''}”只差几个字，会成为两个支部。如是同一个请统一名称。`
    return [{ row: person.row, column: null, heading: fieldNames.branch, severity: 'warn', message }]
  })
}

const isBlank = ({ cells }: TableRow) => cells.every((cell) => cell.trim() === '')

/** Each printed page may repeat the headings; a heading merged over two rows reads as two. */
function isRepeatedHeader({ cells }: TableRow, header: HeaderRow): boolean {
  const { staffNo = -1, name = -1 } = header.columns
  return (
    plainWord(cells[staffNo] ?? '') === plainWord(header.cells[staffNo] ?? '') &&
    plainWord(cells[name] ?? '') === plainWord(header.cells[name] ?? '')
  )
}

/** 合计, 制表人, 备注 … below the people. */
function isFooter({ row, cells }: TableRow, header: HeaderRow, problems: RosterProblem[]): boolean {
  const first = cells.find((cell) => cell.trim() !== '') ?? ''
  const filled = cells.filter((cell) => cell.trim() !== '').length
  if (filled > 3 || !/^(合计|总计|共计|小计|备注|说明|注[:：]|制表|填表|审核|统计)/.test(plainWord(first)))
    return false
  const message = `第 ${row} 行“${first}”是表尾说明，已略过。`
  problems.push({ row, column: null, heading: header.cells[0] ?? null, severity: 'notice', message })
  return true
}

function zeroPaddedLength(rows: readonly TableRow[], header: HeaderRow): number | null {
  const numbers = rows
    .map(({ cells }) => plainText(cells[header.columns.staffNo ?? -1] ?? ''))
    .filter((text) => /^0\d+$/.test(text))
  return numbers.length === 0 ? null : Math.max(...numbers.map((text) => text.length))
}
