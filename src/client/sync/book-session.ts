/** The session may name another device than the one whose numbers the queue has. */
import type { PhoneDb } from '../storage/db.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'

type Renumber = (db: PhoneDb, deviceId: string, firstN: number | undefined) => Promise<void>

export async function bookSession(db: PhoneDb, deviceId: string, renumber?: Renumber): Promise<void> {
  const isBooked = await db.transaction('rw', db.outbox, db.meta, async () => {
    const before = await readMeta(db, 'deviceId')
    if (before === deviceId) return true
    if (before === undefined) await writeMeta(db, 'deviceId', deviceId)
    else if (renumber === undefined) return false
    else await renumber(db, deviceId, undefined)
    return true
  })
  // Rarely needed, so it comes apart from the first screen; and a transaction would end while it waits for it.
  if (!isBooked) await bookSession(db, deviceId, (await import('../storage/outbox/outbox.ts')).renumberAll)
}
