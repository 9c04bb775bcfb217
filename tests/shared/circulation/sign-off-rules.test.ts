/** Who may sign for whom: nobody for another, except as the substitute whom an officer has recorded. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../src/shared/org/actor.ts'
import { signOff, signOffStatement, type SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { NOW, signOffBy } from './sign-offs.ts'

const HASH = 'a'.repeat(64)
const unitsById = new Map([['b', { id: 'b', kind: 'branch', parentId: 'root' }]])
const actorOf = (personId: string, unitId = 'b'): Actor => ({
  personId,
  now: NOW,
  memberships: [{ unitId, primary: true, memberKind: 'full', from: '2026-01-01', to: null }],
  roles: [],
  unitsById,
})
const circulation: JsonObject = {
  unitId: 'b',
  documentId: 'd',
  state: 'open',
  revisions: [{ revision: 1, file: { sha256: HASH } }],
  recipients: [{ personId: 'li', name: '李' }],
}
const change = (over: JsonObject): JsonObject => ({
  unitId: 'b',
  circulationId: 'c',
  personId: 'li',
  change: 'substitute',
  substituteId: 'wang',
  ...over,
})
const fields = (over: Partial<SignOff>): SignOff => signOffBy(HASH, over)
const HOUR = 3_600_000
/** @param later changes of the same person, by the hours after the first at which the endpoint had them */
const ask = (
  actor: Actor,
  next: SignOff,
  recorded?: JsonObject,
  of: JsonObject = {},
  later: readonly [number, JsonObject][] = [],
) =>
  signOff.canWrite({
    actor,
    next,
    current: undefined,
    observedAt: NOW,
    related: [
      ...(recorded === undefined
        ? []
        : [{ type: 'recipient-change', id: 'x', fields: recorded, receivedAt: NOW - 10 * HOUR }]),
      ...later.map(([hours, fields], at) => ({
        type: 'recipient-change',
        id: `later-${at}`,
        fields,
        receivedAt: NOW + (hours - 10) * HOUR,
      })),
    ],
    parents: [
      { type: 'circulation', id: 'c', fields: { ...circulation, ...of } },
      ...(recorded === undefined ? [] : [{ type: 'recipient-change', id: 'x', fields: recorded }]),
    ],
  })

describe('who may sign', () => {
  it('a recipient, in person', () => {
    expect(ask(actorOf('li'), fields({}))).toBe(true)
    expect(ask(actorOf('wang'), fields({ personId: 'wang', signedBy: 'wang' }))).toBe('not-recipient')
    expect(ask(actorOf('wang'), fields({}))).toBe('forbidden')
  })

  it('somebody who was added after dispatch, by naming the change that added them', () => {
    const own = fields({ personId: 'wang', signedBy: 'wang', changeId: 'x' })
    expect(ask(actorOf('wang'), own, change({ personId: 'wang', change: 'add' }))).toBe(true)
    expect(ask(actorOf('wang'), own, change({ personId: 'zhao', change: 'add' }))).toBe('not-recipient')
    expect(
      ask(actorOf('wang'), own, change({ personId: 'wang', change: 'add', circulationId: 'other' })),
    ).toBe('not-recipient')
  })

  it('a substitute, only as recorded, and only as a member of the unit', () => {
    const instead = fields({ signedBy: 'wang', mode: 'substitute', changeId: 'x' })
    expect(ask(actorOf('wang'), instead, change({}))).toBe(true)
    expect(ask(actorOf('wang'), instead)).toBe('forbidden')
    expect(ask(actorOf('wang'), instead, change({ substituteId: 'zhao' }))).toBe('forbidden')
    expect(ask(actorOf('wang'), instead, change({ personId: 'sun' }))).toBe('forbidden')
    expect(ask(actorOf('wang', 'elsewhere'), instead, change({}))).toBe('forbidden')
  })
})

