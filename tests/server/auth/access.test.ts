/** Attacks on access: every role against every scope, roles that ended, transfers, the two sides, a frozen month. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createActors, mayRead, readableScopes } from '../../../src/server/auth/access.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { monthResultId } from '../../../src/shared/assessment/month-result.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import { flatten } from '../../../src/shared/sync/flat-paths.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  groupId,
  MONDAY,
  PEOPLE,
  personIdOf,
  sectionId,
  setupEndpoint,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround, samples } from '../../support/samples.ts'
import { pullAll } from '../../support/wire.ts'
import { queueOf } from '../attack.ts'

const first = branchId('第一支部')
const second = branchId('第二支部')
const group = groupId('第一小组', '第一支部')
const section = sectionId('综合科')
const member = personIdOf('1003')

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

/** A record of every type, each in its scope, and one in every kind of scope of the bureau. */
async function fillBureau() {
  for (const s of samples(await layGround(endpoint))) {
    const isThere = await endpoint.store.read((tx) => tx.record(s.type, s.id))
    if (isThere === undefined) await endpoint.put(s.type, s.id, s.fields, personIdOf(s.by))
  }
  const units = [first, second, group, section, sectionId('窗口科'), 'root']
  const people = ['0001', ...PEOPLE.map((p) => p.staffNo)].map(personIdOf)
  const scopes = [
    'org',
    ...units.flatMap((u) => [`unit:${u}`, `desk:${u}`, ...people.map((p) => `file:${u}:${p}`)]),
    ...people.map((p) => `private:${p}`),
  ]
  await endpoint.store.write([], async (tx) => {
    for (const scope of scopes) await tx.nextRevision(scope)
  })
  return scopes
}
const scopesOf = async (staffNo: string) => {
  const accounts = await endpoint.store.read((tx) => tx.account({ staffNo }))
  return endpoint.store.read(async (tx) => {
    const actor = await createActors()(tx, accounts!.personId, endpoint.clock.now())
    return { actor, names: (await readableScopes(tx, actor)).map((s) => s.name).sort() }
  })
}

const member1003 = [
  'org',
  `file:${first}:${member}`,
  `file:${group}:${member}`,
  `file:${section}:${member}`,
  `file:root:${member}`,
  `private:${member}`,
  `unit:${first}`,
  `unit:${group}`,
  `unit:${section}`,
]

describe('roles and scopes', () => {
  it('gives a member the own scopes and nothing else', async () => {
    await fillBureau()
    expect((await scopesOf('1003')).names).toEqual([...member1003].sort())
  })

  it('lets nobody pull a scope that they may not read', async () => {
    await fillBureau()
    for (const staffNo of ['0001', ...PEOPLE.map((p) => p.staffNo)]) {
      const { actor, names } = await scopesOf(staffNo)
      expect(names.filter((name) => !mayRead(actor, name))).toEqual([])
    }
  })

  it('opens desk and files to officer, group leader, scorer and office as their role says, and no more', async () => {
    const all = await fillBureau()
    const opened = async (staffNo: string) => {
      const { actor, names } = await scopesOf(staffNo)
      const own = (name: string) =>
        name.endsWith(actor.personId) || name === 'org' || name.startsWith('unit:')
      return names.filter((name) => !own(name))
    }
    const filesOf = (unit: string, staffNo: string) =>
      all.filter((s) => s.startsWith(`file:${unit}:`) && !s.endsWith(personIdOf(staffNo)))
    expect(await opened('1001')).toEqual(
      [`desk:${first}`, `desk:${group}`, ...filesOf(first, '1001'), ...filesOf(group, '1001')].sort(),
    )
    expect(await opened('1002')).toEqual([`desk:${group}`, ...filesOf(group, '1002')].sort())
    expect(await opened('1005')).toEqual([`desk:${section}`, ...filesOf(section, '1005')].sort())
    expect(await opened('9001')).toEqual(['desk:root'])
    expect(await opened('1006')).toEqual([])
    expect(await opened('0001')).toEqual([])
  })

  it('lets an officer of a branch read its groups, and nothing of another branch', async () => {
    await fillBureau()
    const { names } = await scopesOf('1001')
    expect(names).toContain(`unit:${group}`)
    expect(names.filter((n) => n.includes(second))).toEqual([])
  })

  it('gives the administrator nothing of lessons marked, meetings, scores or private things', async () => {
    const ground = await layGround(endpoint)
    for (const s of samples(ground)) {
      if (definitionOf(s.type)!.conflict === 'fact' || s.type === 'person') continue
      const author = await queueOf(endpoint, s.by)
      const isDraft = definitionOf(s.type)!.conflict === 'draft'
      const scope = definitionOf(s.type)!.scopeOf(s.fields)
      await author.offer({ ...s, scope, fields: isDraft ? flatten(s.fields) : s.fields })
    }
    const { records } = await pullAll(await queueOf(endpoint, '0001'))
    const org = new Set([
      'unit',
      'column',
      'lesson',
      'book',
      'book-chapter',
      'indicator-set',
      'meeting-kind',
      'person',
    ])
    expect(records.filter((r) => !org.has(r.type)).map((r) => r.type)).toEqual([])
    for (const path of ['month?month=2026-10', 'opinions', 'circulations'])
      expect((await (await queueOf(endpoint, '0001')).send(`/api/office/${path}`)).status).toBe(403)
  })
})

