/** 出勤汇总: a line for each person, with the year, each kind of meeting and each quarter; the last line is their sum. */
import { LEAVE_KINDS, LEAVE_WORDS } from '../../mark-words.ts'
import { MEMBER_KIND_WORDS } from '../../../org/membership.ts'
import {
  figuresOf,
  notMarked,
  sumsOf,
  within,
  type AttendanceFigures,
  type PersonAttendance,
} from '../attendance-sheet.ts'
import { periodsOf } from '../periods.ts'
import { across, count, label, part, text, title, type Cell, type Row, type Sheet } from './cells.ts'

export interface AttendanceTab {
  year: number
  unitName: string
  kinds: readonly { id: string; name: string }[]
  /** In the order of the roster. */
  people: readonly PersonAttendance[]
  groupOf: (personId: string) => string
}

type Column = readonly [label: string, cell: (f: AttendanceFigures) => Cell]

const withoutKind = ({ leave, leaveByKind }: AttendanceFigures): number =>
  leave - LEAVE_KINDS.reduce((sum, kind) => sum + leaveByKind[kind], 0)

const EXPECTED: Column = ['应到', (f) => count(f.expected)]
const PRESENT: Column = ['实到', (f) => count(f.present)]
const LEAVE: Column = ['请假', (f) => count(f.leave)]
const ABSENT: Column = ['缺席', (f) => count(f.absent)]
const MADE_UP: Column = ['已补学', (f) => count(f.madeUp)]
const RATE: Column = ['出勤率', (f) => part(f.present, f.expected)]

const ALL: readonly Column[] = [
  EXPECTED,
  PRESENT,
  ['其中迟到', (f) => count(f.late)],
  LEAVE,
  ...LEAVE_KINDS.map((kind): Column => [`假 · ${LEAVE_WORDS[kind]}`, (f) => count(f.leaveByKind[kind])]),
  ['假 · 未写明', (f) => count(withoutKind(f))],
  ABSENT,
  ['待核定', (f) => count(f.contradictions)],
  ['未点', (f) => count(notMarked(f))],
  ['应补学', (f) => count(f.owed)],
  MADE_UP,
  RATE,
]
const OF_KIND: readonly Column[] = [EXPECTED, PRESENT, LEAVE, ABSENT, MADE_UP, RATE]
const OF_QUARTER: readonly Column[] = [EXPECTED, PRESENT, RATE]
const WHO = ['序号', '姓名', '党小组', '党员类别'] as const
const WHO_WIDTHS = [6, 14, 14, 12]

type Counted = Pick<PersonAttendance, 'entries' | 'all' | 'byKind'>

export function attendanceTab({ year, unitName, kinds, people, groupOf }: AttendanceTab): Sheet {
  const quarters = periodsOf('quarter', year)
  const blocks: { name: string; columns: readonly Column[]; of: (line: Counted) => AttendanceFigures }[] = [
    { name: '全年合计', columns: ALL, of: ({ all }) => all },
    ...kinds.map(({ id, name }) => ({
      name,
      columns: OF_KIND,
      of: ({ byKind }: Counted) => byKind.get(id) ?? figuresOf([]),
    })),
    ...quarters.map((period) => ({
      name: period.name,
      columns: OF_QUARTER,
      of: ({ entries }: Counted) => figuresOf(entries.filter(({ meeting }) => within(meeting, period))),
    })),
  ]
  const figures = (line: Counted): Row =>
    blocks.flatMap(({ columns, of }) => columns.map(([, cell]) => cell(of(line))))
  const entries = people.flatMap((person) => person.entries)
  const sum: Counted = { entries, ...sumsOf(entries) }
  const width = blocks.reduce<number>((total, { columns }) => total + columns.length, WHO.length)
  const name = `${unitName} ${year} 年出勤汇总`
  const data: Row[] = [
    across(title(name), width),
    [
      ...across(label(''), WHO.length),
      ...blocks.flatMap(({ name, columns }) => across({ ...label(name), align: 'center' }, columns.length)),
    ],
    [...WHO.map(label), ...blocks.flatMap(({ columns }) => columns.map(([word]) => label(word)))],
    ...people.map((person, at) => [
      count(at + 1),
      text(person.name),
      text(groupOf(person.personId)),
      text(MEMBER_KIND_WORDS[person.memberKind]),
      ...figures(person),
    ]),
    [...across(label('合计'), WHO.length), ...figures(sum)],
  ]
  return {
    sheet: '出勤汇总',
    data,
    columns: [
      ...WHO_WIDTHS.map((each) => ({ width: each })),
      ...Array.from({ length: width - WHO.length }, () => ({ width: 9 })),
    ],
    orientation: 'landscape',
    stickyRowsCount: 3,
    stickyColumnsCount: 2,
    title: name,
  }
}
