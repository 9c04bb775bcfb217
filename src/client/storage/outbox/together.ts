/** Several writes as one transaction: all are kept or none, and whatever ended it, at its very end too, is told as the reason. */
import type { RecordType } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { kindOfOver, StorageTrouble, toTrouble, troubleKindOf } from '../trouble.ts'

/** @param types whose records are written. @throws what `work` throws, StorageTrouble */
export async function writeTogether<T>(
  db: PhoneDb,
  types: readonly RecordType[],
  work: () => Promise<T>,
): Promise<T> {
  const tables = [...types.map((type) => db.rows(type)), db.base, db.outbox, db.meta]
  try {
    // Dexie keeps the transaction over native awaits only when it is handed an async function itself.
    return await db.transaction('rw', tables, async () => await work())
  } catch (error) {
    if (db.isOver) throw new StorageTrouble(kindOfOver(db.over ?? null), error)
    // A browser that has no room left may say so only when it is to keep what was written.
    throw troubleKindOf(error) === 'other' ? error : toTrouble(error)
  }
}
