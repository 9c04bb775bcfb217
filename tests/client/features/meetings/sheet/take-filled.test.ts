/** The rows of a sheet become marks: nobody's word is replaced, twice is once, and one undo takes all of it back. */
import { beforeEach, describe, expect, it } from 'vitest'
import { rollLines } from '../../../../../src/shared/meetings/roll.ts'
import {
  markOnPaper,
  type PaperMark,
} from '../../../../../src/client/features/meetings/sheet/marks-on-paper.ts'
import { judgeRows } from '../../../../../src/client/features/meetings/sheet/import/against-roll.ts'
import {
  takeFilled,
  undoTaken,
} from '../../../../../src/client/features/meetings/sheet/import/take-filled.ts'
import { readRoll } from '../../../../../src/client/features/meetings/model/read-meetings.ts'
import { createRollActs } from '../../../../../src/client/features/meetings/roll/roll-acts.ts'
import {
  arrive,
  BRANCH,
  carryMarks,
  fillBranch,
  meetingFields,
  setupPhone,
  type TestPhone,
} from '../fixtures.ts'

const PLACE = { meetingId: 'mt', sittingId: 'st1', unitId: BRANCH }
const DATE = '2026-11-23'
const person = (at: number) => ({ personId: `p${at}`, name: `某${at}` })
const row = (
  at: number,
  state: PaperMark['state'],
  leaveKind: PaperMark['leaveKind'] = null,
  reason = '',
) => ({
  row: at + 10,
  ...person(at),
  mark: { state, leaveKind },
  reason,
})
const SHEET = [row(1, 'present'), row(2, 'leave', 'sick', '住院'), row(3, 'absent')]

let phone: TestPhone
beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
})
const take = (rows = SHEET, guests: { name: string; personId: null }[] = [], on = phone) =>
  takeFilled(on, { meetingId: 'mt', sittingId: 'st1', paperDate: DATE, rows, guests })
async function said(on = phone) {
  const roll = (await readRoll(on.db, 'mt'))!
  return rollLines(roll.roster, roll.marks, 'st1')
    .filter(({ heads }) => heads.length > 0)
    .map((line) => [line.personId, line.contradiction ? '待核定' : markOnPaper(line.state, line.leaveKind)])
    .sort()
}
const marks = () => phone.db.records('roll-mark').toArray()

it('each row is one mark from paper, with its date and remark, waiting to be sent', async () => {
  const taken = await take()
  expect(taken.marks).toHaveLength(3)
  expect(await said()).toEqual([
    ['p1', '到会'],
    ['p2', '请假（病假）'],
    ['p3', '缺席'],
  ])
  for (const { fields, pending } of await marks())
    expect([fields.method, fields.paperDate, fields.markedBy, pending]).toEqual(['paper', DATE, 'p0', 1])
  expect((await marks()).find(({ fields }) => fields.personId === 'p2')?.fields.reason).toBe('住院')
  expect(await phone.db.outbox.count()).toBe(3)
})
it('the same sheet twice, also at once and from another phone, adds nothing', async () => {
  await Promise.all([take(), take()])
  expect((await take()).marks).toEqual([])
  expect(await marks()).toHaveLength(3)
  const other = setupPhone('p1')
  await fillBranch(other, 6)
  await arrive(other.db, 'meeting', 'mt', meetingFields())
  await carryMarks(phone, other)
  expect((await take(SHEET, [], other)).marks).toEqual([])
})

