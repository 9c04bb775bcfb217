/**
 * Scopes that move: people change branch, lose a role in the middle of a page, gain it again. The phone has delivered before it
 * drops; it keeps nothing that it may not keep, and says what could not be sent.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { idFrom, sha256Hex } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { definitions } from '../../src/shared/sync/registry.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { branchId, groupId, personIdOf } from '../support/endpoint.ts'
import { HALL_MEETINGS, setupHall, type Hall } from '../support/hall.ts'
import { endSpans, giveRole, joinUnit } from '../support/moves.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { checkPhone, storedRecords } from './histories/check.ts'
import { loadOrg } from './histories/world.ts'

const [FIRST, SECOND] = [branchId('第一支部'), branchId('第二支部')]
const [meetingOfFirst, meetingOfSecond] = HALL_MEETINGS

let hall: Hall
beforeEach(async () => {
  hall = await setupHall()
})
afterEach(async () => {
  await closePhones()
  expect(hall.problems).toEqual([])
  await hall.close()
})

const phoneOf = (staffNo: string, more: { pageLimit?: number } = {}) =>
  setupPhone(hall, staffNo, { timers: hall.clock, ...more })
const me = (p: JourneyPhone) => p.session.person.id
const isStored = async (type: string, id: string) =>
  (await hall.store().read((tx) => tx.record(type, id))) !== undefined

/** Row by row what the endpoint lets this person read now, and nothing else; nothing waits. */
async function expectExact(...phones: JourneyPhone[]): Promise<void> {
  const org = await loadOrg(hall)
  const stored = await storedRecords({ hall })
  for (const journey of phones) await checkPhone({ hall, org }, { journey, personId: me(journey) }, stored)
}

async function scopesOn(p: JourneyPhone): Promise<string[]> {
  const found = new Set<string>()
  for (const { type } of definitions)
    for (const row of await p.phone.db.rows(type).toArray()) found.add(row.scope)
  return [...found].sort()
}

const refusedOn = async (p: JourneyPhone) =>
  (await p.phone.db.attention.toArray()).map(({ type, id, code, sentence, fields }) => ({
    type,
    id,
    code,
    says: sentence !== '',
    fields,
  }))

const mark = (p: JourneyPhone, meeting = meetingOfFirst!, of = '1004', over: JsonObject = {}) => ({
  unitId: meeting.unitId,
  meetingId: meeting.id,
  sittingId: meeting.sittingId,
  personId: personIdOf(of),
  name: '某人',
  state: 'present' as const,
  method: 'tap' as const,
  markedBy: me(p),
  ...over,
})

const newMeeting = (unitId: string, title: string, attachments: JsonObject[] = []) => ({
  unitId,
  kindId: meetingKindId('支部党员大会'),
  title,
  date: '2026-11-24',
  sittings: [{ id: idFrom('sitting', title), name: '早班', startsAt: 18e11, place: '' }],
  attachments: attachments as never,
})

const makeUp = (p: JourneyPhone) => ({
  unitId: FIRST,
  meetingId: meetingOfFirst!.id,
  personId: me(p),
  sentence: '读过了。',
})

/** 第二支部 from today, by the administrator's own command. */
async function moveByCommand(staffNo: string): Promise<void> {
  const admin = await phoneOf('0001')
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
    const p = await phoneOf('1003')
    await p.sync()
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeDefined()
    p.line.online = false
    const made = await p.phone.store.put('make-up', makeUp(p))
    const said = await p.phone.store.put('opinion', { personId: me(p), text: '调走之前写的' })
    hall.clock.advance(DAY_MS)
    await moveByCommand('1003')
    p.line.online = true
    p.line.requests.length = 0
    await p.sync()
    expect(p.line.requests.findIndex((r) => r.endsWith('/push'))).toBeLessThan(
      p.line.requests.findIndex((r) => r.endsWith('/pull')),
    )
    expect(await isStored('make-up', made)).toBe(true)
    expect(await isStored('opinion', said)).toBe(true)
    expect(await refusedOn(p)).toEqual([])
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeUndefined()
    expect(await p.phone.store.get('meeting', meetingOfSecond!.id)).toBeDefined()
    expect((await p.phone.store.get('make-up', made))?.pending).toBe(0)
    await expectExact(p)
  })

  it('and back again has all of both files and one branch', async () => {
    const p = await phoneOf('1003', { pageLimit: 4 })
    await p.sync()
    const id = await p.phone.store.put('make-up', makeUp(p))
    await p.sync()
    for (const [from, to] of [
      [FIRST!, SECOND!],
      [SECOND!, FIRST!],
    ]) {
      await endSpans(hall, 'membership', '1003', { unitIds: [from!] })
      await joinUnit(hall, '1003', to!)
      await p.sync()
      await expectExact(p)
    }
    expect(await p.phone.store.get('make-up', id)).toBeDefined()
    expect(await p.phone.store.get('meeting', meetingOfFirst!.id)).toBeDefined()
  })

  it('of two memberships loses only the one that ended', async () => {
    await joinUnit(hall, '1003', SECOND!, false)
    const p = await phoneOf('1003')
    await p.sync()
    expect(await p.phone.db.records('meeting').count()).toBe(2)
    await endSpans(hall, 'membership', '1003', { unitIds: [SECOND!] })
    await p.sync()
    expect(await scopesOn(p)).toContain(`unit:${FIRST}`)
    expect(await scopesOn(p)).not.toContain(`unit:${SECOND}`)
    await expectExact(p)
  })
})

