/** The form of a meeting with shifts: what it says of who can come, agenda by items, the last meeting, what a plan knows. */
import { expect, it } from 'vitest'
import { agendaItems, agendaText, numeral } from '../../../../src/client/features/meetings/form/agenda.ts'
import { coverInWords } from '../../../../src/client/features/meetings/form/sittings/cover-words.ts'
import { copyFrom } from '../../../../src/client/features/meetings/form/last-meeting.ts'
import { draftToMeeting, meetingToDraft } from '../../../../src/client/features/meetings/form/meeting-form.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import type { Meeting } from '../../../../src/shared/meetings/meeting.ts'
import type { RosterFacts } from '../../../../src/shared/org/shifts/shifts.ts'
import { meetingFields } from './fixtures.ts'

const people = ['甲', '乙', '丙', '丁', '戊', '己'].map((name, at) => ({ personId: `p${at}`, name }))
const days = (kind: 'early' | 'late' | 'night' | 'rest' | 'leave') => ({ '22': kind, '23': kind })
const rosters: RosterFacts[] = [
  {
    unitId: 'b1',
    month: '2026-11',
    hours: {},
    days: { p0: days('early'), p1: days('late'), p2: days('night'), p3: days('rest'), p4: days('leave') },
  },
]
const at = (id: string, name: string, time: string) => ({
  id,
  name,
  startsAt: civilInstant('2026-11-23', time),
})

it('says who can come to which sitting, and who to none', () => {
  const sittings = [at('a', '早场', '07:10'), at('b', '午场', '14:00')]
  expect(coverInWords({ people, rosters }, sittings)).toEqual([
    '早场：按排班 2 人赶得上，其中 1 人在休息',
    '午场：按排班 1 人赶得上，其中 1 人在休息',
    '早班 1 人哪一场都赶不上：甲',
    '请假 1 人：戊',
    '还没有排班的 1 人',
  ])
})

it('without shifts it says nothing', () => {
  expect(coverInWords({ people, rosters: [] }, [at('a', '全体', '14:00')])).toEqual([])
})

it('an agenda is items, numbered as on paper, and read back as it was', () => {
  expect(agendaItems('一、报告工作\n（二）讨论\n3. 其他\n\n没有编号')).toEqual([
    '报告工作',
    '讨论',
    '其他',
    '没有编号',
  ])
  expect(agendaText(['报告工作', '', ' 讨论\n转正 '])).toBe('一、报告工作\n二、讨论 转正')
  expect(agendaText(['只有一项'])).toBe('只有一项')
  expect(agendaItems('')).toEqual([''])
  const many = Array.from({ length: 21 }, (_, n) => `事项${n}`)
  expect(agendaItems(agendaText(many))).toEqual(many)
  expect([1, 10, 11, 20, 21].map(numeral)).toEqual(['一', '十', '十一', '二十', '二十一'])
})

it('the last meeting comes along on the chosen day, a night sitting on the day after, without its materials', () => {
  const last = meetingFields({
    date: '2026-10-30',
    agenda: '一、甲\n二、乙',
    chairId: 'p1',
    sittings: [
      { id: 'x', name: '晚班场', startsAt: civilInstant('2026-10-30', '20:45'), place: '三楼' },
      { id: 'y', name: '夜班场', startsAt: civilInstant('2026-10-31', '00:30'), place: '' },
    ],
    attachments: [{ sha256: 'a'.repeat(64), name: '材料', mime: 'text/plain', sizeBytes: 1 }],
  }) as Meeting
  const draft = {
    ...meetingToDraft('new', last),
    sittings: [{ id: 's', name: '全体', at: '2026-12-31T16:30', place: '' }],
    materials: [],
  }
  let ids = 0
  const copied = { ...draft, ...copyFrom(last, draft, () => `n${++ids}`) }
  expect(copied.sittings).toEqual([
    { id: 'n1', name: '晚班场', at: '2026-12-31T20:45', place: '三楼' },
    { id: 'n2', name: '夜班场', at: '2027-01-01T00:30', place: '' },
  ])
  expect([copied.chairId, copied.agenda, copied.guests, copied.materials]).toEqual([
    'p1',
    '一、甲\n二、乙',
    '林科长',
    [],
  ])
})

it('materials stay when a draft of an older app is saved, and go when they are taken out', () => {
  const file = { sha256: 'a'.repeat(64), name: '材料', mime: 'text/plain', sizeBytes: 1 }
  const standing = meetingFields({ attachments: [file] }) as Meeting
  const { materials: _, ...old } = meetingToDraft('mt', standing)
  expect(draftToMeeting(old, standing).attachments).toEqual([file])
  expect(draftToMeeting({ ...old, materials: [] }, standing).attachments).toEqual([])
})
