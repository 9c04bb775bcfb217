/** The columns of the branch's sheet: on the desk, and on paper. */
import {
  notMarked,
  type PersonAttendance,
  type Sums,
} from '../../../../../shared/meetings/year/attendance-sheet.ts'
import { rateInWords } from '../attendance-words.ts'

/** A person, a group, or all of them. */
export interface SheetLine extends Sums {
  key: string
  name: string
  /** Of a person alone. */
  person?: PersonAttendance
}

export interface SheetColumn {
  key: string
  label: string
  text: (line: SheetLine) => string
  /** By which it is sorted; undefined: by name alone. */
  rank?: (line: SheetLine) => number
}

export const lineOf = (person: PersonAttendance): SheetLine => ({
  key: person.personId,
  name: person.name,
  all: person.all,
  byKind: person.byKind,
  person,
})

const figure = (key: string, label: string, of: (line: SheetLine) => number): SheetColumn => ({
  key,
  label,
  text: (line) => String(of(line)),
  rank: of,
})

/** Of how many meetings one was there: 5/6; — where one should have come to none. */
const cameTo = (line: SheetLine, kindId: string): string => {
  const figures = line.byKind.get(kindId)
  return figures === undefined ? '—' : `${figures.present}/${figures.expected}`
}

/** @param sum of everybody: what nobody has takes no column */
export function sheetColumns(kinds: readonly { id: string; name: string }[], sum: Sums): SheetColumn[] {
  const all: (SheetColumn | false)[] = [
    ...kinds.map(({ id, name }) => ({ key: id, label: name, text: (line: SheetLine) => cameTo(line, id) })),
    figure('expected', '应到', ({ all: f }) => f.expected),
    figure('present', '实到', ({ all: f }) => f.present),
    figure('leave', '请假', ({ all: f }) => f.leave),
    figure('absent', '缺席', ({ all: f }) => f.absent),
    sum.all.contradictions > 0 && figure('contradictions', '待核定', ({ all: f }) => f.contradictions),
    notMarked(sum.all) > 0 && figure('unmarked', '未点', ({ all: f }) => notMarked(f)),
    {
      key: 'madeUp',
      label: '补学',
      text: ({ all: f }) => (f.owed === 0 ? '—' : `${f.madeUp}/${f.owed}`),
      rank: ({ all: f }) => f.owed - f.madeUp,
    },
    {
      key: 'rate',
      label: '出勤率',
      text: ({ all: f }) => rateInWords(f),
      rank: ({ all: f }) => (f.expected === 0 ? 1 : f.present / f.expected),
    },
  ]
  return all.filter((column) => column !== false)
}

export interface Sorting {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

/** The order of the roster stays among equals, and wherever nothing was chosen. */
export function sortLines(
  lines: readonly SheetLine[],
  columns: readonly SheetColumn[],
  sorting: Sorting | undefined,
): SheetLine[] {
  const rank = columns.find(({ key }) => key === sorting?.key)?.rank
  if (rank === undefined) return [...lines]
  const turn = sorting?.direction === 'descending' ? -1 : 1
  return [...lines].sort((a, b) => turn * (rank(a) - rank(b)))
}