describe('a substitution that was ended', () => {
  const instead = (hour: number, over: Partial<SignOff> = {}) =>
    fields({
      signedBy: 'wang',
      mode: 'substitute',
      changeId: 'x',
      signedAt: NOW + (hour - 10) * HOUR,
      ...over,
    })
  const by = (next: SignOff, later: readonly [number, JsonObject][], actor = actorOf('wang')) =>
    ask(actor, next, change({}), {}, later)
  const restored = change({ change: 'restore', supersedes: ['x'] })

  it('takes what was signed before the endpoint knew of the end, and nothing that was signed after', () => {
    expect(by(instead(4), [[5, restored]])).toBe(true)
    expect(by(instead(5), [[5, restored]])).toBe('frozen')
    expect(by(instead(6), [[5, restored]])).toBe('frozen')
  })

  it('takes it for seven days, so that nothing is dated back for ever', () => {
    const late = { ...actorOf('wang'), now: NOW - 5 * HOUR + 7 * 24 * HOUR }
    expect(by(instead(4), [[5, restored]], late)).toBe(true)
    expect(by(instead(4), [[5, restored]], { ...late, now: late.now + 1 })).toBe('frozen')
  })

  it('is ended by 免签 and by another substitute as well', () => {
    expect(by(instead(6), [[5, change({ change: 'excuse', substituteId: null })]])).toBe('frozen')
    const other = change({ substituteId: 'zhao', supersedes: ['x'] })
    expect(by(instead(6), [[5, other]])).toBe('frozen')
    expect(by(instead(4), [[5, other]])).toBe(true)
  })

  it('goes on when the same substitute is named anew, also for who has not heard of it', () => {
    expect(by(instead(6), [[5, change({ reason: '又一次', supersedes: ['x'] })]])).toBe(true)
  })
})

describe('what was read elsewhere', () => {
  const declared = fields({ seenElsewhere: [{ file: 0, page: 3, what: '整页' }] })

  it('is of whoever has read, never of who enters a paper, and never empty', () => {
    expect(ask(actorOf('li'), declared)).toBe(true)
    const paper = { mode: 'paper', signature: { kind: 'paper' }, signedBy: 'li' } as const
    expect(ask(actorOf('li'), { ...declared, ...paper })).toBe('invalid-fields')
    expect(v.safeParse(signOff.schema, declared).success).toBe(true)
    expect(v.safeParse(signOff.schema, { ...declared, seenElsewhere: [] }).success).toBe(false)
  })

  it('is signed by the device; a sign-off without it says what it said before there was any', () => {
    expect(signOffStatement(declared)).toContain('"seenElsewhere":[{"file":0,"page":3,"what":"整页"}]')
    expect(Object.keys(JSON.parse(signOffStatement(fields({}))) as object)).toEqual([
      'circulation',
      'document',
      'key',
      'mode',
      'opinionSha256',
      'person',
      'purpose',
      'revision',
      'sha256',
      'signatureSha256',
      'signedAt',
      'signedBy',
      'version',
    ])
  })
})

describe('a scan', () => {
  it('belongs to a paper entry only, and is part of what is signed', () => {
    const scanned = fields({ scanSha256: 'c'.repeat(64) })
    expect(ask(actorOf('li'), scanned)).toBe('invalid-fields')
    expect(signOff.blobs!(scanned)).toEqual(['c'.repeat(64)])
    expect(signOff.blobs!(fields({}))).toEqual([])
    expect(signOffStatement(scanned)).not.toBe(signOffStatement(fields({})))
    expect(signOffStatement(fields({}))).not.toContain('scan')
  })
})

describe('signing what was ended', () => {
  const li = actorOf('li')

  it('is kept when it was signed before the recall, and refused from then on', () => {
    const recalled = { state: 'recalled', stateAt: NOW }
    expect(ask(li, fields({ signedAt: NOW - 1 }), undefined, recalled)).toBe(true)
    expect(ask(li, fields({ signedAt: NOW }), undefined, recalled)).toBe('circulation-recalled')
    // Recalled by an older endpoint, which did not say when.
    expect(ask(li, fields({ signedAt: 1 }), undefined, { state: 'recalled' })).toBe('circulation-recalled')
  })

  it('is kept after the archive, which only ceases to ask', () => {
    expect(ask(li, fields({}), undefined, { state: 'closed', stateAt: 1 })).toBe(true)
    expect(ask(li, fields({}), undefined, { expiresOn: '2020-01-01' })).toBe(true)
  })
})
