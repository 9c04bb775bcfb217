/** What the routes are made of: passed in, so that an endpoint is a value and a test makes a fresh one. */
import type { Actors } from '../auth/access.ts'
import type { Nudges } from '../notify/nudges.ts'
import type { Journal } from '../journal/journal-lines.ts'
import type { BlobStore } from '../store/blob-store.ts'
import type { RecordStore, Session } from '../store/record-store.ts'
import type { LiveLimits } from './live/live-seats.ts'

export interface Parts {
  store: RecordStore
  blobs: BlobStore
  actors: Actors
  nudges: Nudges
  /** Of what a restore must not undo. */
  journal: Journal
  /** The endpoint's clock (UTC ms). */
  now: () => number
  newId: () => string
  settings: Settings
  /** Aborted when the endpoint stops: open connections end, and a balancer sends nobody here any more. */
  stopping: AbortSignal
}

export interface Settings {
  /** Where phones reach the endpoint; cookies are Secure when it is https. Empty: whatever the request says. */
  publicUrl: string
  maxFileBytes: number
  /** A proxy of our own stands in front and says who asks; without one the header would be anybody's word. */
  trustProxy: boolean
  /** 备案编号, shown under 关于. */
  filingNumber: string
  /** The demo says so on its sign-in page; `npm start` never is one. */
  demo: boolean
  /** How many live connections there may be. */
  live: LiveLimits
}

export interface AppContext {
  Variables: { session: Session; address: string }
}
