/**
 * Attendance of a whole meeting that is held in several sittings, one a shift: who came to any sitting was there, and counts
 * once however many saw them; a leave or an absence of another sitting stands on its roll and counts no more. A pure function of
 * the set of marks, like the roll of one sitting.
 */
import { rollLines, type RollStanding, type StoredMark } from '../roll.ts'
import type { RollState } from '../mark-words.ts'
import type { RosterLine } from '../roster.ts'

/** What counts when the sittings differ: presence anywhere, then a leave, then an absence. */
const WEIGHT: Record<RollState, number> = { present: 4, late: 3, leave: 2, absent: 1, cleared: 0 }

/** Its heads are those of the sitting that the state comes from; of a contradiction those that contradict each other. */
export interface AttendanceStanding extends RollStanding {
  /** The sitting that the state comes from; null when there is none. */
  sittingId: string | null
}
export interface AttendanceLine extends RosterLine, AttendanceStanding {}

/**
 * One line for each person of the roster, in its order. A contradiction in one sitting is open for the meeting, unless the person
 * came to another one, or nothing that it says would count before what another one says.
 */
export function attendanceLines<P extends { personId: string }>(
  roster: readonly P[],
  marks: readonly StoredMark[],
  sittingIds: readonly string[],
): (P & AttendanceStanding)[] {
  const bySitting = sittingIds.map((sittingId) => ({
    sittingId,
    lines: rollLines(roster, marks, sittingId),
  }))
  return roster.map((person, at) => {
    const empty: P & RollStanding = {
      ...person,
      state: 'cleared',
      leaveKind: null,
      heads: [],
      contradiction: false,
    }
    let best: P & AttendanceStanding = { ...empty, sittingId: null }
    const torn: StoredMark[] = []
    for (const { sittingId, lines } of bySitting) {
      const line = lines[at] ?? empty
      if (line.contradiction) torn.push(...line.heads)
      if (WEIGHT[line.state] > WEIGHT[best.state]) best = { ...line, sittingId }
    }
    const isHere = best.state === 'present' || best.state === 'late'
    // What one of them says would count before what the other sittings say: it is open, and not what they say.
    const isOpen = !isHere && torn.some(({ fields }) => WEIGHT[fields.state] > WEIGHT[best.state])
    return isOpen
      ? { ...empty, sittingId: null, heads: torn, contradiction: true }
      : { ...best, contradiction: false }
  })
}

/** Who was on leave or absent in every sitting owes 补学; who came to another one does not. */
export const owesMakeUp = ({ state }: Pick<AttendanceLine, 'state'>): boolean =>
  state === 'leave' || state === 'absent'
