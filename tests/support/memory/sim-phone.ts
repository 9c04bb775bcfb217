/**
 * A phone in memory: the shipped engine, steps, transport and storage over a {@link MemoryDisk}, one tab or several, each of
 * which can be killed or frozen. Put together as open-phone.ts does it, without what only screens need.
 */
import { createBlobStore, type BlobStore } from '../../../src/client/storage/files/blobs.ts'
import { retryAttention } from '../../../src/client/storage/outbox/attention.ts'
import { createDeviceKeys } from '../../../src/client/storage/keys/device-keys.ts'
import { mend } from '../../../src/client/storage/upkeep/mend.ts'
import { readmitQuarantined } from '../../../src/client/storage/pages/quarantine.ts'
import { createRecordStore } from '../../../src/client/storage/record-store.ts'
import { guarded, StorageTrouble, troubleKindOf } from '../../../src/client/storage/trouble.ts'
import { upgradeRows } from '../../../src/client/storage/upkeep/upgrade.ts'
import { takeHlc } from '../../../src/client/storage/outbox/writes.ts'
import type { PhoneDb } from '../../../src/client/storage/db.ts'
import { createEngine, type Engine } from '../../../src/client/sync/engine.ts'
import { withoutLock } from '../../../src/client/sync/lock.ts'
import { bookSession } from '../../../src/client/sync/phone/book-session.ts'
import { createTransport, type Transport } from '../../../src/client/sync/line/transport.ts'
import { createManualClock } from '../client/manual-clock.ts'
import { Line } from './line.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { asPhoneDb, MemoryPhoneDb, newDisk } from './memory-phone-db.ts'
import type { World } from './world.ts'

/** The record store without the types of the registry: histories draw theirs at random. */
export interface AnyStore {
  put(type: string, fields: object, options?: { id?: string; observedAt?: number }): Promise<string>
  edit(type: string, id: string, changes: object, options?: { create?: object }): Promise<void>
  remove(type: string, id: string): Promise<void>
}

export interface Tab {
  db: PhoneDb
  store: AnyStore
  blobs: BlobStore
  engine: Engine
  tick(ms: number): void
  kill(): void
  isDead(): boolean
  /** Ends when the tab is frozen with its answer on the way; at once when it is so already. */
  frozen(): Promise<void>
}

export interface SimPhoneOptions {
  person: string
  pageLimit: number
  disk?: MemoryDisk
  deviceId?: string
  /** For the mutants: a transport that does wrong. */
  spoil?: (transport: Transport) => Transport
}

const OPEN_TRIES = 4

export class SimPhone {
  readonly world: World
  readonly person: string
  readonly line: Line
  disk: MemoryDisk
  /** Its clock minus the endpoint's. */
  offsetMs = 0
  deviceId: string | undefined
  tab!: Tab
  /** Troubles that the engine told of. */
  readonly troubles: Error[] = []
  /** Those after which it looked for damaged rows. */
  readonly mended: Error[] = []
  readonly #options: SimPhoneOptions
  #frozen: (() => void)[] = []

  private constructor(world: World, options: SimPhoneOptions) {
    this.world = world
    this.person = options.person
    this.disk = options.disk ?? newDisk()
    this.deviceId = options.deviceId
    this.line = new Line(world)
    this.#options = options
  }

  static async open(world: World, options: SimPhoneOptions): Promise<SimPhone> {
    const phone = new SimPhone(world, options)
    const { token, deviceId } = await world.signIn(phone.person, phone.deviceId)
    phone.line.token = token
    phone.deviceId = deviceId
    await phone.openTab()
    return phone
  }

  now = (): number => this.world.at + this.offsetMs

  /** The app is opened on this profile, also beside a tab that is still there. */
  async openTab(): Promise<Tab> {
    for (let turn = 1; ; turn++) {
      const tab = this.#newTab()
      try {
        await guarded(tab.db, () => bookSession(tab.db, this.deviceId ?? ''))
        await guarded(tab.db, () => upgradeRows(tab.db, this.person))
        await guarded(tab.db, () => readmitQuarantined(tab.db, this.person))
        this.tab = tab
        return tab
      } catch (error) {
        if (!(error instanceof StorageTrouble) || turn >= OPEN_TRIES) throw error
      }
    }
  }

