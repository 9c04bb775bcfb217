/**
 * Keeps the figures of each circulation in the same transaction as its records.
 *
 * Guarantee: what is committed is what `coverageOf` says of what is committed, also when two people sign the same circulation at
 * the same moment in two processes: the row is locked first and counted afterwards, so that whoever comes second sees both.
 */
import { sql } from 'kysely'
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import type { StoredRecord } from '../record-store.ts'
import type { Db } from '../sql/db.ts'
import type { Engine } from '../sql/tables.ts'
import {
  COVERAGE_FORMULA,
  COVERED_FACTS,
  coverageRow,
  type CoverageRow,
  type CoveredFact,
} from '../../../shared/circulation/coverage/coverage-figures.ts'

const isFact = (type: string) => (COVERED_FACTS as readonly string[]).includes(type)

export interface CoverageKeeper {
  /** Before the record is written. */
  note(record: StoredRecord): Promise<void>
  /** After the last record, before the commit. */
  flush(): Promise<void>
}

export function keepCoverage(db: Db, engine: Engine): CoverageKeeper {
  const touched = new Set<string>()
  const noteSubject = (subject: string | null | undefined) => {
    if (subject != null) touched.add(subject.slice(0, subject.indexOf(':')))
  }
  return {
    note: async ({ type, id, subject }) => {
      if (type === 'circulation') touched.add(id)
      else if (isFact(type)) {
        noteSubject(subject)
        // Erased by rule: what it was about is gone with the content, and still stands in the row that goes.
        if (subject === null)
          noteSubject(
            (
              await db
                .selectFrom('records')
                .select('subject')
                .where('type', '=', type)
                .where('id', '=', id)
                .executeTakeFirst()
            )?.subject,
          )
      }
    },
    flush: async () => {
      // Sorted: two transactions that touch the same two circulations never wait for each other in a circle.
      for (const id of [...touched].sort()) await count(db, engine, id)
    },
  }
}

async function count(db: Db, engine: Engine, id: string): Promise<void> {
  // SQLite has one writer, and no such clause.
  if (engine === 'postgres')
    await sql`select 1 from coverage where circulation_id = ${id} for update`.execute(db)
  const circulation = await db
    .selectFrom('records')
    .select('fields')
    .where('type', '=', 'circulation')
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .executeTakeFirst()
  if (circulation === undefined) {
    await db.deleteFrom('coverage').where('circulation_id', '=', id).execute()
    return
  }
  const row = await figuresOf(db, engine, { id, fields: circulation.fields })
  await db
    .insertInto('coverage')
    .values(row)
    .onConflict((c) => c.columns(['document_id', 'circulation_id']).doUpdateSet(row))
    .execute()
}

async function figuresOf(db: Db, engine: Engine, circulation: { id: string; fields: string }) {
  const { id, fields } = circulation
  return coverageRow(id, JSON.parse(fields) as Circulation, await factsOf(db, engine, id))
}

/**
 * Without the hand and what was written to it: they are most of the bytes, and count for nothing here. The plus keeps SQLite from
 * going through all facts of these types instead of the few subjects.
 */
async function factsOf(db: Db, engine: Engine, circulationId: string): Promise<CoveredFact[]> {
  const [from, to] = [`${circulationId}:`, `${circulationId};`]
  const types = sql.join(COVERED_FACTS.map((type) => sql.lit(type)))
  const { rows } = await (
    engine === 'postgres'
      ? sql<CoveredFact>`
        select type, id, received_at as "receivedAt",
          (fields::jsonb - 'signature' - 'opinion' - 'deviceSignature')::text as fields
        from records where subject collate "C" >= ${from} and subject collate "C" < ${to}
          and type in (${types}) and deleted = 0`
      : sql<CoveredFact>`
        select type, id, received_at as "receivedAt",
          json_remove(fields, '$.signature', '$.opinion', '$.deviceSignature') as fields
        from records where subject >= ${from} and subject < ${to} and +type in (${types}) and deleted = 0`
  ).execute(db)
  return rows.map((row) => ({ ...row, receivedAt: Number(row.receivedAt) }))
}

const PAGE = 500
const FORMULA = 'coverage-formula'

/** Makes all rows anew when they were made by another formula, or never. */
export async function bringCoverageUpToDate(db: Db, engine: Engine): Promise<void> {
  const made = await db.selectFrom('settings').select('value').where('key', '=', FORMULA).executeTakeFirst()
  if (made?.value !== String(COVERAGE_FORMULA)) await makeCoverage(db, engine)
}

export async function makeCoverage(db: Db, engine: Engine): Promise<void> {
  await db.deleteFrom('coverage').execute()
  for (let after = ''; ;) {
    const page = await db
      .selectFrom('records')
      .select(['id', 'fields'])
      .where('type', '=', 'circulation')
      .where('deleted', '=', 0)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    // Nobody else is here, and nothing stands yet: no row is locked, and a page is written at once.
    const rows: CoverageRow[] = []
    for (const circulation of page) rows.push(await figuresOf(db, engine, circulation))
    if (rows.length > 0) await db.insertInto('coverage').values(rows).execute()
    if (page.length < PAGE) break
    after = page.at(-1)!.id
  }
  await sql`insert into settings (key, value) values (${FORMULA}, ${String(COVERAGE_FORMULA)})
    on conflict (key) do update set value = excluded.value`.execute(db)
}
