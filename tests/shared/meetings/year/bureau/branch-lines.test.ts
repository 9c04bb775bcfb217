/** Lines of branches: quarters and the rest add up to the year, groups count in, those that are behind stand first. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  branchLines,
  sumOfLines,
  type YearSums,
} from '../../../../../src/shared/meetings/year/bureau/branch-lines.ts'
import { bureauYear } from '../../../../../src/shared/meetings/year/bureau/bureau-year.ts'
import { bureauBook } from '../../../../../src/shared/meetings/year/book/bureau-book.ts'
import type { Meeting } from '../../../../../src/shared/meetings/meeting.ts'
import type { MeetingKind } from '../../../../../src/shared/meetings/meeting-kind.ts'
import type { Unit } from '../../../../../src/shared/org/unit.ts'

const kind = (id: string, per: 'month' | 'quarter' | 'year' | null, unitKinds: MeetingKind['unitKinds']) => ({
  id,
  fields: {
    name: id,
    order: 0,
    unitKinds,
    roster: 'members',
    cadence: per && { per, times: 1, source: '示例', toBeChecked: true, since: null },
    quorum: null,
    passing: null,
  } as MeetingKind,
})
const KINDS = [
  kind('monthly', 'month', ['branch', 'group']),
  kind('quarterly', 'quarter', ['branch']),
  kind('yearly', 'year', ['branch', 'group']),
  kind('needed', null, ['branch']),
]
const unit = (id: string, over: Partial<Unit> = {}) => ({
  id,
  fields: { kind: 'branch', name: id, parentId: 'root', order: 0, endedOn: null, ...over } as Unit,
})
const UNITS = [
  unit('b2', { name: '第二支部' }),
  unit('b10', { name: '第十支部' }),
  unit('b1', { name: '第一支部' }),
  unit('g1', { kind: 'group', parentId: 'b1' }),
  unit('g2', { kind: 'group', parentId: 'b1' }),
  // Its branch is not there: it stands for itself.
  unit('lost', { kind: 'group', parentId: 'nowhere' }),
  unit('gone', { endedOn: '2025-06-30' }),
  unit('section', { kind: 'section' }),
]
const meetings = fc.array(
  fc.record({
    unit: fc.constantFrom('b1', 'b2', 'b10', 'g1', 'g2', 'lost', 'section'),
    kindId: fc.constantFrom(...KINDS.map(({ id }) => id)),
    month: fc.integer({ min: 1, max: 12 }),
    state: fc.constantFrom('held', 'planned', 'cancelled'),
  }),
  { maxLength: 40 },
)
const yearOf = (some: readonly { unit: string; kindId: string; month: number; state: string }[]) =>
  bureauYear({
    year: 2026,
    at: 0,
    today: '2026-11-23',
    units: UNITS,
    kinds: KINDS,
    plans: [],
    attended: new Set(),
    meetings: some.map(({ unit: unitId, kindId, month, state }, at) => ({
      id: `m${at}`,
      fields: { unitId, kindId, date: `2026-${String(month).padStart(2, '0')}-05`, state } as Meeting,
    })),
  })
const none: YearSums = { due: 0, held: 0, overdue: 0 }
const plus = (a: YearSums, b: YearSums): YearSums => ({
  due: a.due + b.due,
  held: a.held + b.held,
  overdue: a.overdue + b.overdue,
})

it('quarters and the rest are the year; all lines are all units; by kind they are the same again', () => {
  fc.assert(
    fc.property(meetings, (some) => {
      const year = yearOf(some)
      const lines = branchLines(year)
      for (const { quarters, yearly, all } of lines) expect([...quarters, yearly].reduce(plus)).toEqual(all)
      const figures = year.units.flatMap(({ kinds }) => kinds)
      const asked = figures.filter(({ kindId }) => kindId !== 'needed')
      const asNeeded = figures
        .filter(({ kindId }) => kindId === 'needed')
        .reduce((n, { held }) => n + held, 0)
      expect(sumOfLines(lines)).toEqual({ ...asked.reduce<YearSums>(plus, none), asNeeded })
      const perKind = KINDS.map(({ id }) => sumOfLines(branchLines(year, id)))
      expect(perKind.reduce<YearSums>(plus, none)).toEqual(asked.reduce<YearSums>(plus, none))
      const behind = lines.map(({ all }) => all.overdue)
      expect(behind).toEqual([...behind].sort((a, b) => b - a))
    }),
  )
})

it('groups count in their branch, in the bureau’s order; a unit that ended before the year is not there', () => {
  const { units, kinds } = yearOf([])
  expect(units.map(({ unitId }) => unitId)).toEqual(['b1', 'g1', 'g2', 'b2', 'b10', 'lost'])
  const lines = branchLines({ units, kinds })
  expect(lines.map(({ unitId, units: own }) => [unitId, own.length])).toEqual([
    ['b1', 3],
    ['b2', 1],
    ['b10', 1],
    ['lost', 1],
  ])
  // Ten months and three quarters of a branch are over on 23 November, and ten months of each group.
  expect(lines[0]!.all).toEqual({ due: 12 * 3 + 4 + 3, held: 0, overdue: 10 * 3 + 3 })
  expect(branchLines({ units, kinds }, 'quarterly').map(({ unitId }) => unitId)).toEqual(['b1', 'b2', 'b10'])
})

it('who is behind most stands first, whatever the bureau’s order', () => {
  const held = Array.from({ length: 12 }, (_, at) => ({
    unit: 'b1',
    kindId: 'monthly',
    month: at + 1,
    state: 'held',
  }))
  const lines = branchLines(yearOf(held), 'monthly')
  expect(lines.map(({ unitId }) => unitId)).toEqual(['b1', 'b2', 'b10', 'lost'])
  expect(
    branchLines(yearOf([...held, ...held.map((m) => ({ ...m, unit: 'g1' }))]), 'monthly').at(0)?.all.overdue,
  ).toBe(10)
  expect(branchLines(yearOf(held), 'quarterly').map(({ all }) => all.overdue)).toEqual([3, 3, 3])
  const early = branchLines(
    yearOf([{ unit: 'b1', kindId: 'quarterly', month: 1, state: 'held' }]),
    'quarterly',
  )
  expect(early.map(({ unitId }) => unitId)).toEqual(['b2', 'b10', 'b1'])
})

it('the spreadsheet says the same figures, and a unit’s name is text whatever it begins with', () => {
  const year = yearOf([{ unit: 'b1', kindId: 'quarterly', month: 1, state: 'held' }])
  const hostile = { ...year, units: year.units.map((u) => (u.unitId === 'b2' ? { ...u, name: '=1+1' } : u)) }
  const [branches, periods] = bureauBook(hostile, '何伟')
  const rows = branches!.data.slice(2).map((row) => row.map((cell) => cell?.value))
  for (const line of branchLines(hostile)) {
    const { due, held, overdue } = line.all
    expect(rows.find(([name]) => name === line.name)?.slice(-4)).toEqual([due, held, overdue, line.asNeeded])
  }
  const cells = branches!.data.concat(periods!.data).flat()
  expect(cells.filter((cell) => cell?.value === '=1+1').map((cell) => cell?.type)).not.toContain(Number)
  for (const cell of cells)
    expect(cell?.type === undefined || [String, Number, Date].includes(cell.type as never)).toBe(true)
  // Each period of each kind of each unit has its row; a kind as needed has one.
  expect(periods!.data).toHaveLength(2 + 3 * (12 + 4 + 1 + 1) + 3 * (12 + 1))
})
