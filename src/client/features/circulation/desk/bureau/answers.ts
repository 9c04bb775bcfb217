/** What the endpoint answers to the office's questions about circulations, checked before it is shown. */
import * as v from 'valibot'
import { DAY_MS } from '../../../../../shared/civil-time.ts'
import { ask } from '../../../../remote/questions.ts'

const Counts = {
  toSign: v.number(),
  signed: v.number(),
  outdated: v.number(),
  excused: v.number(),
  waiting: v.number(),
}
const BranchLine = v.object({
  unitId: v.string(),
  name: v.string(),
  circulationId: v.string(),
  /** open, archived or recalled. */
  state: v.string(),
  ...Counts,
  expiresOn: v.optional(v.nullable(v.string()), null),
  oldestWaitingAt: v.nullable(v.number()),
  remindedAt: v.optional(v.nullable(v.number()), null),
})
const Line = {
  documentId: v.string(),
  documentNo: v.string(),
  title: v.string(),
  urgency: v.optional(v.string(), '平件'),
  deadline: v.string(),
  revision: v.number(),
  dispatchedAt: v.number(),
  branchCount: v.number(),
  /** Branches that are still asked; of these with somebody missing, and past their deadline. */
  open: v.number(),
  behind: v.number(),
  overdue: v.number(),
  /** People missing in branches that are asked. */
  missing: v.number(),
  /** Since when the oldest of those who have not signed has been asked. */
  askedAt: v.optional(v.nullable(v.number()), null),
  ...Counts,
}
const DocumentLine = v.object(Line)
const DocumentProgress = v.object({ ...Line, branches: v.array(BranchLine) })
const Overview = v.object({
  documents: v.array(DocumentLine),
  total: v.number(),
  more: v.boolean(),
  counts: v.record(v.string(), v.number()),
  missing: v.number(),
  askedAt: v.optional(v.nullable(v.number()), null),
  years: v.array(v.string()),
  units: v.array(v.object({ id: v.string(), name: v.string() })),
})
const OneDocument = v.object({ document: v.nullable(DocumentProgress) })
const Dispatched = v.object({ documentIds: v.array(v.string()) })

export type BranchProgress = v.InferOutput<typeof BranchLine>
export type DocumentLine = v.InferOutput<typeof DocumentLine>
export type DocumentProgress = v.InferOutput<typeof DocumentProgress>
export type Overview = v.InferOutput<typeof Overview>

/** What of the bureau's circulations: server/office/circulations.ts says what each means. Absent: not asked for. */
export interface OverviewQuery {
  view?: string
  q?: string
  unit?: string
  urgency?: string
  year?: string
  page?: string
}

const given = (signal?: AbortSignal) => (signal ? { signal } : {})

/** @throws RemoteProblem */
export function askOverview(query: OverviewQuery, signal?: AbortSignal): Promise<Overview> {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value))
  return ask(`circulations?${parameters.toString()}`, { schema: Overview, ...given(signal) })
}

/** Everything that somebody still has to sign. @throws RemoteProblem */
export async function askBehind(signal?: AbortSignal): Promise<DocumentLine[]> {
  const documents: DocumentLine[] = []
  for (let page = 0; ; page++) {
    const answer = await askOverview({ view: 'behind', page: String(page) }, signal)
    documents.push(...answer.documents)
    if (!answer.more) return documents
  }
}

/** Null when it was never dispatched. @throws RemoteProblem */
export async function askDocument(
  documentId: string,
  signal?: AbortSignal,
): Promise<DocumentProgress | null> {
  const path = `circulation?document=${encodeURIComponent(documentId)}`
  return (await ask(path, { schema: OneDocument, ...given(signal) })).document
}

/** What was dispatched of late, for a desk that looks for what was not. @throws RemoteProblem */
export async function askDispatched(signal?: AbortSignal): Promise<Set<string>> {
  return new Set((await ask('dispatched', { schema: Dispatched, ...given(signal) })).documentIds)
}

/** Not signed the present revision, for whatever reason. */
export const openOf = (b: Pick<BranchProgress, 'waiting' | 'outdated'>): number => b.waiting + b.outdated

/** How long the oldest has waited; empty where nobody waits. 今天发出, 已等 3 天 */
export function waitedInWords(askedAt: number | null, now: number): string {
  if (askedAt === null) return ''
  const days = Math.floor((now - askedAt) / DAY_MS)
  return days <= 0 ? '今天发出' : `已等 ${days} 天`
}

/** Exceptions first: the most people missing, then the longest waiting, then by name. Branches that are asked no more last. */
export function exceptionsFirst(a: BranchProgress, b: BranchProgress): number {
  const ended = Number(a.state !== 'open') - Number(b.state !== 'open')
  const waiting = (a.oldestWaitingAt ?? Infinity) - (b.oldestWaitingAt ?? Infinity)
  return (
    ended ||
    openOf(b) - openOf(a) ||
    (Number.isNaN(waiting) ? 0 : waiting) ||
    a.name.localeCompare(b.name, 'zh')
  )
}
