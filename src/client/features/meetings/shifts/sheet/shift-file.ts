/** The sheet as a file of Excel or WPS, made on the phone: with no network too. Loaded when it is asked for. */
import writeWorkbook from 'write-excel-file/universal'
import { a4Pages } from '../../../../../shared/spreadsheet/a4-pages.ts'

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
  const options = { columns, stickyRowsCount: 3, stickyColumnsCount: 2 }
  return await writeWorkbook(data, options, { features: [a4Pages([options])] }).toBlob()
}
