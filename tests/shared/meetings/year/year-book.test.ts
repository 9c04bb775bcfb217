/**
 * The spreadsheet is written and read back: its figures are those of the sheet that the screen shows, its days are days and its
 * figures numbers, and what somebody wrote stays text, whatever it begins with.
 */
import readWorkbook from 'read-excel-file/universal'
import { expect, it } from 'vitest'
import writeWorkbook from 'write-excel-file/universal'
import { attendanceLines } from '../../../../src/shared/meetings/attendance/attendance.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import type { Meeting } from '../../../../src/shared/meetings/meeting.ts'
import { rosterOf } from '../../../../src/shared/meetings/roster.ts'
import {
  attendanceSheet,
  rollIsTaken,
  type MeetingAttendance,
} from '../../../../src/shared/meetings/year/attendance-sheet.ts'
import { yearBook, type YearBook } from '../../../../src/shared/meetings/year/book/year-book.ts'
import { periodsOf } from '../../../../src/shared/meetings/year/periods.ts'
import { yearStanding } from '../../../../src/shared/meetings/year/standing.ts'
import { markOf, memberOf } from '../factories.ts'
import { KINDS } from './attendance-world.ts'

const YEAR = periodsOf('year', 2026)[0]!
const TODAY = '2026-11-23'
const FORMULA = '=HYPERLINK("http://x","a")'
const MEMBERS = [
  memberOf('a', { name: FORMULA }),
  memberOf('b', { name: '+86 王', from: '2026-05-01' }),
  memberOf('c', { name: '司马相如相如相如相如相如相如相如相如相如相如相如' }),
]
const AT = civilInstant('2026-03-05', '23:30')

function meeting(
  id: string,
  date: string,
  marks: ReturnType<typeof markOf>[],
  title = '会',
): MeetingAttendance {
  const roster = rosterOf({ unitId: 'b', date }, KINDS[0]!.fields, MEMBERS, [], 'branch')
  const lines = attendanceLines(roster, marks, ['s'])
  const kindId = id === 'm2' ? 'theme' : 'general'
  return {
    id,
    unitId: 'b',
    kindId,
    title,
    date,
    isCancelled: false,
    lines,
    isTaken: rollIsTaken(lines),
    madeUp: new Set(['c']),
  }
}
const MEETINGS = [
  meeting('m1', '2026-03-05', [
    markOf('1', 'a', 'late', { observedAt: AT }),
    markOf('2', 'c', 'leave', { leaveKind: 'duty', observedAt: AT }),
  ]),
  meeting('m2', '2026-06-30', [
    markOf('3', 'a', 'absent'),
    markOf('4', 'b', 'present'),
    markOf('5', 'b', 'absent'),
  ]),
  meeting('m3', '2026-10-01', [], '@SUM(1)'),
]
const SHEET = attendanceSheet({ period: YEAR, today: TODAY, meetings: MEETINGS, kinds: KINDS })

async function readBack(changes: Partial<YearBook> = {}) {
  const standing = yearStanding({
    year: 2026,
    unit: { id: 'b', kind: 'branch' },
    kinds: [
      {
        id: 'general',
        fields: {
          ...KINDS[0]!.fields,
          cadence: { per: 'quarter', times: 1, source: '示例', toBeChecked: true, since: null },
        },
      },
    ],
    meetings: MEETINGS.map(({ id, kindId, date }) => ({
      id,
      fields: { unitId: 'b', kindId, date, state: 'planned', sittings: [] } as unknown as Meeting,
    })),
    attended: new Set(['m1']),
    today: TODAY,
  })
  const sheets = yearBook({
    year: 2026,
    unitName: '第一支部',
    madeBy: '王宁',
    madeAt: civilInstant(TODAY, '21:00'),
    held: {
      lastContactAt: civilInstant(TODAY, '08:00'),
      waiting: 0,
      isPreparing: false,
      isPartlyKept: false,
    },
    units: [
      { unitName: '第一支部', standing, dateOf: (id) => MEETINGS.find((m) => m.id === id)?.date ?? '' },
    ],
    sheet: SHEET,
    people: SHEET.people,
    groupOf: (id) => (id === 'a' ? '-第一小组' : ''),
    kindNameOf: (id) => KINDS.find((kind) => kind.id === id)?.fields.name ?? '',
    unitNameOf: () => '第一支部',
    nameOf: () => '\tcmd',
    ...changes,
  })
  const file = await (await writeWorkbook(sheets).toBlob()).arrayBuffer()
  const read = await readWorkbook(file)
  return { bytes: new Uint8Array(file), tabs: new Map(read.map(({ sheet, data }) => [sheet, data])) }
}

it('has its four tables', async () => {
  const { tabs } = await readBack()
  expect([...tabs.keys()]).toEqual(['全年会议', '出勤汇总', '逐场明细', '说明'])
})

