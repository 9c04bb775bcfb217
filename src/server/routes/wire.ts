/** A stored record as it goes over the wire. Fields are copied as text, not parsed and written again. */
import type { StoredRecord } from '../store/record-store.ts'

export function recordToWire(r: StoredRecord, scope: string): string {
  const history = r.history === null ? '' : `,"history":${r.history}`
  return (
    `{"type":${JSON.stringify(r.type)},"id":${JSON.stringify(r.id)},"scope":${JSON.stringify(scope)},"rev":${r.rev},` +
    `"schemaVersion":${r.schemaVersion},"deleted":${r.deleted},"fields":${r.deleted ? '{}' : r.fields},` +
    `"author":${JSON.stringify(r.author)},"observedAt":${r.observedAt},"receivedAt":${r.receivedAt}${history}}`
  )
}
