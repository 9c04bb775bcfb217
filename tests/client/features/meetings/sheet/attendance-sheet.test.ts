/** 签到表 as words: everybody once, what is not settled said as such, sums that are the roll's, a code that is the sheet's own. */
import { beforeEach, describe, expect, it } from 'vitest'
import { civilInstant } from '../../../../../src/shared/civil-time.ts'
import { shiftRosterId } from '../../../../../src/shared/org/shifts/shift-roster.ts'
import {
  emptySheet,
  filledSheet,
} from '../../../../../src/client/features/meetings/sheet/attendance-sheet.ts'
import {
  readSheetFacts,
  type SheetFacts,
} from '../../../../../src/client/features/meetings/sheet/read-facts.ts'
import { createRollActs } from '../../../../../src/client/features/meetings/roll/roll-acts.ts'
import { arrive, BRANCH, fillBranch, meetingFields, NOW, setupPhone, type TestPhone } from '../fixtures.ts'

let phone: TestPhone
let facts: SheetFacts
const look = async () => (facts = (await readSheetFacts(phone, 'mt'))!)
beforeEach(async () => {
  phone = setupPhone('p0')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ chairId: 'p0', recorderId: 'p1' }))
  await look()
})
const person = (at: number) => ({ personId: `p${at}`, name: `某${at}` })
const empty = () => emptySheet(facts, facts.roll.meeting.fields.sittings[0]!, 'strokes')
const filled = (sittingId: string | null = 'st1') => filledSheet(facts, sittingId, 'strokes')
const acts = (sittingId = 'st1') => createRollActs(phone, { meetingId: 'mt', sittingId, unitId: BRANCH })
const deliver = () => phone.db.records('roll-mark').toCollection().modify({ pending: 0, receivedAt: NOW })
const rowOf = (sheet: ReturnType<typeof filled>, at: number) =>
  sheet.rows.find(({ personId }) => personId === `p${at}`)!

