/** A phone on fake-indexeddb against the real app: signed in with a real key, its line cut and mended by the test. */
import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { fetchBlob } from '../../src/client/remote/files.ts'
import { adoptKeyPair, newKeyPair } from '../../src/client/storage/keys/device-keys.ts'
import type { Timers } from '../../src/client/sync/clock.ts'
import { openPhone, type OpenPhone } from '../../src/client/sync/phone/open-phone.ts'
import { createPhoneEngine } from '../../src/client/sync/phone/phone-engine.ts'
import type { SessionAnswer } from '../../src/shared/sync/protocol/session.ts'
import { createDisk, type Disk } from './disk.ts'
import { PASSWORD } from './endpoint.ts'
import { createLine, type Line, type LineFault } from './line.ts'

export type { Line, LineFault }

/** What a phone needs of an endpoint: the app itself (endpoint.ts), or one behind a port (hall.ts). */
export interface Reachable {
  app: { request(path: string, init?: RequestInit): Response | Promise<Response> }
  clock: { now: () => number; advance: (ms: number) => void }
}

export interface JourneyPhone {
  phone: OpenPhone
  staffNo: string
  /** The profile's cookie: another person's sign-in on the same browser replaces it. */
  jar: { cookie: string }
  line: Line
  disk: Disk
  session: SessionAnswer
  fetch: typeof fetch
  /** What broke on the phone itself. */
  troubles: Error[]
  /** One round, now. */
  sync(): Promise<void>
  /** The tab is closed and opened again on the same disk. */
  reopen(): Promise<void>
  /** The tab is killed: nothing more is written, nothing is waited for. */
  kill(): void
  isDead(): boolean
  /** Opened again on the same disk after {@link kill}. */
  revive(): Promise<void>
  /** Another tab of the same profile. */
  secondTab(): Promise<OpenPhone>
  /** The session has ended: the same person signs in again on this device. */
  signIn(): Promise<void>
  close(): Promise<void>
}

// Each phone has a factory of its own; liveQuery only asks whether there is IndexedDB at all.
Dexie.dependencies.indexedDB ??= new IDBFactory()
Dexie.dependencies.IDBKeyRange ??= IDBKeyRange

const opened = new Set<OpenPhone>()

/** Call in afterEach. */
export async function closePhones(): Promise<void> {
  for (const phone of opened) await phone.close()
  opened.clear()
}

export interface SetupPhoneOptions {
  password?: string
  /** The phone's own clock; the endpoint's unless told. */
  clock?: { now: () => number }
  /** Pauses and time limits; the system's unless told. */
  timers?: Timers
  disk?: Disk
  pageLimit?: number
  /** The cookie of the profile; a new one unless told. */
  jar?: { cookie: string }
  /** Signed in already, on this disk: nothing is asked. */
  session?: SessionAnswer
}

async function askForSession(asking: typeof fetch, body: Record<string, unknown>): Promise<SessionAnswer> {
  const answer = await asking('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (answer.status !== 200)
    throw new Error(`sign-in of ${String(body.staffNo)}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as SessionAnswer
}

interface Opening {
  options: SetupPhoneOptions
  endpoint: Reachable
  fetch: typeof fetch
  disk: Disk
  troubles: Error[]
  /** What the browser remembers beside the database. */
  onDevice: (device: { deviceId: string; keyId: string | null }) => void
}

async function openOn(opening: Opening, session: SessionAnswer): Promise<OpenPhone> {
  const { options, disk } = opening
  const phone = await openPhone({
    engine: createPhoneEngine,
    person: session.person,
    session,
    fetch: opening.fetch,
    fetchBlob: (sha256, how = {}) => fetchBlob(sha256, { ...how, fetch: opening.fetch }),
    clock: options.clock ?? opening.endpoint.clock,
    random: () => 0.5,
    indexedDB: disk.indexedDB,
    IDBKeyRange,
    onTrouble: (trouble) => void opening.troubles.push(trouble),
    onDevice: opening.onDevice,
    ...(options.timers === undefined ? {} : { timers: options.timers }),
    ...(options.pageLimit === undefined ? {} : { pageLimit: options.pageLimit }),
  })
  opened.add(phone)
  const { close } = phone
  phone.close = () => {
    opened.delete(phone)
    return close()
  }
  return phone
}

/** The screens hear of a round a moment after it: until they have, or the phone is no more. */
async function isTold({ db, delivery }: OpenPhone): Promise<void> {
  for (let tries = 0; tries < 200 && !db.isOver && db.isOpen(); tries++) {
    const { waiting, attention } = delivery.summary.value
    const counts = await Promise.all([db.outbox.count(), db.attention.count()]).catch(() => null)
    if (counts === null || (counts[0] === waiting && counts[1] === attention)) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Nobody waits for anything, and nothing that was under way is written. */
function killPhone(phone: OpenPhone, disk: Disk): void {
  opened.delete(phone)
  phone.delivery.close()
  if (phone.db.isOpen()) disk.abortAll(phone.db.backendDB())
  phone.db.closeForGood()
  void phone.engine.stop()
}

/** Signs in as main.ts does it: the key pair is made before, and its public half goes with the request. */
export async function setupPhone(
  endpoint: Reachable,
  staffNo: string,
  options: SetupPhoneOptions = {},
): Promise<JourneyPhone> {
  const { password = PASSWORD, jar = { cookie: '' }, disk = createDisk() } = options
  const { line, fetch } = createLine({
    ask: (path, init) => endpoint.app.request(path, init),
    jar,
    advance: (ms) => endpoint.clock.advance(ms),
    onKilled: () => journey.kill(),
  })
  disk.onKilled = () => journey.kill()
  const pair = options.session === undefined ? await newKeyPair() : null
  const deviceName = '测试手机'
  const session =
    options.session ??
    (await askForSession(fetch, { staffNo, password, publicKey: pair?.publicKey, deviceName }))
  const onDevice: Opening['onDevice'] = (device) => {
    journey.session = { ...journey.session, ...device }
  }
  const opening: Opening = { options, endpoint, fetch, disk, troubles: [], onDevice }
  const first = await openOn(opening, session)
  if (pair !== null && session.keyId !== null) await adoptKeyPair(first.db, pair, session.keyId)
  let dead = false
  const journey: JourneyPhone = {
    phone: first,
    staffNo,
    jar,
    line,
    disk,
    session,
    fetch,
    troubles: opening.troubles,
    async sync() {
      await journey.phone.delivery.syncNow()
      await isTold(journey.phone)
    },
    async reopen() {
      await journey.close()
      journey.phone = await openOn(opening, journey.session)
    },
    kill() {
      if (dead) return
      dead = true
      killPhone(journey.phone, disk)
    },
    isDead: () => dead,
    async revive() {
      dead = false
      journey.phone = await openOn(opening, journey.session)
    },
    secondTab: () => openOn(opening, journey.session),
    async signIn() {
      const { deviceId } = journey.phone
      journey.session = await askForSession(fetch, { staffNo, password, deviceId, deviceName })
      await journey.phone.signedIn(journey.session)
    },
    close: () => journey.phone.close(),
  }
  return journey
}
