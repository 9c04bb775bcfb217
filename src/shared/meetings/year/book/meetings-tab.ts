/** 全年会议: of each unit and kind, period by period, how many were due and held, and on which days. */
import type { MeetingKind } from '../../meeting-kind.ts'
import type { KindStanding, PeriodState } from '../standing.ts'
import { PER_WORDS } from '../periods.ts'
import { across, count, day, label, text, title, type Row, type Sheet } from './cells.ts'

export interface UnitStanding {
  unitName: string
  standing: readonly KindStanding[]
  /** Civil date, by the meeting's id. */
  dateOf: (meetingId: string) => string
}

export const STATE_WORDS: Record<PeriodState, string> = {
  'not-asked': '不计',
  held: '已开',
  open: '本期应开',
  coming: '还没有到',
  overdue: '没有开',
}
export const cadenceWord = (
  cadence: Pick<NonNullable<MeetingKind['cadence']>, 'per' | 'times'> | null,
): string => (cadence === null ? '按需要' : `${PER_WORDS[cadence.per]} ${cadence.times} 次`)

export const PERIODS_OF_UNIT = [
  ['单位', 22],
  ['会议类型', 16],
  ['频次', 10],
  ['期', 10],
  ['起', 12],
  ['止', 12],
  ['应开', 8],
  ['已开', 8],
  ['过期没有开', 12],
  ['情况', 12],
] as const
const COLUMNS = [...PERIODS_OF_UNIT, ['开会日期', 30] as const]

function linesOf({ unitName, standing, dateOf }: UnitStanding, year: number): Row[] {
  return standing.flatMap(({ kind, periods, due, held, overdue }): Row[] => {
    const who = [text(unitName), text(kind.name), text(cadenceWord(kind.cadence))]
    const lines = periods.map((period): Row => [
      ...who,
      text(period.name),
      day(period.from),
      day(period.to),
      count(period.due),
      count(period.held),
      count(period.overdue),
      text(STATE_WORDS[period.state]),
      text(period.heldIds.map(dateOf).join('、')),
    ])
    const sum: Row = [
      ...who.map((cell) => ({ ...cell, fontWeight: 'bold' as const })),
      label('合计'),
      day(`${year}-01-01`),
      day(`${year}-12-31`),
      count(due),
      count(held),
      count(overdue),
      text(''),
      text(''),
    ]
    return [...lines, sum]
  })
}

export function meetingsTab(year: number, unitName: string, units: readonly UnitStanding[]): Sheet {
  return {
    sheet: '全年会议',
    data: [
      across(title(`${unitName} ${year} 年会议`), COLUMNS.length),
      COLUMNS.map(([word]) => label(word)),
      ...units.flatMap((unit) => linesOf(unit, year)),
    ],
    columns: COLUMNS.map(([, width]) => ({ width })),
    orientation: 'landscape',
    stickyRowsCount: 2,
  }
}
