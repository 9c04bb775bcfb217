/** 传阅单 as a spreadsheet, made on the phone: with no network too. Loaded when it is asked for. */
import writeWorkbook from 'write-excel-file/universal'
import type { SheetOf } from '../../../../shared/circulation/export/sheet-table.ts'
import { a4Pages } from '../../../../shared/spreadsheet/a4-pages.ts'
import { sheetWorkbook } from '../../../../shared/circulation/export/sheet-workbook.ts'

export async function writeSheet(of: SheetOf): Promise<Blob> {
  const { data, options, tab, images } = sheetWorkbook(of)
  const pictures = images.map((image) => ({ ...image, content: new Blob([image.content]) }))
  const about = { ...options, images: pictures }
  return await writeWorkbook(data, about, { features: [a4Pages([tab])] }).toBlob()
}
