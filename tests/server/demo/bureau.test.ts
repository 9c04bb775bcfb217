import { expect, test } from 'vitest'
import { fullBureau } from '../../../src/server/demo/people/bureau.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { fillFresh } from './filled.ts'

const { units, people } = fullBureau()
const count = (kind: string) => units.filter((u) => u.kind === kind).length

test('the full-size bureau has the sizes of a real one', () => {
  expect([count('committee'), count('general-branch'), count('branch')]).toEqual([3, 1, 54])
  // The administrator is one more.
  expect(people).toHaveLength(1299)
  expect(people.filter((p) => p.partyStatus !== 'none')).toHaveLength(640)
  expect(people.filter((p) => p.roles.some((r) => r.role === 'branch-officer'))).toHaveLength(277)
  expect(new Set(people.map((p) => p.staffNo)).size).toBe(people.length)
  expect(new Set(units.map((u) => u.id)).size).toBe(units.length)
})

test('every branch has a secretary, every group a leader, and nobody is in a unit that isn’t there', () => {
  for (const branch of units.filter((u) => u.kind === 'branch')) {
    const own = people.filter((p) => p.branch === branch.name)
    expect(own.filter((p) => p.roles.some((r) => r.title === '支部书记'))).toHaveLength(1)
    expect(own.length).toBeLessThanOrEqual(50)
    for (const group of units.filter((u) => u.kind === 'group' && u.parentId === branch.id)) {
      const inGroup = own.filter((p) => p.group === group.name)
      expect(inGroup.filter((p) => p.roles.some((r) => r.role === 'group-leader'))).toHaveLength(1)
    }
  }
  const names = new Set(units.map((u) => u.name))
  for (const p of people)
    for (const name of [p.committee, p.branch, p.group, p.section, p.postingUnit])
      if (name !== null) expect(names).toContain(name)
})

test('it is the same each time', () => {
  expect(fullBureau()).toEqual({ units, people })
})

test('it fills, and every branch has every document', { timeout: 120_000 }, async () => {
  const demo = await fillFresh({ size: 'bureau' })
  const circulations = (await demo.all('circulation')).map((r) => JSON.parse(r.fields) as Circulation)
  expect(circulations).toHaveLength(54 * 7)
  const recipients = circulations.reduce((sum, c) => sum + c.recipients.length, 0)
  expect(recipients).toBe(640 * 7)
  const signed = (await demo.all('sign-off')).length
  expect(signed).toBeGreaterThan(recipients / 3)
  expect(signed).toBeLessThan(recipients)
  await demo.close()
})
