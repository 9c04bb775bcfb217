/**
 * What a lost scope leaves behind: nothing that may not be kept, not by outcomes that come late either; what was written under
 * the role within its grace, and never after a revocation for cause; and in 需处理 what could not be sent.
 */
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { idFrom, sha256Hex } from '../../src/shared/sync/canonical.ts'
import { personIdOf } from '../support/endpoint.ts'
import { HALL_MEETINGS } from '../support/hall.ts'
import { endSpans } from '../support/moves.ts'
import { refusedOn } from '../support/phone-state.ts'
import {
  attachmentOf,
  FIRST,
  meetingFields,
  rollMarkFields,
  untilFrozen,
  useScene,
} from '../support/scene.ts'

const [meetingOfFirst] = HALL_MEETINGS
const scene = useScene()

describe('what was written under a role that ended', () => {
  async function offlineSince(days: number) {
    const p = await scene().phoneOf('1001')
    await p.sync()
    p.line.online = false
    const held = await p.phone.store.put('roll-mark', rollMarkFields(p, meetingOfFirst!, personIdOf('1004')))
    scene().hall.clock.advance(days * DAY_MS)
    return { p, held }
  }

  it('counts for what was seen before its end and arrives within seven days, and leaves no row behind', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(scene().hall, 'role', '1001')
    const tooLate = await p.phone.store.put(
      'roll-mark',
      rollMarkFields(p, meetingOfFirst!, personIdOf('1003')),
    )
    scene().hall.clock.advance(5 * DAY_MS)
    p.line.online = true
    await p.sync()
    expect(await scene().isStored('roll-mark', held)).toBe(true)
    expect(await scene().isStored('roll-mark', tooLate)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: tooLate, code: 'forbidden', says: true }])
    // The scope was made by this very push: the phone never held it, and may not keep it either.
    await p.sync()
    expect(await p.phone.db.records('roll-mark').count()).toBe(0)
    await scene().expectExact(p)
  })

  it('counts no more after seven days: 需处理, with its data', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(scene().hall, 'role', '1001')
    scene().hall.clock.advance(8 * DAY_MS)
    p.line.online = true
    await p.sync()
    expect(await scene().isStored('roll-mark', held)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: held, code: 'forbidden', fields: { name: '某人' } }])
    await scene().expectExact(p)
  })

  it('counts for nothing after a revocation for cause, however early it was seen', async () => {
    const { p, held } = await offlineSince(1)
    await endSpans(scene().hall, 'role', '1001', { forCause: true })
    p.line.online = true
    await p.sync()
    expect(await scene().isStored('roll-mark', held)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([{ id: held, code: 'forbidden', says: true }])
    await scene().expectExact(p)
  })
})

describe('an outcome that comes after the scope was lost', () => {
  /** One tab has its push's answer in hand and is frozen; another one learns from a pull that the scope is gone. */
  async function losesInFlight(day: number) {
    const p = await scene().phoneOf('1001')
    await p.sync()
    const tab = await p.secondTab()
    await endSpans(scene().hall, 'role', '1001')
    // Asked for before the first tab wrote: the page with the drop is on its way.
    p.line.faults.push({ path: '/api/pull', fault: 'tab-frozen' })
    const dropping = tab.delivery.syncNow()
    await untilFrozen(p)
    const letDrop = p.line.holdThaw()
    const observedAt = scene().hall.clock.now() - day * DAY_MS
    const id = await p.phone.store.put('roll-mark', rollMarkFields(p, meetingOfFirst!, personIdOf('1004')), {
      observedAt,
    })
    p.line.faults.push({ path: '/api/push', fault: 'tab-frozen' })
    const pushing = p.sync()
    await untilFrozen(p)
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
    expect(await scene().isStored('roll-mark', id)).toBe(what === 'accepted')
    const told = what === 'accepted' ? [] : [{ id, code: 'forbidden', says: true, fields: { name: '某人' } }]
    expect(await refusedOn(p)).toMatchObject(told)
    expect(await p.phone.store.get('roll-mark', id)).toBeUndefined()
    await scene().expectExact(p)
    await tab.close()
  })
})

