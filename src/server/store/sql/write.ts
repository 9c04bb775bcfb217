/**
 * Writing to the store: the acts of WriteTx in SQL, written once over Kysely. Whoever opens a transaction (sqlite-store.ts, and
 * a store for PostgreSQL alike) does, inside it: `lockScopes` with the scopes it was given, `createWriteTx` with these heads,
 * the body, and `flush` just before the commit. After a body that throws it rolls back and does not flush.
 */
import { sql } from 'kysely'
import {
  ConcurrentWrite,
  type EntryDetails,
  type ReadTx,
  type RecordRef,
  type ScopeHead,
  type StoredOutcome,
  type StoredRecord,
  type WriteTx,
} from '../record-store.ts'
import { keepCoverage, type CoverageKeeper } from '../circulation-figures/keep.ts'
import { recordToRow } from './record-rows.ts'
import { createHeads, type Heads, type LockedHead } from './scope-heads.ts'
import { writeAccounts } from './accounts.ts'
import { noteEntry, writeLedger } from './ledger.ts'
import type { Db } from './db.ts'
import { createReadTx, recordsOf, rowToDevice } from './read.ts'
import type { Engine } from './tables.ts'

export { lockScopes } from './scope-heads.ts'

export interface OpenWrite {
  tx: WriteTx
  /** Writes back what was kept in memory. Once, after the body, before the commit. */
  flush(): Promise<void>
}

/** @param locked what `lockScopes` returned in this very transaction; other scopes are locked when they are first used */
export function createWriteTx(db: Db, engine: Engine, locked: readonly LockedHead[] = []): OpenWrite {
  const heads = createHeads(db, engine, locked)
  const steps = createSavepoints(db, heads)
  const coverage = keepCoverage(db, engine)
  const read = createReadTx(db, engine)
  const tx: WriteTx = {
    ...read,
    ...writeSettings(db),
    ...writeAccounts(db),
    ...seenHeads(read, heads),
    ...writeRecords(db, read, heads, coverage),
    ...writeLedger(db, heads),
    ...writeBlobs(db, read, heads),
    lockedDevice: async (id) => {
      const asked = db.selectFrom('devices').selectAll().where('id', '=', id)
      // SQLite has one writer, and no such clause.
      const row = await (engine === 'postgres' ? asked.forUpdate() : asked).executeTakeFirst()
      return row === undefined ? undefined : rowToDevice(row)
    },
    savepoint: steps,
  }
  const flush = async () => {
    await heads.flush()
    await coverage.flush()
  }
  return { tx, flush }
}

/** A transaction sees its own revisions, though the rows are written at its end. */
function seenHeads(read: Pick<WriteTx, 'scopeHeads' | 'scopeHeadsById' | 'scopesWithPrefix'>, heads: Heads) {
  const seen = async (asked: Promise<ScopeHead[]>) => (await asked).map(heads.seen)
  return {
    scopeHeads: (names: readonly string[]) => seen(read.scopeHeads(names)),
    scopeHeadsById: (ids: readonly number[]) => seen(read.scopeHeadsById(ids)),
    scopesWithPrefix: (prefix: string) => seen(read.scopesWithPrefix(prefix)),
  }
}

function createSavepoints(db: Db, heads: Heads): WriteTx['savepoint'] {
  let depth = 0
  return async (body) => {
    const name = sql.raw(`step_${++depth}`)
    const mark = heads.mark()
    await sql`savepoint ${name}`.execute(db)
    try {
      const result = await body()
      await sql`release savepoint ${name}`.execute(db)
      return result
    } catch (problem) {
      await sql`rollback to savepoint ${name}`.execute(db)
      await sql`release savepoint ${name}`.execute(db)
      heads.undoTo(mark)
      throw problem
    } finally {
      depth--
    }
  }
}

function writeSettings(db: Db) {
  return {
    setSetting: async (key: string, value: string) => {
      await db
        .insertInto('settings')
        .values({ key, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    putOutcome: async (deviceId: string, ...outcomes: StoredOutcome[]) => {
      for (let at = 0; at < outcomes.length; at += 100)
        await db
          .insertInto('outcomes')
          .values(outcomes.slice(at, at + 100).map((o) => ({ device_id: deviceId, ...o })))
          .execute()
    },
    deleteOutcomesBefore: async (deviceId: string, n: number) => {
      await db.deleteFrom('outcomes').where('device_id', '=', deviceId).where('n', '<', n).execute()
    },
    putCommandOutcome: async (id: string, personId: string, hash: string, outcome: string, at: number) => {
      await db.insertInto('command_outcomes').values({ id, person_id: personId, hash, outcome, at }).execute()
    },
  }
}

function writeRecords(db: Db, read: ReadTx, heads: Heads, coverage: CoverageKeeper) {
  /** What was read ahead; a record that is written is read anew. */
  const foreseen = new Map<string, (StoredRecord & { scope: string }) | undefined>()
  return {
    nextRevision: (scope: string) => heads.next(scope),
    foresee: async (refs: readonly RecordRef[]) => {
      for (const { type, id } of refs) foreseen.set(`${type}:${id}`, undefined)
      for (const record of await recordsOf(db, refs)) foreseen.set(`${record.type}:${record.id}`, record)
    },
    record: async (type: string, id: string) => {
      const key = `${type}:${id}`
      return foreseen.has(key) ? foreseen.get(key) : read.record(type, id)
    },
    putRecord: async (record: StoredRecord, entry: EntryDetails = {}) => {
      foreseen.delete(`${record.type}:${record.id}`)
      await coverage.note(record)
      const row = recordToRow(record)
      const written = await db
        .insertInto('records')
        .values(row)
        .onConflict((c) =>
          c
            .columns(['type', 'id'])
            .doUpdateSet(row)
            .whereRef('records.scope_id', '=', sql.ref('excluded.scope_id')),
        )
        .executeTakeFirst()
      if (written.numInsertedOrUpdatedRows !== 1n)
        throw new ConcurrentWrite(`${record.type} ${record.id} stands in another scope`)
      noteEntry(heads, record, entry)
    },
  }
}

function writeBlobs(db: Db, read: ReadTx, heads: Heads) {
  return {
    putBlob: async (b: Parameters<WriteTx['putBlob']>[0]) => {
      const row = { sha256: b.sha256, size_bytes: b.sizeBytes, mime: b.mime, complete: b.complete ? 1 : 0 }
      await db
        .insertInto('blobs')
        .values(row)
        .onConflict((c) => c.column('sha256').doUpdateSet(row))
        .execute()
    },
    putBlobScope: async (sha256: string, scope: string) => {
      const row = { sha256, scope_id: await heads.idOf(scope) }
      await db
        .insertInto('blob_scopes')
        .values(row)
        .onConflict((c) => c.columns(['sha256', 'scope_id']).doNothing())
        .execute()
    },
    removeBlobScope: async (sha256: string, scope: string) => {
      const [head] = await read.scopeHeads([scope])
      if (head === undefined) return
      await db
        .deleteFrom('blob_scopes')
        .where('sha256', '=', sha256)
        .where('scope_id', '=', head.id)
        .execute()
    },
  }
}
