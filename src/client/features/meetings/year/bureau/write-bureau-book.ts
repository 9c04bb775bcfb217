/** The bureau's year as a spreadsheet: of the figures that stand on the page. Loaded when it is asked for. */
import writeWorkbook from 'write-excel-file/universal'
import { bureauBook } from '../../../../../shared/meetings/year/book/bureau-book.ts'
import type { BureauYear } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'

export const writeBureauBook = (answer: BureauYear, madeBy: string): Promise<Blob> =>
  writeWorkbook(bureauBook(answer, madeBy)).toBlob()
