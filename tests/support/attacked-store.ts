/**
 * A store in front of the real one: it writes down what was committed, in order, and can die or be away at the next write.
 * What is written down is the plain truth that a history is judged by.
 */
import {
  StoreAway,
  type RecordStore,
  type StoredRecord,
  type WriteTx,
} from '../../src/server/store/record-store.ts'

export const STORE_FAULTS = [
  /** Endpoint killed before the commit: nothing of the batch is kept. */
  'killed-before-commit',
  /** Endpoint killed after the commit: the answer never leaves. */
  'killed-after-commit',
  /** Database locked: another program holds it. */
  'database-locked',
  /** Its connection dropped. */
  'database-away',
] as const
export type StoreFault = (typeof STORE_FAULTS)[number]

export interface Committed {
  type: string
  id: string
  scopeId: number
  rev: number
  fields: string
  author: string
  deleted: boolean
}

export interface Attack {
  /** For the next writes, one each. */
  faults: StoreFault[]
  /** Every record write that was committed. */
  committed: Committed[]
  onKilled: () => void
  /** The errors that are part of the attack. */
  made: WeakSet<object>
  /** For the tests of the tests: what is written down instead; undefined: nothing. */
  falsify?: (record: StoredRecord) => StoredRecord | undefined
}

function watched(tx: WriteTx, written: Committed[], attack: Attack): WriteTx {
  const { falsify = (record: StoredRecord) => record } = attack
  return {
    ...tx,
    async putRecord(record: StoredRecord, entry) {
      const kept = falsify(record)
      if (kept !== undefined) await tx.putRecord(kept, entry)
      const { type, id, scopeId, rev, fields, author, deleted } = record
      written.push({ type, id, scopeId, rev, fields, author, deleted })
    },
    async savepoint(body) {
      const before = written.length
      try {
        return await tx.savepoint(body)
      } catch (problem) {
        written.length = before
        throw problem
      }
    },
  }
}

export function attackedStore(store: RecordStore, attack: Attack): RecordStore {
  const made = (problem: Error) => {
    attack.made.add(problem)
    return problem
  }
  return {
    ...store,
    async write(scopes, body) {
      const fault = attack.faults.shift()
      if (fault === 'database-locked') throw made(new Error('database is locked'))
      if (fault === 'database-away') throw made(new StoreAway('the connection was dropped'))
      let written: Committed[] = []
      const kill = () => {
        attack.onKilled()
        return made(new Error(fault))
      }
      const result = await store.write(scopes, async (tx) => {
        written = []
        const done = await body(watched(tx, written, attack))
        if (fault === 'killed-before-commit') throw kill()
        return done
      })
      attack.committed.push(...written)
      if (fault === 'killed-after-commit') throw kill()
      return result
    },
  }
}
