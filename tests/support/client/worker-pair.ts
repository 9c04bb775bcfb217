/** A worker without a thread: both sides of the line in one process, each message copied as between threads. */
import { IDBKeyRange } from 'fake-indexeddb'
import { serveEngine } from '../../../src/client/sync/worker/serve-engine.ts'
import type { SpawnedWorker, WorkerEngineReach } from '../../../src/client/sync/worker/worker-engine.ts'
import type { FromWorker, ToWorker } from '../../../src/client/sync/worker/words.ts'

export interface TestWorker {
  heard: ToWorker[]
  isEnded: boolean
  /** What the worker would say. */
  say(message: FromWorker): void
  breakDown(): void
}

export interface WorkerPairs {
  reach: WorkerEngineReach
  workers: TestWorker[]
  setVisible(isVisible: boolean): void
  hear(event: 'online' | 'offline'): void
  setAside(isAside: boolean): void
}

interface PairOptions {
  /** `mute` hears and says nothing. */
  kind?: 'serving' | 'mute'
  indexedDB: IDBFactory
  fetch: typeof fetch
  inPage?: WorkerEngineReach['inPage']
}

export function createWorkerPairs(options: PairOptions): WorkerPairs {
  const workers: TestWorker[] = []
  let isVisible = true
  const listeners = new Set<{ event: string; run: () => void }>()
  let aside: (isAside: boolean) => void = () => undefined
  const tell = (event: string): void => {
    for (const listener of [...listeners].filter((l) => l.event === event)) listener.run()
  }

  function spawn(): SpawnedWorker {
    let toWorker: (message: ToWorker) => void = () => undefined
    let toPage: (message: FromWorker) => void = () => undefined
    let broken: () => void = () => undefined
    const worker: TestWorker = {
      heard: [],
      isEnded: false,
      say: (message) => queueMicrotask(() => !worker.isEnded && toPage(structuredClone(message))),
      breakDown: () => broken(),
    }
    workers.push(worker)
    if (options.kind !== 'mute')
      serveEngine(
        { send: worker.say, onMessage: (hear) => (toWorker = hear) },
        {
          indexedDB: options.indexedDB,
          IDBKeyRange,
          fetch: (...request) => (worker.isEnded ? new Promise(() => undefined) : options.fetch(...request)),
          locks: undefined,
          openNudges: undefined,
        },
      )
    return {
      send(message) {
        worker.heard.push(message)
        queueMicrotask(() => !worker.isEnded && toWorker(structuredClone(message)))
      },
      onMessage: (hear) => (toPage = hear),
      onBroken: (run) => (broken = run),
      end: () => (worker.isEnded = true),
    }
  }

  return {
    workers,
    reach: {
      spawn,
      inPage: options.inPage ?? (() => Promise.reject(new Error('no engine in the page here'))),
      around: {
        isVisible: () => isVisible,
        on(event, run) {
          const listener = { event, run }
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      afterFirstPaint: () => Promise.resolve(),
      onSetAside(run) {
        aside = run
        return () => (aside = () => undefined)
      },
    },
    setVisible(now) {
      isVisible = now
      tell('visibility')
    },
    hear: tell,
    setAside: (isAside) => aside(isAside),
  }
}
