/** The figures of a sitting: 应到, 实到, 请假, 缺席 and who of them votes. Pure. */
import type { LeaveKind } from './mark-words.ts'
import type { RollLine } from './roll.ts'

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
