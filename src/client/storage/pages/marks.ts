/**
 * Whether the endpoint's history is still the one that this phone has seen. Each pull tells, of every scope that moved, the
 * chain mark at the revision that the phone's cursor holds and the one that the page reaches (shared/sync/protocol/pull.ts).
 *
 * Promises: a mark is kept in the transaction of the cursor that it belongs to; another mark for a revision that the phone
 * holds is told and kept, whatever comes later; a scope that is gained, lost or loaded anew, or another epoch, begins anew and
 * accuses nobody. The phone goes on working: what it holds is not less true than before.
 */
import { isLedgered } from '../../../shared/sync/ledger.ts'
import type { PullAnswer } from '../../../shared/sync/protocol/pull.ts'
import type { PhoneDb } from '../db.ts'
import { readMeta, writeMeta, type Marks, type RewrittenHistory } from '../meta.ts'

export type { RewrittenHistory } from '../meta.ts'

interface Compared {
  marks: Marks
  /** Scopes with another history. */
  differing: string[]
}

/** Pure. @param fromStart the page was asked for without a cursor */
export function compareMarks(before: Marks, page: PullAnswer, fromStart: boolean): Compared {
  const marks: Marks = fromStart ? {} : { ...before }
  for (const scope of [...page.scopes.drop, ...page.scopes.add, ...page.scopes.reset]) delete marks[scope]
  // An endpoint that tells no mark has moved on all the same: what was remembered is no longer the cursor's.
  for (const { type, scope } of page.records)
    if (page.heads[scope] === undefined && isLedgered(type, scope)) delete marks[scope]
  const differing: string[] = []
  for (const [scope, [held, reached]] of Object.entries(page.heads)) {
    const mark = marks[scope]
    if (mark !== undefined && mark !== held) differing.push(scope)
    marks[scope] = reached
  }
  return { marks, differing }
}

const sameMarks = (a: Marks, b: Marks): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([scope, mark]) => b[scope] === mark)

/** Inside the transaction of the page, before its cursor is written. */
export async function bookMarks(db: PhoneDb, page: PullAnswer, fromStart: boolean): Promise<void> {
  const before = (await readMeta(db, 'marks')) ?? {}
  const { marks, differing } = compareMarks(before, page, fromStart)
  if (!sameMarks(before, marks)) await writeMeta(db, 'marks', marks)
  if (differing.length === 0) return
  const known = await readMeta(db, 'rewritten')
  const scopes = [...new Set([...(known?.scopes ?? []), ...differing])].sort()
  await writeMeta(db, 'rewritten', { scopes, at: known?.at ?? page.serverTime, dismissed: false })
}

export async function dismissRewritten(db: PhoneDb): Promise<void> {
  await db.transaction('rw', db.meta, async () => {
    const known: RewrittenHistory | undefined = await readMeta(db, 'rewritten')
    if (known !== undefined) await writeMeta(db, 'rewritten', { ...known, dismissed: true })
  })
}
