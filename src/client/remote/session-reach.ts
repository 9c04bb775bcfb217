/** What the session reaches: the endpoint, and this phone's storage. */
import type { RemoteProblem } from './call.ts'
import type { KeyValueStorage } from './remembered.ts'

/** What a device brings to its sign-in. */
export interface DeviceCandidate {
  deviceId?: string
  publicKey?: string
  /** Stores key pair and ids in the person's database, once the endpoint has named the person. */
  adopt(answer: { personId: string; deviceId: string; keyId: string | null }): Promise<void>
}

export interface SessionParts {
  fetch: typeof fetch
  storage: KeyValueStorage
  now: () => number
  /** The device of a person known on this profile, or a new one (null: not known here). */
  deviceFor(personId: string | null): Promise<DeviceCandidate>
  /** How much of the person's writing is only on this profile: waiting, refused, half written. */
  waitingOf(personId: string): Promise<number>
  /** Deletes the person's database on this profile. */
  forget(personId: string): Promise<void>
  /** A name such as 'Android · Chrome', for the list of devices. */
  deviceName?: () => Promise<string>
  /** Calls back when the network is back. */
  onOnline?: (settle: () => void) => void
  /** Calls back when another tab has changed what is remembered. */
  onRemembered?: (follow: () => void) => void
  /** Calls back when the page becomes visible. */
  onVisible?: (refresh: () => void) => void
}

export type SignInAnswer = { type: 'signed-in' } | { type: 'refused'; problem: RemoteProblem }
