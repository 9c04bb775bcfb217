/**
 * Opens one person's phone: database, record store, files, key, engine, delivery state. Everything that reaches outside is
 * a parameter, so that several phones run in one process, each with its own IDBFactory and clock.
 */
import { uuidv7 } from 'uuidv7'
import { createBlobStore, type FetchBlob } from '../storage/blobs.ts'
import { openPhoneDatabase, type DatabaseOptions, type PhoneDb } from '../storage/db.ts'
import { createDeviceKeys } from '../storage/device-keys.ts'
import { createMender } from '../storage/upkeep/mend.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import { renumberAll } from '../storage/outbox/outbox.ts'
import type { Phone, PhonePerson } from '../storage/phone.ts'
import { readmitQuarantined } from '../storage/pages/quarantine.ts'
import { createRecordStore } from '../storage/record-store.ts'
import { guarded, kindOfOver, StorageTrouble, toTrouble } from '../storage/trouble.ts'
import { upgradeRows } from '../storage/upkeep/upgrade.ts'
import { systemClock, systemTimers, type Clock, type Timers } from './clock.ts'
import type { Phase } from './machine/core.ts'
import { createDelivery, type Delivery, type DeliveryPhase } from './delivery-state.ts'
import { createEngine, type Engine } from './engine.ts'
import { createGiveWay } from './give-way.ts'
import { createWebLock } from './lock.ts'
import { createTransport } from './line/transport.ts'
import type { Triggers } from './line/triggers.ts'

export interface OpenPhoneOptions extends DatabaseOptions {
  person: PhonePerson
  /** From the session's answer. */
  session: { deviceId: string; keyId: string | null }
  fetch: typeof fetch
  fetchBlob: FetchBlob
  clock?: Clock
  timers?: Timers
  random?: () => number
  newId?: () => string
  locks?: LockManager
  /** What wakes the engine by itself; without it only writes and `syncNow` do. */
  triggers?: Triggers
  pageLimit?: number
  onSignInNeeded?: () => void
  onContact?: (at: number) => void
  onDevice?: (device: { deviceId: string; keyId: string | null }) => void
  onTrouble?: (trouble: Error) => void
}

export interface OpenPhone extends Phone {
  engine: Engine
  delivery: Delivery
  /** The person signed in again while the phone was open; the session may name another device. */
  signedIn(session: { deviceId: string; keyId: string | null }): Promise<void>
  /** Stops the engine and closes the database for good: what is still under way cannot open it again. Nothing is removed. */
  close(): Promise<void>
}

const PHASE_ON_SCREEN = {
  idle: 'idle',
  pushing: 'syncing',
  pulling: 'syncing',
  'renewing-device': 'syncing',
  waiting: 'idle',
  offline: 'offline',
  'needs-sign-in': 'sign-in',
  'needs-update': 'update',
} as const satisfies Record<Phase, DeliveryPhase>

/** The session may name another device than the one whose numbers the queue has. */
export async function bookSession(db: PhoneDb, deviceId: string): Promise<void> {
  await db.transaction('rw', db.outbox, db.meta, async () => {
    const before = await readMeta(db, 'deviceId')
    if (before === undefined) await writeMeta(db, 'deviceId', deviceId)
    else if (before !== deviceId) await renumberAll(db, deviceId, undefined)
  })
}

/** @throws StorageTrouble when nothing can be kept on this browser */
export async function openPhone(options: OpenPhoneOptions): Promise<OpenPhone> {
  const { person, session } = options
  const { now } = options.clock ?? systemClock
  const timers = options.timers ?? systemTimers
  const db = openPhoneDatabase(person.id, options)
  const mender = createMender(db, person.id, now)
  const deviceKeys = createDeviceKeys({ db })
  const book = async (device: OpenPhoneOptions['session']): Promise<void> => {
    await guarded(db, () => bookSession(db, device.deviceId))
    if (device.keyId !== null) await guarded(db, () => deviceKeys.setKeyId(device.keyId))
  }
  const begin = async (): Promise<void> => {
    await book(session)
    await guarded(db, () => upgradeRows(db, person.id))
    await guarded(db, () => readmitQuarantined(db, person.id))
  }
  try {
    await begin().catch(async (error: unknown) => {
      if (!(await mender.lookAfter(toTrouble(error)))) throw error
      await begin()
    })
  } catch (error) {
    // Nothing of a phone that did not open may stand in the way of another window.
    db.closeForGood()
    throw error
  }

  // Always by the machine's own timers: nothing is decided by it.
  const { writing, untilQuiet } = createGiveWay(systemTimers)
  let deviceId = session.deviceId
  const mendAfter = async (trouble: Error): Promise<boolean> => {
    if (!(await mender.lookAfter(trouble))) return false
    // Its own name may have been among what was damaged.
    await book({ deviceId, keyId: null }).catch(() => undefined)
    return true
  }
  const delivery = createDelivery({
    db,
    personId: person.id,
    now,
    syncNow: () => engine.syncNow(),
    wake: () => engine.wake('write'),
  })
  const engine = createEngine({
    db,
    personId: person.id,
    deviceKeys,
    now,
    timers,
    transport: createTransport({
      fetch: options.fetch,
      timers,
      now,
    }),
    withLock: createWebLock(`wh-sync-${person.id}`, timers, options.locks),
    random: options.random ?? Math.random,
    onPhase: (phase) => delivery.setPhase(PHASE_ON_SCREEN[phase]),
    onHeld: (held) => delivery.setHeld(held),
    onDevice: (device) => {
      deviceId = device.deviceId
      options.onDevice?.(device)
    },
    ...(options.triggers === undefined ? {} : { triggers: options.triggers }),
    ...(options.pageLimit === undefined ? {} : { pageLimit: options.pageLimit }),
    ...(options.onSignInNeeded === undefined ? {} : { onSignInNeeded: options.onSignInNeeded }),
    ...(options.onContact === undefined ? {} : { onContact: options.onContact }),
    ...(options.onTrouble === undefined ? {} : { onTrouble: options.onTrouble }),
    mend: mendAfter,
    giveWay: untilQuiet,
  })
  db.whenOver = (over) => {
    // A sign-out of another tab is told by the session; a newer version and a wiped disk are told here.
    if (over !== 'deleted') options.onTrouble?.(new StorageTrouble(kindOfOver(over), undefined))
    void engine.stop()
  }
  const onWrite = () => engine.wake('write')
  const newId = options.newId ?? uuidv7
  return {
    db,
    deviceKeys,
    person,
    now,
    engine,
    delivery,
    store: createRecordStore({
      db,
      personId: person.id,
      now,
      newId,
      onWrite,
      writing,
    }),
    blobs: createBlobStore({
      db,
      fetchBlob: options.fetchBlob,
      now,
    }),
    async mend() {
      const isMended = await mender.look()
      if (isMended) await book({ deviceId, keyId: null })
      if (isMended) engine.wake('asked')
      return isMended
    },
    get deviceId() {
      return deviceId
    },
    async signedIn(device) {
      await book(device)
      deviceId = device.deviceId
      engine.signedIn()
    },
    async close() {
      delivery.close()
      await engine.stop()
      db.closeForGood()
    },
  }
}
