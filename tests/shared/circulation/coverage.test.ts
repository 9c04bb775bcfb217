import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { coverageOf, type Stored } from '../../../src/shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../../src/shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'

const sha = (n: number) => String(n).repeat(64).slice(0, 64)
const revision = (n: number) => ({
  revision: n,
  file: { sha256: sha(n), name: 'a.pdf', mime: 'application/pdf', sizeBytes: 1 },
  pages: 1,
  readingSha256: null,
  at: n,
  note: '',
})
const circulation = (revisions = [revision(1), revision(2)]): Stored<Circulation> => ({
  id: 'c',
  fields: {
    unitId: 'b',
    documentId: 'd',
    documentNo: '',
    title: '通知',
    issuer: '',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
    revisions,
    recipients: [
      { personId: 'p1', name: '甲' },
      { personId: 'p2', name: '乙' },
      { personId: 'p3', name: '丙' },
    ],
    dispatchedAt: 0,
    dispatchedBy: 'o',
    deadline: '2026-11-25',
    state: 'open',
  },
})
const signOff = (id: string, personId: string, n: number, part: Partial<SignOff> = {}): Stored<SignOff> => ({
  id,
  fields: {
    unitId: 'b',
    circulationId: 'c',
    documentId: 'd',
    documentNo: '',
    personId,
    signedBy: personId,
    revision: n,
    sha256: sha(n),
    mode: 'in-person',
    signature: { kind: 'typed', name: '甲' },
    opinion: '',
    signedAt: 10,
    keyId: null,
    deviceSignature: null,
    changeId: null,
    supersedes: [],
    ...part,
  },
})
const change = (
  id: string,
  personId: string,
  kind: RecipientChange['change'],
  supersedes: string[] = [],
  reason = '病假',
): Stored<RecipientChange> => ({
  id,
  fields: {
    unitId: 'b',
    circulationId: 'c',
    personId,
    name: personId,
    change: kind,
    substituteId: null,
    reason,
    supersedes,
  },
})

type Row = [string, Stored<RecipientChange>[], Stored<SignOff>[], string]
const table: Row[] = [
  ['nothing yet', [], [], 'waiting'],
  ['signed the current revision', [], [signOff('s', 'p1', 2)], 'signed'],
  ['signed an older revision', [], [signOff('s', 'p1', 1)], 'outdated'],
  ['signed both', [], [signOff('s', 'p1', 1), signOff('t', 'p1', 2)], 'signed'],
  ['right number, other bytes', [], [signOff('s', 'p1', 2, { sha256: sha(9) })], 'outdated'],
  ['signed another circulation', [], [signOff('s', 'p1', 2, { circulationId: 'x' })], 'waiting'],
  ['excused', [change('x', 'p1', 'excuse')], [], 'excused'],
  ['excused and yet signed', [change('x', 'p1', 'excuse')], [signOff('s', 'p1', 2)], 'signed'],
  ['excused after an older revision', [change('x', 'p1', 'excuse')], [signOff('s', 'p1', 1)], 'excused'],
  ['restored', [change('x', 'p1', 'excuse'), change('y', 'p1', 'restore', ['x'])], [], 'waiting'],
  [
    'excused by two, one restored',
    [change('x', 'p1', 'excuse'), change('z', 'p1', 'excuse'), change('y', 'p1', 'restore', ['x'])],
    [],
    'excused',
  ],
  [
    'on paper',
    [],
    [signOff('s', 'p1', 2, { mode: 'paper', signedBy: 'o', signature: { kind: 'paper' } })],
    'signed',
  ],
]

describe('who has signed', () => {
  it.each(table)('%s', (_name, changes, signOffs, state) => {
    const { lines } = coverageOf(circulation(), changes, signOffs)
    expect(lines.find((line) => line.personId === 'p1')?.state).toBe(state)
  })

  it('figures: the excused are not among those who are to sign', () => {
    const c = coverageOf(
      circulation(),
      [change('x', 'p3', 'excuse')],
      [signOff('s', 'p1', 2), signOff('t', 'p2', 1)],
    )
    expect(c).toMatchObject({ toSign: 2, signed: 1, outdated: 1, excused: 1, waiting: 0 })
  })

  it('a paper entry stands beside the own signature and counts the person once', () => {
    const paper = signOff('a', 'p1', 2, { mode: 'paper', signedBy: 'o', signature: { kind: 'paper' } })
    const c = coverageOf(circulation(), [], [paper, signOff('b', 'p1', 2)])
    expect(c.signed).toBe(1)
    expect(c.lines[0]?.signOffs.map((s) => s.id)).toEqual(['a', 'b'])
  })

  it('who was added and then excused stays on the list', () => {
    const c = coverageOf(circulation(), [change('x', 'p9', 'add'), change('y', 'p9', 'excuse', ['x'])], [])
    expect(c.lines.find((line) => line.personId === 'p9')?.state).toBe('excused')
  })

  it('the order of arrival does not matter', () => {
    const person = fc.constantFrom('p1', 'p2', 'p3', 'p4')
    const signOffs = fc.array(
      fc.tuple(person, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })),
      { maxLength: 12 },
    )
    const changes = fc.array(
      fc.tuple(
        person,
        fc.constantFrom('add', 'excuse', 'restore', 'substitute'),
        fc.array(fc.nat(7), { maxLength: 2 }),
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(signOffs, changes, fc.infiniteStream(fc.nat()), (signs, edits, random) => {
        const facts = signs.map(([p, n, at], i) => signOff(`s${i}`, p, n, { signedAt: at }))
        const marks = edits.map(([p, kind, over], i) =>
          change(
            `x${i}`,
            p,
            kind as RecipientChange['change'],
            over.map((o) => `x${o}`),
            `理由${i}`,
          ),
        )
        const shuffled = <T>(items: T[]): T[] =>
          items
            .map((item) => [random.next().value as number, item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item)
        expect(coverageOf(circulation(), shuffled(marks), shuffled(facts))).toEqual(
          coverageOf(circulation(), marks, facts),
        )
      }),
      { numRuns: 500 },
    )
  })
})