describe('a scope that was lost', () => {
  it('takes files along, and their bytes are found no more', async () => {
    const bytes = new TextEncoder().encode('# 支部文件\n')
    const sha256 = await scene().hall.putFile(bytes, 'text/markdown', `unit:${FIRST}`)
    const file = attachmentOf(sha256, bytes)
    await scene().hall.put('meeting', idFrom('with a file'), meetingFields(FIRST, '有附件', [file]))
    const p = await scene().phoneOf('1003')
    await p.sync()
    await p.phone.blobs.keep(sha256)
    await endSpans(scene().hall, 'membership', '1003', { unitIds: [FIRST] })
    expect((await p.fetch(`/api/blobs/${sha256}`)).status).toBe(404)
    expect((await p.fetch(`/api/blobs/${sha256}`, { method: 'HEAD' })).status).toBe(404)
    await p.sync()
    expect(await p.phone.blobs.has(sha256)).toBe(false)
    await expect(p.phone.blobs.keep(sha256)).rejects.toMatchObject({ code: 'not-found' })
    await scene().expectExact(p)
  })

  it('sends to 需处理 what waits with a file, and keeps that file for the person', async () => {
    const p = await scene().phoneOf('1001')
    await p.sync()
    p.line.online = false
    const bytes = new TextEncoder().encode('# 没传出去\n')
    const sha256 = await p.phone.blobs.put(bytes, 'text/markdown')
    expect(sha256).toBe(sha256Hex('# 没传出去\n'))
    const file = attachmentOf(sha256, bytes)
    const id = await p.phone.store.put('meeting', meetingFields(FIRST, '带附件', [file]))
    await endSpans(scene().hall, 'role', '1001')
    p.line.online = true
    for (let turn = 0; turn < 3; turn++) await p.sync()
    expect(await scene().isStored('meeting', id)).toBe(false)
    expect(await refusedOn(p)).toMatchObject([
      { id, code: 'forbidden', says: true, fields: { title: '带附件' } },
    ])
    expect(await p.phone.blobs.has(sha256)).toBe(true)
    expect(p.phone.delivery.summary.value.attention).toBe(1)
    await scene().expectExact(p)
  })

  it('takes quarantined records and the standing versions under edits along', async () => {
    const p = await scene().phoneOf('1001')
    await p.sync()
    await scene()
      .hall.store()
      .write([], async (tx) => {
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
    await p.phone.store.put('meeting', meetingFields(FIRST, '改了一半'), { id: meetingOfFirst!.id })
    expect(await p.phone.db.base.count()).toBe(1)
    await endSpans(scene().hall, 'role', '1001')
    await endSpans(scene().hall, 'membership', '1001', { unitIds: [FIRST] })
    p.line.online = true
    await p.sync()
    expect(await refusedOn(p)).toMatchObject([{ code: 'forbidden', fields: { title: '改了一半' } }])
    expect((await p.phone.db.attention.toArray())[0]!.standing).toBeUndefined()
    await scene().expectExact(p)
  })
})

describe('a store that was restored', () => {
  it('calls nothing refused that stands there, though its author may not read it any more', async () => {
    const p = await scene().phoneOf('1001')
    await p.sync()
    await p.phone.store.put('meeting', meetingFields(FIRST, '新会'))
    await p.phone.store.put('roll-mark', rollMarkFields(p, meetingOfFirst!, personIdOf('1004')))
    await p.sync()
    scene().hall.clock.advance(DAY_MS)
    const copy = await scene().hall.backup()
    await scene().hall.restore(copy)
    await endSpans(scene().hall, 'role', '1001')
    await endSpans(scene().hall, 'membership', '1001', { unitIds: [FIRST] })
    await p.sync()
    await p.signIn()
    for (let turn = 0; turn < 4; turn++) await p.sync()
    expect(await refusedOn(p)).toEqual([])
    await scene().expectExact(p)
  })
})
