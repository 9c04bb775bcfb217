/** Records and ledger entries as rows and back. Large integers may come as text from PostgreSQL: they are made numbers here. */
import type { EntryKind, LedgerEntry } from '../../../shared/sync/ledger.ts'
import type { StoredRecord } from '../record-store.ts'
import type { Tables } from './tables.ts'

export type RecordRow = Tables['records']

export const rowToRecord = (r: RecordRow): StoredRecord => ({
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

export const recordToRow = (r: StoredRecord): RecordRow => ({
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

export type EntryRow = Tables['ledger']

export const entryToRow = (e: LedgerEntry, scopeId: number): EntryRow => ({
  scope_id: scopeId,
  rev: e.rev,
  kind: e.kind,
  type: e.type,
  id: e.id,
  record_hash: e.recordHash,
  salt: e.salt,
  author: e.author,
  at: e.at,
  chain: e.chain,
})

/** A kind that isn't one is kept as it is: whoever checks the chain finds it. */
export const rowToEntry = (r: EntryRow, scope: string): LedgerEntry => ({
  scope,
  rev: Number(r.rev),
  kind: r.kind as EntryKind,
  type: r.type,
  id: r.id,
  recordHash: r.record_hash,
  salt: r.salt,
  author: r.author,
  at: Number(r.at),
  chain: r.chain,
})