  /** The tab is killed where it stands, and the app opened again. */
  async reopen(): Promise<void> {
    this.tab.kill()
    await this.openTab()
  }

  /** The person signs in (again), on a tab that is open. */
  async signIn(): Promise<void> {
    const known = this.disk.row('meta', 'deviceId')?.value as string | undefined
    const { token, deviceId } = await this.world.signIn(this.person, known)
    this.line.token = token
    this.deviceId = deviceId
    const { tab } = this
    await guarded(tab.db, () => bookSession(tab.db, deviceId))
    tab.engine.signedIn()
    await this.sync(tab)
  }

  /** One round; ends when the engine rests, or the tab is frozen with its answer on the way. */
  async sync(tab: Tab = this.tab): Promise<void> {
    await Promise.race([tab.engine.syncNow(), tab.frozen()])
  }

  /** What was frozen gets its answers now, however late. */
  async thaw(): Promise<void> {
    for (const resolve of this.#frozen.splice(0)) resolve()
    for (let turn = 0; turn < 400; turn++) await Promise.resolve()
  }

  get isFrozen(): boolean {
    return this.#frozen.length > 0
  }

  async retryFirstAttention(): Promise<boolean> {
    const { db } = this.tab
    const now = this.now()
    const first = (await guarded(db, () => db.attention.orderBy('attentionId').limit(1).toArray()))[0]
    if (first === undefined) return false
    const context = { now, personId: this.person, nextHlc: () => takeHlc(db, now) }
    await guarded(db, () => retryAttention(db, first.attentionId, context))
    return true
  }

  async #mend(db: PhoneDb, trouble: Error): Promise<boolean> {
    const kind = troubleKindOf(trouble)
    if (kind !== 'other' && kind !== 'damaged') return false
    this.mended.push(trouble)
    const { rows, entries } = await mend(db, { now: this.now(), personId: this.person })
    return rows + entries > 0
  }

  #newTab(): Tab {
    const own = new MemoryPhoneDb(this.disk)
    const db = asPhoneDb(own)
    const timers = createManualClock(0)
    const kill = () => own.closeForGood()
    const isDead = () => own.isOver
    const parked = Promise.withResolvers<void>()
    const freeze = () =>
      new Promise<void>((resolve) => {
        this.#frozen.push(resolve)
        parked.resolve()
      })
    const tick = (ms: number) => timers.tick(ms)
    const fetch = this.line.fetchFor({ isDead, kill, tick, freeze })
    const transport = createTransport({ fetch, timers, now: this.now })
    const { person, now } = this
    const engine = createEngine({
      db,
      personId: person,
      // A phone on plain HTTP: without WebCrypto there is no key, and nothing waits for a thread.
      deviceKeys: createDeviceKeys({ db, crypto: {} as Crypto }),
      now,
      timers,
      transport: this.#options.spoil?.(transport) ?? transport,
      withLock: withoutLock,
      random: () => 0.5,
      pageLimit: this.#options.pageLimit,
      onDevice: ({ deviceId }) => {
        if (!own.isOver) this.deviceId = deviceId
      },
      mend: (trouble) => this.#mend(db, trouble),
      onTrouble: (trouble) => this.troubles.push(trouble),
    })
    const store = createRecordStore({
      db,
      personId: person,
      now,
      newId: () => this.world.newId(person),
      onWrite: () => engine.wake('write'),
    }) as unknown as AnyStore
    const fetchBlob = () => Promise.reject(new Error('no downloads here'))
    return {
      db,
      store,
      blobs: createBlobStore({ db, fetchBlob, now }),
      engine,
      tick,
      kill,
      isDead,
      frozen: () => parked.promise,
    }
  }
}