/** Before the n-th pull from now, something happens at the endpoint. */
function beforePull(p: JourneyPhone, n: number, act: () => Promise<void>): void {
  const { request } = hall.app
  const pullsBefore = p.line.requests.filter((r) => r.endsWith('/pull')).length
  hall.app.request = async (path, init) => {
    const pulls = p.line.requests.filter((r) => r.endsWith('/pull')).length - pullsBefore
    if (path.startsWith('/api/pull') && pulls === n) {
      hall.app.request = request
      await act()
    }
    return request(path, init)
  }
}

async function fillFiles(unit: string, count: number): Promise<void> {
  const meeting = HALL_MEETINGS.find(({ unitId }) => unitId === unit)!
  for (let n = 0; n < count; n++)
    await hall.put('roll-mark', idFrom('filled', unit, String(n)), {
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
      await fillFiles(FIRST!, 30)
      const p = await phoneOf('1001', { pageLimit: 6 })
      beforePull(p, page, () => endSpans(hall, 'role', '1001'))
      await p.sync()
      await p.sync()
      expect(await p.phone.db.records('roll-mark').count()).toBe(0)
      await expectExact(p)
      expect(p.phone.delivery.summary.value.preparing).toBe(false)

      hall.clock.advance(DAY_MS)
      await giveRole(hall, '1001', FIRST!)
      beforePull(p, 2, () => endSpans(hall, 'role', '1001'))
      await p.sync()
      await giveRole(hall, '1001', FIRST!)
      await p.sync()
      await p.sync()
      expect(await p.phone.db.records('roll-mark').count()).toBe(30)
      await expectExact(p)
    },
  )

  it('of a branch opens its groups, and its end closes them', async () => {
    const group = groupId('第一小组', '第一支部')
    await hall.put('meeting', idFrom('group meeting'), newMeeting(group, '小组会'))
    const p = await phoneOf('1007')
    await p.sync()
    expect(await scopesOn(p)).toContain(`unit:${group}`)
    await endSpans(hall, 'role', '1007')
    await p.sync()
    expect(await scopesOn(p)).not.toContain(`unit:${group}`)
    expect(await scopesOn(p)).toContain(`unit:${FIRST}`)
    await expectExact(p)
  })

  it('over fifty people: their files come page by page, and leave in one page', async () => {
    await fillFiles(FIRST!, 50)
    const p = await phoneOf('1001', { pageLimit: 9 })
    await p.sync()
    expect((await scopesOn(p)).length).toBeGreaterThan(50)
    await expectExact(p)
    await endSpans(hall, 'role', '1001')
    p.line.requests.length = 0
    await p.sync()
    expect(p.line.requests.filter((r) => r.endsWith('/pull'))).toHaveLength(1)
    expect((await scopesOn(p)).length).toBeLessThan(10)
    await expectExact(p)
  })
})

