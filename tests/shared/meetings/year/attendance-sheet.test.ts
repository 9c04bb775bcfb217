/**
 * Attacks the guarantee of attendance-sheet.ts: 应到 adds up for each person, kind and period; the unit is the sum of its people,
 * the year that of its quarters, and each meeting says what its own roll says. Who should have come is asked a second time here,
 * by hand.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attendanceLines } from '../../../../src/shared/meetings/attendance/attendance.ts'
import type { StoredMark } from '../../../../src/shared/meetings/roll.ts'
import { rollFigures } from '../../../../src/shared/meetings/roll-figures.ts'
import { rosterOf } from '../../../../src/shared/meetings/roster.ts'
import {
  attendanceSheet,
  figuresOf,
  notMarked,
  rateOf,
  rollIsTaken,
  type AttendanceFigures,
  type AttendanceSheet,
  type MeetingAttendance,
} from '../../../../src/shared/meetings/year/attendance-sheet.ts'
import { periodsOf } from '../../../../src/shared/meetings/year/periods.ts'
import type { Membership } from '../../../../src/shared/org/membership.ts'
import { line, markOf, memberOf } from '../factories.ts'
import { KINDS, meetingsOf, UNIT_KINDS, worlds, type World } from './attendance-world.ts'

const TODAY = '2026-11-23'
const YEAR = periodsOf('year', 2026)[0]!
const QUARTERS = periodsOf('quarter', 2026)
const sheetOf = (world: World, period = YEAR): AttendanceSheet =>
  attendanceSheet({ period, today: TODAY, meetings: meetingsOf(world), kinds: KINDS })

/** Every figure with its name, those of the kinds of leave too. */
const flat = ({ leaveByKind, ...rest }: AttendanceFigures): Record<string, number> => ({
  ...rest,
  ...Object.fromEntries(Object.entries(leaveByKind).map(([key, n]) => [`leave-${key}`, n])),
})
function sum(all: readonly AttendanceFigures[]): Record<string, number> {
  const total = flat(figuresOf([]))
  for (const figures of all) for (const [key, n] of Object.entries(flat(figures))) total[key]! += n
  return total
}
const ofKind = (sheet: AttendanceSheet, kindId: string) =>
  sheet.people.flatMap(({ byKind }) => byKind.get(kindId) ?? [])

function expectAddsUp(f: AttendanceFigures): void {
  expect(f.present + f.leave + f.absent + f.contradictions + notMarked(f)).toBe(f.expected)
  expect(Math.min(...Object.values(flat(f)), notMarked(f))).toBeGreaterThanOrEqual(0)
  expect(f.owed).toBe(f.leave + f.absent)
  expect(f.madeUp).toBeLessThanOrEqual(f.owed)
  expect(f.late).toBeLessThanOrEqual(f.present)
}

/** Asked without the roster: did this person belong to the meeting's circle on its day? */
function shouldCome(world: World, personId: string, meeting: World['meetings'][number]): boolean {
  const holds = ({ from, to }: { from: string; to?: string | null }) =>
    from <= meeting.date && (to == null || meeting.date < to)
  const belongs = world.memberships.some(
    (m) =>
      m.personId === personId &&
      m.unitId === meeting.unitId &&
      m.memberKind !== 'none' &&
      holds(m) &&
      (UNIT_KINDS[meeting.unitId] !== 'branch' || m.primary),
  )
  const isOnCommittee = world.roles.some(
    (r) => r.personId === personId && r.unitId === meeting.unitId && holds(r),
  )
  return belongs && (meeting.kindId !== 'committee' || isOnCommittee)
}

