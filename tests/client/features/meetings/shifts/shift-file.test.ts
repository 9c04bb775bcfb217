/** The roster as a real file of Excel: written and read back. */
import { expect, it } from 'vitest'
import { writeShiftFile } from '../../../../../src/client/features/meetings/shifts/sheet/shift-file.ts'
import {
  readShiftSheet,
  shiftSheet,
} from '../../../../../src/client/features/meetings/shifts/sheet/shift-sheet.ts'
import { readSpreadsheet } from '../../../../../src/client/features/meetings/spreadsheet/read-spreadsheet.ts'

const people = [
  { personId: 'li', name: '李明', staffNo: '0012' },
  { personId: 'ou', name: '买买提·阿卜杜热合曼', staffNo: '' },
]
const roster = { days: { li: { '01': 'early' as const, '31': 'night' as const } } }

it('a month written as a file and read back is no change; a filled cell is one', async () => {
  const rows = shiftSheet(people, '2026-12', roster)
  const same = await readSpreadsheet(await writeShiftFile(rows), '排班表')
  expect(same.type).toBe('rows')
  if (same.type !== 'rows') return
  expect(readShiftSheet(same.rows, people, '2026-12', roster)).toEqual({
    problems: [],
    changes: {},
    people: [],
  })
  rows[4]![2] = '夜'
  const filled = await readSpreadsheet(await writeShiftFile(rows), '排班表')
  expect(filled.type === 'rows' && readShiftSheet(filled.rows, people, '2026-12', roster).changes).toEqual({
    'days/ou/01': 'night',
  })
})
