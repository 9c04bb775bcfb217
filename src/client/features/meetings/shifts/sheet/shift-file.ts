/** The sheet as a file of Excel or WPS, made and read on the phone: with no network too. Loaded when it is asked for. */
import readWorkbook from 'read-excel-file/universal'
import writeWorkbook from 'write-excel-file/universal'
import { unpackedBytes } from './unpacked-bytes.ts'

/** A month of 150 people is some 30 kB; what is larger is no roster. */
const MOST_BYTES = 2_000_000
const MOST_UNPACKED = 20_000_000
const NAME_WIDTH = 14
const DAY_WIDTH = 4

export async function writeShiftFile(rows: readonly (readonly string[])[]): Promise<Blob> {
  const width = Math.max(...rows.map((row) => row.length))
  const data = rows.map((row, at) =>
    Array.from({ length: width }, (_, column) => ({
      value: row[column] ?? '',
      // Staff numbers keep their zeros, days are no dates.
      type: String,
      ...(at <= 2 ? { fontWeight: 'bold' as const } : {}),
      ...(column > 1 && at > 0 ? { align: 'center' as const } : {}),
    })),
  )
  const columns = Array.from({ length: width }, (_, at) => ({ width: at < 2 ? NAME_WIDTH : DAY_WIDTH }))
  return await writeWorkbook(data, { columns, stickyRowsCount: 3, stickyColumnsCount: 2 }).toBlob()
}

export type ShiftFile =
  { type: 'rows'; rows: readonly (readonly unknown[])[] } | { type: 'refused'; sentence: string }

/** The first table of the file. Whatever the file holds, it is told in a sentence. */
export async function readShiftFile(file: Blob): Promise<ShiftFile> {
  const refused = (sentence: string): ShiftFile => ({ type: 'refused', sentence })
  if (file.size === 0) return refused('文件是空的。请检查是否复制完整。')
  if (file.size > MOST_BYTES) return refused('文件超过 2 MB，不像一份排班表。请只留一张表再试。')
  const bytes = await file.arrayBuffer()
  const unpacked = unpackedBytes(new Uint8Array(bytes))
  if (unpacked === null) return refused('不是 .xlsx 表格。请用 Excel 或 WPS 另存为 .xlsx。')
  if (unpacked > MOST_UNPACKED) return refused('表格展开后太大，没有打开。请只留一张表再试。')
  try {
    const [first] = await readWorkbook(bytes)
    return { type: 'rows', rows: first?.data ?? [] }
  } catch (error) {
    if (error instanceof ReferenceError) throw error // something is missing in this browser, the file is not to blame
    return refused('表格已损坏或加了密码，无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx。')
  }
}
