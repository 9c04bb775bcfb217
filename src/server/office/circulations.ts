/**
 * Where each document is over the whole bureau: which are still being signed, how far each has come, and branch by branch.
 *
 * Guarantee: counts only, no name of who has not signed: the office leads the branches, and names stay with the branch. The
 * figures are the store's (store/circulation-figures), so an answer costs the same however many sign-offs there are.
 */
import * as v from 'valibot'
import { civilDate, DAY_MS } from '../../shared/civil-time.ts'
import { Id } from '../../shared/fields.ts'
import type { Document } from '../../shared/circulation/document/document.ts'
import { isFound, textsOf, wordsToFind } from '../../shared/circulation/finding.ts'
import { URGENCIES } from '../../shared/circulation/document/revisions.ts'
import { circulationStatus } from '../../shared/circulation/status.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { Refusal } from '../problem.ts'
import {
  sumsOf,
  type CoverageRow,
  type DocumentSums,
} from '../../shared/circulation/coverage/coverage-figures.ts'
import type { ReadTx } from '../store/record-store.ts'
import { mustBeOffice, parsed, type Question } from './question.ts'

const PAGE = 50

/**
 * Which documents: by what is still missing, then by how they ended.
 *   behind    asked, and somebody has not signed
 *   overdue   of these, past a deadline
 *   complete  asked, and everybody has signed
 *   archived  asked nowhere any more
 *   recalled  recalled everywhere
 */
const VIEWS: Record<string, (d: DocumentSums) => boolean> = {
  behind: (d) => d.missing > 0,
  overdue: (d) => d.overdue > 0,
  complete: (d) => d.open > 0 && d.missing === 0,
  archived: (d) => d.open === 0 && d.archived > 0,
  recalled: (d) => d.open === 0 && d.archived === 0,
  all: () => true,
}

const Asked = v.object({
  view: v.optional(v.picklist(Object.keys(VIEWS)), 'behind'),
  urgency: v.optional(v.picklist(URGENCIES)),
  unit: v.optional(Id),
  year: v.optional(v.pipe(v.string(), v.regex(/^\d{4}$/, 'not a year'))),
  q: v.optional(v.pipe(v.string(), v.maxLength(100)), ''),
  page: v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}$/, 'not a page'), v.transform(Number)), '0'),
})

const yearOf = (d: DocumentSums): string => civilDate(d.dispatchedAt).slice(0, 4)

/** What is late, then what is due first, then the more pressing; what misses nobody by when it was sent. */
function exceptionsFirst(a: DocumentSums, b: DocumentSums): number {
  const misses = Number(b.missing > 0) - Number(a.missing > 0)
  if (misses !== 0 || a.missing === 0) return misses || b.dispatchedAt - a.dispatchedAt
  const late = Number(b.overdue > 0) - Number(a.overdue > 0)
  const due = a.deadline < b.deadline ? -1 : a.deadline > b.deadline ? 1 : 0
  return late || due || b.urgency - a.urgency || a.dispatchedAt - b.dispatchedAt
}

async function branchesOf(tx: ReadTx): Promise<Map<string, string>> {
  const units = parsed<Unit>(await tx.records({ types: ['unit'] }))
  return new Map(units.filter((u) => u.fields.kind === 'branch').map((u) => [u.id, u.fields.name]))
}

/** The figures don't hold who issued a document; asked only where words are looked for. */
async function issuersOf(tx: ReadTx): Promise<Map<string, string>> {
  const documents = parsed<Document>(await tx.records({ types: ['document'] }))
  return new Map(documents.map(({ id, fields }) => [id, fields.issuer]))
}

export const circulationsQuestion: Question = async ({ tx, actor, now, parameters }) => {
  mustBeOffice(actor)
  const asked = v.safeParse(Asked, parameters)
  if (!asked.success) throw new Refusal('bad-request', { field: v.getDotPath(asked.issues[0]) ?? '' })
  const { view, urgency, unit, year, q, page } = asked.output
  const all = await tx.coverageByDocument(civilDate(now), unit)
  const wanted = wordsToFind(q)
  const issuers = wanted.length === 0 ? new Map<string, string>() : await issuersOf(tx)
  const isWanted = (d: DocumentSums) =>
    isFound(wanted, textsOf([d.documentNo, d.title, issuers.get(d.documentId) ?? '']))
  const found = all.filter(
    (d) =>
      (urgency === undefined || URGENCIES[d.urgency] === urgency) &&
      (year === undefined || yearOf(d) === year) &&
      (wanted.length === 0 || isWanted(d)),
  )
  const shown = found.filter(VIEWS[view]!).sort(exceptionsFirst)
  return {
    documents: shown.slice(page * PAGE, (page + 1) * PAGE).map(documentLine),
    total: shown.length,
    more: shown.length > (page + 1) * PAGE,
    counts: Object.fromEntries(Object.entries(VIEWS).map(([name, is]) => [name, found.filter(is).length])),
    missing: found.reduce((sum, d) => sum + d.missing, 0),
    /** Since when the oldest of all who have not signed has been asked (UTC ms). */
    askedAt: found.reduce<number | null>(
      (oldest, { askedAt }) => (askedAt === null ? oldest : Math.min(oldest ?? Infinity, askedAt)),
      null,
    ),
    years: [...new Set(all.map(yearOf))].sort().reverse(),
    units: [...(await branchesOf(tx))].map(([id, name]) => ({ id, name })),
  }
}

/** One document with each of its branches. */
export const circulationQuestion: Question = async ({ tx, actor, now, parameters }) => {
  mustBeOffice(actor)
  const { document } = parameters
  if (document === undefined) throw new Refusal('bad-request', { field: 'document' })
  const rows = await tx.coverageOfDocuments([document])
  if (rows.length === 0) return { document: null }
  const names = await branchesOf(tx)
  const branches = rows.map((row) => branchLine(row, names, now))
  return { document: { ...documentLine(sumsOf(rows, civilDate(now))), branches } }
}

/** Longer than a phone keeps documents: older ones it does not ask about. */
const SENT_LATELY_MS = 400 * DAY_MS

/** What has been dispatched, for a desk that looks for what has not. */
export const dispatchedQuestion: Question = async ({ tx, actor, now }) => {
  mustBeOffice(actor)
  const all = await tx.coverageByDocument(civilDate(now))
  const lately = all.filter((d) => d.dispatchedAt > now - SENT_LATELY_MS)
  return { documentIds: lately.map((d) => d.documentId) }
}

const documentLine = ({ urgency, branches, ...sums }: DocumentSums) => ({
  ...sums,
  branchCount: branches,
  urgency: URGENCIES[urgency] ?? URGENCIES[0],
})

function branchLine(row: CoverageRow, names: ReadonlyMap<string, string>, now: number) {
  const standing = { state: row.state as 'open', expiresOn: row.expires_on }
  return {
    unitId: row.unit_id,
    name: names.get(row.unit_id) ?? '',
    circulationId: row.circulation_id,
    state: circulationStatus(standing, now),
    deadline: row.deadline,
    expiresOn: row.expires_on,
    toSign: row.to_sign,
    signed: row.signed,
    outdated: row.outdated,
    excused: row.excused,
    waiting: row.waiting,
    oldestWaitingAt: row.asked_at,
    remindedAt: row.reminded_at,
  }
}
