/** The first schema. */
import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

const STATEMENTS = [
  `create table settings (key text primary key, value text not null)`,
  `create table scopes (id integer primary key, name text not null unique, rev bigint not null)`,
  `create table records (
     type text not null, id text not null, scope_id integer not null references scopes (id), rev bigint not null,
     schema_version integer not null, deleted integer not null, fields text not null, author text not null,
     observed_at bigint not null, received_at bigint not null, hash text, clocks text, history text,
     person text, subject text, primary key (type, id))`,
  `create unique index records_by_scope on records (scope_id, rev)`,
  `create index records_by_person on records (person, type) where person is not null`,
  `create index records_by_subject on records (subject, type) where subject is not null`,
  `create table devices (
     id text primary key, person_id text not null, name text not null, last_mutation bigint not null, key_id text,
     created_at bigint not null, revoked_at bigint)`,
  `create index devices_by_person on devices (person_id)`,
  `create table outcomes (
     device_id text not null, n bigint not null, hash text not null, outcome text not null, primary key (device_id, n))`,
  `create table accounts (
     person_id text primary key, staff_no text not null unique, name text not null, password_hash text,
     closed integer not null)`,
  `create table activation_codes (
     code_hash text primary key, staff_no text not null, expires_at bigint not null, used_at bigint)`,
  `create index activation_codes_by_staff_no on activation_codes (staff_no)`,
  `create table sessions (
     token_hash text primary key, person_id text not null, device_id text not null, created_at bigint not null,
     expires_at bigint not null)`,
  `create index sessions_by_person on sessions (person_id)`,
  `create table throttles (key text primary key, failures integer not null, until bigint not null)`,
  `create table blobs (sha256 text primary key, size_bytes bigint not null, mime text not null, complete integer not null)`,
  `create table blob_scopes (
     sha256 text not null, scope_id integer not null references scopes (id), primary key (sha256, scope_id))`,
  `create table command_outcomes (id text primary key, person_id text not null, hash text not null, outcome text not null)`,
]

export async function first(db: Kysely<Tables>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
