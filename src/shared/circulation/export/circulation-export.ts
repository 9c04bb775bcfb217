/**
 * That somebody took a year's circulations out of the endpoint: who, when, which year. Written by the endpoint before the first byte
 * leaves, with its entry in the ledger; the office's own desk reads it.
 */
import * as v from 'valibot'
import { Id, Millis, RequiredText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { deskScope, ROOT_UNIT_ID } from '../../sync/scopes.ts'

export const circulationExport = defineRecord({
  type: 'circulation-export',
  schemaVersion: 1,
  schema: v.object({
    year: v.pipe(v.string(), v.regex(/^\d{4}$/)),
    withOriginals: v.boolean(),
    /** A person, or `operator` at the endpoint's own command line. */
    exportedBy: Id,
    name: RequiredText,
    at: Millis,
  }),
  indexes: [],
  scopeOf: () => deskScope(ROOT_UNIT_ID),
  canWrite: () => 'forbidden',
  conflict: 'fact',
  keepOnPhone: 12,
  retention: 'as the archive rules of the bureau say',
  label: (f) => `导出留痕 · ${f.year} 年传阅`,
})
export type CirculationExport = FieldsOf<typeof circulationExport>
