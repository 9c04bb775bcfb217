/**
 * The page's side of the engine in its worker. It looks to the app like the engine itself.
 *
 *   first paint ──▶ worker ── silent, twice ──▶ in the page
 *                     └── cannot be had, or its code does not come ──▶ in the page
 *                                     └── that does not come either ──▶ offline, and a worker again, later and later
 *
 * A page that the browser sets aside ends its worker; brought back, it begins another.
 *
 * Guaranteed: a round that was asked for ends for whoever asked, whatever becomes of the worker; sync never stays away for
 * good in a window that is used; after `stop` nothing of it opens the database any more; without workers everything works as
 * before, in the page.
 */
import { StorageTrouble } from '../../storage/trouble.ts'
import type { Surroundings } from '../line/surroundings.ts'
import type { Triggers } from '../line/triggers.ts'
import type { Phase } from '../machine/machine.ts'
import type { PhoneEngine, PhoneEngineParts, StartEngine } from '../phone/phone-engine.ts'
import { createAsks } from './asks.ts'
import { createSilence } from './silence.ts'
import type { FromWorker, Line, ToWorker } from './words.ts'

/** Longer than a booking that is under way takes. */
export const STOP_MS = 3000
export const FIRST_RETRY_MS = 15_000
const LONGEST_RETRY_MS = 10 * 60_000
const MOST_WORKERS = 2

export interface SpawnedWorker extends Line<ToWorker, FromWorker> {
  /** It could not be loaded, or something in it broke. */
  onBroken(run: () => void): void
  end(): void
}

export interface WorkerEngineReach {
  /** @throws where the browser gives no worker */
  spawn(): SpawnedWorker
  /** The same engine in the page, and what wakes it there. */
  inPage(): Promise<{ createPhoneEngine: StartEngine; triggers: Triggers }>
  around: Pick<Surroundings, 'isVisible' | 'on'>
  /**
   * The browser keeps the page aside while another is shown, and may bring it back.
   * @returns what stops listening
   */
  onSetAside(run: (isAside: boolean) => void): () => void
  /** Sync begins after the screen is there. */
  afterFirstPaint(): Promise<void>
}

type Runs =
  /** `begin`: not begun yet; `lost`: neither worker nor page could be had; `aside`: until the page is brought back. */
  | { type: 'begin' | 'loading' | 'lost' | 'aside' }
  | { type: 'worker'; worker: SpawnedWorker }
  | { type: 'page'; engine: PhoneEngine }

