/** What each part of the demo is given: the open transaction, the clock, and the people by their staff numbers. */
import { civilDate, DAY_MS } from '../../shared/civil-time.ts'
import { idFrom } from '../../shared/sync/canonical.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import type { RecordType } from '../../shared/sync/registry.ts'
import type { CountersignKey } from '../auth/countersign-key.ts'
import type { PersonRow } from '../commands/people/person-row.ts'
import { putRecord } from '../commands/put-record.ts'
import type { ImportParts } from '../import/run/import-job.ts'
import type { WriteTx } from '../store/record-store.ts'

export interface DemoContext {
  tx: WriteTx
  parts: ImportParts
  now: number
  /** The civil date of `now`. */
  today: string
  people: readonly PersonRow[]
  /** The endpoint's own: what it accepts, it countersigns. */
  key: CountersignKey
  /** Scopes that commands say they moved; nobody listens yet. */
  moved: Set<string>
  /** Writes as if `author` had done it at the moment `at` (UTC ms); never later than now. */
  put(type: RecordType, id: string, fields: object, author: string, at: number): Promise<void>
}

export const personIdOf = (staffNo: string): string => idFrom('person', staffNo)
/** An id that is the same in every demo. */
export const demoId = (...words: string[]): string => idFrom('demo', ...words)

export function createContext(
  tx: WriteTx,
  parts: ImportParts,
  people: readonly PersonRow[],
  key: CountersignKey,
): DemoContext {
  const { now } = parts
  return {
    tx,
    parts,
    now,
    today: civilDate(now),
    people,
    key,
    moved: new Set(),
    put: async (type, id, fields, author, at) => {
      await putRecord(tx, { type, id, fields: fields as JsonObject, author, now: Math.min(at, now) })
    },
  }
}

/** A civil date some days from `date`. */
export const daysFrom = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** '2026-11-22' as it stands on paper: 2026年11月22日. */
export function onPaper(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}

export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000
