/** Which branches a document went to: the office looks at their sheets one by one, and takes them along. */
import type { Circulation } from '../../shared/circulation/circulation.ts'
import { circulationId } from '../../shared/circulation/circulation.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { mustBeOffice, parsed, type Question } from './question.ts'

/** A branch has one circulation of a document, and its id follows from both: nothing else is read. */
export const documentSheetsQuestion: Question = async ({ tx, actor, parameters }) => {
  mustBeOffice(actor)
  const documentId = parameters.documentId ?? ''
  const sheets = []
  for (const unit of parsed<Unit>(await tx.records({ types: ['unit'] }))) {
    const stored = await tx.record('circulation', circulationId(documentId, unit.id))
    if (stored === undefined || stored.deleted) continue
    const { title, documentNo, state } = JSON.parse(stored.fields) as Circulation
    sheets.push({
      circulationId: stored.id,
      unitName: unit.fields.name,
      title,
      documentNo,
      state: state ?? 'open',
    })
  }
  return { sheets: sheets.sort((a, b) => a.unitName.localeCompare(b.unitName, 'zh', { numeric: true })) }
}
