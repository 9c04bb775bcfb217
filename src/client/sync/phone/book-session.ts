/** The session may name another device than the one whose numbers the queue has. Rarely: it comes apart from the first screen. */
import type { PhoneDb } from '../../storage/db.ts'
import type { DeviceKeys } from '../../storage/keys/device-keys.ts'
import { readMeta, writeMeta } from '../../storage/meta.ts'
import { renumberAll } from '../../storage/outbox/outbox.ts'
import { guarded } from '../../storage/trouble.ts'

export async function bookSession(db: PhoneDb, deviceId: string): Promise<void> {
  await db.transaction('rw', db.outbox, db.meta, async () => {
    const before = await readMeta(db, 'deviceId')
    if (before === deviceId) return
    if (before === undefined) await writeMeta(db, 'deviceId', deviceId)
    else await renumberAll(db, deviceId, undefined)
  })
}

/** With the record id of its key, where the session names one. */
export async function bookDevice(
  db: PhoneDb,
  deviceKeys: DeviceKeys,
  { deviceId, keyId }: { deviceId: string; keyId: string | null },
): Promise<void> {
  await guarded(db, () => bookSession(db, deviceId))
  if (keyId === null || (await guarded(db, () => db.keys.get('device')))?.keyId === keyId) return
  await guarded(db, () => deviceKeys.setKeyId(keyId))
}
