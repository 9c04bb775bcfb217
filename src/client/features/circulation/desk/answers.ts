/** What the endpoint answers to the office's question `circulations`, checked before it is shown. */
import * as v from 'valibot'
import { ask } from '../../../remote/questions.ts'

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
  state: v.string(),
  ...Counts,
  oldestWaitingAt: v.nullable(v.number()),
})
const DocumentProgress = v.object({
  documentId: v.string(),
  documentNo: v.string(),
  title: v.string(),
  deadline: v.string(),
  revision: v.number(),
  dispatchedAt: v.number(),
  ...Counts,
  branches: v.array(BranchLine),
})
const Answer = v.object({ documents: v.array(DocumentProgress) })

export type BranchProgress = v.InferOutput<typeof BranchLine>
export type DocumentProgress = v.InferOutput<typeof DocumentProgress>

/** @throws RemoteProblem */
export async function askCirculations(signal?: AbortSignal): Promise<DocumentProgress[]> {
  return (await ask('circulations', { schema: Answer, ...(signal ? { signal } : {}) })).documents
}

/** Not signed the present revision, for whatever reason. */
export const openOf = (b: Pick<BranchProgress, 'waiting' | 'outdated'>): number => b.waiting + b.outdated

/** Exceptions first: the most people missing, then the longest waiting, then by name. Recalled branches last. */
export function exceptionsFirst(a: BranchProgress, b: BranchProgress): number {
  const recalled = Number(a.state === 'recalled') - Number(b.state === 'recalled')
  const waiting = (a.oldestWaitingAt ?? Infinity) - (b.oldestWaitingAt ?? Infinity)
  return (
    recalled ||
    openOf(b) - openOf(a) ||
    (Number.isNaN(waiting) ? 0 : waiting) ||
    a.name.localeCompare(b.name, 'zh')
  )
}
