/**
 * The page's side of the engine in its worker. It looks to the app like the engine itself.
 *
 *   worker ── silent, twice ──▶ in the page
 *     └── cannot be had, or its code does not come ──▶ in the page
 *
 * A page that the browser sets aside ends its worker; brought back, it begins another.
 *
 * Guaranteed: a round that was asked for ends for whoever asked, also when the worker dies; after `stop` nothing of it opens
 * the database any more; without workers everything works as before, in the page.
 */
import { StorageTrouble } from '../../storage/trouble.ts'
import type { Triggers } from '../line/triggers.ts'
import type { Surroundings } from '../line/surroundings.ts'
import type { Phase } from '../machine/machine.ts'
import type { PhoneEngine, PhoneEngineParts, StartEngine } from '../phone-engine.ts'
import type { FromWorker, Line, ToWorker } from './words.ts'

/** A worker answers within a few milliseconds; a booking of a large page may take a second on an old phone. */
export const SILENT_MS = 30_000
/** Longer than a booking that is under way takes. */
export const STOP_MS = 3000
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
}

type Runs =
  { type: 'nothing' } | { type: 'worker'; worker: SpawnedWorker } | { type: 'page'; engine: PhoneEngine }

export const createWorkerEngine =
  (reach: WorkerEngineReach): StartEngine =>
  (parts: PhoneEngineParts) => {
    const { news, timers } = parts
    let { deviceId } = parts
    let runs: Runs = { type: 'nothing' }
    let phase: Phase = 'idle'
    let isStopped = false
    let spawned = 0
    let writers = 0
    let asked = 0
    const asks = new Map<number, () => void>()
    let cancelWatch: (() => void) | undefined
    let noteStopped: () => void = () => undefined

    function send(message: ToWorker): void {
      if (runs.type === 'worker') runs.worker.send(message)
    }

    /** Called whenever something is wanted of the worker. */
    function watch(): void {
      if (runs.type !== 'worker' || cancelWatch !== undefined) return
      const { worker } = runs
      cancelWatch = timers.after(SILENT_MS, () => replace(worker))
      send({ type: 'are-you-there' })
    }

    function endWatch(): void {
      cancelWatch?.()
      cancelWatch = undefined
    }

    function hear(message: FromWorker): void {
      endWatch()
      switch (message.type) {
        case 'here':
          return
        case 'phase':
          phase = message.phase
          return news.onPhase(phase)
        case 'held':
          return news.onHeld(message.held)
        case 'sign-in-needed':
          return news.onSignInNeeded()
        case 'contact':
          return news.onContact(message.at)
        case 'device':
          ;({ deviceId } = message.device)
          return news.onDevice(message.device)
        case 'trouble':
          return news.onTrouble(new StorageTrouble(message.kind, undefined))
        case 'over':
          return parts.db.end(message.over)
        case 'synced':
          asks.get(message.ask)?.()
          asks.delete(message.ask)
          return
        case 'stopped':
          return noteStopped()
      }
    }

    function beginWorker(): void {
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
      worker.onBroken(() => {
        if (!isAlive) replace(worker, MOST_WORKERS)
      })
      runs = { type: 'worker', worker }
      send({ type: 'begin', personId: parts.personId, deviceId, isVisible: reach.around.isVisible() })
      for (const ask of asks.keys()) send({ type: 'sync-now', ask })
      watch()
    }

    /** Ends a worker that is of no use, and begins another, or goes on in the page. */
    function replace(worker: SpawnedWorker, after = spawned): void {
      endWatch()
      worker.end()
      if (isStopped || runs.type !== 'worker' || runs.worker !== worker) return
      runs = { type: 'nothing' }
      if (after >= MOST_WORKERS) void beginInPage()
      else beginWorker()
    }

    async function beginInPage(): Promise<void> {
      const { createPhoneEngine, triggers } = await reach.inPage()
      if (isStopped || runs.type !== 'nothing') return
      const engine = createPhoneEngine({
        ...parts,
        deviceId,
        triggers,
        news: {
          ...news,
          onPhase(now) {
            phase = now
            news.onPhase(now)
          },
          onDevice(device) {
            ;({ deviceId } = device)
            news.onDevice(device)
          },
        },
      })
      runs = { type: 'page', engine }
      engine.start()
      for (const [ask, end] of asks)
        void engine
          .syncNow()
          .then(end, end)
          .finally(() => asks.delete(ask))
    }

    /** A worker that sleeps in the middle of a booking would keep every other page from writing. */
    function setAside(isAside: boolean): void {
      if (!isAside) {
        spawned = 0
        if (!isStopped && runs.type === 'nothing') beginWorker()
      } else if (runs.type === 'worker') {
        endWatch()
        runs.worker.end()
        runs = { type: 'nothing' }
      }
    }

    const stops = (['visibility', 'online', 'offline'] as const).map((event) =>
      reach.around.on(event, () => {
        const isVisible = reach.around.isVisible()
        send(event === 'visibility' ? { type: event, isVisible } : { type: event })
        if (isVisible) watch()
      }),
    )

    stops.push(reach.onSetAside(setAside))

    return {
      phase: () => phase,
      start() {
        if (!isStopped && runs.type === 'nothing') beginWorker()
      },
      wake(reason) {
        if (runs.type === 'page') return runs.engine.wake(reason)
        send({ type: 'wake', reason })
        watch()
      },
      signedIn(named) {
        deviceId = named ?? deviceId
        if (runs.type === 'page') return runs.engine.signedIn(deviceId)
        send({ type: 'signed-in', deviceId })
      },
      async syncNow() {
        if (isStopped) return
        if (runs.type === 'page') return await runs.engine.syncNow()
        asked += 1
        const ask = asked
        const rested = new Promise<void>((resolve) => asks.set(ask, resolve))
        send({ type: 'sync-now', ask })
        watch()
        return await rested
      },
      async writing(work) {
        if (runs.type === 'page') return await runs.engine.writing(work)
        writers += 1
        if (writers === 1) send({ type: 'writing', isWriting: true })
        try {
          return await work()
        } finally {
          writers -= 1
          if (writers === 0) send({ type: 'writing', isWriting: false })
        }
      },
      async stop() {
        if (isStopped) return
        isStopped = true
        endWatch()
        for (const stop of stops) stop()
        if (runs.type === 'page') await runs.engine.stop()
        if (runs.type === 'worker') {
          const { worker } = runs
          const stopped = new Promise<void>((resolve) => (noteStopped = resolve))
          send({ type: 'stop' })
          await Promise.race([stopped, new Promise<void>((resolve) => timers.after(STOP_MS, resolve))])
          worker.end()
        }
        for (const end of asks.values()) end()
        asks.clear()
      },
    }
  }
