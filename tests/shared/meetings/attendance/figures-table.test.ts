/** Groups and sittings added up: the parts always make the whole, and a person who is there twice counts once. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { attendanceLines } from '../../../../src/shared/meetings/attendance/attendance.ts'
import { figuresByGroup, figuresBySitting } from '../../../../src/shared/meetings/attendance/figures-table.ts'
import { ROLL_STATES } from '../../../../src/shared/meetings/mark-words.ts'
import { rollFigures } from '../../../../src/shared/meetings/roll-figures.ts'
import { line, markOf } from '../factories.ts'

const people = ['a', 'b', 'c', 'd', 'e']
const roster = people.map((id) => line(id, id < 'd'))
const sittings = [
  { id: 's', name: '早班' },
  { id: 't', name: '晚班' },
]
const marks = fc.array(
  fc
    .tuple(fc.uuid(), fc.constantFrom(...people), fc.constantFrom(...ROLL_STATES), fc.constantFrom('s', 't'))
    .map(([id, person, state, sittingId]) => markOf(id, person, state, { sittingId })),
  { maxLength: 16 },
)
const groups = fc
  .array(fc.subarray(people), { maxLength: 3 })
  .map((sets) =>
    sets.map((ids, at) => ({ id: `g${at}`, name: `第 ${at + 1} 小组`, personIds: new Set(ids) })),
  )
const plain = ({ leaveByKind: _kinds, ...figures }: ReturnType<typeof rollFigures>) => figures

it('the groups with those in none make the whole, whoever is in two of them', () => {
  fc.assert(
    fc.property(marks, groups, (given, of) => {
      const lines = attendanceLines(roster, given, ['s', 't'])
      const rows = figuresByGroup(lines, of)
      if (rows.length === 0) return
      const whole = plain(rollFigures(lines))
      for (const key of Object.keys(whole) as (keyof typeof whole)[])
        expect(rows.reduce((sum, row) => sum + row.figures[key], 0)).toBe(whole[key])
    }),
  )
})

it('the sum of the sittings counts each person once', () => {
  fc.assert(
    fc.property(marks, (given) => {
      const { rows, sum, twice } = figuresBySitting(roster, given, sittings)
      expect(sum.expected).toBe(5)
      const inAny = rows.reduce((all, row) => all + row.figures.present, 0)
      expect(sum.present).toBe(inAny - twice.length)
    }),
  )
})

it('a person marked in two sittings stands in both, and once in the sum', () => {
  const given = [
    markOf('1', 'a', 'present', { sittingId: 's' }),
    markOf('2', 'a', 'late', { sittingId: 't' }),
    markOf('3', 'b', 'leave', { sittingId: 's', leaveKind: 'duty' }),
    markOf('4', 'b', 'present', { sittingId: 't' }),
  ]
  const { rows, sum, twice } = figuresBySitting(roster, given, sittings)
  expect(rows.map(({ figures }) => [figures.present, figures.leave])).toEqual([
    [1, 1],
    [2, 0],
  ])
  expect(sum).toMatchObject({ present: 2, leave: 0, votersPresent: 2 })
  expect(twice.map(({ name }) => name)).toEqual(['a'])
})
