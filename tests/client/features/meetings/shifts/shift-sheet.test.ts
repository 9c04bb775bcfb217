/** The sheet read back: each bad cell with its place, and nothing taken where anything is bad. */
import { columnName } from '../../../../../src/client/features/meetings/spreadsheet/cells.ts'
import { describe, expect, it } from 'vitest'
import {
  readShiftSheet,
  shiftSheet,
} from '../../../../../src/client/features/meetings/shifts/sheet/shift-sheet.ts'

const people = [
  { personId: 'li', name: '李明', staffNo: '1001' },
  { personId: 'wang1', name: '王芳', staffNo: '1002' },
  { personId: 'wang2', name: '王芳', staffNo: '1003' },
  { personId: 'ou', name: '欧阳·阿依古丽', staffNo: '' },
]
const month = '2026-12'
const roster = { days: { li: { '01': 'early' as const, '31': 'night' as const } } }
const sheet = () => shiftSheet(people, month, roster)
const read = (rows: unknown[][]) => readShiftSheet(rows, people, month, roster)

it('reads back what it wrote as no change', () => {
  const rows = sheet()
  expect(rows[1]).toHaveLength(33)
  expect(rows[3]?.slice(0, 4)).toEqual(['李明', '1001', '早', ''])
  expect(read(rows)).toEqual({ problems: [], changes: {}, people: [] })
})

it('takes shifts as they are written, numbers and full-width letters too, and tells what changes for whom', () => {
  const rows: unknown[][] = sheet()
  rows[1] = ['姓名', '工号', ...Array.from({ length: 31 }, (_, at) => at + 1)]
  rows[3] = ['李明', 1001, '清', ' 中班 ', '休息']
  rows[6] = ['欧阳·阿依古丽', '', '夜']
  const { problems, changes, people: changed } = read(rows)
  expect(problems).toEqual([])
  expect(changes).toEqual({
    'days/li/01': null,
    'days/li/02': 'late',
    'days/li/03': 'rest',
    'days/ou/01': 'night',
  })
  expect(changed[0]).toEqual({
    personId: 'li',
    name: '李明',
    days: [
      { day: '01', before: 'early', after: null },
      { day: '02', before: null, after: 'late' },
      { day: '03', before: null, after: 'rest' },
    ],
  })
})

describe('a bad sheet', () => {
  it('is told cell by cell, and nothing of it is taken', () => {
    const rows: unknown[][] = sheet()
    rows[3] = ['李明', '1001', '晚', '加班']
    rows[4] = ['王芳', '', '早']
    rows[5] = ['赵六', '', '早']
    rows[6] = ['李明', '1001', '早']
    rows.push(
      ['张三', '1002', '早'],
      ['周七', '9999', '早'],
      ['李明', '', ...Array.from({ length: 30 }, () => ''), '⑨'],
    )
    const { problems, changes, people: changed } = read(rows)
    expect({ changes, changed }).toEqual({ changes: {}, changed: [] })
    expect(problems.map(({ row, column, sentence }) => `${row}${column} ${sentence}`)).toEqual([
      '4D 李明 2 日写的是“加班”，不是班次。请写早、晚、夜、休、假。',
      '5A 支部里有 2 个“王芳”，请补上工号。',
      '6A 支部里没有“赵六”。',
      '7A 李明在第 4 行已经有了。',
      '8A 工号 1002 是王芳，这一行写的是“张三”。请核对。',
      '9A 支部里没有工号 9999（周七）。',
      '10A 李明在第 4 行已经有了。',
    ])
  })

  it.each([
    ['without a head', [['李明', '早']], '没有找到“姓名”这一行'],
    [
      'of another month',
      [['排班表 2026 年 11 月'], ['姓名', '工号', '1'], ['李明', '1001', '早']],
      '现在要填的是 2026 年 12 月',
    ],
    ['with a day that is none', [['姓名', '工号', '1', '32']], '“32”不是这个月的日子'],
    ['with a day twice', [['姓名', '工号', '1', '1日']], '1 日有两列'],
    ['without days', [['姓名', '工号']], '表头里没有日子'],
    ['that is empty', [], '没有找到“姓名”这一行'],
  ])('%s is refused with a sentence', (_, rows, sentence) => {
    const { problems, changes } = read(rows)
    expect(problems[0]?.sentence).toContain(sentence)
    expect(changes).toEqual({})
  })
})

it('names columns as the spreadsheet does', () => {
  expect([0, 2, 25, 26, 32].map(columnName)).toEqual(['A', 'C', 'Z', 'AA', 'AG'])
})
