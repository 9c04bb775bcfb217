/** Who takes circulations and meetings out of the endpoint, and what, is written down before anything leaves. */
import { civilDate } from '../../shared/civil-time.ts'
import type { Circulation } from '../../shared/circulation/circulation.ts'
import type { CirculationExport } from '../../shared/circulation/export/circulation-export.ts'
import { putRecord, type PutResult } from '../commands/put-record.ts'
import type { RecordStore, WriteTx } from '../store/record-store.ts'

export interface NotedExport extends Pick<CirculationExport, 'kind' | 'year'> {
  withOriginals?: boolean
  documentNo?: string
  title?: string
  unitName?: string
  circulations?: number
  exportedBy: { personId: string; name: string }
  now: number
}

/** Of what a note about sheets says. */
export const headOf = ({ documentNo, title, dispatchedAt }: Circulation) => ({
  documentNo,
  title,
  year: civilDate(dispatchedAt).slice(0, 4),
})

export const noteExport = (store: RecordStore, noted: NotedExport): Promise<PutResult> =>
  store.write([], (tx) => putExportNote(tx, noted))

export const putExportNote = (tx: WriteTx, noted: NotedExport): Promise<PutResult> => {
  const { exportedBy, now, withOriginals = false, ...what } = noted
  const fields = { ...what, withOriginals, exportedBy: exportedBy.personId, name: exportedBy.name, at: now }
  return putRecord(tx, {
    type: 'circulation-export',
    id: crypto.randomUUID(),
    fields,
    author: exportedBy.personId,
    now,
  })
}
