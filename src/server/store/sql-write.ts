/** Writing to the store: the acts of WriteTx in SQL, written once over Kysely. The engine's own ways stand in sqlite-store.ts. */
import { sql } from 'kysely'
import type {
  Account,
  ActivationCode,
  Device,
  Session,
  StoredOutcome,
  StoredRecord,
  WriteTx,
} from './record-store.ts'
import { recordToRow } from './record-rows.ts'
import { createReadTx, rowToDevice, type Db } from './sql-read.ts'
import type { Engine } from './tables.ts'

export function createWriteTx(db: Db, engine: Engine): WriteTx {
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
    lockedDevice: async (id) => {
      const asked = db.selectFrom('devices').selectAll().where('id', '=', id)
      // SQLite has one writer, and no such clause.
      const row = await (engine === 'postgres' ? asked.forUpdate() : asked).executeTakeFirst()
      return row === undefined ? undefined : rowToDevice(row)
    },
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
    putOutcome: async (deviceId: string, o: StoredOutcome) => {
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
    putDevice: async (d: Device) => {
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
    putAccount: async (a: Account) => {
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
    putSession: async (s: Session) => {
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
    putActivationCode: async (c: ActivationCode) => {
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
