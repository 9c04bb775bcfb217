/** Due, held, overdue: at the edges of the year, of a branch founded in March, of a kind that begins in mid-year. */
import { describe, expect, it } from 'vitest'
import type { Meeting } from '../../../../src/shared/meetings/meeting.ts'
import type { MeetingKind } from '../../../../src/shared/meetings/meeting-kind.ts'
import { isAsked, periodsOf } from '../../../../src/shared/meetings/year/periods.ts'
import { habitOf, openItems, proposePlan } from '../../../../src/shared/meetings/year/propose.ts'
import { storedItem } from '../../../../src/shared/meetings/year/year-plan.ts'
import { yearStanding, type YearQuestion } from '../../../../src/shared/meetings/year/standing.ts'

type Per = 'month' | 'quarter' | 'year'
const kind = (
  per: Per | null,
  more: { times?: number; since?: string; unitKinds?: MeetingKind['unitKinds'] } = {},
): MeetingKind => ({
  name: '支部党员大会',
  order: 0,
  unitKinds: more.unitKinds ?? ['branch'],
  roster: 'members',
  cadence:
    per === null
      ? null
      : { per, times: more.times ?? 1, source: '示例', toBeChecked: true, since: more.since ?? null },
  quorum: null,
  passing: null,
})
let made = 0
const meeting = (date: string, more: Partial<Meeting> & { id?: string } = {}) => ({
  id: more.id ?? `m${++made}`,
  fields: {
    unitId: 'branch',
    kindId: 'k',
    title: '会',
    date,
    sittings: [{ id: 's', name: '全体', startsAt: 0, place: '' }],
    agenda: '',
    chairId: null,
    recorderId: null,
    guests: [],
    attachments: [],
    state: 'held',
    ...more,
  } as Meeting,
})
const ask = (
  per: Per | null,
  meetings: ReturnType<typeof meeting>[],
  more: Partial<YearQuestion> & { kind?: MeetingKind } = {},
) =>
  yearStanding({
    year: 2026,
    unit: { id: 'branch', kind: 'branch' },
    kinds: [{ id: 'k', fields: more.kind ?? kind(per) }],
    meetings,
    attended: new Set(),
    today: '2026-11-23',
    ...more,
  })[0]!
const states = (standing: { periods: { state: string }[] }) => standing.periods.map(({ state }) => state)

describe('the periods', () => {
  it('cover the year without a gap, also of a leap year', () => {
    expect(periodsOf('month', 2028)[1]).toEqual({
      key: '2028-02',
      name: '2 月',
      from: '2028-02-01',
      to: '2028-02-29',
    })
    expect(periodsOf('quarter', 2026).map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2026-01-01 2026-03-31',
      '2026-04-01 2026-06-30',
      '2026-07-01 2026-09-30',
      '2026-10-01 2026-12-31',
    ])
    expect(periodsOf('year', 2026)).toEqual([
      { key: '2026', name: '全年', from: '2026-01-01', to: '2026-12-31' },
    ])
  })

  it.each([
    ['2026-03-01', null, true],
    ['2026-03-10', null, true],
    ['2026-03-16', null, true],
    ['2026-03-17', null, false],
    ['2026-04-01', null, false],
    [null, '2026-03-16', true],
    [null, '2026-03-15', false],
    [null, '2026-02-28', false],
    ['2025-06-01', '2027-01-01', true],
  ])('March is asked of a unit from %s to %s: %s', (from, to, asked) => {
    expect(isAsked(periodsOf('month', 2026)[2]!, from, to)).toBe(asked)
  })
})