export const createWorkerEngine =
  (reach: WorkerEngineReach): StartEngine =>
  (parts: PhoneEngineParts) => {
    const { timers } = parts
    let { deviceId } = parts
    let runs: Runs = { type: 'begin' }
    let phase: Phase = 'idle'
    /** Since one was last heard. */
    let spawned = 0
    let writers = 0
    const asks = createAsks()
    let stopping: Promise<void> | undefined
    let noteStopped: () => void = () => undefined
    let retryMs = FIRST_RETRY_MS
    let cancelRetry: () => void = () => undefined
    const silence = createSilence(
      timers,
      () => send({ type: 'are-you-there' }),
      () => runs.type === 'worker' && replace(runs.worker, spawned < MOST_WORKERS),
    )
    const news: PhoneEngineParts['news'] = {
      ...parts.news,
      onPhase(now) {
        phase = now
        parts.news.onPhase(now)
      },
      onDevice(device) {
        ;({ deviceId } = device)
        parts.news.onDevice(device)
      },
    }

    function send(message: ToWorker): void {
      if (runs.type === 'worker') runs.worker.send(message)
    }

    function hear(message: FromWorker): void {
      if (stopping !== undefined && message.type !== 'stopped') return
      silence.broken()
      spawned = 0
      switch (message.type) {
        case 'here':
          return
        case 'phase':
          return news.onPhase(message.phase)
        case 'held':
          return news.onHeld(message.held)
        case 'sign-in-needed':
          return news.onSignInNeeded()
        case 'contact':
          return news.onContact(message.at)
        case 'device':
          return news.onDevice(message.device)
        case 'trouble':
          return news.onTrouble(new StorageTrouble(message.kind, undefined))
        case 'over':
          return parts.db.end(message.over)
        case 'synced':
          return asks.end(message.ask)
        case 'stopped':
          return noteStopped()
      }
    }

    function begin(): void {
      cancelRetry()
      spawned += 1
      let worker: SpawnedWorker
      try {
        worker = reach.spawn()
      } catch {
        return void beginInPage()
      }
      let isAlive = false
      worker.onMessage((message) => {
        isAlive = true
        if (runs.type === 'worker' && runs.worker === worker) hear(message)
      })
      // What lives goes on after an error; whether it still answers is seen by the watch.
      worker.onBroken(() => isAlive || replace(worker, false))
      runs = { type: 'worker', worker }
      // Of the one before.
      news.onHeld(null)
      send({ type: 'begin', personId: parts.personId, deviceId, isVisible: reach.around.isVisible() })
      for (const ask of asks.open()) send({ type: 'sync-now', ask })
      silence.watch()
    }

    /** Ends a worker that is of no use. */
    function replace(worker: SpawnedWorker, withAnother: boolean): void {
      silence.broken()
      worker.end()
      if (stopping !== undefined || runs.type !== 'worker' || runs.worker !== worker) return
      if (withAnother) begin()
      else void beginInPage()
    }

    async function beginInPage(): Promise<void> {
      runs = { type: 'loading' }
      const code = await reach.inPage().catch(() => undefined)
      if (stopping !== undefined) return
      if (code === undefined) return goWithout()
      const engine = code.createPhoneEngine({ ...parts, deviceId, triggers: code.triggers, news })
      runs = { type: 'page', engine }
      engine.start()
      for (const ask of asks.open()) void engine.syncNow().finally(() => asks.end(ask))
    }

    /** Nothing can sync now: said, and tried again after a while, or when there is a reason. */
    function goWithout(): void {
      runs = { type: 'lost' }
      news.onPhase('offline')
      asks.endAll()
      cancelRetry = timers.after(retryMs, tryAgain)
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    }

    function tryAgain(): void {
      if (stopping !== undefined || runs.type !== 'lost') return
      spawned = 0
      begin()
    }

    /** A worker that sleeps in the middle of a booking would keep every other page from writing. */
    function setAside(isAside: boolean): void {
      if (isAside && runs.type === 'worker') {
        silence.broken()
        runs.worker.end()
        runs = { type: 'aside' }
      } else if (!isAside && runs.type === 'aside' && stopping === undefined) {
        spawned = 0
        begin()
      }
    }

    const stops = (['visibility', 'online', 'offline'] as const).map((event) =>
      reach.around.on(event, () => {
        const isVisible = reach.around.isVisible()
        send(event === 'visibility' ? { type: event, isVisible } : { type: event })
        if (isVisible) silence.watch()
        if (event !== 'offline') tryAgain()
      }),
    )
    stops.push(reach.onSetAside(setAside))

    async function besideWorker<T>(work: () => Promise<T>): Promise<T> {
      writers += 1
      if (writers === 1) send({ type: 'writing', isWriting: true })
      try {
        return await work()
      } finally {
        writers -= 1
        if (writers === 0) send({ type: 'writing', isWriting: false })
      }
    }

    async function stop(): Promise<void> {
      silence.broken()
      cancelRetry()
      for (const stopListening of stops) stopListening()
      if (runs.type === 'page') await runs.engine.stop()
      if (runs.type === 'worker') {
        const { worker } = runs
        const stopped = new Promise<void>((resolve) => (noteStopped = resolve))
        send({ type: 'stop' })
        await Promise.race([stopped, new Promise<void>((resolve) => timers.after(STOP_MS, resolve))])
        worker.end()
      }
      asks.endAll()
    }

    return {
      phase: () => phase,
      start: () =>
        void reach.afterFirstPaint().then(() => {
          if (stopping === undefined && runs.type === 'begin') begin()
        }),
      wake(reason) {
        if (runs.type === 'page') return runs.engine.wake(reason)
        send({ type: 'wake', reason })
        if (runs.type === 'worker') silence.watch()
        else tryAgain()
      },
      signedIn(named) {
        deviceId = named ?? deviceId
        if (runs.type === 'page') runs.engine.signedIn(deviceId)
        else send({ type: 'signed-in', deviceId })
      },
      async syncNow() {
        if (stopping !== undefined) return
        if (runs.type === 'page') return await runs.engine.syncNow()
        const { ask, ended } = asks.add()
        send({ type: 'sync-now', ask })
        if (runs.type === 'worker') silence.watch()
        else tryAgain()
        return await ended
      },
      // Not one promise more than needed: it may run within a transaction.
      writing: (work) => (runs.type === 'page' ? runs.engine.writing(work) : besideWorker(work)),
      stop: () => (stopping ??= stop()),
    }
  }
