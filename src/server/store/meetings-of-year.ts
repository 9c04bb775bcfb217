/**
 * The meetings of a year over the whole bureau, and whether somebody has come to each, in one question however many branches there
 * are: of 80,000 marks none leaves the database. Says what shared/meetings/year/attended.ts says of the same records.
 */
import { sql } from 'kysely'
import type { MeetingOfYear } from './record-store.ts'
import type { Db } from './sql/db.ts'
import type { Engine } from './sql/tables.ts'

/** Fields are JSON text; all marks of a sitting are a range of subjects, compared byte by byte. */
const WORDS = {
  sqlite: {
    date: sql`json_extract(r.fields, '$.date')`,
    sittings: sql`json_each(r.fields, '$.sittings') s`,
    sittingId: sql`json_extract(s.value, '$.id')`,
    stage: sql`json_extract(f.fields, '$.stage')`,
    meetingId: (of: 'm' | 'n') => sql`json_extract(${sql.ref(of)}.fields, '$.meetingId')`,
    state: sql`json_extract(m.fields, '$.state')`,
    subject: sql`m.subject`,
    supersedes: sql`exists (select 1 from json_each(n.fields, '$.supersedes') x where x.value = m.id)`,
  },
  postgres: {
    date: sql`(r.fields::jsonb ->> 'date')`,
    sittings: sql`jsonb_array_elements(r.fields::jsonb -> 'sittings') s`,
    sittingId: sql`(s.value ->> 'id')`,
    stage: sql`(f.fields::jsonb ->> 'stage')`,
    meetingId: (of: 'm' | 'n') => sql`(${sql.ref(of)}.fields::jsonb ->> 'meetingId')`,
    state: sql`(m.fields::jsonb ->> 'state')`,
    subject: sql`m.subject collate "C"`,
    supersedes: sql`coalesce((n.fields::jsonb -> 'supersedes') @> to_jsonb(m.id), false)`,
  },
} as const

export const readMeetingsOfYear = (db: Db, engine: Engine) => ({
  meetingsOfYear: async (year: number): Promise<MeetingOfYear[]> => {
    const its = WORDS[engine]
    // The plus keeps SQLite from going through all marks in place of the few of a sitting; it is nothing to PostgreSQL's text.
    const type = engine === 'sqlite' ? sql`+m.type` : sql`m.type`
    const { rows } = await sql<{ id: string; fields: string; attended: unknown }>`
      select r.id, r.fields, case
        when exists (select 1 from records f where f.subject = r.id and f.type = 'minutes' and f.deleted = 0
          and ${its.stage} = 'fixed') then 1
        when exists (select 1 from ${its.sittings}, records m
          where ${its.subject} >= ${its.sittingId} || ':' and ${its.subject} < ${its.sittingId} || ';'
            and ${type} = 'roll-mark' and m.deleted = 0 and ${its.meetingId('m')} = r.id
            and ${its.state} in ('present', 'late')
            and not exists (select 1 from records n where n.subject = m.subject and n.type = 'roll-mark'
              and n.deleted = 0 and ${its.meetingId('n')} = r.id and ${its.supersedes})) then 1
        else 0 end as attended
      from records r
      where r.type = 'meeting' and r.deleted = 0
        and substr(${its.date}, 1, 5) = ${`${year}-`}
      order by r.id`.execute(db)
    return rows.map(({ id, fields, attended }) => ({ id, fields, attended: Number(attended) === 1 }))
  },
})
