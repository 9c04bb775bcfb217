/**
 * A branch's year as a spreadsheet: 全年会议, 出勤汇总, 逐场明细, 说明. Guarantee: its figures are those of attendance-sheet.ts and
 * standing.ts, and it says itself by whom and when it was made, and up to which state the phone held the records.
 */
import { civilDate, civilTime } from '../../../civil-time.ts'
import type { AttendanceSheet, PersonAttendance } from '../attendance-sheet.ts'
import { attendanceTab } from './attendance-tab.ts'
import { across, fitted, label, text, title, type Sheet } from './cells.ts'
import { entriesTab } from './entries-tab.ts'
import { meetingsTab, type UnitStanding } from './meetings-tab.ts'

/** How much of the truth the phone held when it made the book. */
export interface HeldState {
  /** UTC ms; null: never met the endpoint. */
  lastContactAt: number | null
  /** Marks and 补学 in it that the endpoint has not accepted yet. */
  waiting: number
  /** Some records have come in part only. */
  isPreparing: boolean
  /** Part of the year is older than what a phone keeps. */
  isPartlyKept: boolean
}

export interface YearBook {
  year: number
  unitName: string
  madeBy: string
  /** UTC ms. */
  madeAt: number
  held: HeldState
  /** The branch first, then its groups. */
  units: readonly UnitStanding[]
  /** Of the whole year. */
  sheet: AttendanceSheet
  /** Those of the sheet in the order of the roster. */
  people: readonly PersonAttendance[]
  groupOf: (personId: string) => string
  kindNameOf: (kindId: string) => string
  unitNameOf: (unitId: string) => string
  nameOf: (personId: string) => string
}

const stamp = (ms: number): string => `${civilDate(ms)} ${civilTime(ms)}`

/** What is missing, or may be; empty when the phone held everything. */
export function heldInWords({ lastContactAt, waiting, isPreparing, isPartlyKept }: HeldState): string[] {
  return [
    lastContactAt === null ? '本机还没有连上过服务器，只有本机自己记的' : '',
    isPreparing ? '内容还在下载，数字可能不全' : '',
    waiting > 0 ? `其中 ${waiting} 条还只在本机，待送达` : '',
    isPartlyKept ? '本机只存近两年的记录，这一年的可能不全' : '',
  ].filter((line) => line !== '')
}

export const HOW_IT_COUNTS: readonly (readonly [label: string, value: string])[] = [
  [
    '应到',
    '开会当天在名单里的党员，每场一次：支部的会是在本支部（两个单位的只算主要的一个），党小组会是本组，支委会是支委。预备党员、没有表决权的党员都算应到；列席的不算。年中调入、调出的，只算在的那一段。',
  ],
  ['不算的会', '取消的会不算。没有考勤的会不算任何人缺席，在逐场明细里写着“没有考勤”。'],
  ['实到', '到会和迟到。分场次开的，到过任何一场就算。'],
  ['请假、缺席', '请假分值班、病、事、公差。补学以后仍记请假或缺席，另写已补学，不算实到。'],
  [
    '待核定、未点',
    '待核定：几位记录人记的不一致，还没有核定。未点：考过勤，没有点到这个人。两样都不算到会，也不算缺席。',
  ],
  ['合计', '应到 = 实到 + 请假 + 缺席 + 待核定 + 未点。出勤率 = 实到 ÷ 应到；没有应到的写“—”。'],
  ['应开', '按会议类型里写的频次；过期没有开的，是期已过去、还缺的次数。多开的不抵别的期。'],
]

function notesTab({ year, unitName, madeBy, madeAt, held }: YearBook): Sheet {
  const missing = heldInWords(held)
  const lines = [
    ['单位', unitName],
    ['年度', `${year} 年`],
    ['制表', `${madeBy}，${stamp(madeAt)}，在手机或电脑上按本机的记录生成`],
    ['记录截至', held.lastContactAt === null ? '—' : `${stamp(held.lastContactAt)} 与服务器最近一次联系`],
    ['是否齐全', missing.length === 0 ? '本机的记录都已送达，服务器上的都已下载' : `${missing.join('；')}。`],
    ...HOW_IT_COUNTS,
  ]
  return {
    sheet: '说明',
    data: [across(title('说明'), 2), ...lines.map(([word = '', value = '']) => [label(word), text(value)])],
    columns: [{ width: 16 }, { width: 90 }],
  }
}

export function yearBook(book: YearBook): Sheet[] {
  const { year, unitName, sheet, people, groupOf, kindNameOf, unitNameOf, nameOf } = book
  const { kinds, counted, untaken } = sheet
  return [
    meetingsTab(year, unitName, book.units),
    attendanceTab({ year, unitName, kinds, people, groupOf }),
    entriesTab({ year, unitName, people, counted, untaken, kindNameOf, unitNameOf, nameOf }),
    notesTab(book),
  ].map(fitted)
}
