/**
 * The record store over SQL. Written once over Kysely; the engine's own ways (one writer behind a queue and BEGIN IMMEDIATE on
 * SQLite) stand in sqlite-store.ts.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import type { RecordQuery, ReadTx, StoredRecord, WriteTx } from './record-store.ts'
import type { Tables } from './tables.ts'

type Db = Kysely<Tables> | Transaction<Tables>

interface RecordRow {
  type: string
  id: string
  scope_id: number
  rev: number
  schema_version: number
  deleted: number
  fields: string
  author: string
  observed_at: number
  received_at: number
  hash: string | null
  clocks: string | null
  history: string | null
  person: string | null
  subject: string | null
}

const rowToRecord = (r: RecordRow): StoredRecord => ({
  type: r.type,
  id: r.id,
  scopeId: Number(r.scope_id),
  rev: Number(r.rev),
  schemaVersion: r.schema_version,
  deleted: r.deleted === 1,
  fields: r.fields,
  author: r.author,
  observedAt: Number(r.observed_at),
  receivedAt: Number(r.received_at),
  hash: r.hash,
  clocks: r.clocks,
  history: r.history,
  person: r.person,
  subject: r.subject,
})

const recordToRow = (r: StoredRecord): RecordRow => ({
  type: r.type,
  id: r.id,
  scope_id: r.scopeId,
  rev: r.rev,
  schema_version: r.schemaVersion,
  deleted: r.deleted ? 1 : 0,
  fields: r.fields,
  author: r.author,
  observed_at: r.observedAt,
  received_at: r.receivedAt,
  hash: r.hash,
  clocks: r.clocks,
  history: r.history,
  person: r.person,
  subject: r.subject,
})

/** `in` lists are cut, because both databases limit the number of parameters. */
const CHUNK = 500
async function inChunks<In, Out>(
  items: readonly In[],
  ask: (part: readonly In[]) => Promise<Out[]>,
): Promise<Out[]> {
  const found: Out[] = []
  for (let at = 0; at < items.length; at += CHUNK) found.push(...(await ask(items.slice(at, at + CHUNK))))
  return found
}

