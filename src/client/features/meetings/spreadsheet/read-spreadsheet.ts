/**
 * A chosen table of Excel or WPS, read on the phone: with no network too. Loaded when it is asked for. Whatever the file holds, it
 * is told in a sentence.
 */
import readWorkbook from 'read-excel-file/universal'
import { zipContents } from './zip-contents.ts'

/** A table of 300 people is some 60 kB; what is larger is something else. */
const MOST_BYTES = 2_000_000
const MOST_UNPACKED = 20_000_000
const MACROS = /(^|\/)vba(Project|Data)\.(bin|xml)$/iu

export type SpreadsheetRows = readonly (readonly unknown[])[]
export type ReadSpreadsheet = { type: 'rows'; rows: SpreadsheetRows } | { type: 'refused'; sentence: string }

const SAVE_AS = '请用 Excel 或 WPS 打开后另存为 .xlsx。'

/**
 * The first table of the file.
 * @param what it should be: 排班表, 签到表
 */
export async function readSpreadsheet(file: Blob, what: string): Promise<ReadSpreadsheet> {
  const refused = (sentence: string): ReadSpreadsheet => ({ type: 'refused', sentence })
  if (file.size === 0) return refused('文件是空的。请检查是否复制完整。')
  if (file.size > MOST_BYTES) return refused(`文件超过 2 MB，不像一份${what}。请只留一张表再试。`)
  const bytes = await file.arrayBuffer()
  const contents = zipContents(new Uint8Array(bytes))
  if (contents === null) return refused('不是 .xlsx 表格。请用 Excel 或 WPS 另存为 .xlsx。')
  if (contents.unpackedBytes > MOST_UNPACKED) return refused('表格展开后太大，没有打开。请只留一张表再试。')
  if (contents.names.some((name) => MACROS.test(name)))
    return refused(`表格里带宏，为安全起见没有打开。${SAVE_AS}`)
  try {
    const [first] = await readWorkbook(bytes)
    return { type: 'rows', rows: first?.data ?? [] }
  } catch (error) {
    if (error instanceof ReferenceError) throw error // something is missing in this browser, the file is not to blame
    return refused(`表格已损坏或加了密码，无法读取。${SAVE_AS}`)
  }
}
