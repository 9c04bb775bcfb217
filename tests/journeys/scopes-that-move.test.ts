/**
 * Scopes that move: people change branch, lose a role in the middle of a page, gain it again, send one id under two scopes.
 * The phone has delivered before it drops. What it may not keep, and what it says, is in lost-scopes.test.ts.
 */
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { groupId, personIdOf } from '../support/endpoint.ts'
import { HALL_MEETINGS } from '../support/hall.ts'
import { endSpans, giveRole, joinUnit } from '../support/moves.ts'
import { refusedOn, scopesOn } from '../support/phone-state.ts'
import type { JourneyPhone } from '../support/phone.ts'
import { FIRST, me, meetingFields, opinion, SECOND, useScene } from '../support/scene.ts'

const [meetingOfFirst, meetingOfSecond] = HALL_MEETINGS
const scene = useScene()

const makeUp = (p: JourneyPhone) => ({
  unitId: FIRST,
  meetingId: meetingOfFirst!.id,
  personId: me(p),
  sentence: '读过了。',
})

/** 第二支部 from today, by the administrator's own command. */
async function moveByCommand(staffNo: string): Promise<void> {
  const admin = await scene().phoneOf('0001')
  const row = { staffNo, name: '王芳', committee: null, branch: '第二支部', group: null, section: '综合科' }
  const people = [{ ...row, postingUnit: null, partyStatus: 'full', roles: [], handOrder: null }]
  const answer = await admin.fetch('/api/commands/put-people', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'move-1234567', people }),
  })
  expect(await answer.text()).toContain(staffNo)
}

describe('a person who changes branch', () => {
  it('has delivered before the old branch leaves the phone, keeps the own file, and gets the new branch', async () => {
    const p = await scene().phoneOf('1003')
    await p.sync()
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeDefined()
    p.line.online = false
    const made = await p.phone.store.put('make-up', makeUp(p))
    const said = await opinion(p, '调走之前写的')
    scene().hall.clock.advance(DAY_MS)
    await moveByCommand('1003')
    p.line.online = true
    p.line.requests.length = 0
    await p.sync()
    expect(p.line.requests.findIndex((r) => r.endsWith('/push'))).toBeLessThan(
      p.line.requests.findIndex((r) => r.endsWith('/pull')),
    )
    expect(await scene().isStored('make-up', made)).toBe(true)
    expect(await scene().isStored('opinion', said)).toBe(true)
    expect(await refusedOn(p)).toEqual([])
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeUndefined()
    expect(await p.phone.store.get('meeting', meetingOfSecond!.id)).toBeDefined()
    expect((await p.phone.store.get('make-up', made))?.pending).toBe(0)
    await scene().expectExact(p)
  })

  it('and back again has all of both files and one branch', async () => {
    const p = await scene().phoneOf('1003', { pageLimit: 4 })
    await p.sync()
    const id = await p.phone.store.put('make-up', makeUp(p))
    await p.sync()
    for (const [from, to] of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ]) {
      await endSpans(scene().hall, 'membership', '1003', { unitIds: [from!] })
      await joinUnit(scene().hall, '1003', to!)
      await p.sync()
      await scene().expectExact(p)
    }
    expect(await p.phone.store.get('make-up', id)).toBeDefined()
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeDefined()
  })

  it('of two memberships loses only the one that ended', async () => {
    await joinUnit(scene().hall, '1003', SECOND, false)
    const p = await scene().phoneOf('1003')
    await p.sync()
    expect(await p.phone.db.records('meeting').count()).toBe(2)
    await endSpans(scene().hall, 'membership', '1003', { unitIds: [SECOND] })
    await p.sync()
    expect(await scopesOn(p)).toContain(`unit:${FIRST}`)
    expect(await scopesOn(p)).not.toContain(`unit:${SECOND}`)
    await scene().expectExact(p)
  })
})

/** Before the n-th pull from now, something happens at the endpoint. */
function beforePull(p: JourneyPhone, n: number, act: () => Promise<void>): void {
  const { request } = scene().hall.app
  const pullsBefore = p.line.requests.filter((r) => r.endsWith('/pull')).length
  scene().hall.app.request = async (path, init) => {
    const pulls = p.line.requests.filter((r) => r.endsWith('/pull')).length - pullsBefore
    if (path.startsWith('/api/pull') && pulls === n) {
      scene().hall.app.request = request
      await act()
    }
    return request(path, init)
  }
}