describe('empty', () => {
  it('has the facts of the meeting, everybody once, office and kind beside the name, guests apart', () => {
    const sheet = empty()
    expect(sheet.head).toEqual([
      ['单位', '第一党支部'],
      ['时间', '2026 年 11 月 23 日 周一 20:45'],
      ['地点', '三楼会议室'],
      ['主持人', facts.people.get('p0')!.name],
      ['记录人', facts.people.get('p1')!.name],
    ])
    expect(new Set(sheet.rows.map(({ personId }) => personId))).toEqual(
      new Set(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']),
    )
    expect(sheet.rows).toHaveLength(6)
    expect(sheet.rows.find(({ personId }) => personId === 'p0')).toMatchObject({
      belongs: '支部书记',
      kind: '',
    })
    expect(sheet.rows.find(({ personId }) => personId === 'p5')).toMatchObject({ kind: '预备党员', mark: '' })
    expect(sheet.sums).toEqual(['应到 6 人'])
    expect(sheet.guests).toEqual(['林科长'])
  })
  it('names the group of who is in one, and the shift of who is at work then', async () => {
    await arrive(phone.db, 'unit', 'g1', { kind: 'group', name: '窗口党小组', parentId: BRANCH, order: 0 })
    await arrive(phone.db, 'membership', 'gm', {
      personId: 'p2',
      unitId: 'g1',
      name: '某',
      memberKind: 'full',
      votingRight: true,
      primary: false,
      from: '2020-01-01',
      to: null,
    })
    await arrive(phone.db, 'shift-roster', shiftRosterId(BRANCH, '2026-11'), {
      unitId: BRANCH,
      month: '2026-11',
      days: { p2: { '23': 'late' }, p3: { '23': 'early' } },
      hours: {},
    })
    await look()
    const rows = new Map(empty().rows.map((row) => [row.personId, row]))
    expect(rows.get('p2')).toMatchObject({ belongs: '窗口党小组', away: '晚班' })
    expect(rows.get('p3')).toMatchObject({ belongs: '', away: '' })
  })
  it('has a code of what is printed on it: the same in any order, another one for another roster or hour', async () => {
    const { code } = empty()
    expect(code).toMatch(/^[0-9A-F]{12}$/)
    expect(emptySheet(facts, facts.roll.meeting.fields.sittings[0]!, 'pinyin').code).toBe(code)
    await phone.db.records('membership').where('fields.personId').equals('p5').delete()
    await look()
    expect(empty().code).not.toBe(code)
    const later = { ...facts.roll.meeting.fields.sittings[0]!, startsAt: NOW }
    expect(emptySheet(facts, later, 'strokes').code).not.toBe(empty().code)
  })
})

describe('filled', () => {
  it('says each mark in words and how it was taken; the sums are the roll’s', async () => {
    await acts().mark([
      { person: person(0), state: 'present' },
      { person: person(1), state: 'late', ground: { method: 'code' } },
      { person: person(2), state: 'leave', leaveKind: 'sick' },
      { person: person(3), state: 'absent', ground: { method: 'paper', paperDate: '2026-11-23' } },
      { person: person(4), state: 'present', ground: { method: 'scan', byHand: 'expired' } },
    ])
    await deliver()
    await arrive(phone.db, 'make-up', 'mu', {
      unitId: BRANCH,
      meetingId: 'mt',
      personId: 'p2',
      sentence: '已读',
      supersedes: [],
    })
    await look()
    const sheet = filled()
    expect(sheet.rows.map(({ personId, mark, how, note }) => [personId, mark, how, note]).sort()).toEqual([
      ['p0', '到会', '点名', ''],
      ['p1', '迟到', '报码', ''],
      ['p2', '请假（病假）', '点名', '已补学'],
      ['p3', '缺席', '纸质补录', ''],
      ['p4', '到会', '手工认可（码已过期）', ''],
      ['p5', '未点', '', ''],
    ])
    expect(sheet.sums).toEqual([
      '应到 6 人，实到 3 人（迟到 1 人），请假 1 人（病假 1 人），缺席 1 人，未点 1 人，列席 1 人',
      '有表决权应到 4 人，实到 2 人',
    ])
  })
  it('shows a contradiction as 待核定 with both words, and counts it nowhere', async () => {
    await acts().mark([{ person: person(1), state: 'present' }])
    await deliver()
    await arrive(phone.db, 'roll-mark', 'other', {
      ...(await phone.db.records('roll-mark').toArray())[0]!.fields,
      state: 'absent',
      leaveKind: null,
      method: 'paper',
      supersedes: [],
    })
    await look()
    expect(rowOf(filled(), 1)).toMatchObject({ mark: '待核定', how: '' })
    expect(rowOf(filled(), 1).note).toMatch(
      /^记为(缺席（纸质补录）、到会（点名）|到会（点名）、缺席（纸质补录）)$/,
    )
    expect(filled().sums[0]).toContain('实到 0 人，请假 0 人，缺席 0 人，未点 5 人，待核定 1 人')
  })
  it('says nothing that only lies on this phone', async () => {
    await acts().mark([{ person: person(1), state: 'present' }])
    await look()
    expect(rowOf(filled(), 1).mark).toBe('未点')
  })
  it('has another code as soon as anything on it changes', async () => {
    const before = filled().code
    await acts().mark([{ person: person(1), state: 'present' }])
    await deliver()
    await look()
    expect(filled().code).not.toBe(before)
  })
  it('of several sittings: each of its own, and the whole with where somebody came', async () => {
    await arrive(
      phone.db,
      'meeting',
      'mt',
      meetingFields({
        sittings: [
          { id: 'st1', name: '早班场', startsAt: civilInstant('2026-11-23', '08:00'), place: '一楼' },
          { id: 'st2', name: '晚班场', startsAt: civilInstant('2026-11-23', '20:45'), place: '三楼' },
        ],
      }),
    )
    await acts('st1').mark([{ person: person(1), state: 'absent' }])
    await acts('st2').mark([{ person: person(1), state: 'present' }])
    await deliver()
    await look()
    expect(rowOf(filled('st1'), 1)).toMatchObject({ mark: '缺席', note: '晚班场到会' })
    expect(rowOf(filled(null), 1)).toMatchObject({ mark: '到会', how: '晚班场，点名' })
    expect(filled(null).key).toBeNull()
    expect(filled('st1').head).toContainEqual(['场次', '早班场'])
    expect(filled(null).head).toContainEqual(['时间', '2026 年 11 月 23 日；早班场 08:00，晚班场 20:45'])
  })
})
