/**
 * Attendance of a whole meeting that is held in several sittings, one a shift: who came to any sitting was there. A pure
 * function of the set of marks, like the roll of one sitting.
 */
import { rollLines, type RollLine, type StoredMark } from './roll.ts'
import type { RollState } from './mark-words.ts'
import type { RosterLine } from './roster.ts'

/** What counts when the sittings differ: presence anywhere, then a leave, then an absence. */
const WEIGHT: Record<RollState, number> = { present: 4, late: 3, leave: 2, absent: 1, cleared: 0 }

/** Its heads are those of the sitting that the state comes from; of a contradiction those that contradict each other. */
export interface AttendanceLine extends RollLine {
  /** The sitting that the state comes from; null when there is none. */
  sittingId: string | null
}

/** One line for each person of the roster, in its order. A contradiction counts only while no sitting settles the person. */
export function attendanceLines(
  roster: readonly RosterLine[],
  marks: readonly StoredMark[],
  sittingIds: readonly string[],
): AttendanceLine[] {
  const bySitting = sittingIds.map((sittingId) => ({
    sittingId,
    lines: rollLines(roster, marks, sittingId),
  }))
  return roster.map((person, at) => {
    const empty: RollLine = { ...person, state: 'cleared', leaveKind: null, heads: [], contradiction: false }
    let best: AttendanceLine = { ...empty, sittingId: null }
    const torn: StoredMark[] = []
    for (const { sittingId, lines } of bySitting) {
      const line = lines[at] ?? empty
      if (line.contradiction) torn.push(...line.heads)
      if (WEIGHT[line.state] > WEIGHT[best.state]) best = { ...line, sittingId }
    }
    const isTorn = torn.length > 0 && best.state === 'cleared'
    return isTorn ? { ...best, heads: torn, contradiction: true } : { ...best, contradiction: false }
  })
}

/** Who was on leave or absent in every sitting owes 补学; who came to another one does not. */
export const owesMakeUp = ({ state }: Pick<AttendanceLine, 'state'>): boolean =>
  state === 'leave' || state === 'absent'

/** The sittings in which a person is marked as having come, other than the one asked about. */
export function presentElsewhere(
  marks: readonly StoredMark[],
  roster: readonly RosterLine[],
  sittingIds: readonly string[],
  sittingId: string,
): Map<string, string> {
  const found = new Map<string, string>()
  for (const other of sittingIds) {
    if (other === sittingId) continue
    for (const line of rollLines(roster, marks, other)) {
      const here = line.state === 'present' || line.state === 'late'
      if (here && !found.has(line.personId)) found.set(line.personId, other)
    }
  }
  return found
}