describe('against what stands', () => {
  const acts = () => createRollActs(phone, PLACE)
  it('another word stays: both are kept until somebody settles it', async () => {
    await acts().mark([{ person: person(1), state: 'absent' }])
    const taken = await take()
    expect(taken.marks.find(({ personId }) => personId === 'p1')?.beside).toHaveLength(1)
    expect(await said()).toContainEqual(['p1', '待核定'])
    expect(
      (await marks()).filter(({ fields }) => fields.personId === 'p1').map(({ fields }) => fields.supersedes),
    ).toEqual([[], []])
  })
  it('the same word is not said again; a leave without its kind agrees with any', async () => {
    await acts().mark([
      { person: person(1), state: 'present' },
      { person: person(2), state: 'leave', leaveKind: 'personal' },
    ])
    expect((await take([row(1, 'present'), row(2, 'leave')])).marks).toEqual([])
    expect((await take([row(2, 'leave', 'sick')])).marks).toHaveLength(1)
  })
  it('after it was settled, the sheet read once more opens nothing again', async () => {
    await acts().mark([{ person: person(1), state: 'absent' }])
    await take()
    await acts().mark([{ person: person(1), state: 'absent', reason: '当面核实' }])
    expect((await take()).marks).toEqual([])
    expect(await said()).toContainEqual(['p1', '缺席'])
    const roll = (await readRoll(phone.db, 'mt'))!
    expect(judgeRows(SHEET, roll.marks, 'st1', DATE)[0]).toMatchObject({ standing: 'known' })
    // Another day's sheet is another sheet.
    expect(judgeRows(SHEET, roll.marks, 'st1', '2026-11-24')[0]).toMatchObject({ standing: 'beside' })
  })
  it('who was set back to 未点 is marked anew', async () => {
    await acts().mark([{ person: person(1), state: 'absent' }])
    await acts().mark([{ person: person(1), state: 'cleared' }])
    await take()
    expect(await said()).toContainEqual(['p1', '到会'])
  })
  it('what changed between looking and confirming is judged by what stands then', async () => {
    await acts().mark([{ person: person(1), state: 'present' }])
    expect((await take()).marks.map(({ personId }) => personId)).toEqual(['p2', 'p3'])
  })
})

describe('guests', () => {
  it('are added to the meeting once, in the same act', async () => {
    const guests = [
      { name: '赵处长', personId: null },
      { name: '林科长', personId: null },
    ]
    expect((await take(SHEET, guests)).guests).toEqual([{ name: '赵处长', personId: null }])
    await take(SHEET, guests)
    const names = (await phone.db.records('meeting').get('mt'))!.fields.guests!.map(({ name }) => name)
    expect(names).toEqual(['林科长', '赵处长'])
    expect((await readRoll(phone.db, 'mt'))!.roster).toHaveLength(6)
  })
})

describe('whole or not at all', () => {
  it('a row that the disk refuses leaves nothing behind', async () => {
    const long = { ...row(4, 'present'), reason: 'x'.repeat(201) }
    await expect(take([...SHEET, long], [{ name: '赵处长', personId: null }])).rejects.toThrow()
    expect(await marks()).toEqual([])
    expect(await phone.db.outbox.count()).toBe(0)
    expect((await phone.db.records('meeting').get('mt'))!.fields.guests).toHaveLength(1)
  })
  it('one undo takes all of it back, and the sheet can be read again', async () => {
    const acts = createRollActs(phone, PLACE)
    await acts.mark([{ person: person(1), state: 'absent' }])
    const taken = await take(SHEET, [{ name: '赵处长', personId: null }])
    expect(await undoTaken(phone, taken)).toEqual({ count: 3, kept: 0 })
    expect(await said()).toEqual([
      ['p1', '缺席'],
      ['p2', '未点'],
      ['p3', '未点'],
    ])
    expect((await phone.db.records('meeting').get('mt'))!.fields.guests).toHaveLength(1)
    expect((await take()).marks).toHaveLength(3)
  })
  it('what somebody has said since stays', async () => {
    const acts = createRollActs(phone, PLACE)
    const taken = await take()
    await acts.mark([{ person: person(3), state: 'present', reason: '后来到会' }])
    expect(await undoTaken(phone, taken)).toEqual({ count: 2, kept: 1 })
    expect(await said()).toContainEqual(['p3', '到会'])
  })
})
