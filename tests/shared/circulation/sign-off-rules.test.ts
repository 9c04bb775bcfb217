/** Who may sign for whom: nobody for another, except as the substitute whom an officer has recorded. */
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../src/shared/org/actor.ts'
import { signOff, type SignOff } from '../../../src/shared/circulation/sign-off.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'

const HASH = 'a'.repeat(64)
const NOW = Date.parse('2026-11-23T00:00:00Z')
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
const fields = (over: Partial<SignOff>): SignOff => ({
  unitId: 'b',
  circulationId: 'c',
  documentId: 'd',
  documentNo: '',
  personId: 'li',
  signedBy: 'li',
  revision: 1,
  sha256: HASH,
  mode: 'in-person',
  signature: { kind: 'typed', name: '李' },
  opinion: '',
  changeId: null,
  signedAt: NOW,
  keyId: null,
  deviceSignature: null,
  supersedes: [],
  ...over,
})
const ask = (actor: Actor, next: SignOff, recorded?: JsonObject) =>
  signOff.canWrite({
    actor,
    next,
    current: undefined,
    observedAt: NOW,
    parents: [
      { type: 'circulation', id: 'c', fields: circulation },
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
