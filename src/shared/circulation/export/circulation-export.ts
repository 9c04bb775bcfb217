/**
 * That somebody took circulations or a meeting out of the endpoint: who, when, what. Written by the endpoint before the first byte leaves, with
 * its entry in the ledger; the office's own desk reads it. Decided 2026-11-22: what an officer prints or saves as a table from the
 * phone's own copy is not noted. It works with no network, shows no more than lies on that phone by right, and a picture of the
 * screen would leave no note either: such a trail would promise a completeness that it cannot have. The file for checking, sealed
 * by the endpoint, is noted whoever asks for it. The same holds of meetings: 签到表 and 会议记录 are made of what lies on the phone. Looking at a sheet is not taking it along, and leaves no note.
 */
import * as v from 'valibot'
import { Count, Id, Millis, RequiredText, ShortText } from '../../fields.ts'
import { defineRecord, type FieldsOf } from '../../sync/define-record.ts'
import { deskScope, ROOT_UNIT_ID } from '../../sync/scopes.ts'

/** Everything whose leaving is noted; another kind of export is one more line. */
export const EXPORT_WORDS = {
  year: '一年的传阅',
  file: '核对文件',
  /** At the desk of the office. */
  print: '打印传阅单',
  table: '传阅单表格',
  /** The file for checking of one meeting. */
  meeting: '会议核对文件',
} as const
export type ExportKind = keyof typeof EXPORT_WORDS
const EXPORT_KINDS = Object.keys(EXPORT_WORDS) as [ExportKind, ...ExportKind[]]

export const circulationExport = defineRecord({
  type: 'circulation-export',
  schemaVersion: 1,
  schema: v.object({
    year: v.pipe(v.string(), v.regex(/^\d{4}$/)),
    withOriginals: v.boolean(),
    kind: v.optional(v.picklist(EXPORT_KINDS), 'year'),
    /** Of one document; empty for a year, whose `year` is then that of the dispatch. */
    documentNo: v.optional(ShortText, ''),
    /** Of the document or the meeting. */
    title: v.optional(ShortText, ''),
    /** Of one branch; empty for several. */
    unitName: v.optional(ShortText, ''),
    /** How many sheets; 0 for a year, which is not counted before it is made, and for a meeting. */
    circulations: v.optional(Count, 0),
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
  label: (f) => `导出留痕 · ${f.kind === 'year' ? `${f.year} 年传阅` : f.title}`,
})
export type CirculationExport = FieldsOf<typeof circulationExport>
