/** The tables, as Kysely sees them. Booleans are 0/1 and times are UTC ms, so that both databases hold the same. */
import type { Generated } from 'kysely'
import type { CoverageRow } from '../../../shared/circulation/coverage/coverage-figures.ts'

export interface Tables {
  settings: { key: string; value: string }
  /** `chain`: the head of the scope's ledger; null while it has no entry. */
  scopes: { id: Generated<number>; name: string; rev: number; chain: string | null }
  records: {
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
  ledger: {
    scope_id: number
    rev: number
    kind: string
    type: string
    id: string
    record_hash: string
    /** Null once the record was erased by rule, and for a restore. */
    salt: string | null
    author: string
    at: number
    chain: string
  }
  /** What was erased by rule and never comes back. `scope` is its name. */
  erasures: { type: string; id: string; scope: string; at: number; reason: string }
  devices: {
    id: string
    person_id: string
    name: string
    last_mutation: number
    key_id: string | null
    created_at: number
    revoked_at: number | null
  }
  outcomes: { device_id: string; n: number; hash: string; outcome: string }
  accounts: {
    person_id: string
    staff_no: string
    name: string
    password_hash: string | null
    closed: number
  }
  activation_codes: { code_hash: string; staff_no: string; expires_at: number; used_at: number | null }
  sessions: {
    token_hash: string
    person_id: string
    device_id: string
    created_at: number
    expires_at: number
  }
  throttles: { key: string; failures: number; until: number }
  blobs: { sha256: string; size_bytes: number; mime: string; complete: number }
  blob_scopes: { sha256: string; scope_id: number }
  command_outcomes: { id: string; person_id: string; hash: string; outcome: string; at: number }
  /** Made of the records, and made again whenever it is missing. */
  coverage: CoverageRow
}

/** What a backup holds: everything but what follows from the rest. */
export type TableName = Exclude<keyof Tables, 'coverage'>

/** Which SQL is spoken: the two differ in locking, in identity columns and in nothing else that matters here. */
export type Engine = 'sqlite' | 'postgres'
