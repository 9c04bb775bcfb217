/** Reading from the store: the questions of ReadTx in SQL, written once over Kysely. */
import type { Device, ReadTx, RecordQuery, RecordRef, ScopeHead } from '../record-store.ts'
import { readCoverage } from '../circulation-figures/read.ts'
import { readMeetingsOfYear } from '../meetings-of-year.ts'
import { inChunks, type Db } from './db.ts'
import { rowToEntry, rowToRecord, type RecordRow } from './record-rows.ts'
import type { Engine, Tables } from './tables.ts'

/** Records by type and id, in one question for each type. */
export async function recordsOf(db: Db, refs: readonly RecordRef[]) {
  const idsByType = Map.groupBy(refs, (ref) => ref.type)
  const found = []
  for (const [type, ofType] of idsByType) {
    const ids = [...new Set(ofType.map((ref) => ref.id))]
    const rows = await inChunks(ids, (part) =>
      joinedRecords(db).where('records.type', '=', type).where('records.id', 'in', part).execute(),
    )
    found.push(...rows.map(withScope))
  }
  return found
}

const joinedRecords = (db: Db) =>
  db
    .selectFrom('records')
    .innerJoin('scopes', 'scopes.id', 'records.scope_id')
    .selectAll('records')
    .select('scopes.name as scope')
const withScope = (row: RecordRow & { scope: string }) => ({ ...rowToRecord(row), scope: row.scope })

export function createReadTx(db: Db, engine: Engine): ReadTx {
  return {
    ...readSettings(db),
    ...readScopes(db),
    ...readRecords(db),
    ...readLedger(db),
    ...readAccounts(db),
    ...readBlobs(db),
    ...readCoverage(db),
    ...readMeetingsOfYear(db, engine),
  }
}

