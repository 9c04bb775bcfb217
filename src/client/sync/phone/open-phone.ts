/**
 * Opens one person's phone: database, record store, files, key, engine, delivery state. Everything that reaches outside is
 * a parameter, so that several phones run in one process, each with its own IDBFactory and clock.
 */
import type { FetchBlob } from '../../storage/files/blobs.ts'
import { openPhoneDatabase, type DatabaseOptions, type PhoneDb } from '../../storage/db.ts'
import type { Phone, PhonePerson } from '../../storage/phone.ts'
import { createRecordStore } from '../../storage/record-store.ts'
import { guarded, kindOfOver, StorageTrouble, toTrouble } from '../../storage/trouble.ts'
import { firstLook, FIRST_LOOK_TABLES, type FirstLook } from '../../storage/upkeep/first-look.ts'
import { makeReadable } from '../../storage/upkeep/make-readable.ts'
import { systemClock, systemTimers, type Clock, type Timers } from '../clock.ts'
import {
  createDelivery,
  DELIVERY_TABLES,
  readDelivery,
  type Delivery,
  type DeliveryRead,
  type DeliveryPhase,
} from '../delivery-state.ts'
import { laterBlobs, laterKeys } from './later-parts.ts'
import type { Triggers } from '../line/triggers.ts'
import type { Phase } from '../machine/machine.ts'
import type { PhoneEngine, StartEngine } from './phone-engine.ts'

/** What an opening has to know, and what is said of delivery: of one moment. */
export type FoundOnPhone = readonly [FirstLook, DeliveryRead]

export const OPENING_TABLES = [...new Set([...FIRST_LOOK_TABLES, ...DELIVERY_TABLES])]
export const lookAtPhone = (db: PhoneDb): Promise<FoundOnPhone> =>
  Promise.all([firstLook(db), readDelivery(db)])

export interface OpenPhoneOptions extends DatabaseOptions {
  person: PhonePerson
  /** From the session's answer. */
  session: { deviceId: string; keyId: string | null }
  /** In a worker in the app (worker/worker-engine.ts), whose code comes while the database opens; here in tests. */
  engine: StartEngine | Promise<StartEngine>
  /** Read already, see storage/first-read; undefined where it has to be read in the ordinary way. */
  found?: Promise<FoundOnPhone | undefined>
  fetch: typeof fetch
  fetchBlob: FetchBlob
  clock?: Clock
  timers?: Timers
  random?: () => number
  newId?: () => string
  locks?: LockManager
  /** Until then the phone keeps to what it read at the opening: the first screen has the processor for itself. */
  firstScreen?: Promise<void>
  /** What wakes the engine by itself; without it only writes and `syncNow` do. */
  triggers?: Triggers
  pageLimit?: number
  onSignInNeeded?: () => void
  onContact?: (at: number) => void
  onDevice?: (device: { deviceId: string; keyId: string | null }) => void
  onTrouble?: (trouble: Error) => void
}

export interface OpenPhone extends Phone {
  engine: PhoneEngine
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

/** @throws StorageTrouble when nothing can be kept on this browser */
export async function openPhone(options: OpenPhoneOptions): Promise<OpenPhone> {
  const { person, session } = options
  const { now } = options.clock ?? systemClock
  const timers = options.timers ?? systemTimers
  const db = openPhoneDatabase(person.id, options)
  // Rarely needed: it comes apart from the first screen.
  const mender = async () => (await import('../../storage/upkeep/mend.ts')).createMender(db, person.id, now)
  const deviceKeys = laterKeys(async () =>
    (await import('../../storage/keys/device-keys.ts')).createDeviceKeys({ db }),
  )
  const book = async (device: OpenPhoneOptions['session']): Promise<void> =>
    (await import('./book-session.ts')).bookDevice(db, deviceKeys, device)
  let delivered: DeliveryRead | undefined
  // In one transaction, because a slow phone pays for each more than for what it reads.
  const look = () => guarded(db, () => db.transaction('r', OPENING_TABLES, async () => await lookAtPhone(db)))
  const begin = async (given?: FoundOnPhone): Promise<void> => {
    if (given !== undefined) db.noteLived()
    const [found, read] = given ?? (await look())
    delivered = read
    const { deviceId, keyId } = session
    // As a rule nothing is to be written: a phone that opens waits for no disk.
    if (found.deviceId !== deviceId || (keyId !== null && found.keyId !== keyId)) await book(session)
    await guarded(db, () => makeReadable(db, person.id, found))
  }
  let startEngine: StartEngine
  try {
    await begin(await options.found).catch(async (error: unknown) => {
      // Where its code cannot be had, what broke first is what is told.
      const looking = await mender().catch(() => undefined)
      if ((await looking?.lookAfter(toTrouble(error))) !== true) throw error
      await begin()
    })
    startEngine = await options.engine
  } catch (error) {
    // Nothing of a phone that did not open may stand in the way of another window.
    db.closeForGood()
    throw error
  }

  let { deviceId } = session
  const delivery = createDelivery({
    db,
    personId: person.id,
    now,
    syncNow: () => engine.syncNow(),
    wake: () => engine.wake('write'),
    ...(delivered === undefined ? {} : { found: delivered }),
    followFrom: options.firstScreen,
  })
  const engine = startEngine({
    db,
    personId: person.id,
    deviceId,
    fetch: options.fetch,
    now,
    timers,
    news: {
      onPhase: (phase) => delivery.setPhase(PHASE_ON_SCREEN[phase]),
      onHeld: (held) => delivery.setHeld(held),
      onSignInNeeded: () => options.onSignInNeeded?.(),
      onContact: (at) => options.onContact?.(at),
      onDevice(device) {
        deviceId = device.deviceId
        options.onDevice?.(device)
      },
      onTrouble: (trouble) => options.onTrouble?.(trouble),
    },
    ...(options.random === undefined ? {} : { random: options.random }),
    ...(options.locks === undefined ? {} : { locks: options.locks }),
    ...(options.triggers === undefined ? {} : { triggers: options.triggers }),
    ...(options.pageLimit === undefined ? {} : { pageLimit: options.pageLimit }),
  })
  db.whenOver = (over) => {
    // A sign-out of another tab is told by the session; a newer version and a wiped disk are told here.
    if (over !== 'deleted') options.onTrouble?.(new StorageTrouble(kindOfOver(over), undefined))
    void engine.stop()
  }
  const onWrite = () => engine.wake('write')
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
      onWrite,
      writing: engine.writing,
      ...(options.newId === undefined ? {} : { newId: options.newId }),
    }),
    blobs: laterBlobs(async () =>
      (await import('../../storage/files/blobs.ts')).createBlobStore({
        db,
        fetchBlob: options.fetchBlob,
        now,
      }),
    ),
    async mend() {
      const isMended = await (await mender()).look()
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
      engine.signedIn(deviceId)
    },
    async close() {
      delivery.close()
      await engine.stop()
      db.closeForGood()
    },
  }
}
