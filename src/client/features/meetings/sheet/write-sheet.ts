/** 签到表 as a file of Excel or WPS, made on the phone: with no network too. Loaded when it is asked for. */
import writeWorkbook, { type Feature } from 'write-excel-file/universal'
import type { AttendanceSheet } from './attendance-sheet.ts'
import { a4Pages } from '../../../../shared/spreadsheet/a4-pages.ts'
import { sheetCells } from './sheet-cells.ts'

/** @param at from 0 */
const hideColumn = (at: number): Feature<Blob> => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transformElementAttributes: (tag, attributes) =>
          tag === 'col' && attributes['min'] === at + 1 ? { ...attributes, hidden: 1 } : attributes,
      },
    },
  },
})

export async function writeSheet(sheet: AttendanceSheet): Promise<Blob> {
  const { data, columns, hiddenColumn, stickyRowsCount } = sheetCells(sheet)
  const options = { sheet: '签到表', columns, stickyRowsCount }
  const features = [hideColumn(hiddenColumn), a4Pages([options])]
  return await writeWorkbook(data, options, { features }).toBlob()
}