describe('one id sent under two scopes', () => {
  it('stays the first one’s; the other is refused with its reason and its data, and nothing else waits', async () => {
    const id = idFrom('one id')
    const [one, two] = [await phoneOf('1001'), await phoneOf('2001')]
    for (const p of [one, two]) p.line.online = false
    await one.phone.store.put('meeting', newMeeting(FIRST!, '第一支部的会'), { id })
    await two.phone.store.put('meeting', newMeeting(SECOND!, '第二支部的会'), { id })
    const after = await two.phone.store.put('opinion', { personId: me(two), text: '后一条' })
    for (const p of [one, two]) {
      p.line.online = true
      await p.sync()
    }
    expect(await refusedOn(one)).toEqual([])
    expect(await refusedOn(two)).toMatchObject([
      { type: 'meeting', id, code: 'scope-changed', says: true, fields: { title: '第二支部的会' } },
    ])
    expect(await isStored('opinion', after)).toBe(true)
    expect(await two.phone.store.get('meeting', id)).toBeUndefined()
    await expectExact(one, two)
  })

  it('by one person who belongs to both is refused just so, and tells nothing of the other', async () => {
    await giveRole(hall, '1001', SECOND!)
    const id = idFrom('one id')
    const [one, two] = [await phoneOf('1001'), await phoneOf('1001')]
    await one.phone.store.put('meeting', newMeeting(FIRST!, '第一支部的会'), { id })
    await two.phone.store.put('meeting', newMeeting(SECOND!, '第二支部的会'), { id })
    await one.sync()
    await two.sync()
    expect(await refusedOn(two)).toMatchObject([{ code: 'scope-changed', fields: { title: '第二支部的会' } }])
    expect((await two.phone.db.attention.toArray())[0]!.standing).toBeUndefined()
    expect((await two.phone.store.get('meeting', id))?.fields.title).toBe('第一支部的会')
    await one.sync()
    await expectExact(one, two)
  })
})

describe('what was written under a role that ended', () => {
  async function offlineSince(days: number) {
    const p = await phoneOf('1001')
    await p.sync()
    p.line.online = false
    const held = await p.phone.store.put('roll-mark', mark(p))
    hall.clock.advance(days * DAY_MS)
    return { p, held }
  }

  it('counts for what was seen before its end and arrives within seven days, and leaves no row behind', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(hall, 'role', '1001')
    const tooLate = await p.phone.store.put('roll-mark', mark(p, meetingOfFirst, '1003'))
    hall.clock.advance(5 * DAY_MS)
    p.line.online = true
    await p.sync()
    expect(await isStored('roll-mark', held)).toBe(true)
    expect(await isStored('roll-mark', tooLate)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: tooLate, code: 'forbidden', says: true }])
    // The scope was made by this very push: the phone never held it, and may not keep it either.
    await p.sync()
    expect(await p.phone.db.records('roll-mark').count()).toBe(0)
    await expectExact(p)
  })

  it('counts no more after seven days: 需处理, with its data', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(hall, 'role', '1001')
    hall.clock.advance(8 * DAY_MS)
    p.line.online = true
    await p.sync()
    expect(await isStored('roll-mark', held)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: held, code: 'forbidden', fields: { name: '某人' } }])
    await expectExact(p)
  })

  it('counts for nothing after a revocation for cause, however early it was seen', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(hall, 'role', '1001', { forCause: true })
    p.line.online = true
    await p.sync()
    expect(await isStored('roll-mark', held)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: held, code: 'forbidden', says: true }])
    await expectExact(p)
  })
})

describe('an outcome that comes after the scope was lost', () => {
  /** One tab has its push's answer in hand and is frozen; another one learns from a pull that the scope is gone. */
  async function losesInFlight(day: number) {
    const p = await phoneOf('1001')
    await p.sync()
    const tab = await p.secondTab()
    await endSpans(hall, 'role', '1001')
    // Asked for before the first tab wrote: the page with the drop is on its way.
    p.line.faults.push({ path: '/api/pull', fault: 'tab-frozen' })
    const dropping = tab.delivery.syncNow()
    while (!p.line.isFrozen()) await new Promise((resolve) => setImmediate(resolve))
    const letDrop = p.line.holdThaw()
    const observedAt = hall.clock.now() - day * DAY_MS
    const id = await p.phone.store.put('roll-mark', mark(p), { observedAt })
    p.line.faults.push({ path: '/api/push', fault: 'tab-frozen' })
    const pushing = p.sync()
    while (!p.line.isFrozen()) await new Promise((resolve) => setImmediate(resolve))
    const letPush = p.line.holdThaw()
    return { p, tab, id, letDrop, dropping, letPush, pushing }
  }

  it.each([
    ['accepted', 1],
    ['refused', 0],
  ] as const)('%s: nothing of it comes back to the screen, and it is told', async (what, day) => {
    const { p, tab, id, letDrop, dropping, letPush, pushing } = await losesInFlight(day)
    letDrop()
    // The second tab goes on with the batch that is in flight, and settles it; the first one's answer comes last.
    await dropping
    letPush()
    await pushing
    await p.sync()
    expect(await isStored('roll-mark', id)).toBe(what === 'accepted')
    const told = what === 'accepted' ? [] : [{ id, code: 'forbidden', says: true, fields: { name: '某人' } }]
    expect(await refusedOn(p)).toMatchObject(told)
    expect(await p.phone.store.get('roll-mark', id)).toBeUndefined()
    await expectExact(p)
    await tab.close()
  })
})

