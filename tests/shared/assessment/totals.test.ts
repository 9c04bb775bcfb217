import { describe, expect, it } from 'vitest'
import { selfTotal, sumPoints, unanswered, withinIndicator } from '../../../src/shared/assessment/totals.ts'
import { deductionsWithoutReason, sheetTotal } from '../../../src/shared/assessment/sheet-total.ts'
import { scoreSheet } from '../../../src/shared/assessment/score-sheet.ts'
import { submission } from '../../../src/shared/assessment/submission.ts'
import type { Actor } from '../../../src/shared/org/actor.ts'

const indicator = (id: string, max: number) => ({
  id,
  group: '',
  aspect: '',
  title: id,
  description: '',
  max,
  step: 0.1,
})
const set = { indicators: [indicator('a', 5), indicator('b', 0.3), indicator('c', 1)] }
const score = (points: number | null, reason = '') => ({
  score: points,
  reason,
  evidence: '',
  scorerId: null,
  at: null,
})

describe('sums in tenths', () => {
  it('0.1 + 0.2 is 0.3', () => {
    expect(sumPoints([0.1, 0.2])).toBe(0.3)
    expect(sumPoints(Array.from({ length: 1000 }, () => 0.1))).toBe(100)
  })
  it('a missing score counts nothing', () => {
    expect(selfTotal(set, { a: { score: 4.7, sentence: '', evidence: '' } })).toBe(4.7)
    expect(unanswered(set, { a: { score: 0, sentence: '', evidence: '' } }).map((i) => i.id)).toEqual([
      'b',
      'c',
    ])
  })
  it('scores of another set are not counted, adjustments are', () => {
    const adjustment = { points: -0.2, reason: '离岗', scorerId: 'p', at: 1 }
    expect(sheetTotal(set, { a: score(5), b: score(0.3), old: score(9) }, { k: adjustment })).toBe(5.1)
  })
  it('is kept within the indicator', () => {
    expect([-1, 0.25, 9].map((points) => withinIndicator(set.indicators[0]!, points))).toEqual([0, 0.3, 5])
  })
})

it('a deduction without a reason is named; spaces are no reason, and full marks need none', () => {
  const scores = { a: score(4), b: score(0.3), c: score(0.9, '  ') }
  expect(deductionsWithoutReason(set, scores).map((i) => i.id)).toEqual(['a', 'c'])
  expect(deductionsWithoutReason(set, { a: score(4, '缺一次'), b: score(null) })).toEqual([])
})

describe('who may write', () => {
  const span = { from: '2020-01-01', to: null }
  const now = Date.parse('2026-11-20T00:00:00Z')
  const actor: Actor = {
    personId: 'p1',
    now,
    memberships: [{ ...span, unitId: 'b1', primary: true, memberKind: 'full' }],
    roles: [{ ...span, unitId: 'b1', role: 'branch-officer' }],
    unitsById: new Map([
      ['b1', { id: 'b1', kind: 'branch', parentId: 'root' }],
      ['s1', { id: 's1', kind: 'section', parentId: 'root' }],
    ]),
  }
  const asked = { actor, current: undefined, parents: [], observedAt: now }
  const key = { unitId: 'b1', personId: 'p1', month: '2026-11', setId: 's', supersedes: [] }

  it('a branch scores its own side and never the other one', () => {
    const sheet = { ...key, personId: 'p2', name: '', scores: {}, adjustments: {}, done: false }
    expect(scoreSheet.canWrite({ ...asked, next: { ...sheet, side: 'party' } })).toBe(true)
    expect(scoreSheet.canWrite({ ...asked, next: { ...sheet, side: 'work' } })).toBe('forbidden')
  })
  it('a self-assessment goes to the unit that judges its side', () => {
    const next = { ...key, name: '周敏', answers: {} }
    expect(submission.canWrite({ ...asked, next: { ...next, side: 'party' } })).toBe(true)
    expect(submission.canWrite({ ...asked, next: { ...next, side: 'work' } })).toBe('forbidden')
  })
  it('nothing after 定稿', () => {
    const parents = [{ type: 'month-result', id: 'r', fields: {} }]
    const next = { ...key, name: '周敏', answers: {}, side: 'party' as const }
    expect(submission.canWrite({ ...asked, parents, next })).toBe('month-frozen')
  })
})
