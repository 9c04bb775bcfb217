/**
 * The figures of a meeting added up two ways: by group, over all sittings; and by sitting, for the whole roster. A person who
 * came to two sittings stands in both and counts once in the sum.
 */
import { attendanceLines } from './attendance.ts'
import { rollLines, type RollLine, type StoredMark } from '../roll.ts'
import { rollFigures, type RollFigures } from '../roll-figures.ts'
import type { RosterLine } from '../roster.ts'

export interface FiguresRow {
  key: string
  name: string
  figures: RollFigures
}

export interface Group {
  id: string
  name: string
  personIds: ReadonlySet<string>
}

/**
 * One row for each group, one for those in none (where there are groups), and their sum. Somebody in two groups counts in the
 * first one only, so that the rows add up.
 */
export function figuresByGroup(lines: readonly RollLine[], groups: readonly Group[]): FiguresRow[] {
  const left = new Set(lines)
  const rows = groups.flatMap(({ id, name, personIds }) => {
    const own = [...left].filter((line) => personIds.has(line.personId))
    for (const line of own) left.delete(line)
    return own.length === 0 ? [] : [{ key: id, name, figures: rollFigures(own) }]
  })
  const none = { key: 'none', name: '未编入小组', figures: rollFigures([...left]) }
  return left.size > 0 && rows.length > 0 ? [...rows, none] : rows
}

export interface SittingRows {
  rows: FiguresRow[]
  /** The whole meeting: each person once. */
  sum: RollFigures
  /** Marked as having come to more than one sitting. */
  twice: RosterLine[]
}

const isHere = ({ state }: RollLine): boolean => state === 'present' || state === 'late'

export function figuresBySitting(
  roster: readonly RosterLine[],
  marks: readonly StoredMark[],
  sittings: readonly { id: string; name: string }[],
): SittingRows {
  const lines = sittings.map(({ id }) => rollLines(roster, marks, id))
  return {
    rows: sittings.map(({ id, name }, at) => ({ key: id, name, figures: rollFigures(lines[at] ?? []) })),
    sum: rollFigures(
      attendanceLines(
        roster,
        marks,
        sittings.map(({ id }) => id),
      ),
    ),
    twice: roster.filter((_, at) => lines.filter((of) => of[at] !== undefined && isHere(of[at])).length > 1),
  }
}
