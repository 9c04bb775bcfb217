/** Who may name whom, who is asked for whom, in any order of arrival. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recipientChange, type RecipientChange } from '../../../../src/shared/circulation/recipient-change.ts'
import { substitutionAt, substitutionsOf } from '../../../../src/shared/circulation/signing/substitution.ts'
import type { Actor } from '../../../../src/shared/org/actor.ts'

const NOW = Date.parse('2026-11-23T00:00:00Z')
const actorOf = (personId: string, isOfficer = false): Actor => ({
  personId,
  now: NOW,
  memberships: [{ unitId: 'b', primary: true, memberKind: 'full', from: '2026-01-01', to: null }],
  roles: isOfficer ? [{ unitId: 'b', role: 'branch-officer', from: '2026-01-01', to: null }] : [],
  unitsById: new Map([['b', { id: 'b', kind: 'branch', parentId: 'root' }]]),
})
const change = (over: Partial<RecipientChange>): RecipientChange => ({
  unitId: 'b',
  circulationId: 'c',
  personId: 'li',
  name: '李',
  change: 'substitute',
  substituteId: 'wang',
  substituteName: '王',
  reason: '借调外单位',
  supersedes: [],
  ...over,
})
const stored = (id: string, over: Partial<RecipientChange>, receivedAt = 0) => ({
  id,
  fields: change(over),
  receivedAt,
})
const write = (actor: Actor, next: RecipientChange, others: ReturnType<typeof stored>[] = []) =>
  recipientChange.canWrite({
    actor,
    next,
    current: undefined,
    observedAt: NOW,
    parents: [
      { type: 'circulation', id: 'c', fields: { unitId: 'b', recipients: [{ personId: 'li', name: '李' }] } },
    ],
    related: others.map((o) => ({ ...o, type: 'recipient-change', fields: { ...o.fields } as never })),
  })
const officer = actorOf('chen', true)

describe('who names a substitute', () => {
  it('is an officer, for somebody on the list, and names neither the person nor themself', () => {
    expect(write(officer, change({}))).toBe(true)
    expect(write(actorOf('wang'), change({}))).toBe('forbidden')
    expect(write(officer, change({ substituteId: 'li' }))).toBe('forbidden')
    expect(write(officer, change({ substituteId: 'chen' }))).toBe('forbidden')
    expect(write(officer, change({ substituteId: null }))).toBe('forbidden')
    expect(write(officer, change({ personId: 'stranger' }))).toBe('not-recipient')
  })

  it('may be another officer’s officer, and names one for whom was put on the list later', () => {
    expect(write(actorOf('zheng', true), change({ substituteId: 'chen' }))).toBe(true)
    const added = stored('a', { personId: 'sun', change: 'add' })
    expect(write(officer, change({ personId: 'sun' }), [added])).toBe(true)
  })
})

describe('who has come back', () => {
  const end = change({ change: 'restore', substituteId: null, supersedes: ['s'] })

  it('ends the own substitution by signing, and nothing else', () => {
    expect(write(actorOf('li'), end, [stored('s', {})])).toBe(true)
    expect(write(actorOf('li'), end, [stored('s', { change: 'excuse' })])).toBe('forbidden')
    expect(write(actorOf('li'), { ...end, supersedes: [] }, [stored('s', {})])).toBe('forbidden')
    expect(write(actorOf('li'), { ...end, supersedes: ['s', 'unknown'] }, [stored('s', {})])).toBe(
      'forbidden',
    )
    expect(write(actorOf('wang'), end, [stored('s', {})])).toBe('forbidden')
    expect(write(actorOf('li'), { ...end, change: 'excuse' }, [stored('s', {})])).toBe('forbidden')
  })
})

describe('who is asked for whom', () => {
  it('is whom the newest change names; nobody for who is excused or asked again', () => {
    const asked = (...changes: ReturnType<typeof stored>[]) =>
      substitutionsOf(changes).map((s) => `${s.substituteId} for ${s.personId}`)
    expect(asked(stored('a', {}))).toEqual(['wang for li'])
    expect(asked(stored('a', {}), stored('b', { substituteId: 'zhao', supersedes: ['a'] }))).toEqual([
      'zhao for li',
    ])
    expect(asked(stored('a', {}), stored('b', { change: 'restore', supersedes: ['a'] }))).toEqual([])
    expect(asked(stored('a', {}), stored('b', { change: 'excuse' }))).toEqual([])
    // Two officers who knew nothing of each other: both may sign, and both sign-offs are kept.
    expect(asked(stored('a', {}), stored('b', { substituteId: 'zhao' }))).toEqual([
      'wang for li',
      'zhao for li',
    ])
    expect(asked(stored('a', {}), stored('b', { circulationId: 'other' }))).toHaveLength(2)
  })

  it('does not depend on the order in which the changes arrived', () => {
    const kinds = ['excuse', 'substitute', 'restore', 'add'] as const
    const history = fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        person: fc.constantFrom('li', 'sun'),
        substituteId: fc.constantFrom('wang', 'zhao'),
        receivedAt: fc.integer({ min: 0, max: 50 }),
        back: fc.array(fc.nat(9), { maxLength: 2 }),
      }),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(history, fc.integer(), fc.integer({ min: 0, max: 60 }), (acts, seed, signedAt) => {
        const changes = acts.map((a, at) =>
          stored(
            `id-${at}`,
            {
              change: a.kind,
              personId: a.person,
              substituteId: a.kind === 'substitute' ? a.substituteId : null,
              supersedes: a.back.filter((n) => n < at).map((n) => `id-${n}`),
            },
            a.receivedAt,
          ),
        )
        const rank = (id: string) => (Number(id.slice(3)) * 7919 + Math.abs(seed)) % 101
        const shuffled = [...changes].sort((a, b) => rank(a.id) - rank(b.id))
        expect(substitutionsOf(shuffled)).toEqual(substitutionsOf(changes))
        const signed = { personId: 'li', signedBy: 'wang', circulationId: 'c', changeId: 'id-0', signedAt }
        expect(substitutionAt(signed, shuffled, 55)).toBe(substitutionAt(signed, changes, 55))
      }),
    )
  })
})
