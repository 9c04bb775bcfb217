/** The sheet of an exported circulation: the same as of the records that it was made of. */
import type { Bundle } from '../bundle/bundle.ts'
import { sheetOf } from '../sheet.ts'
import type { SheetOf } from './sheet-table.ts'

export const sheetOfBundle = (bundle: Bundle): SheetOf => ({
  circulation: bundle.circulation.fields,
  sheet: sheetOf(bundle),
  unitName: bundle.unit.name,
  receivedAt: new Map(bundle.countersignatures.map(({ fields }) => [fields.signOffId, fields.receivedAt])),
})