describe('over random rosters and marks', () => {
  it('应到 is 实到, 请假, 缺席, 待核定 and 未点, for each person, kind and period', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const period of [YEAR, ...QUARTERS]) {
          const sheet = sheetOf(world, period)
          const people = sheet.people.flatMap(({ all, byKind }) => [all, ...byKind.values()])
          for (const figures of [sheet.all, ...sheet.byKind.values(), ...people]) expectAddsUp(figures)
        }
      }),
      { numRuns: 300 },
    )
  })
  it("the unit's line is the sum of its people's, kind by kind", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const sheet = sheetOf(world)
        expect(flat(sheet.all)).toEqual(sum(sheet.people.map(({ all }) => all)))
        for (const [kindId, figures] of sheet.byKind)
          expect(flat(figures)).toEqual(sum(ofKind(sheet, kindId)))
        expect(flat(sheet.all)).toEqual(sum([...sheet.byKind.values()]))
      }),
      { numRuns: 300 },
    )
  })
  it('four quarters are the year, for each person', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const year = sheetOf(world)
        const quarters = QUARTERS.map((period) => sheetOf(world, period))
        for (const { personId, all } of year.people) {
          const parts = quarters.flatMap(({ people }) => people.filter((p) => p.personId === personId))
          expect(sum(parts.map((part) => part.all))).toEqual(flat(all))
        }
        expect(quarters.flatMap(({ counted }) => counted.map(({ id }) => id))).toEqual(
          year.counted.map(({ id }) => id),
        )
      }),
      { numRuns: 300 },
    )
  })
  it('each meeting says what its own roll says; cancelled ones and those without a roll say nothing', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const sheet = sheetOf(world)
        for (const meeting of sheet.counted) {
          const entries = sheet.people.flatMap((p) => p.entries.filter((e) => e.meeting.id === meeting.id))
          expect(rollFigures(entries.map((entry) => entry.line))).toEqual(rollFigures(meeting.lines))
        }
        const counted = new Set(sheet.counted.map(({ id }) => id))
        for (const { id, isCancelled } of world.meetings) if (isCancelled) expect(counted).not.toContain(id)
        for (const { id, isCancelled, date } of sheet.untaken) {
          expect(counted).not.toContain(id)
          expect(isCancelled).toBe(false)
          expect(date < TODAY).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
  it('counts exactly those who should have come', () => {
    let seen = 0
    fc.assert(
      fc.property(worlds, (world) => {
        const sheet = sheetOf(world)
        const counted = new Set(sheet.counted.map(({ id }) => id))
        const asked = world.meetings.filter(({ id }) => counted.has(id))
        const people = new Map(sheet.people.map((person) => [person.personId, person.all.expected]))
        for (const personId of ['a', 'b', 'c', 'd', 'e', 'guest']) {
          const own = asked.filter((meeting) => shouldCome(world, personId, meeting)).length
          expect(people.get(personId) ?? 0).toBe(own)
          seen += own
        }
      }),
      { numRuns: 500 },
    )
    expect(seen).toBeGreaterThan(500)
  })
})

let made = 0
function meeting(
  date: string,
  marks: StoredMark[],
  more: Partial<MeetingAttendance> & { members?: Membership[] } = {},
): MeetingAttendance {
  const { members = [memberOf('a'), memberOf('z')], ...rest } = more
  const roster = rosterOf({ unitId: 'b', date }, KINDS[0]!.fields, members, [], 'branch')
  const lines = attendanceLines(roster, marks, ['s'])
  return {
    id: `m${++made}`,
    unitId: 'b',
    kindId: 'general',
    title: '会',
    date,
    isCancelled: false,
    lines,
    isTaken: rollIsTaken(lines),
    madeUp: new Set(),
    ...rest,
  }
}
const ask = (meetings: MeetingAttendance[], period = YEAR) =>
  attendanceSheet({ period, today: TODAY, meetings, kinds: KINDS })
const personOf = (sheet: AttendanceSheet, personId = 'a') =>
  sheet.people.find((person) => person.personId === personId)
const present = markOf('1', 'a', 'present')
const zPresent = markOf('z', 'z', 'present')

