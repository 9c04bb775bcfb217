/** The phone's own bookkeeping: a few named values in one table, typed here once. */
import type { PhoneDb } from './db.ts'

/** A reload in progress: rows of these scopes that it does not bring are removed when it is complete. */
export interface Reload {
  scopes: string[]
  /** The store was restored from a backup: what this person wrote lately is offered again. */
  offerAgain: boolean
}

/** By scope. */
export type Marks = Record<string, string>

/** Scopes whose ledger is not the one that this phone has seen: kept for ever, so that it can be shown and reported. */
export interface RewrittenHistory {
  scopes: string[]
  /** When this phone noticed it first, by the endpoint's clock. */
  at: number
  /** The person has told the administrator. */
  dismissed: boolean
}

export interface MetaValues {
  /** Opaque; null or absent = nothing was pulled yet. */
  cursor: string | null
  epoch: string
  deviceId: string
  /** The number that the next mutation gets. Absent: not known, ask the endpoint first. */
  nextN: number
  hlc: string
  /** Phone's clock. */
  lastContactAt: number
  /** Endpoint's clock minus the phone's, at the last contact (ms). */
  serverOffset: number
  /** The latest time that the endpoint has told. */
  serverTimeSeen: number
  /** Scopes whose first page has come and whose last has not. */
  preparing: string[]
  reload: Reload
  /** Grows with every settled push; a page asked for before it is not applied after it. */
  settled: number
  /** Accepted, and no page has brought it yet: `type/id`. */
  accepted: string[]
  /** The chain mark of each scope's ledger at the revision that the cursor holds. */
  marks: Marks
  rewritten: RewrittenHistory
  /** Scopes whose content has left the phone, until the person has seen it said. */
  left: string[]
  /** Up to which version of its schema each type's rows on this phone were brought; 1 when not told. */
  schemas: Record<string, number>
  /** Damaged rows that were loaded anew: `type/id` to the revision. A second time the same is set aside. */
  reloaded: Record<string, number>
  /** Endpoint's clock when old rows were last removed. */
  prunedAt: number
}

export async function readMeta<K extends keyof MetaValues>(
  db: PhoneDb,
  key: K,
): Promise<MetaValues[K] | undefined> {
  return (await db.meta.get(key))?.value as MetaValues[K] | undefined
}

export async function writeMeta<K extends keyof MetaValues>(
  db: PhoneDb,
  key: K,
  value: MetaValues[K],
): Promise<void> {
  await db.meta.put({ key, value })
}
