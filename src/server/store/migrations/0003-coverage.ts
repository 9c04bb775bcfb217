/** Figures of each circulation (store/circulation-figures): they follow from the records, so they are in no backup and are filled by code. */
import { sql, type Kysely } from 'kysely'
import type { Engine, Tables } from '../sql/tables.ts'

const statements = (engine: Engine) => [
  `create table coverage (
     document_id text not null, circulation_id text not null, unit_id text not null, document_no text not null,
     title text not null, urgency integer not null, state text not null, revision integer not null,
     dispatched_at bigint not null, deadline text not null, expires_on text, to_sign integer not null,
     signed integer not null, outdated integer not null, excused integer not null, waiting integer not null,
     asked_at bigint, reminded_at bigint, primary key (document_id, circulation_id))${
       engine === 'sqlite' ? ' without rowid' : ''
     }`,
  `create index coverage_by_circulation on coverage (circulation_id)`,
  `create index coverage_by_unit on coverage (unit_id)`,
  // All facts of a circulation are asked for as a range of subjects, compared byte by byte. SQLite's index does so already.
  ...(engine === 'postgres'
    ? [`create index records_by_subject_bytes on records (subject collate "C") where subject is not null`]
    : []),
]

export async function coverage(db: Kysely<Tables>, engine: Engine): Promise<void> {
  for (const statement of statements(engine)) await sql.raw(statement).execute(db)
}
