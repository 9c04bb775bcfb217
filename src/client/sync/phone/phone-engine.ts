/**
 * The engine over one person's database, with all that it needs beside the machine: transport, lock, keys, mender, and the
 * courtesy to whoever writes. It runs in a worker (worker/), or in the page where a browser gives no worker, and in tests.
 */
import { createDeviceKeys } from '../../storage/keys/device-keys.ts'
import type { PhoneDb } from '../../storage/db.ts'
import { guarded } from '../../storage/trouble.ts'
import { createMender } from '../../storage/upkeep/mend.ts'
import { bookSession } from './book-session.ts'
import { systemTimers, type Clock, type Timers } from '../clock.ts'
import { createEngine, type Engine } from '../engine.ts'
import { createGiveWay } from '../give-way.ts'
import { createTransport } from '../line/transport.ts'
import type { Triggers } from '../line/triggers.ts'
import { createWebLock } from '../lock.ts'
import type { Held, Phase } from '../machine/core.ts'

/** What the engine tells while it runs. */
export interface EngineNews {
  onPhase(phase: Phase): void
  /** Why it goes slowly although the endpoint answers; null: it does not. */
  onHeld(held: Held | null): void
  onSignInNeeded(): void
  onContact(at: number): void
  onDevice(device: { deviceId: string; keyId: string | null }): void
  /** A step broke on the phone itself; it is tried again. */
  onTrouble(trouble: Error): void
}

export interface PhoneEngineParts {
  db: PhoneDb
  personId: string
  deviceId: string
  fetch: typeof fetch
  news: EngineNews
  now: Clock['now']
  timers: Timers
  random?: () => number
  locks?: LockManager
  triggers?: Triggers
  pageLimit?: number
}

export interface PhoneEngine extends Engine {
  /** After the person signed in again; the session may name another device. */
  signedIn(deviceId?: string): void
  /** Runs a write of the person: sync gives way to it meanwhile. */
  writing<T>(work: () => Promise<T>): Promise<T>
}

export type StartEngine = (parts: PhoneEngineParts) => PhoneEngine

export const createPhoneEngine: StartEngine = (parts) => {
  const { db, personId, now, timers, news } = parts
  const mender = createMender(db, personId, now)
  // Always by the machine's own timers: nothing is decided by it.
  const { writing, untilQuiet } = createGiveWay(systemTimers)
  let { deviceId } = parts
  const engine = createEngine({
    ...news,
    db,
    personId,
    deviceKeys: createDeviceKeys({ db }),
    now,
    timers,
    transport: createTransport({ fetch: parts.fetch, timers, now }),
    withLock: createWebLock(`wh-sync-${personId}`, timers, parts.locks),
    random: parts.random ?? Math.random,
    onDevice: (device) => {
      deviceId = device.deviceId
      news.onDevice(device)
    },
    ...(parts.triggers === undefined ? {} : { triggers: parts.triggers }),
    ...(parts.pageLimit === undefined ? {} : { pageLimit: parts.pageLimit }),
    async mend(trouble) {
      if (!(await mender.lookAfter(trouble))) return false
      // Its own name may have been among what was damaged.
      await guarded(db, () => bookSession(db, deviceId)).catch(() => undefined)
      return true
    },
    giveWay: untilQuiet,
  })
  return {
    ...engine,
    writing,
    signedIn(named) {
      deviceId = named ?? deviceId
      engine.signedIn()
    },
  }
}
