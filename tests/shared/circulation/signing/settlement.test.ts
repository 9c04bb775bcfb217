/** Several sign-offs of one person: which one counts, until when, and who may say so. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  settlement,
  standingOf,
  type Settlement,
} from '../../../../src/shared/circulation/signing/settlement.ts'
import type { SignOff } from '../../../../src/shared/circulation/signing/sign-off.ts'
import type { Actor } from '../../../../src/shared/org/actor.ts'
import type { JsonObject } from '../../../../src/shared/sync/json.ts'

const NOW = Date.parse('2026-11-23T00:00:00Z')
const signed = (id: string, mode: SignOff['mode'], over: Partial<SignOff> = {}) => ({
  id,
  fields: {
    unitId: 'b',
    circulationId: 'c',
    documentId: 'd',
    documentNo: '',
    personId: 'li',
    signedBy: mode === 'in-person' ? 'li' : mode === 'paper' ? 'chen' : 'wang',
    revision: 1,
    sha256: 'a'.repeat(64),
    mode,
    signature: { kind: 'paper' },
    opinion: '',
    changeId: null,
    signedAt: 5,
    keyId: null,
    deviceSignature: null,
    supersedes: [],
    ...over,
  } as SignOff,
})
const settled = (id: string, countsId: string, besideIds: string[], over: Partial<Settlement> = {}) => ({
  id,
  fields: {
    unitId: 'b',
    circulationId: 'c',
    documentNo: '',
    personId: 'li',
    name: '李',
    revision: 1,
    countsId,
    besideIds,
    settledBy: 'chen',
    reason: '以纸质原件为准',
    supersedes: [],
    ...over,
  } as Settlement,
})
const own = signed('own', 'in-person')
const paper = signed('paper', 'paper')

describe('which one counts', () => {
  const seen = (...parts: Parameters<typeof standingOf>) => {
    const { counts, beside, isOpen } = standingOf(...parts)
    return [counts?.id, beside.map((s) => s.id), isOpen]
  }

  it('the only one; and the same made twice is no matter', () => {
    expect(seen([], [])).toEqual([undefined, [], false])
    expect(seen([paper], [])).toEqual(['paper', [], false])
    expect(seen([own, signed('own-2', 'in-person')], [])).toEqual(['own', ['own-2'], false])
  })

  it('where they differ the own hand, as long as nobody has settled it; both are kept', () => {
    expect(seen([paper, own], [])).toEqual(['own', ['paper'], true])
    expect(seen([paper, signed('sub', 'substitute')], [])).toEqual(['sub', ['paper'], true])
    expect(seen([own, signed('own-2', 'in-person', { opinion: '请抓落实' })], [])).toEqual([
      'own',
      ['own-2'],
      true,
    ])
  })

  it('the one that an officer settled on, until a second thought', () => {
    const first = settled('x', 'paper', ['own'])
    expect(seen([own, paper], [first])).toEqual(['paper', ['own'], false])
    const second = settled('y', 'own', ['paper'], { supersedes: ['x'] })
    expect(seen([own, paper], [first, second])).toEqual(['own', ['paper'], false])
  })

  it('is open again when another comes that differs, and when two settled it differently', () => {
    const first = settled('x', 'paper', ['own'])
    expect(seen([own, paper, signed('sub', 'substitute')], [first])[2]).toBe(true)
    expect(seen([own, paper, signed('own-2', 'in-person')], [first])).toEqual([
      'paper',
      ['own', 'own-2'],
      false,
    ])
    expect(seen([own, paper], [first, settled('z', 'own', ['paper'])])).toEqual(['own', ['paper'], true])
  })

  it('takes no settlement of another person, circulation or revision', () => {
    for (const over of [{ personId: 'sun' }, { circulationId: 'other' }, { revision: 2 }])
      expect(seen([own, paper], [settled('x', 'paper', ['own'], over)])).toEqual(['own', ['paper'], true])
  })

  it('does not depend on the order of arrival', () => {
    const all = [own, paper, signed('sub', 'substitute'), signed('own-2', 'in-person', { opinion: '同意' })]
    const facts = [
      settled('x', 'paper', ['own']),
      settled('y', 'own', ['paper'], { supersedes: ['x'] }),
      settled('z', 'sub', ['own', 'paper']),
    ]
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: 1 }),
        fc.shuffledSubarray(facts),
        (signOffs, settlements) => {
          const back = (list: readonly { id: string }[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
          const other = standingOf(
            back(signOffs) as typeof signOffs,
            back(settlements).reverse() as typeof settlements,
          )
          expect(standingOf(signOffs, settlements)).toEqual(other)
        },
      ),
    )
  })
})

describe('who may settle', () => {
  const actor = (personId: string, role?: 'branch-officer'): Actor => ({
    personId,
    now: NOW,
    memberships: [{ unitId: 'b', primary: true, memberKind: 'full', from: '2026-01-01', to: null }],
    roles: role === undefined ? [] : [{ unitId: 'b', role, from: '2026-01-01', to: null }],
    unitsById: new Map([['b', { id: 'b', kind: 'branch', parentId: 'root' }]]),
  })
  const ask = (who: Actor, next: Settlement, signOffs = [own, paper]) =>
    settlement.canWrite({
      actor: who,
      next,
      current: undefined,
      observedAt: NOW,
      parents: signOffs.map(({ id, fields }) => ({
        type: 'sign-off',
        id,
        fields: fields as unknown as JsonObject,
      })),
    })
  const { fields } = settled('x', 'paper', ['own'])

  it('an officer of the branch in their own name, of sign-offs of this person and revision', () => {
    expect(ask(actor('chen', 'branch-officer'), fields)).toBe(true)
    expect(ask(actor('zheng', 'branch-officer'), fields)).toBe('forbidden')
    expect(ask(actor('chen'), fields)).toBe('forbidden')
    expect(ask(actor('li'), { ...fields, settledBy: 'li' })).toBe('forbidden')
    const chen = actor('chen', 'branch-officer')
    expect(ask(chen, fields, [own, signed('paper', 'paper', { personId: 'sun' })])).toBe('invalid-fields')
    expect(ask(chen, fields, [own, signed('paper', 'paper', { revision: 2 })])).toBe('invalid-fields')
    expect(ask(chen, { ...fields, besideIds: ['paper'] })).toBe('invalid-fields')
  })
})
