/** The office prints sheets at its desk or saves them as tables: noted before they are handed over, once however often it is sent. */
import * as v from 'valibot'
import { Id } from '../../../shared/fields.ts'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { isOffice } from '../../../shared/org/actor.ts'
import type { Unit } from '../../../shared/org/unit.ts'
import { headOf, putExportNote } from '../../office/note-export.ts'
import { Refusal } from '../../problem.ts'
import { defineCommand } from '../define-command.ts'

export const noteSheets = defineCommand({
  name: 'note-circulation-sheets',
  schema: v.object({
    /** Of one document. */
    circulationIds: v.pipe(v.array(Id), v.minLength(1), v.maxLength(500)),
    kind: v.picklist(['print', 'table']),
  }),
  run: async ({ tx, actor, now, moved }, { circulationIds, kind }) => {
    if (!isOffice(actor)) throw new Refusal('forbidden')
    const found: Circulation[] = []
    for (const id of new Set(circulationIds)) {
      const stored = await tx.record('circulation', id)
      if (stored === undefined || stored.deleted) throw new Refusal('not-found')
      found.push(JSON.parse(stored.fields) as Circulation)
    }
    const [first, ...others] = found
    if (others.some(({ documentId }) => documentId !== first!.documentId))
      throw new Refusal('bad-request', { field: 'circulationIds' })
    const unit = others.length > 0 ? undefined : await tx.record('unit', first!.unitId)
    const { scope } = await putExportNote(tx, {
      kind,
      ...headOf(first!),
      unitName: unit === undefined ? '' : (JSON.parse(unit.fields) as Unit).name,
      circulations: found.length,
      exportedBy: {
        personId: actor.personId,
        name: (await tx.account({ personId: actor.personId }))?.name ?? '',
      },
      now,
    })
    moved.add(scope)
    return { noted: found.length }
  },
})