describe('a year', () => {
  it('of quarters: held, overdue, running', () => {
    const standing = ask('quarter', [meeting('2026-03-31'), meeting('2026-07-01')])
    expect(states(standing)).toEqual(['held', 'overdue', 'held', 'open'])
    expect({ due: standing.due, held: standing.held, overdue: standing.overdue }).toEqual({
      due: 4,
      held: 2,
      overdue: 1,
    })
  })

  it('ends at its last day: what was held on New Year’s Eve and on New Year is of two years', () => {
    const both = [meeting('2025-12-31'), meeting('2026-01-01'), meeting('2026-12-31'), meeting('2027-01-01')]
    const standing = ask('year', both, { today: '2027-02-01' })
    expect(standing).toMatchObject({ due: 1, held: 2, overdue: 0 })
    expect(ask('year', [meeting('2025-12-31')], { today: '2026-12-31' }).periods[0]?.state).toBe('open')
    expect(ask('year', [], { today: '2027-01-01' }).periods[0]?.state).toBe('overdue')
  })

  it('of a branch founded on 10 March owes March, not the first quarter, and the year', () => {
    expect(states(ask('month', [], { from: '2026-03-10', today: '2026-04-15' })).slice(0, 5)).toEqual([
      'not-asked',
      'not-asked',
      'overdue',
      'open',
      'coming',
    ])
    expect(ask('quarter', [], { from: '2026-03-10' }).due).toBe(3)
    expect(ask('year', [], { from: '2026-03-10' }).due).toBe(1)
    expect(ask('year', [], { from: '2026-08-01' }).due).toBe(0)
  })

  it('asks a kind from the day on which its rule began, or the branch, whichever is later', () => {
    expect(ask('month', [], { kind: kind('month', { since: '2026-07-01' }) }).due).toBe(6)
    expect(ask('month', [], { kind: kind('month', { since: '2026-07-01' }), from: '2026-09-01' }).due).toBe(4)
    expect(ask('month', [], { kind: kind('month', { since: '2026-07-01' }), from: '2026-03-01' }).due).toBe(6)
    expect(ask('month', [], { to: '2026-06-30' }).due).toBe(6)
  })

  it('counts no cancelled meeting, no planned one that nobody came to, and none of another unit or kind', () => {
    const none = ask(
      'month',
      [
        meeting('2026-01-10', { state: 'cancelled', id: 'gone' }),
        meeting('2026-02-10', { state: 'planned' }),
        meeting('2026-03-10', { unitId: 'other' }),
        meeting('2026-04-10', { kindId: 'other' }),
      ],
      { attended: new Set(['gone']) },
    )
    expect(none.held).toBe(0)
    expect(none.periods[1]?.plannedIds).toHaveLength(1)
    expect(none.periods[0]?.plannedIds).toEqual([])
  })

  it('counts a planned meeting as held once somebody came to it, but not before its day', () => {
    const attended = new Set(['past', 'coming'])
    const standing = ask(
      'month',
      [
        meeting('2026-11-23', { state: 'planned', id: 'past' }),
        meeting('2026-12-01', { state: 'planned', id: 'coming' }),
      ],
      { attended },
    )
    expect(standing.held).toBe(1)
    expect(standing.periods[10]).toMatchObject({ state: 'held', heldIds: ['past'] })
    expect(standing.periods[11]).toMatchObject({ state: 'coming', plannedIds: ['coming'] })
  })

  it('twice in January does not make up for February', () => {
    const standing = ask('month', [meeting('2026-01-05'), meeting('2026-01-25')])
    expect(standing.periods[1]?.state).toBe('overdue')
    expect(standing).toMatchObject({ held: 2, overdue: 9 })
    expect(
      ask('month', [meeting('2026-01-05')], { kind: kind('month', { times: 2 }) }).periods[0],
    ).toMatchObject({
      due: 2,
      held: 1,
      overdue: 1,
    })
  })

  it('one in several sittings is one; a kind without a cadence is held and never due', () => {
    const sittings = [1, 2, 3].map((n) => ({ id: `s${n}`, name: `${n}`, startsAt: n, place: '' }))
    expect(ask('month', [meeting('2026-01-05', { sittings })]).held).toBe(1)
    expect(ask(null, [meeting('2026-01-05')])).toMatchObject({ due: 0, held: 1, overdue: 0, periods: [] })
  })

  it('shows only the kinds that this kind of unit holds', () => {
    expect(ask('month', [], { kind: kind('month', { unitKinds: ['group'] }) })).toBeUndefined()
  })
})

describe('the plan in one go', () => {
  const today = '2026-11-23'
  it('proposes what is due from today on and is neither held nor arranged, on workdays', () => {
    const standing = [ask('quarter', [], { today }), ask('month', [meeting('2026-11-04')], { today })]
    const items = proposePlan(standing, undefined, today)
    expect(items.map(({ date, periodKey }) => `${periodKey} ${date}`)).toEqual([
      '2026-Q4 2026-11-30',
      '2026-12 2026-12-15',
    ])
  })

  it('keeps the day of the month on which the kind was held; a Sunday moves within the month', () => {
    const year = ask('month', [], { year: 2027, today })
    const dates = proposePlan([year], undefined, today, () => 31).map(({ date }) => date)
    expect(dates).toHaveLength(12)
    expect(dates[1]).toBe('2027-02-26')
    expect(dates[0]).toBe('2027-01-29')
    for (const date of dates) expect([0, 6]).not.toContain(new Date(`${date}T00:00:00Z`).getUTCDay())
    expect(
      habitOf([meeting('2026-10-12'), meeting('2026-11-20', { state: 'cancelled' })], 'branch', 'k'),
    ).toBe(12)
  })

  it('made twice, or by two officers, is made once; what was taken away is proposed again under its name', () => {
    const year = ask('month', [], { year: 2027, today })
    const items = proposePlan([year], undefined, today)
    const plan = { items: Object.fromEntries(items.map((item) => [item.id, storedItem(item)])) }
    expect(proposePlan([year], plan, today)).toEqual([])
    const taken = { items: { ...plan.items, [items[3]!.id]: null } }
    expect(proposePlan([year], taken, today).map(({ id }) => id)).toEqual([items[3]!.id])
  })

  it('an item is open until a meeting of its period takes it up', () => {
    const plan = { items: { a: ['k', '2026-12-10', ''] as [string, string, string] } }
    expect(openItems(plan, 'k', ask('month', []).periods[11]!)).toHaveLength(1)
    const taken = ask('month', [meeting('2026-12-12', { state: 'planned' })])
    expect(openItems(plan, 'k', taken.periods[11]!)).toEqual([])
    expect(proposePlan([taken], plan, today).filter(({ periodKey }) => periodKey === '2026-12')).toEqual([])
  })
})
