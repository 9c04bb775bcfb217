/** All migrations in order; the number of those applied stands in settings as `schema`. Forward only. */
import { sql, type Kysely } from 'kysely'
import { bringCoverageUpToDate } from '../circulation-figures/keep.ts'
import { StoreTrouble } from '../record-store.ts'
import type { Engine, Tables } from '../sql/tables.ts'
import { first } from './0001-first.ts'
import { ledger } from './0002-ledger.ts'
import { coverage } from './0003-coverage.ts'

const MIGRATIONS: readonly ((db: Kysely<Tables>, engine: Engine) => Promise<void>)[] = [
  first,
  ledger,
  coverage,
]

/** Brings the schema up to date, each step in the caller's transaction. @throws when the store is newer than this program */
export async function migrate(db: Kysely<Tables>, engine: Engine, newEpoch: () => string): Promise<void> {
  const tables = await db.introspection.getTables()
  let applied = 0
  if (tables.some((t) => t.name === 'settings')) {
    const row = await db.selectFrom('settings').select('value').where('key', '=', 'schema').executeTakeFirst()
    applied = Number(row?.value ?? 0)
  }
  if (applied > MIGRATIONS.length) throw new StoreTrouble('数据由更新的版本写成，请用新版本启动。')
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < applied) continue
    await step(db, engine)
    await sql`insert into settings (key, value) values ('schema', ${String(index + 1)})
      on conflict (key) do update set value = excluded.value`.execute(db)
  }
  // Seals pull cursors. Of this store alone: a phone with a cursor of another one begins anew.
  await sql`insert into settings (key, value) values ('cursor-key', ${newEpoch()}) on conflict (key) do nothing`.execute(
    db,
  )
  await sql`insert into settings (key, value) values ('epoch', ${newEpoch()}) on conflict (key) do nothing`.execute(
    db,
  )
  await bringCoverageUpToDate(db, engine)
}
