/** What an opening has to know of what lies here: in one transaction, because a slow phone pays for each more than for what it reads. */
import type { PhoneDb } from '../db.ts'
import { readMeta, type MetaValues } from '../meta.ts'

export interface FirstLook {
  /** Whose numbers the queue has. */
  deviceId: string | undefined
  /** Of the key at the endpoint; undefined without a key. */
  keyId: string | null | undefined
  schemas: MetaValues['schemas']
  quarantined: number
}

export const FIRST_LOOK_TABLES = ['meta', 'keys', 'quarantine']

export const firstLook = (db: PhoneDb): Promise<FirstLook> =>
  db.transaction('r', FIRST_LOOK_TABLES, async () => {
    const [deviceId, schemas, key, quarantined] = await Promise.all([
      readMeta(db, 'deviceId'),
      readMeta(db, 'schemas'),
      db.keys.get('device'),
      db.quarantine.count(),
    ])
    return { deviceId, keyId: key?.keyId, schemas: schemas ?? {}, quarantined }
  })
