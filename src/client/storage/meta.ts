/** The phone's own bookkeeping: a few named values in one table, typed here once. */
import type { PhoneDb } from './db.ts'

/** A reload in progress: rows of these scopes that it does not bring are removed when it is complete. */
export interface Reload {
  scopes: string[]
  /** The store was restored from a backup: what this person wrote lately is offered again. */
  offerAgain: boolean
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
  /** Scopes whose first page has come and whose last has not. */
  preparing: string[]
  reload: Reload
  /** Grows with every settled push; a page asked for before it is not applied after it. */
  settled: number
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