it('出勤汇总 holds the figures of the sheet, as numbers', async () => {
  const data = (await readBack()).tabs.get('出勤汇总')!
  const [, blocks, labels] = data
  const columnOf = (block: string, label: string): number => {
    const from = blocks!.indexOf(block)
    return labels!.findIndex((word, at) => at >= from && word === label)
  }
  const lines = data.slice(3)
  expect(lines).toHaveLength(SHEET.people.length + 1)
  const sums = { name: '合计', ...SHEET }
  for (const [at, { all, byKind }] of [...SHEET.people, sums].entries()) {
    const row = lines[at]!
    const cell = (block: string, label: string) => row[columnOf(block, label)]
    expect(cell('全年合计', '应到')).toBe(all.expected)
    expect(cell('全年合计', '实到')).toBe(all.present)
    expect(cell('全年合计', '其中迟到')).toBe(all.late)
    expect(cell('全年合计', '请假')).toBe(all.leave)
    expect(cell('全年合计', '假 · 值班')).toBe(all.leaveByKind.duty)
    expect(cell('全年合计', '缺席')).toBe(all.absent)
    expect(cell('全年合计', '待核定')).toBe(all.contradictions)
    expect(cell('全年合计', '未点')).toBe(all.unmarked - all.contradictions)
    expect(cell('全年合计', '应补学')).toBe(all.owed)
    expect(cell('全年合计', '已补学')).toBe(all.madeUp)
    expect(cell('全年合计', '出勤率')).toBe(all.expected === 0 ? '—' : all.present / all.expected)
    for (const { id, name } of SHEET.kinds) expect(cell(name, '应到')).toBe(byKind.get(id)?.expected ?? 0)
    const quarters = ['第一季度', '第二季度', '第三季度', '第四季度'].map((q) => cell(q, '应到') as number)
    expect(quarters.reduce((sum, n) => sum + n, 0)).toBe(all.expected)
  }
})

it('逐场明细 has a line for each person and meeting, in words, with days; a meeting without a roll says so', async () => {
  const data = (await readBack()).tabs.get('逐场明细')!
  const lines = data.slice(2)
  expect(lines).toHaveLength(SHEET.all.expected + 1)
  const [late, leave] = lines
  expect(late?.[0]).toEqual(new Date('2026-03-05T00:00:00Z'))
  expect(late?.[1]).toBe('第一季度')
  expect(late?.slice(5, 9)).toEqual([FORMULA, '迟到', null, '点名'])
  // 23:30 in the hall is that evening in the file too.
  expect(late?.[10]).toEqual(new Date('2026-03-05T23:30:00Z'))
  expect(leave?.slice(6, 8)).toEqual(['请假', '值班'])
  expect(leave?.[11]).toBe('已补学')
  expect(lines.map((row) => row[6])).toEqual([
    '迟到',
    '请假',
    '缺席',
    '未点',
    '待核定：到会；缺席',
    '没有考勤',
  ])
  expect(lines.at(-1)?.slice(4, 6)).toEqual(['@SUM(1)', null])
})

it('全年会议 says due, held and overdue of each period', async () => {
  const data = (await readBack()).tabs.get('全年会议')!
  const lines = data.slice(2).map((row) => [row[3], row[6], row[7], row[8], row[9], row[10]])
  expect(lines).toEqual([
    ['第一季度', 1, 1, 0, '已开', '2026-03-05'],
    ['第二季度', 1, 0, 1, '没有开', null],
    ['第三季度', 1, 0, 1, '没有开', null],
    ['第四季度', 1, 0, 0, '本期应开', null],
    ['合计', 4, 1, 2, null, null],
  ])
  expect(data[2]?.[4]).toEqual(new Date('2026-01-01T00:00:00Z'))
})

it('nothing in it is a formula', async () => {
  const { unzipSync, strFromU8 } = await import('fflate')
  const { bytes } = await readBack()
  const files = Object.entries(unzipSync(bytes)).filter(([name]) => /worksheets\/sheet\d+\.xml$/.test(name))
  expect(files).toHaveLength(4)
  for (const [, content] of files) expect(strFromU8(content)).not.toMatch(/<f[ >]/)
})

it('says by whom and when, and what the phone did not hold', async () => {
  const said = async (changes: Partial<YearBook> = {}) =>
    new Map((await readBack(changes)).tabs.get('说明')!.map(([word, value]) => [word, String(value)]))
  const whole = await said()
  expect(whole.get('制表')).toContain('王宁，2026-11-23 21:00')
  expect(whole.get('记录截至')).toContain('2026-11-23 08:00')
  expect(whole.get('是否齐全')).toContain('都已送达')
  const part = await said({
    held: { lastContactAt: null, waiting: 3, isPreparing: true, isPartlyKept: true },
  })
  const missing = part.get('是否齐全')
  for (const word of ['没有连上过', '还在下载', '3 条', '近两年']) expect(missing).toContain(word)
  expect(missing).not.toContain('都已送达')
})
