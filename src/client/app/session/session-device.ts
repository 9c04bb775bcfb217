/**
 * What a sign-in needs of the phone's storage: the device of a person known on this profile, or a fresh key; what waits;
 * forgetting. Loaded when it is first needed, so that the sign-in page does not carry the database.
 * Guaranteed: nothing of a person is deleted here while something of theirs waits, whoever asks.
 */
import { openPhoneDatabase, type PhoneDb } from '../../storage/db.ts'
import { deletePhoneDatabase, hasPhoneDatabase } from '../../storage/phone-databases.ts'
import { adoptKeyPair, createDeviceKeys, newKeyPair } from '../../storage/keys/device-keys.ts'
import { listKept } from '../../storage/kept-drafts.ts'
import { readMeta } from '../../storage/meta.ts'
import { guarded } from '../../storage/trouble.ts'
import type { DeviceCandidate } from '../../remote/session-reach.ts'

async function withDatabase<T>(personId: string, work: (db: PhoneDb) => Promise<T>): Promise<T> {
  const db = openPhoneDatabase(personId)
  try {
    return await guarded(db, () => work(db))
  } finally {
    db.close()
  }
}

async function knownDevice(personId: string): Promise<DeviceCandidate> {
  const { deviceId, publicKey } = await withDatabase(personId, async (db) => ({
    deviceId: await readMeta(db, 'deviceId'),
    publicKey: (await createDeviceKeys({ db }).ensure())?.publicKey,
  }))
  return {
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(publicKey === undefined ? {} : { publicKey }),
    // The phone books the session's device when it opens; the key is there already.
    adopt: async () => undefined,
  }
}

async function newDevice(): Promise<DeviceCandidate> {
  const pair = await newKeyPair()
  return {
    ...(pair === null ? {} : { publicKey: pair.publicKey }),
    async adopt({ personId, keyId }) {
      if (pair !== null) await withDatabase(personId, (db) => adoptKeyPair(db, pair, keyId))
    },
  }
}

/** Queue, refused writes and what is half written. */
export const waitingOf = async (personId: string): Promise<number> => {
  if (!(await hasPhoneDatabase(personId))) return 0
  return await withDatabase(personId, async (db) => {
    const counts = await Promise.all([db.outbox.count(), db.attention.count()])
    return counts[0] + counts[1] + (await listKept(db)).length
  })
}

export async function deviceFor(personId: string | null): Promise<DeviceCandidate> {
  const isKnown = personId !== null && (await hasPhoneDatabase(personId))
  return isKnown ? await knownDevice(personId) : await newDevice()
}

export async function forget(personId: string): Promise<void> {
  if ((await waitingOf(personId)) === 0) await deletePhoneDatabase(personId)
}
