/** The parts of the session: what it reaches of the browser and of this phone's storage. */
import { CURRENT, SIGN_OUT, type KeyValueStorage } from '../../remote/remembered.ts'
import type { SessionParts } from '../../remote/session-reach.ts'

/** localStorage, or memory where the browser refuses it: the session then lasts as long as the page. */
export function safeStorage(): KeyValueStorage {
  try {
    localStorage.setItem('wh-probe', '1')
    localStorage.removeItem('wh-probe')
    return localStorage
  } catch {
    const held = new Map<string, string>()
    return {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => void held.set(key, value),
      removeItem: (key) => void held.delete(key),
    }
  }
}

const device = () => import('./session-device.ts')

export function createSessionParts(): SessionParts {
  return {
    fetch: (...request) => fetch(...request),
    storage: safeStorage(),
    now: () => Date.now(),
    deviceFor: async (personId) => (await device()).deviceFor(personId),
    waitingOf: async (personId) => (await device()).waitingOf(personId),
    forget: async (personId) => (await device()).forget(personId),
    deviceName: async () => (await import('./device-name.ts')).deviceNameOf(navigator.userAgent),
    onOnline: (settle) => addEventListener('online', settle),
    onRemembered: (follow) =>
      addEventListener('storage', ({ key }) => {
        // null: everything was cleared.
        if (key === null || key === CURRENT || key === SIGN_OUT) follow()
      }),
    onVisible: (refresh) =>
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') refresh()
      }),
  }
}