describe('at the edges', () => {
  it('a member who came in May and left in September is asked only in between', () => {
    const members = [memberOf('a', { from: '2026-05-06', to: '2026-09-01' }), memberOf('z')]
    const days = ['2026-05-05', '2026-05-06', '2026-08-31', '2026-09-01']
    const sheet = ask(days.map((date) => meeting(date, [zPresent], { members })))
    expect(personOf(sheet)?.entries.map((entry) => entry.meeting.date)).toEqual(['2026-05-06', '2026-08-31'])
    expect(personOf(sheet, 'z')?.all).toMatchObject({ expected: 4, present: 4 })
  })
  it('a member of two branches counts in the primary one; 预备 and suspended members should come', () => {
    const members = [
      memberOf('second', { primary: false }),
      memberOf('new', { memberKind: 'probationary', votingRight: false }),
      memberOf('a', { votingRight: false }),
      memberOf('staff', { memberKind: 'none' }),
    ]
    const sheet = ask([meeting('2026-03-01', [present], { members })])
    expect(sheet.people.map(({ personId }) => personId)).toEqual(['new', 'a'])
    expect(sheet.all).toMatchObject({ expected: 2, present: 1, unmarked: 1 })
  })
  it('a guest is not in 应到, although somebody marked one', () => {
    const sheet = ask([meeting('2026-03-01', [present, markOf('2', 'guest', 'present')])])
    expect(sheet.all).toMatchObject({ expected: 2, present: 1 })
    expect(personOf(sheet, 'guest')).toBeUndefined()
  })
  it('a roll that was never taken, or wholly taken back, is nobody’s absence', () => {
    const never = meeting('2026-03-01', [])
    const back = meeting('2026-03-02', [present, markOf('2', 'a', 'cleared', { supersedes: ['1'] })])
    const ofGuest = meeting('2026-03-03', [markOf('3', 'guest', 'present')])
    const today = meeting(TODAY, [])
    const sheet = ask([never, back, ofGuest, today])
    expect(sheet.all.expected).toBe(0)
    expect(sheet.untaken.map(({ id }) => id)).toEqual([never.id, back.id, ofGuest.id])
    expect(rateOf(sheet.all)).toBeNull()
  })
  it('contradicting marks are neither presence nor absence, until somebody settles them', () => {
    const torn = [present, markOf('2', 'a', 'absent', { observedAt: 1 })]
    const open = personOf(ask([meeting('2026-03-01', [...torn, zPresent])]))!
    expect(open.all).toMatchObject({ expected: 1, present: 0, absent: 0, contradictions: 1, owed: 0 })
    expect(notMarked(open.all)).toBe(0)
    const settled = [...torn, markOf('3', 'a', 'present', { supersedes: ['1', '2'] })]
    const after = personOf(ask([meeting('2026-03-01', [...settled, zPresent])]))!
    expect(after.all).toMatchObject({ expected: 1, present: 1, contradictions: 0 })
  })
  it('补学 is never 实到, and none is owed by whom a correction brings to the meeting', () => {
    const away = [markOf('1', 'a', 'leave', { leaveKind: 'duty' }), zPresent]
    const madeUp = new Set(['a', 'z'])
    const before = ask([meeting('2026-03-01', away, { madeUp })])
    expect(personOf(before)!.all).toMatchObject({ present: 0, leave: 1, owed: 1, madeUp: 1 })
    expect(before.all).toMatchObject({ present: 1, madeUp: 1 })
    const corrected = [...away, markOf('2', 'a', 'present', { supersedes: ['1'] })]
    const after = ask([meeting('2026-03-01', corrected, { madeUp })])
    expect(personOf(after)!.all).toMatchObject({ present: 1, leave: 0, owed: 0, madeUp: 0 })
  })
  it('the first and the last day of a quarter belong to it', () => {
    const days = ['2026-03-31', '2026-04-01', '2026-06-30', '2026-07-01', '2025-12-31', '2027-01-01']
    const meetings = days.map((date) => meeting(date, [present]))
    const datesIn = (period = YEAR) => ask(meetings, period).counted.map(({ date }) => date)
    expect(datesIn(QUARTERS[1])).toEqual(['2026-04-01', '2026-06-30'])
    expect(datesIn()).toEqual(['2026-03-31', '2026-04-01', '2026-06-30', '2026-07-01'])
  })
  it('who should have come to nothing has a line, and no rate', () => {
    const members = [line('quiet')]
    const sheet = attendanceSheet({ period: YEAR, today: TODAY, meetings: [], kinds: KINDS, members })
    expect(sheet.people).toHaveLength(1)
    expect(rateOf(sheet.people[0]!.all)).toBeNull()
    expect(sheet.kinds).toEqual([])
  })
  it('the newest line names a person; a kind that is not on the phone is shown', () => {
    const renamed = [memberOf('a', { name: '旧名' })]
    const now = [memberOf('a', { name: '新名', memberKind: 'full' })]
    const sheet = ask([
      meeting('2026-05-01', [present], { members: now }),
      meeting('2026-01-05', [present], { members: renamed, kindId: 'unknown' }),
    ])
    expect(personOf(sheet)?.name).toBe('新名')
    expect(sheet.kinds).toEqual([
      { id: 'general', name: '支部党员大会' },
      { id: 'unknown', name: '其他会议' },
    ])
  })
})

describe('出勤率', () => {
  it.each([
    [0, 0, null],
    [0, 4, 0],
    [2, 3, 67],
    [299, 300, 99],
    [300, 300, 100],
  ])('%i of %i', (came, expected, percent) => {
    expect(rateOf({ present: came, expected })).toBe(percent)
  })
})