function readSettings(db: Db) {
  const setting = async (key: string) =>
    (await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value
  return {
    setting,
    epoch: async () => (await setting('epoch')) ?? '',
    throttle: async (key: string) => {
      const row = await db.selectFrom('throttles').selectAll().where('key', '=', key).executeTakeFirst()
      return row === undefined ? undefined : { failures: row.failures, until: Number(row.until) }
    },
    commandOutcome: (id: string) =>
      db.selectFrom('command_outcomes').select(['hash', 'outcome']).where('id', '=', id).executeTakeFirst(),
  }
}

export const rowToHead = (r: { id: number; name: string; rev: number; chain: string | null }): ScopeHead => ({
  id: Number(r.id),
  name: r.name,
  rev: Number(r.rev),
  chain: r.chain,
})

function readScopes(db: Db) {
  const select = () => db.selectFrom('scopes').select(['id', 'name', 'rev', 'chain'])
  return {
    scopeHeads: async (names: readonly string[]) =>
      (await inChunks(names, (part) => select().where('name', 'in', part).execute())).map(rowToHead),
    scopeHeadsById: async (ids: readonly number[]) =>
      (await inChunks(ids, (part) => select().where('id', 'in', part).execute())).map(rowToHead),
    scopesWithPrefix: async (prefix: string) =>
      (await select().where('name', '>=', prefix).where('name', '<', `${prefix}\uffff`).execute()).map(
        rowToHead,
      ),
  }
}

function readRecords(db: Db) {
  const joined = () => joinedRecords(db)
  return {
    record: async (type: string, id: string) => {
      const row = await joined()
        .where('records.type', '=', type)
        .where('records.id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : withScope(row)
    },
    records: async (query: RecordQuery) => {
      const askPart = async (
        scopes?: readonly string[],
        persons?: readonly string[],
        subjects?: readonly string[],
      ) => {
        let q = joined().where('records.type', 'in', [...query.types])
        if (query.includeDeleted !== true) q = q.where('records.deleted', '=', 0)
        if (query.person !== undefined) q = q.where('records.person', '=', query.person)
        if (persons !== undefined) q = q.where('records.person', 'in', [...persons])
        if (query.subject !== undefined) q = q.where('records.subject', '=', query.subject)
        if (subjects !== undefined) q = q.where('records.subject', 'in', [...subjects])
        if (scopes !== undefined) q = q.where('scopes.name', 'in', [...scopes])
        return (await q.orderBy('records.scope_id').orderBy('records.rev').execute()).map(withScope)
      }
      const ask = (scopes?: readonly string[], persons?: readonly string[]) =>
        query.subjects === undefined
          ? askPart(scopes, persons)
          : inChunks(query.subjects, (part) => askPart(scopes, persons, part))
      const byScopes = (persons?: readonly string[]) =>
        query.scopes === undefined
          ? ask(undefined, persons)
          : inChunks(query.scopes, (part) => ask(part, persons))
      return query.persons === undefined ? byScopes() : inChunks(query.persons, (part) => byScopes(part))
    },
    recordsAfter: async (scopeId: number, rev: number, limit: number) =>
      (
        await db
          .selectFrom('records')
          .selectAll()
          .where('scope_id', '=', scopeId)
          .where('rev', '>', rev)
          .orderBy('rev')
          .limit(limit)
          .execute()
      ).map(rowToRecord),
  }
}

function readLedger(db: Db) {
  return {
    chainAt: async (scopeId: number, rev: number) => {
      const entry = await db
        .selectFrom('ledger')
        .select('chain')
        .where('scope_id', '=', scopeId)
        .where('rev', '<=', rev)
        .orderBy('rev', 'desc')
        .limit(1)
        .executeTakeFirst()
      return entry?.chain ?? null
    },
    ledgerEntryAfter: async (scope: string, rev: number, { type, id }: RecordRef) => {
      const row = await db
        .selectFrom('ledger')
        .selectAll('ledger')
        .innerJoin('scopes', 'scopes.id', 'ledger.scope_id')
        .where('scopes.name', '=', scope)
        .where('ledger.rev', '>', rev)
        .where('ledger.type', '=', type)
        .where('ledger.id', '=', id)
        .orderBy('ledger.rev')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? undefined : rowToEntry(row, scope)
    },
    ledgerScopeOf: async ({ type, id }: RecordRef) =>
      (
        await db
          .selectFrom('ledger')
          .innerJoin('scopes', 'scopes.id', 'ledger.scope_id')
          .select('scopes.name as name')
          .where('ledger.type', '=', type)
          .where('ledger.id', '=', id)
          .limit(1)
          .executeTakeFirst()
      )?.name,
    erasedAmong: async (refs: readonly RecordRef[]) => {
      const ids = [...new Set(refs.map((ref) => ref.id))]
      const asked = new Set(refs.map((ref) => `${ref.type}:${ref.id}`))
      const rows = await inChunks(ids, (part) =>
        db.selectFrom('erasures').select(['type', 'id']).where('id', 'in', part).execute(),
      )
      return new Set(rows.map((row) => `${row.type}:${row.id}`).filter((key) => asked.has(key)))
    },
  }
}

export const rowToDevice = (r: Tables['devices']): Device => ({
  id: r.id,
  personId: r.person_id,
  name: r.name,
  lastMutation: Number(r.last_mutation),
  keyId: r.key_id,
  createdAt: Number(r.created_at),
  revokedAt: r.revoked_at === null ? null : Number(r.revoked_at),
})

function readAccounts(db: Db) {
  const account = (r: Tables['accounts']) => ({
    personId: r.person_id,
    staffNo: r.staff_no,
    name: r.name,
    passwordHash: r.password_hash,
    closed: r.closed === 1,
  })
  return {
    device: async (id: string) => {
      const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : rowToDevice(row)
    },
    devicesOf: async (personId: string) =>
      (
        await db
          .selectFrom('devices')
          .selectAll()
          .where('person_id', '=', personId)
          .orderBy('created_at')
          .execute()
      ).map(rowToDevice),
    outcome: async (deviceId: string, n: number) => {
      const row = await db
        .selectFrom('outcomes')
        .selectAll()
        .where('device_id', '=', deviceId)
        .where('n', '=', n)
        .executeTakeFirst()
      return row === undefined ? undefined : { n: Number(row.n), hash: row.hash, outcome: row.outcome }
    },
    account: async (by: { staffNo: string } | { personId: string }) => {
      const q = db.selectFrom('accounts').selectAll()
      const row = await (
        'staffNo' in by ? q.where('staff_no', '=', by.staffNo) : q.where('person_id', '=', by.personId)
      ).executeTakeFirst()
      return row === undefined ? undefined : account(row)
    },
    accounts: async () =>
      (await db.selectFrom('accounts').selectAll().orderBy('staff_no').execute()).map(account),
    session: async (tokenHash: string) => {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        tokenHash: row.token_hash,
        personId: row.person_id,
        deviceId: row.device_id,
        createdAt: Number(row.created_at),
        expiresAt: Number(row.expires_at),
      }
    },
    activationCode: async (codeHash: string) => {
      const row = await db
        .selectFrom('activation_codes')
        .selectAll()
        .where('code_hash', '=', codeHash)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        codeHash: row.code_hash,
        staffNo: row.staff_no,
        expiresAt: Number(row.expires_at),
        usedAt: row.used_at === null ? null : Number(row.used_at),
      }
    },
  }
}

function readBlobs(db: Db) {
  return {
    blob: async (sha256: string) => {
      const row = await db.selectFrom('blobs').selectAll().where('sha256', '=', sha256).executeTakeFirst()
      if (row === undefined) return undefined
      return {
        sha256: row.sha256,
        sizeBytes: Number(row.size_bytes),
        mime: row.mime,
        complete: row.complete === 1,
      }
    },
    blobScopes: async (sha256: string) =>
      (
        await db
          .selectFrom('blob_scopes')
          .innerJoin('scopes', 'scopes.id', 'blob_scopes.scope_id')
          .select('scopes.name as name')
          .where('sha256', '=', sha256)
          .execute()
      ).map((r) => r.name),
  }
}
