/** The sheet as a real file of Excel: written, read back, and what is no sheet refused with a sentence. */
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import {
  readShiftFile,
  writeShiftFile,
} from '../../../../../src/client/features/meetings/shifts/sheet/shift-file.ts'
import {
  readShiftSheet,
  shiftSheet,
} from '../../../../../src/client/features/meetings/shifts/sheet/shift-sheet.ts'
import { unpackedBytes } from '../../../../../src/client/features/meetings/shifts/sheet/unpacked-bytes.ts'

const people = [
  { personId: 'li', name: '李明', staffNo: '0012' },
  { personId: 'ou', name: '买买提·阿卜杜热合曼', staffNo: '' },
]
const roster = { days: { li: { '01': 'early' as const, '31': 'night' as const } } }

it('a month written as a file and read back is no change; a filled cell is one', async () => {
  const rows = shiftSheet(people, '2026-12', roster)
  const same = await readShiftFile(await writeShiftFile(rows))
  expect(same.type).toBe('rows')
  if (same.type !== 'rows') return
  expect(readShiftSheet(same.rows, people, '2026-12', roster)).toEqual({
    problems: [],
    changes: {},
    people: [],
  })
  rows[4]![2] = '夜'
  const filled = await readShiftFile(await writeShiftFile(rows))
  expect(filled.type === 'rows' && readShiftSheet(filled.rows, people, '2026-12', roster).changes).toEqual({
    'days/ou/01': 'night',
  })
})

it.each([
  ['nothing', new Uint8Array(0), '文件是空的'],
  ['text', strToU8('姓名,工号,1\n李明,1001,早\n'), '不是 .xlsx 表格'],
  ['an old .xls', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(600)]), '不是 .xlsx 表格'],
  ['a zip that is no workbook', zipSync({ 'a.txt': strToU8('甲') }), '表格已损坏或加了密码'],
  ['a zip bomb', zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(21_000_000) }), '展开后太大'],
  ['too large a file', new Uint8Array(2_000_001), '超过 2 MB'],
])('%s is refused with a sentence', async (_, bytes, sentence) => {
  const read = await readShiftFile(new Blob([bytes as Uint8Array<ArrayBuffer>]))
  expect(read).toMatchObject({ type: 'refused', sentence: expect.stringContaining(sentence) })
})

it('the size of a zip is told by its directory', () => {
  expect(unpackedBytes(zipSync({ a: new Uint8Array(1000), b: new Uint8Array(24) }))).toBe(1024)
  expect(unpackedBytes(new Uint8Array(10))).toBeNull()
  expect(unpackedBytes(new Uint8Array(100))).toBeNull()
})