describe('a scope that was lost', () => {
  it('takes files along, and their bytes are found no more', async () => {
    const bytes = new TextEncoder().encode('# 支部文件\n')
    const sha256 = await hall.putFile(bytes, 'text/markdown', `unit:${FIRST}`)
    const file = { sha256, name: '文件.md', mime: 'text/markdown', sizeBytes: bytes.length }
    await hall.put('meeting', idFrom('with a file'), newMeeting(FIRST!, '有附件', [file]))
    const p = await phoneOf('1003')
    await p.sync()
    await p.phone.blobs.keep(sha256)
    await endSpans(hall, 'membership', '1003', { unitIds: [FIRST!] })
    expect((await p.fetch(`/api/blobs/${sha256}`)).status).toBe(404)
    expect((await p.fetch(`/api/blobs/${sha256}`, { method: 'HEAD' })).status).toBe(404)
    await p.sync()
    expect(await p.phone.blobs.has(sha256)).toBe(false)
    await expect(p.phone.blobs.keep(sha256)).rejects.toMatchObject({ code: 'not-found' })
    await expectExact(p)
  })

  it('sends to 需处理 what waits with a file, and keeps that file for the person', async () => {
    const p = await phoneOf('1001')
    await p.sync()
    p.line.online = false
    const bytes = new TextEncoder().encode('# 没传出去\n')
    const sha256 = await p.phone.blobs.put(bytes, 'text/markdown')
    expect(sha256).toBe(sha256Hex('# 没传出去\n'))
    const file = { sha256, name: '文件.md', mime: 'text/markdown', sizeBytes: bytes.length }
    const id = await p.phone.store.put('meeting', newMeeting(FIRST!, '带附件', [file]))
    await endSpans(hall, 'role', '1001')
    p.line.online = true
    for (let turn = 0; turn < 3; turn++) await p.sync()
    expect(await isStored('meeting', id)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([
      { id, code: 'forbidden', says: true, fields: { title: '带附件' } },
    ])
    expect(await p.phone.blobs.has(sha256)).toBe(true)
    expect(p.phone.delivery.summary.value.attention).toBe(1)
    await expectExact(p)
  })

  it('takes quarantined records and the standing versions under edits along', async () => {
    const p = await phoneOf('1001')
    await p.sync()
    await hall.store().write([], async (tx) => {
      const { scope, ...record } = (await tx.record('meeting', meetingOfFirst!.id))!
      await tx.putRecord({
        ...record,
        ...(await tx.nextRevision(scope)),
        id: idFrom('of a newer app'),
        schemaVersion: 9,
      })
    })
    await p.sync()
    expect(await p.phone.db.quarantine.count()).toBe(1)
    p.line.online = false
    await p.phone.store.put('meeting', newMeeting(FIRST!, '改了一半'), { id: meetingOfFirst!.id })
    expect(await p.phone.db.base.count()).toBe(1)
    await endSpans(hall, 'role', '1001')
    await endSpans(hall, 'membership', '1001', { unitIds: [FIRST!] })
    p.line.online = true
    await p.sync()
    expect(await refusedOn(p)).toMatchObject([{ code: 'forbidden', fields: { title: '改了一半' } }])
    expect((await p.phone.db.attention.toArray())[0]!.standing).toBeUndefined()
    await expectExact(p)
  })
})

describe('a store that was restored', () => {
  it('calls nothing refused that stands there, though its author may not read it any more', async () => {
    const p = await phoneOf('1001')
    await p.sync()
    await p.phone.store.put('meeting', newMeeting(FIRST!, '新会'))
    await p.phone.store.put('roll-mark', mark(p))
    await p.sync()
    hall.clock.advance(DAY_MS)
    const copy = await hall.backup()
    await hall.restore(copy)
    await endSpans(hall, 'role', '1001')
    await endSpans(hall, 'membership', '1001', { unitIds: [FIRST!] })
    await p.sync()
    await p.signIn()
    for (let turn = 0; turn < 4; turn++) await p.sync()
    expect(await refusedOn(p)).toEqual([])
    await expectExact(p)
  })
})
