/**
 * How far each circulation has come, as one row of figures: what the desk asks about the whole bureau without reading a single
 * sign-off.
 *
 * Guarantee: a row is what `coverageOf` says of the circulation's records, and nothing else: it can be thrown away and made again.
 */
import type { Circulation } from '../circulation.ts'
import { coverageOf, type Stored } from './coverage.ts'
import type { RecipientChange } from '../recipient-change.ts'
import { currentRevision, URGENCIES } from '../document/revisions.ts'
import type { SignOff } from '../signing/sign-off.ts'

/** Raised when `coverageOf`, or what a row holds, says something else than before: all rows are then made again at the start. */
export const COVERAGE_FORMULA = 1

/** The facts of a circulation have its id as the first part of their subject. */
export const COVERED_FACTS = ['recipient-change', 'sign-off', 'reminder'] as const

/** A row as it lies in its table. */
export interface CoverageRow {
  document_id: string
  circulation_id: string
  unit_id: string
  document_no: string
  title: string
  /** Its place in URGENCIES. */
  urgency: number
  state: string
  revision: number
  dispatched_at: number
  deadline: string
  expires_on: string | null
  to_sign: number
  signed: number
  outdated: number
  excused: number
  waiting: number
  /** Since when the oldest of those who have not signed has been asked (UTC ms); null when all have. */
  asked_at: number | null
  /** The newest reminder (UTC ms, by the endpoint's clock). */
  reminded_at: number | null
}

/** A fact without its heavy parts. */
export interface CoveredFact {
  type: string
  id: string
  fields: string
  receivedAt: number
}

export function coverageRow(id: string, c: Circulation, facts: readonly CoveredFact[]): CoverageRow {
  const of = <Fields>(type: string): Stored<Fields>[] =>
    facts.filter((f) => f.type === type).map((f) => ({ id: f.id, fields: JSON.parse(f.fields) as Fields }))
  const coverage = coverageOf(
    { id, fields: c },
    of<RecipientChange>('recipient-change'),
    of<SignOff>('sign-off'),
  )
  const reminders = facts.filter(({ type }) => type === 'reminder').map(({ receivedAt }) => receivedAt)
  const newest = currentRevision(c)
  const { toSign, signed, outdated, excused, waiting } = coverage
  return {
    document_id: c.documentId,
    circulation_id: id,
    unit_id: c.unitId,
    document_no: c.documentNo,
    title: c.title,
    urgency: URGENCIES.indexOf(c.urgency ?? '平件'),
    state: c.state ?? 'open',
    revision: newest.revision,
    dispatched_at: c.dispatchedAt,
    deadline: c.deadline,
    expires_on: c.expiresOn ?? null,
    to_sign: toSign,
    signed,
    outdated,
    excused,
    waiting,
    asked_at: waiting > 0 ? c.dispatchedAt : outdated > 0 ? newest.at : null,
    reminded_at: reminders.length === 0 ? null : Math.max(...reminders),
  }
}

/** The figures of one document over its branches: those that were recalled don't count. */
export interface DocumentSums {
  documentId: string
  documentNo: string
  title: string
  urgency: number
  revision: number
  dispatchedAt: number
  /** The first that is still to be met; the last when none is. */
  deadline: string
  branches: number
  /** Branches that are still asked. */
  open: number
  archived: number
  /** Of those that are asked: with somebody missing, and of these past their deadline. */
  behind: number
  overdue: number
  /** People missing in branches that are asked. */
  missing: number
  toSign: number
  signed: number
  outdated: number
  excused: number
  waiting: number
  askedAt: number | null
  remindedAt: number | null
}

const least = <T extends string | number>(items: readonly T[]): T | null =>
  items.length === 0 ? null : items.reduce((a, b) => (b < a ? b : a))
const most = <T extends string | number>(items: readonly T[]): T | null =>
  items.length === 0 ? null : items.reduce((a, b) => (b > a ? b : a))

/** The same as the question in SQL (server/store/circulation-figures/read.ts), in plain words. @param rows of one document, at least one */
export function sumsOf(rows: readonly CoverageRow[], today: string): DocumentSums {
  const counted = rows.filter((r) => r.state !== 'recalled')
  const asked = rows.filter((r) => r.state === 'open' && (r.expires_on === null || r.expires_on >= today))
  const behind = asked.filter((r) => r.waiting + r.outdated > 0)
  const sum = (some: readonly CoverageRow[], of: (r: CoverageRow) => number) =>
    some.reduce((total, r) => total + of(r), 0)
  const present = <T>(value: T | null): value is T => value !== null
  return {
    documentId: rows[0]!.document_id,
    documentNo: most(rows.map((r) => r.document_no))!,
    title: most(rows.map((r) => r.title))!,
    urgency: most(rows.map((r) => r.urgency))!,
    revision: most(rows.map((r) => r.revision))!,
    dispatchedAt: most(rows.map((r) => r.dispatched_at))!,
    deadline: least(behind.map((r) => r.deadline)) ?? most(rows.map((r) => r.deadline))!,
    branches: rows.length,
    open: asked.length,
    archived: counted.length - asked.length,
    behind: behind.length,
    overdue: behind.filter((r) => r.deadline < today).length,
    missing: sum(behind, (r) => r.waiting + r.outdated),
    toSign: sum(counted, (r) => r.to_sign),
    signed: sum(counted, (r) => r.signed),
    outdated: sum(counted, (r) => r.outdated),
    excused: sum(counted, (r) => r.excused),
    waiting: sum(counted, (r) => r.waiting),
    askedAt: least(behind.map((r) => r.asked_at).filter(present)),
    remindedAt: most(rows.map((r) => r.reminded_at).filter(present)),
  }
}
