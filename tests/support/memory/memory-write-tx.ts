/** WriteTx over tables in memory: the acts of sql-write.ts on maps. */
import {
  ConcurrentWrite,
  type EntryDetails,
  type StoredOutcome,
  type StoredRecord,
  type WriteTx,
} from '../../../src/server/store/record-store.ts'
import { recordToRow, type RecordRow } from '../../../src/server/store/sql/record-rows.ts'
import type { Tables } from '../../../src/server/store/sql/tables.ts'
import { appendEntry, scopeRow, writeLedger } from './memory-ledger.ts'
import { createMemoryReadTx } from './memory-read-tx.ts'
import type { MemoryTables } from './memory-record-store.ts'

/** What throws rejects, as a database's answer does. */
const done = (work: () => void): Promise<void> =>
  new Promise((resolve) => {
    work()
    resolve()
  })

export function createMemoryWriteTx(tables: MemoryTables): WriteTx {
  return {
    ...createMemoryReadTx(tables),
    ...writeRecords(tables),
    ...writeOutcomes(tables),
    ...writeLedger(tables),
    ...writeBlobs(tables),
    ...writeSessions(tables),
    ...writeAccounts(tables),
    lockedDevice: (id) => createMemoryReadTx(tables).device(id),
    savepoint: async (body) => {
      const mark = tables.mark()
      try {
        return await body()
      } catch (problem) {
        tables.backTo(mark)
        throw problem
      }
    },
  }
}

function writeRecords(tables: MemoryTables) {
  return {
    setSetting: (key: string, value: string) => done(() => tables.put('settings', { key, value })),
    nextRevision: (scope: string) => {
      const row = scopeRow(tables, scope)
      const next = { ...row, rev: row.rev + 1 }
      tables.put('scopes', next)
      return Promise.resolve({ scopeId: next.id, rev: next.rev })
    },
    putRecord: (record: StoredRecord, entry: EntryDetails = {}) =>
      done(() => {
        const standing = tables.get<RecordRow>('records', record.type, record.id)
        if (standing !== undefined && standing.scope_id !== record.scopeId)
          throw new ConcurrentWrite(`${record.type} ${record.id} stands in another scope`)
        tables.put('records', recordToRow(record))
        appendEntry(tables, record, entry)
      }),
    foresee: () => Promise.resolve(),
  }
}

function writeOutcomes(tables: MemoryTables) {
  return {
    putOutcome: (deviceId: string, ...outcomes: StoredOutcome[]) =>
      done(() => {
        for (const one of outcomes) tables.insert('outcomes', { device_id: deviceId, ...one })
      }),
    deleteOutcomesBefore: (deviceId: string, n: number) =>
      done(() => {
        for (const row of tables.all<Tables['outcomes']>('outcomes'))
          if (row.device_id === deviceId && row.n < n) tables.remove('outcomes', row)
      }),
    putCommandOutcome: (id: string, personId: string, hash: string, outcome: string, at: number) =>
      done(() => tables.insert('command_outcomes', { id, person_id: personId, hash, outcome, at })),
  }
}

function writeBlobs(tables: MemoryTables) {
  return {
    putBlob: (b: Parameters<WriteTx['putBlob']>[0]) =>
      done(() =>
        tables.put('blobs', {
          sha256: b.sha256,
          size_bytes: b.sizeBytes,
          mime: b.mime,
          complete: b.complete ? 1 : 0,
        }),
      ),
    putBlobScope: (sha256: string, scope: string) =>
      done(() => {
        const row = scopeRow(tables, scope)
        tables.put('scopes', row)
        tables.put('blob_scopes', { sha256, scope_id: row.id })
      }),
    removeBlobScope: (sha256: string, scope: string) =>
      done(() => tables.remove('blob_scopes', { sha256, scope_id: scopeRow(tables, scope).id })),
  }
}

function writeSessions(tables: MemoryTables) {
  return {
    putSession: (s: Parameters<WriteTx['putSession']>[0]) =>
      done(() =>
        tables.put('sessions', {
          token_hash: s.tokenHash,
          person_id: s.personId,
          device_id: s.deviceId,
          created_at: s.createdAt,
          expires_at: s.expiresAt,
        }),
      ),
    deleteSession: (tokenHash: string) => done(() => tables.remove('sessions', { token_hash: tokenHash })),
    deleteSessionsOf: (personId: string, deviceId?: string) =>
      done(() => {
        for (const row of tables.all<Tables['sessions']>('sessions'))
          if (row.person_id === personId && (deviceId === undefined || row.device_id === deviceId))
            tables.remove('sessions', row)
      }),
    putThrottle: (key: string, failures: number, until: number) =>
      done(() => tables.put('throttles', { key, failures, until })),
  }
}

function writeAccounts(tables: MemoryTables) {
  return {
    putDevice: (d: Parameters<WriteTx['putDevice']>[0]) =>
      done(() =>
        tables.put('devices', {
          id: d.id,
          person_id: d.personId,
          name: d.name,
          last_mutation: d.lastMutation,
          key_id: d.keyId,
          created_at: d.createdAt,
          revoked_at: d.revokedAt,
        }),
      ),
    putAccount: (a: Parameters<WriteTx['putAccount']>[0]) =>
      done(() =>
        tables.put('accounts', {
          person_id: a.personId,
          staff_no: a.staffNo,
          name: a.name,
          password_hash: a.passwordHash,
          closed: a.closed ? 1 : 0,
        }),
      ),
    putActivationCode: (c: Parameters<WriteTx['putActivationCode']>[0]) =>
      done(() =>
        tables.put('activation_codes', {
          code_hash: c.codeHash,
          staff_no: c.staffNo,
          expires_at: c.expiresAt,
          used_at: c.usedAt,
        }),
      ),
    voidActivationCodes: (staffNo: string) =>
      done(() => {
        for (const row of tables.all<Tables['activation_codes']>('activation_codes'))
          if (row.staff_no === staffNo && row.used_at === null) tables.remove('activation_codes', row)
      }),
  }
}
