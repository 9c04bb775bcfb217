/** What one browser profile remembers about sign-ins, so that the app opens offline. No secret is among it. */
import type { SessionAnswer } from '../../shared/sync/protocol/session.ts'

/** localStorage, or a Map in tests. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** After this long without contact unit data locks until sign-in; the outbox stays. */
export const LOCK_AFTER_MS = 30 * 24 * 3_600_000

/** Its key, so that another tab notices when it goes. */
export const CURRENT = 'wh-session'
const KNOWN = 'wh-known-persons'
export const SIGN_OUT = 'wh-sign-out-pending'

export interface CurrentSession extends Omit<SessionAnswer, 'serverTime'> {
  expired: boolean
  lastContactAt: number
}

type Unknown<T> = Partial<Record<keyof T, unknown>>
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** By hand: it is asked before the first screen, and a validator would weigh more than all else that is. */
function isCurrent(value: unknown): value is CurrentSession {
  if (!isObject(value)) return false
  const { person, roles, deviceId, keyId, expired, lastContactAt }: Unknown<CurrentSession> = value
  if (!isObject(person)) return false
  const { id, staffNo, name }: Unknown<CurrentSession['person']> = person
  return (
    [id, staffNo, name, deviceId].every((text) => typeof text === 'string') &&
    (keyId === null || typeof keyId === 'string') &&
    Array.isArray(roles) &&
    typeof expired === 'boolean' &&
    typeof lastContactAt === 'number'
  )
}

/** Staff number → person, for every person who signed in on this profile. */
const isKnown = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((id) => typeof id === 'string')

export interface Remembered {
  current(): CurrentSession | null
  setCurrent(session: CurrentSession | null): void
  personIdOf(staffNo: string): string | null
  setPersonId(staffNo: string, personId: string): void
  signOutPending(): boolean
  setSignOutPending(pending: boolean): void
}

function readJson<T>(
  storage: KeyValueStorage,
  key: string,
  isSound: (value: unknown) => value is T,
): T | null {
  const text = storage.getItem(key)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isSound(value) ? value : null
  } catch (error) {
    // A damaged entry is as good as none: the person signs in again.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export function createRemembered(storage: KeyValueStorage): Remembered {
  const known = () => readJson(storage, KNOWN, isKnown) ?? {}
  return {
    current: () => readJson(storage, CURRENT, isCurrent),
    setCurrent(session) {
      if (session === null) storage.removeItem(CURRENT)
      else storage.setItem(CURRENT, JSON.stringify(session))
    },
    personIdOf: (staffNo) => known()[staffNo] ?? null,
    setPersonId(staffNo, personId) {
      storage.setItem(KNOWN, JSON.stringify({ ...known(), [staffNo]: personId }))
    },
    signOutPending: () => storage.getItem(SIGN_OUT) === '1',
    setSignOutPending(pending) {
      if (pending) storage.setItem(SIGN_OUT, '1')
      else storage.removeItem(SIGN_OUT)
    },
  }
}
