/**
 * The roll as a pure function of the set of marks: the order in which they arrived does not matter. Equal heads count once,
 * different heads are a contradiction that a person settles; until then the person counts as not yet marked.
 */
import { headsOf } from '../sync/merge.ts'
import type { RollMark } from './roll-mark.ts'
import type { LeaveKind, RollState } from './mark-words.ts'
import type { RosterLine } from './roster.ts'

export interface StoredMark {
  id: string
  fields: RollMark
  observedAt: number
}

export interface RollLine extends RosterLine {
  state: RollState
  leaveKind: LeaveKind | null
  /** The marks that nothing supersedes, oldest first. */
  heads: StoredMark[]
  contradiction: boolean
}

export interface RollFigures {
  /** 应到 */
  expected: number
  /** 实到 (到会 and 迟到) */
  present: number
  late: number
  leave: number
  leaveByKind: Record<LeaveKind, number>
  absent: number
  unmarked: number
  contradictions: number
  /** 有表决权应到 */
  votersExpected: number
  /** 有表决权实到 */
  votersPresent: number
}

const sameMark = (a: RollMark, b: RollMark) =>
  a.state === b.state && (a.leaveKind ?? null) === (b.leaveKind ?? null)

/** The lines of one sitting, in the order of the roster. */
export function rollLines(
  roster: readonly RosterLine[],
  marks: readonly StoredMark[],
  sittingId: string,
): RollLine[] {
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

export function rollFigures(lines: readonly RollLine[]): RollFigures {
  const leaveByKind: Record<LeaveKind, number> = { duty: 0, sick: 0, personal: 0, errand: 0 }
  const figures: RollFigures = {
    expected: lines.length,
    present: 0,
    late: 0,
    leave: 0,
    leaveByKind,
    absent: 0,
    unmarked: 0,
    contradictions: 0,
    votersExpected: 0,
    votersPresent: 0,
  }
  for (const line of lines) {
    const here = line.state === 'present' || line.state === 'late'
    if (here) figures.present++
    if (line.state === 'late') figures.late++
    if (line.state === 'absent') figures.absent++
    if (line.state === 'cleared') figures.unmarked++
    if (line.contradiction) figures.contradictions++
    if (line.state === 'leave') {
      figures.leave++
      if (line.leaveKind !== null) leaveByKind[line.leaveKind]++
    }
    if (line.votingRight) {
      figures.votersExpected++
      if (here) figures.votersPresent++
    }
  }
  return figures
}
