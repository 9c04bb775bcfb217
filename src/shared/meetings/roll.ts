/**
 * The roll as a pure function of the set of marks: the order in which they arrived does not matter. Equal heads count once,
 * different heads are a contradiction that a person settles; until then the person counts as not yet marked.
 */
import { headsOf } from '../sync/heads.ts'
import type { RollMark } from './roll-mark.ts'
import type { LeaveKind, RollState } from './mark-words.ts'
import type { RosterLine } from './roster.ts'

export interface StoredMark {
  id: string
  fields: RollMark
  observedAt: number
}

/** How somebody stands in a roll. */
export interface RollStanding {
  state: RollState
  leaveKind: LeaveKind | null
  /** The marks that nothing supersedes, oldest first. */
  heads: StoredMark[]
  contradiction: boolean
}
export interface RollLine extends RosterLine, RollStanding {}

const sameMark = (a: RollMark, b: RollMark) =>
  a.state === b.state && (a.leaveKind ?? null) === (b.leaveKind ?? null)

/** The lines of one sitting, in the order of the roster; or of one person of it. */
export function rollLines<P extends { personId: string }>(
  roster: readonly P[],
  marks: readonly StoredMark[],
  sittingId: string,
): (P & RollStanding)[] {
  const byPerson = new Map<string, StoredMark[]>()
  for (const mark of marks) {
    if (mark.fields.sittingId !== sittingId) continue
    const list = byPerson.get(mark.fields.personId)
    if (list === undefined) byPerson.set(mark.fields.personId, [mark])
    else list.push(mark)
  }
  return roster.map((line) => {
    const own = byPerson.get(line.personId) ?? []
    const heads = headsOf(own.map((m) => ({ ...m, supersedes: m.fields.supersedes ?? [] }))).sort(
      (a, b) => a.observedAt - b.observedAt || (a.id < b.id ? -1 : 1),
    )
    const first = heads[0]
    const contradiction = first !== undefined && heads.some((h) => !sameMark(h.fields, first.fields))
    const settled = contradiction || first === undefined ? undefined : first.fields
    return {
      ...line,
      state: settled?.state ?? 'cleared',
      leaveKind: settled?.leaveKind ?? null,
      heads,
      contradiction,
    }
  })
}
