/** The two questions about coverage in SQL: all documents, each as one line of sums; and the branches of some of them. */
import { sql } from 'kysely'
import { inChunks, type Db } from '../sql/db.ts'
import type { CoverageRow, DocumentSums } from '../../../shared/circulation/coverage/coverage-figures.ts'

/** PostgreSQL answers sums and large integers as text. */
const numbers = [
  'urgency',
  'revision',
  'dispatched_at',
  'to_sign',
  'signed',
  'outdated',
  'excused',
  'waiting',
] as const
const orNull = (value: unknown): number | null => (value === null ? null : Number(value))

function toRow(raw: CoverageRow): CoverageRow {
  const row = { ...raw, asked_at: orNull(raw.asked_at), reminded_at: orNull(raw.reminded_at) }
  for (const key of numbers) row[key] = Number(raw[key])
  return row
}

const TEXTS = new Set<keyof DocumentSums>(['documentId', 'documentNo', 'title', 'deadline'])
const toSums = (raw: Record<keyof DocumentSums, unknown>): DocumentSums =>
  Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      TEXTS.has(key as keyof DocumentSums) ? value : orNull(value),
    ]),
  ) as unknown as DocumentSums

export function readCoverage(db: Db) {
  return {
    coverageOfDocuments: async (documentIds: readonly string[]): Promise<CoverageRow[]> =>
      (
        await inChunks(documentIds, (part) =>
          db.selectFrom('coverage').selectAll().where('document_id', 'in', part).execute(),
        )
      ).map(toRow),
    coverageByDocument: async (today: string, unitId?: string): Promise<DocumentSums[]> => {
      const asked = sql`state = 'open' and (expires_on is null or expires_on >= ${today})`
      const behind = sql`${asked} and waiting + outdated > 0`
      const counted = sql`state <> 'recalled'`
      // Filters, not cases: PostgreSQL takes a third less time for all documents of three years.
      const count = (condition: typeof asked) => sql`count(*) filter (where ${condition})`
      const sum = (condition: typeof asked, value: string) =>
        sql`coalesce(sum(${sql.raw(value)}) filter (where ${condition}), 0)`
      const least = (condition: typeof asked, value: string) =>
        sql`min(${sql.raw(value)}) filter (where ${condition})`
      const ofUnit = unitId === undefined ? sql`` : sql`where unit_id = ${unitId}`
      const { rows } = await sql<Record<keyof DocumentSums, unknown>>`
        select document_id as "documentId", max(document_no) as "documentNo", max(title) as "title",
          max(urgency) as "urgency", max(revision) as "revision", max(dispatched_at) as "dispatchedAt",
          coalesce(${least(behind, 'deadline')}, max(deadline)) as "deadline",
          count(*) as "branches", ${count(asked)} as "open",
          ${count(counted)} - ${count(asked)} as "archived", ${count(behind)} as "behind",
          ${count(sql`${behind} and deadline < ${today}`)} as "overdue",
          ${sum(behind, 'waiting + outdated')} as "missing",
          ${sum(counted, 'to_sign')} as "toSign", ${sum(counted, 'signed')} as "signed",
          ${sum(counted, 'outdated')} as "outdated", ${sum(counted, 'excused')} as "excused",
          ${sum(counted, 'waiting')} as "waiting",
          ${least(behind, 'asked_at')} as "askedAt", max(reminded_at) as "remindedAt"
        from coverage ${ofUnit} group by document_id`.execute(db)
      return rows.map(toSums)
    },
  }
}
