/** Who takes a year out is written down before anything leaves. */
import { putRecord, type PutResult } from '../../commands/put-record.ts'
import type { RecordStore } from '../../store/record-store.ts'

export interface NotedExport {
  year: string
  withOriginals: boolean
  exportedBy: { personId: string; name: string }
  now: number
}

export async function noteExport(
  store: RecordStore,
  { year, withOriginals, exportedBy, now }: NotedExport,
): Promise<PutResult> {
  const { personId, name } = exportedBy
  return await store.write([], (tx) =>
    putRecord(tx, {
      type: 'circulation-export',
      id: crypto.randomUUID(),
      fields: { year, withOriginals, exportedBy: personId, name, at: now },
      author: personId,
      now,
    }),
  )
}
