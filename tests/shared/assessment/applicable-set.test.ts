import { describe, expect, it } from 'vitest'
import { setForMonth, sideOfUnitKind } from '../../../src/shared/assessment/applicable-set.ts'
import type { IndicatorSet } from '../../../src/shared/assessment/indicator-set.ts'

const set = (id: string, parts: Partial<IndicatorSet>) => ({
  id,
  fields: {
    name: id,
    side: 'party' as const,
    version: 1,
    sample: true,
    validFrom: '2026-01-01',
    validTo: null,
    indicators: [{ id: 'i', group: '', aspect: '', title: 't', description: '', max: 5, step: 0.5 }],
    ...parts,
  },
})

describe('the set of a month', () => {
  it('is judged by the month’s last day, the first valid day included', () => {
    const sets = [set('a', { validFrom: '2026-11-30' })]
    expect(setForMonth(sets, 'party', '2026-11')?.id).toBe('a')
    expect(setForMonth(sets, 'party', '2026-10')).toBeUndefined()
  })
  it('is not the one that ends on the last day: the end is exclusive', () => {
    expect(setForMonth([set('a', { validTo: '2026-11-30' })], 'party', '2026-11')).toBeUndefined()
    expect(setForMonth([set('a', { validTo: '2026-12-01' })], 'party', '2026-11')?.id).toBe('a')
  })
  it('knows the length of February', () => {
    const sets = [set('a', { validFrom: '2028-02-29' })]
    expect(setForMonth(sets, 'party', '2028-02')?.id).toBe('a')
    expect(setForMonth(sets, 'party', '2027-02')).toBeUndefined()
  })
  it('is the highest version, whatever the order in which they came', () => {
    const sets = [set('a', { version: 2 }), set('b', { version: 10 }), set('c', { version: 9 })]
    expect(setForMonth(sets, 'party', '2026-11')?.id).toBe('b')
    expect(setForMonth(sets.toReversed(), 'party', '2026-11')?.id).toBe('b')
  })
  it('is the same on every phone when two have one version', () => {
    const sets = [set('a', {}), set('b', {})]
    expect(setForMonth(sets, 'party', '2026-11')?.id).toBe(
      setForMonth(sets.toReversed(), 'party', '2026-11')?.id,
    )
  })
  it('belongs to the side; a set for posts is nobody’s month', () => {
    const sets = [set('w', { side: 'work' }), set('p', { side: 'post' })]
    expect(setForMonth(sets, 'work', '2026-11')?.id).toBe('w')
    expect(setForMonth(sets, 'party', '2026-11')).toBeUndefined()
  })
})

it('a section judges the work side, a branch the Party side, a group nothing', () => {
  expect(['branch', 'section', 'group', 'bureau', undefined].map(sideOfUnitKind)).toEqual([
    'party',
    'work',
    null,
    null,
    null,
  ])
})
