/** Accounts, devices, sessions, codes and throttles: the acts of WriteTx on them in SQL. */
import type { Account, ActivationCode, Device, Session } from '../record-store.ts'
import type { Db } from './db.ts'

export function writeAccounts(db: Db) {
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
