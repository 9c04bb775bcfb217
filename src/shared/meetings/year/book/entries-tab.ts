/** 逐场明细: a line for each person and meeting, with the mark in words; a meeting without a roll has one line that says so. */
import { byHandInWords } from '../../codes/by-hand.ts'
import { LEAVE_WORDS, ROLL_METHOD_WORDS, ROLL_STATE_WORDS } from '../../mark-words.ts'
import type { StoredMark } from '../../roll.ts'
import type { AttendanceEntry, MeetingAttendance, PersonAttendance } from '../attendance-sheet.ts'
import { periodsOf } from '../periods.ts'
import { across, day, label, moment, text, title, type Row, type Sheet } from './cells.ts'

export interface EntriesTab {
  year: number
  unitName: string
  /** In the order of the roster. */
  people: readonly PersonAttendance[]
  counted: readonly MeetingAttendance[]
  untaken: readonly MeetingAttendance[]
  kindNameOf: (kindId: string) => string
  unitNameOf: (unitId: string) => string
  nameOf: (personId: string) => string
}

const COLUMNS = [
  ['日期', 12],
  ['季度', 10],
  ['单位', 20],
  ['会议类型', 14],
  ['会议', 32],
  ['姓名', 14],
  ['记录', 10],
  ['请假种类', 10],
  ['方式', 20],
  ['记录人', 12],
  ['记录时间', 18],
  ['补学', 10],
  ['更正原因', 28],
] as const

const EMPTY = text('')

function markCells({ line }: AttendanceEntry, nameOf: EntriesTab['nameOf']): Row {
  const last = line.heads.at(-1)
  const state = line.contradiction ? '待核定' : ROLL_STATE_WORDS[line.state]
  if (last === undefined) return [text(state), EMPTY, EMPTY, EMPTY, EMPTY]
  const each = (of: (head: StoredMark) => string): string => [...new Set(line.heads.map(of))].join('；')
  const kind = line.leaveKind === null ? '' : LEAVE_WORDS[line.leaveKind]
  return [
    text(line.contradiction ? `${state}：${each(({ fields }) => ROLL_STATE_WORDS[fields.state])}` : state),
    text(kind),
    text(
      each(({ fields }) =>
        [ROLL_METHOD_WORDS[fields.method], byHandInWords(fields.byHand)].filter(Boolean).join('，'),
      ),
    ),
    text(each(({ fields }) => nameOf(fields.markedBy))),
    moment(last.observedAt),
  ]
}

export function entriesTab(asked: EntriesTab): Sheet {
  const { year, unitName, people, counted, untaken, kindNameOf, unitNameOf, nameOf } = asked
  const quarters = periodsOf('quarter', year)
  const ofMeeting = (meeting: MeetingAttendance): Row => [
    day(meeting.date),
    text(quarters.find(({ from, to }) => from <= meeting.date && meeting.date <= to)?.name ?? ''),
    text(unitNameOf(meeting.unitId)),
    text(kindNameOf(meeting.kindId)),
    text(meeting.title),
  ]
  const places = new Map(people.map(({ personId }, at) => [personId, at]))
  const byMeeting = new Map<string, AttendanceEntry[]>(counted.map(({ id }) => [id, []]))
  for (const entry of people.flatMap((person) => person.entries)) byMeeting.get(entry.meeting.id)?.push(entry)
  const place = ({ line }: AttendanceEntry): number => places.get(line.personId) ?? 0
  const taken = counted.map((meeting) => ({
    date: meeting.date,
    rows: (byMeeting.get(meeting.id) ?? [])
      .sort((a, b) => place(a) - place(b))
      .map((entry): Row => [
        ...ofMeeting(meeting),
        text(entry.line.name),
        ...markCells(entry, nameOf),
        text(entry.isOwed ? (entry.isMadeUp ? '已补学' : '待补学') : ''),
        text(
          entry.line.heads
            .map(({ fields }) => fields.reason ?? '')
            .filter(Boolean)
            .join('；'),
        ),
      ]),
  }))
  const open = untaken.map((meeting) => ({
    date: meeting.date,
    rows: [[...ofMeeting(meeting), EMPTY, text('没有考勤'), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY]],
  }))
  const rows = [...taken, ...open].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  return {
    sheet: '逐场明细',
    data: [
      across(title(`${unitName} ${year} 年逐场考勤`), COLUMNS.length),
      COLUMNS.map(([word]) => label(word)),
      ...rows.flatMap((meeting) => meeting.rows),
    ],
    columns: COLUMNS.map(([, width]) => ({ width })),
    orientation: 'landscape',
    stickyRowsCount: 2,
  }
}
