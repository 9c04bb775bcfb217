/** The worker engine as a browser gives it. */
import { browserAround } from '../line/surroundings.ts'
import { createWorkerEngine, type SpawnedWorker } from './worker-engine.ts'

function spawn(): SpawnedWorker {
  const worker = new Worker(new URL('./sync-worker.ts', import.meta.url), { type: 'module', name: 'sync' })
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (hear) => worker.addEventListener('message', ({ data }) => hear(data)),
    onBroken: (run) => worker.addEventListener('error', run),
    end: () => worker.terminate(),
  }
}

function onSetAside(run: (isAside: boolean) => void): () => void {
  const leave = (event: PageTransitionEvent): void => {
    if (event.persisted) run(true)
  }
  const comeBack = (event: PageTransitionEvent): void => {
    if (event.persisted) run(false)
  }
  addEventListener('pagehide', leave)
  addEventListener('pageshow', comeBack)
  return () => {
    removeEventListener('pagehide', leave)
    removeEventListener('pageshow', comeBack)
  }
}

async function inPage() {
  const [{ createPhoneEngine }, { browserTriggers }] = await Promise.all([
    import('../phone/phone-engine.ts'),
    import('../line/triggers.ts'),
  ])
  return { createPhoneEngine, triggers: browserTriggers }
}

/** @param afterFirstPaint resolves when the screen is there */
export const startEngineInWorker = (afterFirstPaint: () => Promise<void>) =>
  createWorkerEngine({
    spawn,
    inPage,
    around: browserAround,
    afterFirstPaint,
    onSetAside,
  })
