/** Registers the service worker where there is one; without it (WeChat on iOS, plain HTTP) the app is a plain tab. */
import { createUpdates, type Updates, type UpdatesWithEvents } from './updates.ts'

/** One for the page, whoever asks first. */
let updates: Updates | undefined

const WORKER = '/sw.js'
/** Looking at the phone again and again is no reason to ask again and again. */
const ASK_AGAIN_MS = 10 * 60_000

function follow(registration: ServiceWorkerRegistration, updates: UpdatesWithEvents): void {
  const told = (): void => {
    // Without a controller it is the first installation: nothing is old.
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null)
      updates.found(registration.waiting)
  }
  told()
  registration.addEventListener('updatefound', () => {
    const { installing } = registration
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') told()
    })
  })
}

function askWhenVisible(registration: ServiceWorkerRegistration): void {
  let askedAt = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - askedAt < ASK_AGAIN_MS) return
    askedAt = Date.now()
    // Offline it fails, and that is no news.
    registration.update().catch(() => undefined)
  })
}

async function register(workers: ServiceWorkerContainer, updates: UpdatesWithEvents): Promise<void> {
  const hadController = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (hadController) updates.tookOver()
  })
  try {
    const registration = await workers.register(WORKER, { updateViaCache: 'none' })
    follow(registration, updates)
    askWhenVisible(registration)
  } catch {
    // No worker (private mode, a certificate that is not trusted): the app goes on as a plain tab.
  }
}

export const startUpdates = (): Updates => (updates ??= start())

function start(): Updates {
  const created = createUpdates(() => location.reload())
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker
  if (import.meta.env.PROD && workers !== undefined) {
    const begin = () => void register(workers, created)
    // After the first screen: what it keeps is asked for when the network has nothing better to do.
    if (document.readyState === 'complete') begin()
    else addEventListener('load', begin, { once: true })
  }
  return created
}
