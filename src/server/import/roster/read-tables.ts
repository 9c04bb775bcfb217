/** Spreadsheets and CSV files to plain rows of text, with the row numbers that the person sees in Excel or WPS. */
import { parse } from 'csv-parse/sync'
import { refused, type Refusal } from '../problems.ts'
import { refusalForOldOffice } from '../docx-to-markdown.ts'
import { extensionOf, oleMime, sniffFile } from '../file/sniff.ts'
import { decodeText } from '../file/text-encoding.ts'
import { checkZip, repackZip, unpackZip } from '../file/zip-limits.ts'
import { columnLetters, readSheetDetails, type SheetDetails } from './xlsx-details.ts'

export interface TableRow {
  /** From 1, as the spreadsheet shows it. */
  row: number
  /** Text of each cell, '' when empty; dates as 'YYYY-MM-DD', numbers with the zeros that their format shows. */
  cells: string[]
  /** Columns (from 0) whose cell is a number without such a format: leading zeros may have been lost. */
  numericColumns: number[]
}

export interface Table {
  /** null for CSV. */
  sheetName: string | null
  rows: TableRow[]
}

/**
 * All sheets of an .xlsx file, or the one table of a .csv (comma, tab or semicolon; any encoding of decodeText).
 * The kind is told from the bytes. Refused with a sentence: empty, old .xls, password, damaged, not a table.
 */
export async function readTables(
  bytes: Uint8Array,
  name: string,
): Promise<{ type: 'tables'; tables: Table[] } | Refusal> {
  if (bytes.byteLength === 0) return refused('文件是空的。请检查是否复制完整。')
  const { kind, mime } = sniffFile(bytes, name)
  const extension = extensionOf(name)
  if (kind === 'xlsx')
    return extension === 'xlsx' ? readXlsx(bytes) : liesAboutItsType(extension, 'Excel 表格（.xlsx）')
  if (kind === 'csv' || kind === 'txt' || kind === 'md') {
    return ['csv', 'tsv', 'txt'].includes(extension)
      ? readCsv(bytes)
      : liesAboutItsType(extension, '文字表格（.csv）')
  }
  if (mime === oleMime) return refusalForOldOffice(bytes)
  if (kind === 'zip') {
    const checked = checkZip(bytes)
    if (checked.type === 'refused') return checked
  }
  if (kind === 'html') return refused('文件其实是网页表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。')
  return refused(`内容不是表格（认出的类型：${kind}）。请提供 .xlsx 或 .csv 文件。`)
}

function liesAboutItsType(extension: string, real: string): Refusal {
  return refused(
    `文件名以 .${extension} 结尾，内容却是${real}。请改正扩展名，或用 Excel 或 WPS 另存一份再导入。`,
  )
}

class NumberCell {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
}

async function readXlsx(bytes: Uint8Array): Promise<{ type: 'tables'; tables: Table[] } | Refusal> {
  const unpacked = unpackZip(bytes, (name) => !/^xl\/(media|drawings|charts|externalLinks)\//.test(name))
  if (unpacked.type === 'refused') return unpacked
  const details = readSheetDetails(unpacked.files)
  const { default: readWorkbook } = await import('read-excel-file/node')
  try {
    const sheets = await readWorkbook<NumberCell>(Buffer.from(repackZip(unpacked.files)), {
      parseNumber: (digits) => new NumberCell(digits),
    })
    return {
      type: 'tables',
      tables: sheets.map(({ sheet, data }) => sheetToTable(sheet, data, details.get(sheet))),
    }
  } catch (error) {
    if (error instanceof ReferenceError) throw error // something is missing on this machine, the file is not to blame
    return refused('表格已损坏，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。')
  }
}

type SheetCell = string | boolean | Date | NumberCell | null

function sheetToTable(
  sheetName: string,
  data: readonly (readonly unknown[])[],
  details: SheetDetails | undefined,
): Table {
  const rows = data.map((cells, index): TableRow => {
    const numericColumns: number[] = []
    const texts = cells.map((cell, column) => {
      const digits = details?.zeroDigits.get(`${columnLetters(column)}${index + 1}`)
      if (cell instanceof NumberCell && digits === undefined) numericColumns.push(column)
      return cellText(cell as SheetCell, digits)
    })
    return { row: index + 1, cells: texts, numericColumns }
  })
  for (const { column, from, to } of details?.mergedDown ?? []) {
    const text = rows[from - 1]?.cells[column] ?? ''
    for (const target of rows.slice(from, to)) target.cells[column] = text
  }
  return { sheetName, rows }
}

function cellText(cell: SheetCell, zeroDigits: number | undefined): string {
  if (cell === null) return ''
  if (cell instanceof NumberCell)
    return /^\d+$/.test(cell.digits) ? cell.digits.padStart(zeroDigits ?? 0, '0') : cell.digits
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  if (typeof cell === 'boolean') return cell ? '是' : '否'
  return cell.trim()
}

function readCsv(bytes: Uint8Array): { type: 'tables'; tables: Table[] } | Refusal {
  const decoded = decodeText(bytes)
  if (decoded.type === 'refused') return decoded
  try {
    const records = parse(decoded.text, {
      bom: true,
      delimiter: delimiterOf(decoded.text),
      relax_column_count: true,
      skip_empty_lines: false,
      relax_quotes: true,
    })
    const rows = records.map((cells, index) => ({
      row: index + 1,
      cells: cells.map(plainCsvCell),
      numericColumns: [],
    }))
    return { type: 'tables', tables: [{ sheetName: null, rows }] }
  } catch (error) {
    if (!(error instanceof Error) || !('lines' in error)) throw error
    return refused(
      `CSV 第 ${String(error.lines)} 行附近的引号没有成对，无法读取。请补全引号，或另存为 .xlsx 后再导入。`,
    )
  }
}

/** Excel writes ="00123" or '00123 to keep zeros. */
function plainCsvCell(text: string): string {
  const trimmed = text.trim()
  return (/^="(.*)"$/.exec(trimmed)?.[1] ?? trimmed).replace(/^'(?=\d)/, '')
}

function delimiterOf(text: string): string {
  const start = text.split(/\r?\n/, 20).join('\n')
  const counts = [',', '\t', ';', '，', '|'].map((delimiter) => ({
    delimiter,
    count: start.split(delimiter).length - 1,
  }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter
}