describe('a role that ended', () => {
  const mark = (
    id: string,
    observedAt: number,
  ): { type: string; id: string; fields: JsonObject; observedAt: number } => ({
    type: 'roll-mark',
    id,
    observedAt,
    fields: {
      unitId: first,
      meetingId: '01990000-0000-7000-8000-000000000004',
      sittingId: 's',
      personId: member,
      name: '王芳',
      state: 'present',
      method: 'tap',
      markedBy: personIdOf('1001'),
    },
  })
  const endRole = async (over: JsonObject = {}) => {
    const rows = await endpoint.store.read((tx) =>
      tx.records({ types: ['role'], person: personIdOf('1001') }),
    )
    await endpoint.put('role', rows[0]!.id, { ...JSON.parse(rows[0]!.fields), to: '2026-11-23', ...over })
  }
  beforeEach(() => layGround(endpoint))

  it('counts for seven days for what was seen before its end, and not for what was seen after', async () => {
    const officer = await queueOf(endpoint, '1001')
    await endRole()
    expect((await officer.offer(mark('m1', MONDAY - DAY_MS))).status).toBe('accepted')
    expect((await officer.offer(mark('m2', MONDAY + 1000))).code).toBe('forbidden')
    endpoint.clock.advance(6 * DAY_MS)
    expect((await officer.offer(mark('m3', MONDAY - DAY_MS))).status).toBe('accepted')
    endpoint.clock.advance(2 * DAY_MS)
    expect((await officer.offer(mark('m4', MONDAY - DAY_MS))).code).toBe('forbidden')
    expect((await officer.offer(mark('m5', MONDAY + 900 * DAY_MS))).code).toBe('forbidden')
  })

  it('counts for nothing when it was revoked for cause', async () => {
    const officer = await queueOf(endpoint, '1001')
    await endRole({ revokedForCause: true })
    expect((await officer.offer(mark('m1', MONDAY - DAY_MS))).code).toBe('forbidden')
  })

  it('cannot be revoked for cause without an end, which would end nothing', async () => {
    const administrator = await queueOf(endpoint, '0001')
    const rows = await endpoint.store.read((tx) =>
      tx.records({ types: ['role'], person: personIdOf('1001') }),
    )
    const { id, rev, fields } = rows[0]!
    const revoked = { ...(JSON.parse(fields) as JsonObject), revokedForCause: true }
    const outcome = await administrator.offer({ type: 'role', id, baseRev: rev, fields: revoked })
    expect(outcome.code).toBe('invalid-fields')
  })

  it('opens no desk and no file any more, from the same moment on', async () => {
    const officer = await queueOf(endpoint, '1001')
    const { cursor } = await pullAll(officer)
    await endRole()
    const { pages } = await pullAll(officer, cursor)
    expect(pages[0]!.scopes.drop).toEqual(expect.arrayContaining([`file:${first}:${member}`]))
    expect((await scopesOf('1001')).names.filter((n) => n.startsWith('desk:'))).toEqual([])
  })

  it('in the same batch counts no more for what follows', async () => {
    const administrator = await queueOf(endpoint, '0001')
    const rows = await endpoint.store.read((tx) =>
      tx.records({ types: ['role'], person: administrator.personId }),
    )
    const own = rows[0]!
    const ended = await administrator.offer({
      type: 'role',
      id: own.id,
      baseRev: own.rev,
      fields: { ...JSON.parse(own.fields), to: '2026-11-01' },
    })
    expect(ended.status).toBe('accepted')
    const next = await administrator.offer({
      type: 'unit',
      id: 'u9',
      fields: { kind: 'branch', name: '九', parentId: 'root' },
    })
    expect(next.code).toBe('forbidden')
  })
})