export function createReadTx(db: Db): ReadTx {
  return { ...readSettings(db), ...readScopes(db), ...readRecords(db), ...readAccounts(db), ...readBlobs(db) }
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

function readScopes(db: Db) {
  const head = (r: { id: number; name: string; rev: number }) => ({
    id: Number(r.id),
    name: r.name,
    rev: Number(r.rev),
  })
  const select = () => db.selectFrom('scopes').select(['id', 'name', 'rev'])
  return {
    scopeHeads: async (names: readonly string[]) =>
      (await inChunks(names, (part) => select().where('name', 'in', part).execute())).map(head),
    scopeHeadsById: async (ids: readonly number[]) =>
      (await inChunks(ids, (part) => select().where('id', 'in', part).execute())).map(head),
    scopesWithPrefix: async (prefix: string) =>
      (await select().where('name', '>=', prefix).where('name', '<', `${prefix}\uffff`).execute()).map(head),
  }
}

function readRecords(db: Db) {
  const joined = () =>
    db
      .selectFrom('records')
      .innerJoin('scopes', 'scopes.id', 'records.scope_id')
      .selectAll('records')
      .select('scopes.name as scope')
  const withScope = (row: RecordRow & { scope: string }) => ({ ...rowToRecord(row), scope: row.scope })
  return {
    record: async (type: string, id: string) => {
      const row = await joined()
        .where('records.type', '=', type)
        .where('records.id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : withScope(row)
    },
    records: async (query: RecordQuery) => {
      const ask = async (scopes?: readonly string[], persons?: readonly string[]) => {
        let q = joined().where('records.type', 'in', [...query.types])
        if (query.includeDeleted !== true) q = q.where('records.deleted', '=', 0)
        if (query.person !== undefined) q = q.where('records.person', '=', query.person)
        if (persons !== undefined) q = q.where('records.person', 'in', [...persons])
        if (query.subject !== undefined) q = q.where('records.subject', '=', query.subject)
        if (scopes !== undefined) q = q.where('scopes.name', 'in', [...scopes])
        return (await q.orderBy('records.scope_id').orderBy('records.rev').execute()).map(withScope)
      }
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

function readAccounts(db: Db) {
  const device = (r: Tables['devices']) => ({
    id: r.id,
    personId: r.person_id,
    name: r.name,
    lastMutation: Number(r.last_mutation),
    keyId: r.key_id,
    createdAt: Number(r.created_at),
    revokedAt: r.revoked_at === null ? null : Number(r.revoked_at),
  })
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
      return row === undefined ? undefined : device(row)
    },
    devicesOf: async (personId: string) =>
      (
        await db
          .selectFrom('devices')
          .selectAll()
          .where('person_id', '=', personId)
          .orderBy('created_at')
          .execute()
      ).map(device),
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

export function createWriteTx(db: Db): WriteTx {
  const scopeIdOf = async (name: string) => {
    await db
      .insertInto('scopes')
      .values({ name, rev: 0 })
      .onConflict((c) => c.column('name').doNothing())
      .execute()
    return Number(
      (await db.selectFrom('scopes').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id,
    )
  }
  let savepoints = 0
  return {
    ...createReadTx(db),
    ...writeRecords(db),
    ...writeAccounts(db),
    putBlob: async (b) => {
      const row = { sha256: b.sha256, size_bytes: b.sizeBytes, mime: b.mime, complete: b.complete ? 1 : 0 }
      await db
        .insertInto('blobs')
        .values(row)
        .onConflict((c) => c.column('sha256').doUpdateSet(row))
        .execute()
    },
    putBlobScope: async (sha256, scope) => {
      const row = { sha256, scope_id: await scopeIdOf(scope) }
      await db
        .insertInto('blob_scopes')
        .values(row)
        .onConflict((c) => c.columns(['sha256', 'scope_id']).doNothing())
        .execute()
    },
    removeBlobScope: async (sha256, scope) => {
      const scope_id = await scopeIdOf(scope)
      await db
        .deleteFrom('blob_scopes')
        .where('sha256', '=', sha256)
        .where('scope_id', '=', scope_id)
        .execute()
    },
    savepoint: async (body) => {
      const name = sql.raw(`step_${++savepoints}`)
      await sql`savepoint ${name}`.execute(db)
      try {
        const result = await body()
        await sql`release savepoint ${name}`.execute(db)
        return result
      } catch (problem) {
        await sql`rollback to savepoint ${name}`.execute(db)
        await sql`release savepoint ${name}`.execute(db)
        throw problem
      }
    },
  }
}

function writeRecords(db: Db) {
  return {
    setSetting: async (key: string, value: string) => {
      await db
        .insertInto('settings')
        .values({ key, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    nextRevision: async (scope: string) => {
      const bump = () =>
        db
          .updateTable('scopes')
          .set((eb) => ({ rev: eb('rev', '+', 1) }))
          .where('name', '=', scope)
          .returning(['id', 'rev'])
          .executeTakeFirst()
      let row = await bump()
      if (row === undefined) {
        await db
          .insertInto('scopes')
          .values({ name: scope, rev: 0 })
          .onConflict((c) => c.column('name').doNothing())
          .execute()
        row = await bump()
      }
      if (row === undefined) throw new Error(`scope could not be made: ${scope}`)
      return { scopeId: Number(row.id), rev: Number(row.rev) }
    },
    putRecord: async (record: StoredRecord) => {
      const row = recordToRow(record)
      await db
        .insertInto('records')
        .values(row)
        .onConflict((c) => c.columns(['type', 'id']).doUpdateSet(row))
        .execute()
    },
    putOutcome: async (deviceId: string, o: { n: number; hash: string; outcome: string }) => {
      await db
        .insertInto('outcomes')
        .values({ device_id: deviceId, n: o.n, hash: o.hash, outcome: o.outcome })
        .execute()
    },
    putCommandOutcome: async (id: string, personId: string, hash: string, outcome: string) => {
      await db.insertInto('command_outcomes').values({ id, person_id: personId, hash, outcome }).execute()
    },
  }
}

function writeAccounts(db: Db) {
  return {
    putDevice: async (d: {
      id: string
      personId: string
      name: string
      lastMutation: number
      keyId: string | null
      createdAt: number
      revokedAt: number | null
    }) => {
      const row = {
        id: d.id,
        person_id: d.personId,
        name: d.name,
        last_mutation: d.lastMutation,
        key_id: d.keyId,
        created_at: d.createdAt,
        revoked_at: d.revokedAt,
      }
      await db
        .insertInto('devices')
        .values(row)
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
    },
    putAccount: async (a: {
      personId: string
      staffNo: string
      name: string
      passwordHash: string | null
      closed: boolean
    }) => {
      const row = {
        person_id: a.personId,
        staff_no: a.staffNo,
        name: a.name,
        password_hash: a.passwordHash,
        closed: a.closed ? 1 : 0,
      }
      await db
        .insertInto('accounts')
        .values(row)
        .onConflict((c) => c.column('person_id').doUpdateSet(row))
        .execute()
    },
    putSession: async (s: {
      tokenHash: string
      personId: string
      deviceId: string
      createdAt: number
      expiresAt: number
    }) => {
      const row = {
        token_hash: s.tokenHash,
        person_id: s.personId,
        device_id: s.deviceId,
        created_at: s.createdAt,
        expires_at: s.expiresAt,
      }
      await db
        .insertInto('sessions')
        .values(row)
        .onConflict((c) => c.column('token_hash').doUpdateSet(row))
        .execute()
    },
    deleteSession: async (tokenHash: string) => {
      await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
    },
    deleteSessionsOf: async (personId: string, deviceId?: string) => {
      let q = db.deleteFrom('sessions').where('person_id', '=', personId)
      if (deviceId !== undefined) q = q.where('device_id', '=', deviceId)
      await q.execute()
    },
    putActivationCode: async (c: {
      codeHash: string
      staffNo: string
      expiresAt: number
      usedAt: number | null
    }) => {
      const row = { code_hash: c.codeHash, staff_no: c.staffNo, expires_at: c.expiresAt, used_at: c.usedAt }
      await db
        .insertInto('activation_codes')
        .values(row)
        .onConflict((x) => x.column('code_hash').doUpdateSet(row))
        .execute()
    },
    voidActivationCodes: async (staffNo: string) => {
      await db
        .deleteFrom('activation_codes')
        .where('staff_no', '=', staffNo)
        .where('used_at', 'is', null)
        .execute()
    },
    putThrottle: async (key: string, failures: number, until: number) => {
      const row = { key, failures, until }
      await db
        .insertInto('throttles')
        .values(row)
        .onConflict((c) => c.column('key').doUpdateSet(row))
        .execute()
    },
  }
}
