/** What one browser profile remembers about sign-ins, so that the app opens offline. No secret is among it. */
import * as v from 'valibot'
import { SessionAnswer } from '../../shared/sync/protocol/session.ts'

/** localStorage, or a Map in tests. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Its key, so that another tab notices when it goes. */
export const CURRENT = 'wh-session'
const KNOWN = 'wh-known-persons'
export const SIGN_OUT = 'wh-sign-out-pending'

const Current = v.object({
  ...v.omit(SessionAnswer, ['serverTime']).entries,
  expired: v.boolean(),
  lastContactAt: v.number(),
})
export type CurrentSession = v.InferOutput<typeof Current>

/** Staff number → person, for every person who signed in on this profile. */
const Known = v.record(v.string(), v.string())

export interface Remembered {
  current(): CurrentSession | null
  setCurrent(session: CurrentSession | null): void
  personIdOf(staffNo: string): string | null
  setPersonId(staffNo: string, personId: string): void
  signOutPending(): boolean
  setSignOutPending(pending: boolean): void
}

function readJson<Schema extends v.GenericSchema<unknown, unknown>>(
  storage: KeyValueStorage,
  key: string,
  schema: Schema,
): v.InferOutput<Schema> | null {
  const text = storage.getItem(key)
  if (text === null) return null
  try {
    const read = v.safeParse(schema, JSON.parse(text))
    return read.success ? read.output : null
  } catch (error) {
    // A damaged entry is as good as none: the person signs in again.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export function createRemembered(storage: KeyValueStorage): Remembered {
  const known = () => readJson(storage, KNOWN, Known) ?? {}
  return {
    current: () => readJson(storage, CURRENT, Current),
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