describe('the two sides of the assessment', () => {
  const sheet = (unitId: string, side: string): { type: string; id: string; fields: JsonObject } => ({
    type: 'score-sheet',
    id: `sheet-${side}`,
    fields: { unitId, personId: member, month: '2026-11', side, setId: 'set', 'scores/a/score': 50 },
  })

  it('do not see each other, nor write for each other', async () => {
    const officer = await queueOf(endpoint, '1001')
    const scorer = await queueOf(endpoint, '1005')
    expect((await officer.offer({ ...sheet(first, 'party'), scope: `desk:${first}` })).status).toBe(
      'accepted',
    )
    expect((await scorer.offer({ ...sheet(section, 'work'), scope: `desk:${section}` })).status).toBe(
      'accepted',
    )
    const typesOf = async (staffNo: string) =>
      (await pullAll(await queueOf(endpoint, staffNo))).records
        .filter((r) => r.type === 'score-sheet')
        .map((r) => r.id)
    expect(await typesOf('1001')).toEqual(['sheet-party'])
    expect(await typesOf('1005')).toEqual(['sheet-work'])
    for (const staffNo of ['1003', '9001', '0001', '2001'])
      expect([staffNo, await typesOf(staffNo)]).toEqual([staffNo, []])
    const across = await officer.offer({ ...sheet(section, 'work'), id: 'x', scope: `desk:${section}` })
    const wrongSide = await officer.offer({ ...sheet(first, 'work'), id: 'y', scope: `desk:${first}` })
    const peek = await officer.offer({ ...sheet(section, 'work'), scope: `desk:${section}` })
    expect([across.code, wrongSide.code, peek.code]).toEqual(['forbidden', 'forbidden', 'forbidden'])
    expect(peek.record).toBeUndefined()
  })

  it('take nothing more when the month is frozen: no submission, no score, no deletion', async () => {
    await layGround(endpoint)
    const officer = await queueOf(endpoint, '1001')
    await officer.offer({ ...sheet(first, 'party'), scope: `desk:${first}` })
    await endpoint.put('month-result', monthResultId(member, '2026-11', 'party'), {
      personId: member,
      name: '王芳',
      unitId: first,
      month: '2026-11',
      side: 'party',
      setId: 'set',
      lines: [],
      total: 50,
      partyTotal: 50,
      workTotal: null,
      frozenBy: personIdOf('9001'),
    })
    const late = { ...sheet(first, 'party'), scope: `desk:${first}` }
    expect((await officer.offer({ ...late, hlc: '0zzzzzzzz-0000-x' })).code).toBe('month-frozen')
    expect((await officer.offer({ ...late, op: 'delete' })).code).toBe('month-frozen')
    const self = await queueOf(endpoint, '1003')
    const submission = await self.offer({
      type: 'submission',
      id: 'submission-1',
      fields: {
        personId: member,
        name: '王芳',
        unitId: first,
        month: '2026-11',
        side: 'party',
        setId: '01990000-0000-7000-8000-000000000005',
        answers: {},
      },
    })
    expect(submission.code).toBe('month-frozen')
  })
})

describe('a stale edit', () => {
  it('is refused with the current record only to who may read it', async () => {
    const office = await queueOf(endpoint, '9001')
    const column = { type: 'column', id: 'c1', fields: { name: '甲' } }
    await office.offer(column)
    const stale = await office.offer({ ...column, fields: { name: '乙' } })
    expect([stale.code, stale.record?.fields.name]).toEqual(['stale-base', '甲'])
    const rows = await endpoint.store.read((tx) => tx.records({ types: ['membership'], person: member }))
    const foreign = rows.find((r) => r.scope === `unit:${first}`)!
    const outsider = await queueOf(endpoint, '2002')
    const blind = await outsider.offer({
      type: 'membership',
      id: foreign.id,
      fields: JSON.parse(foreign.fields),
    })
    expect([blind.code, blind.record]).toEqual(['stale-base', undefined])
  })
})

describe('units that a batch made and undid', () => {
  it('leave nothing in the memory of who may what', async () => {
    const actors = createActors()
    const now = endpoint.clock.now()
    const undone = endpoint.store.write([], async (tx) => {
      const scope = await tx.nextRevision('org')
      const root = (await tx.record('unit', 'root'))!
      const { scope: _scope, ...record } = root
      await tx.putRecord({ ...record, ...scope, id: 'phantom', fields: '{"kind":"group","parentId":"root"}' })
      expect((await actors(tx, member, now)).unitsById.has('phantom')).toBe(true)
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    await endpoint.put('column', 'c9', { name: '又一栏' })
    const actor = await endpoint.store.read((tx) => actors(tx, member, now))
    expect(actor.unitsById.has('phantom')).toBe(false)
  })
})
