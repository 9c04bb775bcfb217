/**
 * Quarantine: records of a type or schema that this version of the app does not know. They are kept for three reasons: the
 * cursor has moved past them and they would not come again; an older app must not strip what a newer one wrote; after the
 * update they are there at once, with no network.
 */
import { parseFields } from '../../../shared/sync/define-record.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { entriesOf, refreshRow } from '../outbox/entries.ts'
import { upgradedRow } from '../outbox/overlay.ts'

/** At start: takes back what this version can read. @returns how many */
export async function readmitQuarantined(db: PhoneDb, personId: string): Promise<number> {
  if ((await db.quarantine.count()) === 0) return 0
  return await db.transaction('rw', db.tables, async () => {
    let readmitted = 0
    for (const { type, id, record } of await db.quarantine.toArray()) {
      const definition = definitionOf(type)
      if (definition === undefined || record.schemaVersion > definition.schemaVersion) continue
      const row = upgradedRow(record, definition)
      // Set aside because this version could not show it (mend.ts): it waits for another version, or another revision.
      if (!parseFields(definition, row.fields).ok) continue
      const hasEdits = (await entriesOf(db, type, id)).length > 0
      if (hasEdits) await refreshRow(db, type, id, personId, row)
      else await db.rows(type).put(row)
      await db.quarantine.delete([type, id])
      readmitted += 1
    }
    return readmitted
  })
}
