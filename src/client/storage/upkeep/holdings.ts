/** What this phone holds about its owner, counted for the page that shows it. */
import { definitions } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { guarded } from '../trouble.ts'

export interface TypeHolding {
  type: string
  count: number
  /** Rows with something that waits. */
  pending: number
}

export interface PhoneHoldings {
  /** Types with at least one row, in the registry's order. */
  types: TypeHolding[]
  files: { count: number; sizeBytes: number; notUploaded: number }
  waiting: number
  attention: number
  quarantined: number
}

async function filesHeld(db: PhoneDb): Promise<PhoneHoldings['files']> {
  const files = { count: 0, sizeBytes: 0, notUploaded: 0 }
  await db.blobs.each((row) => {
    files.count += 1
    files.sizeBytes += row.sizeBytes
    files.notUploaded += row.upload
  })
  return files
}

/** @throws StorageTrouble */
export async function phoneHoldings(db: PhoneDb): Promise<PhoneHoldings> {
  return await guarded(db, async () => {
    const types = await Promise.all(
      definitions.map(async ({ type }) => ({
        type,
        count: await db.rows(type).count(),
        pending: await db.rows(type).where('pending').equals(1).count(),
      })),
    )
    const [waiting, attention, quarantined] = await Promise.all([
      db.outbox.count(),
      db.attention.count(),
      db.quarantine.count(),
    ])
    const held = types.filter((holding) => holding.count > 0)
    return { types: held, files: await filesHeld(db), waiting, attention, quarantined }
  })
}
