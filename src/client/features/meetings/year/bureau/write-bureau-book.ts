/** The bureau's year as a spreadsheet: of the figures that stand on the page. Loaded when it is asked for. */
import writeWorkbook from 'write-excel-file/universal'
import { bureauBook } from '../../../../../shared/meetings/year/book/bureau-book.ts'
import { a4Pages } from '../../../../../shared/spreadsheet/a4-pages.ts'
import type { BureauYear } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'

export async function writeBureauBook(answer: BureauYear, madeBy: string): Promise<Blob> {
  const data = bureauBook(answer, madeBy)
  return await writeWorkbook(data, { features: [a4Pages(data)] }).toBlob()
}