async function fillFiles(unit: string, count: number): Promise<void> {
  const meeting = HALL_MEETINGS.find(({ unitId }) => unitId === unit)!
  for (let n = 0; n < count; n++)
    await scene().hall.put('roll-mark', idFrom('filled', unit, String(n)), {
      unitId: unit,
      meetingId: meeting.id,
      sittingId: meeting.sittingId,
      personId: idFrom('somebody', String(n)),
      name: `某人 ${n}`,
      state: 'present',
      method: 'tap',
      markedBy: personIdOf('1001'),
    })
}

describe('a role', () => {
  it.each([1, 2, 4, 7])(
    'a scope lost while it is being paged: a role that ends before page %i leaves nothing behind, and gained again brings all',
    async (page) => {
      await fillFiles(FIRST, 30)
      const p = await scene().phoneOf('1001', { pageLimit: 6 })
      beforePull(p, page, () => endSpans(scene().hall, 'role', '1001'))
      await p.sync()
      await p.sync()
      expect(await p.phone.db.records('roll-mark').count()).toBe(0)
      await scene().expectExact(p)
      expect(p.phone.delivery.summary.value.preparing).toBe(false)

      scene().hall.clock.advance(DAY_MS)
      await giveRole(scene().hall, '1001', FIRST)
      beforePull(p, 2, () => endSpans(scene().hall, 'role', '1001'))
      await p.sync()
      await giveRole(scene().hall, '1001', FIRST)
      await p.sync()
      await p.sync()
      expect(await p.phone.db.records('roll-mark').count()).toBe(30)
      await scene().expectExact(p)
    },
  )

  it('of a branch opens its groups, and its end closes them', async () => {
    const group = groupId('第一小组', '第一支部')
    await scene().hall.put('meeting', idFrom('group meeting'), meetingFields(group, '小组会'))
    const p = await scene().phoneOf('1007')
    await p.sync()
    expect(await scopesOn(p)).toContain(`unit:${group}`)
    await endSpans(scene().hall, 'role', '1007')
    await p.sync()
    expect(await scopesOn(p)).not.toContain(`unit:${group}`)
    expect(await scopesOn(p)).toContain(`unit:${FIRST}`)
    await scene().expectExact(p)
  })

  it('over fifty people: their files come page by page, and leave in one page', async () => {
    await fillFiles(FIRST, 50)
    const p = await scene().phoneOf('1001', { pageLimit: 9 })
    await p.sync()
    expect((await scopesOn(p)).length).toBeGreaterThan(50)
    await scene().expectExact(p)
    await endSpans(scene().hall, 'role', '1001')
    p.line.requests.length = 0
    await p.sync()
    expect(p.line.requests.filter((r) => r.endsWith('/pull'))).toHaveLength(1)
    expect((await scopesOn(p)).length).toBeLessThan(10)
    await scene().expectExact(p)
  })
})

describe('one id sent under two scopes', () => {
  it('stays the first one’s; the other is refused with its reason and its data, and nothing else waits', async () => {
    const id = idFrom('one id')
    const [one, two] = [await scene().phoneOf('1001'), await scene().phoneOf('2001')]
    for (const p of [one, two]) p.line.online = false
    await one.phone.store.put('meeting', meetingFields(FIRST, '第一支部的会'), { id })
    await two.phone.store.put('meeting', meetingFields(SECOND, '第二支部的会'), { id })
    const after = await opinion(two, '后一条')
    for (const p of [one, two]) {
      p.line.online = true
      await p.sync()
    }
    expect(await refusedOn(one)).toEqual([])
    expect(await refusedOn(two)).toMatchObject([
      { type: 'meeting', id, code: 'scope-changed', says: true, fields: { title: '第二支部的会' } },
    ])
    expect(await scene().isStored('opinion', after)).toBe(true)
    expect(await two.phone.store.get('meeting', id)).toBeUndefined()
    await scene().expectExact(one, two)
  })

  it('by one person who belongs to both is refused just so, and tells nothing of the other', async () => {
    await giveRole(scene().hall, '1001', SECOND)
    const id = idFrom('one id')
    const [one, two] = [await scene().phoneOf('1001'), await scene().phoneOf('1001')]
    await one.phone.store.put('meeting', meetingFields(FIRST, '第一支部的会'), { id })
    await two.phone.store.put('meeting', meetingFields(SECOND, '第二支部的会'), { id })
    await one.sync()
    await two.sync()
    expect(await refusedOn(two)).toMatchObject([{ code: 'scope-changed', fields: { title: '第二支部的会' } }])
    expect((await two.phone.db.attention.toArray())[0]!.standing).toBeUndefined()
    expect((await two.phone.store.get('meeting', id))?.fields.title).toBe('第一支部的会')
    await one.sync()
    await scene().expectExact(one, two)
  })
})
