/** What a member reads on the own phone is what the branch's sheet says of them, although the phones hold different records. */
import { expect, it } from 'vitest'
import { readBranchYear } from '../../../../../src/client/features/meetings/attendance/branch/read-branch-year.ts'
import { readOwnYear } from '../../../../../src/client/features/meetings/attendance/own/read-own-year.ts'
import { actorOf, arrive, BRANCH, meetingFields, setupPhone } from '../fixtures.ts'
import { fillYear } from './fill-year.ts'

async function branchYear(quarter = '', me = 'p0') {
  const phone = setupPhone(me)
  await fillYear(phone)
  const actor = await actorOf(phone)
  return await readBranchYear(phone.db, actor, { unitId: BRANCH, year: 2026, quarter })
}

it.each(['p0', 'p1', 'p3', 'p4', 'p5'])('%s: the own year is the line of the sheet', async (me) => {
  const { sheet } = await branchYear()
  const line = sheet.people.find(({ personId }) => personId === me)!
  expect(line.entries.length).toBeGreaterThan(3)
  const phone = setupPhone(me)
  await fillYear(phone, me)
  const own = await readOwnYear(phone, 2026)
  expect(own.year.all).toEqual(line.all)
  expect(own.year.people[0]?.entries.map(({ meeting }) => meeting.id)).toEqual(
    line.entries.map(({ meeting }) => meeting.id),
  )
  // And at an officer's phone, which holds everybody's marks.
  const officer = setupPhone(me)
  await fillYear(officer)
  expect((await readOwnYear(officer, 2026)).year.all).toEqual(line.all)
})

it('holds nothing of others, also on a phone that has everybody’s marks', async () => {
  const phone = setupPhone('p0')
  await fillYear(phone)
  const own = await readOwnYear(phone, 2026)
  expect(own.year.people.map(({ personId }) => personId)).toEqual(['p0'])
  const marks = [...own.marks.values()].flat()
  expect(marks.length).toBeGreaterThan(0)
  expect(new Set(marks.map(({ fields }) => fields.personId))).toEqual(new Set(['p0']))
})

it('the year is its quarters, and cancelled or forgotten rolls are nobody’s absence', async () => {
  const year = (await branchYear()).sheet
  const quarters = await Promise.all(['1', '2', '3', '4'].map(async (q) => (await branchYear(q)).sheet))
  const sum = (of: (sheet: typeof year) => number) => quarters.reduce((total, sheet) => total + of(sheet), 0)
  expect(sum(({ all }) => all.expected)).toBe(year.all.expected)
  expect(sum(({ all }) => all.present)).toBe(year.all.present)
  expect(year.all.contradictions).toBeGreaterThan(0)
  expect(year.untaken.map(({ id }) => id)).toEqual(['mt3', 'mt10'])
  expect(year.counted.map(({ id }) => id)).not.toContain('mt8')
})

it('a member without an office sees no sheet; the leader of a group sees the group', async () => {
  expect((await branchYear('', 'p2')).unit).toBeUndefined()
  const phone = setupPhone('p3')
  await fillYear(phone)
  await arrive(phone.db, 'role', 'r-p3', {
    personId: 'p3',
    unitId: 'g1',
    name: '',
    role: 'group-leader',
    title: '党小组组长',
    from: '2024-01-01',
    to: null,
    revokedForCause: false,
  })
  const view = await readBranchYear(phone.db, await actorOf(phone), {
    unitId: BRANCH,
    year: 2026,
    quarter: '',
  })
  expect(view.unit?.id).toBe('g1')
  expect(view.sheet.people.map(({ personId }) => personId).sort()).toEqual(['p0', 'p3', 'p4'])
})

it('marks that wait are counted, and said', async () => {
  const phone = setupPhone('p0')
  await fillYear(phone)
  const before = await readBranchYear(phone.db, await actorOf(phone), {
    unitId: BRANCH,
    year: 2026,
    quarter: '',
  })
  expect(before.waiting).toBe(0)
  await phone.store.put('roll-mark', {
    unitId: BRANCH,
    meetingId: 'mt3',
    sittingId: '3a',
    personId: 'p1',
    name: 'x',
    state: 'present',
    method: 'tap',
    markedBy: 'p0',
  })
  const after = await readBranchYear(phone.db, await actorOf(phone), {
    unitId: BRANCH,
    year: 2026,
    quarter: '',
  })
  expect(after.waiting).toBe(1)
  expect(after.sheet.untaken.map(({ id }) => id)).toEqual(['mt10'])
  const lineOf = (view: typeof after) => view.sheet.people.find(({ personId }) => personId === 'p1')!.all
  expect(lineOf(after).present).toBe(lineOf(before).present + 1)
})

it('marks of a branch that one has left are told apart: they are in no figure', async () => {
  const phone = setupPhone('p2')
  await fillYear(phone, 'p2')
  const before = (await readOwnYear(phone, 2026)).year.all
  await arrive(phone.db, 'unit', 'old', { kind: 'branch', name: '原支部', parentId: 'root', order: 9 })
  await arrive(phone.db, 'roll-mark', 'far', {
    unitId: 'old',
    meetingId: 'gone',
    sittingId: 's',
    personId: 'p2',
    name: 'x',
    state: 'present',
    leaveKind: null,
    method: 'tap',
    markedBy: 'z',
    reason: '',
    supersedes: [],
  })
  const own = await readOwnYear(phone, 2026)
  expect(own.elsewhere).toMatchObject([{ unitName: '原支部', marks: [{ id: 'far' }] }])
  expect(own.year.all).toEqual(before)
  expect((await readOwnYear(phone, 2025)).elsewhere).toEqual([])
})

it('a meeting of another year, or of tomorrow, is not asked', async () => {
  const phone = setupPhone('p2')
  await fillYear(phone, 'p2')
  const ids = async () => {
    const { year } = await readOwnYear(phone, 2026)
    return [...year.counted, ...year.untaken].map(({ id }) => id)
  }
  const before = await ids()
  await arrive(phone.db, 'meeting', 'next', meetingFields({ date: '2026-11-24' }))
  await arrive(phone.db, 'meeting', 'last', meetingFields({ date: '2025-12-31' }))
  expect(await ids()).toEqual(before)
})
