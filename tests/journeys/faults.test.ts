/**
 * Every fault that the project injects, named as in the list (the law file says which file holds which): real phones, real HTTP,
 * a SQLite file. Here those of the line, the endpoint, the session and what is sent; faults-on-the-phone.test.ts has the others.
 * After each the same must hold: what was written is at the endpoint once, or in 需处理 with its reason, and phone and endpoint
 * are alike.
 */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { removeRecord } from '../../src/server/commands/put-record.ts'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { backupMomentOf } from '../../src/shared/sync/epoch.ts'
import { personIdOf } from '../support/endpoint.ts'
import { HALL_MEETINGS } from '../support/hall.ts'
import type { LineFault } from '../support/line.ts'
import {
  FIRST,
  me,
  meetingFields,
  MINUTE,
  note,
  noteId,
  opinion,
  quiet,
  rollMarkFields,
  useScene,
} from '../support/scene.ts'

const meeting = HALL_MEETINGS[0]!
const scene = useScene()

describe('the line', () => {
  const cases: [string, LineFault[]][] = [
    ['answer lost after commit', ['answer-lost']],
    ['request twice', ['request-twice']],
    ['requests overlapping', ['requests-overlap']],
    ['page cut in the middle', ['answer-cut']],
    ['a stall of 60 s', ['stall']],
    ['a captive portal’s HTML with status 200', ['captive-portal']],
    ['storm of 502/503/429', ['bad-gateway', 'overloaded', 'slow-down', 'bad-gateway', 'overloaded']],
  ]
  const places = ['/api/push', '/api/pull', '/api/'] as const
  const both = cases.flatMap(([name, faults]) => places.map((path) => [name, path, faults] as const))
  it.each(both)('%s, at %s', async (_name, path, faults) => {
    const { p, ids } = await scene().withWork()
    p.line.faults = faults.map((fault) => ({ path, fault }))
    for (let turn = 0; turn < faults.length; turn++) {
      await p.sync()
      scene().hall.clock.advance(MINUTE)
      await quiet(p)
    }
    expect(p.line.faults).toEqual([])
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
  })

  it('a stall of 60 s leaves the phone free to write, and says 没有网络 in between', async () => {
    const { p } = await scene().withWork()
    p.line.faults = [{ path: '/api/push', fault: 'stall' }]
    const round = p.sync()
    const id = await opinion(p, '等着的时候写的')
    await round
    expect(p.phone.delivery.summary.value.phase).toBe('offline')
    await scene().comeToRest(p)
    await scene().expectOnce(p, id)
    await scene().expectExact(p)
  })
})

describe('the endpoint', () => {
  it.each(['killed-before-commit', 'killed-after-commit'] as const)(
    'endpoint killed before and after commit: %s',
    async (fault) => {
      const { p, ids } = await scene().withWork()
      scene().hall.attack.faults = [fault]
      await p.sync()
      expect(scene().commitsOf(ids[0]!)).toBe(fault === 'killed-after-commit' ? 1 : 0)
      expect(await p.phone.db.outbox.count()).toBe(3)
      await scene().comeToRest(p)
      await scene().expectOnce(p, ...ids)
      await scene().expectExact(p)
    },
  )

  it('database locked by another program: 503 with Retry-After, and delivered when it is free', async () => {
    const { p, ids } = await scene().withWork()
    scene().hall.attack.faults = ['database-locked']
    await p.sync()
    expect(p.phone.engine.phase()).toBe('waiting')
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
  })

  it('its connection dropped', async () => {
    const { p, ids } = await scene().withWork()
    scene().hall.attack.faults = ['database-away', 'database-away']
    await p.sync()
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
  })

  it('restored from a day-old backup: what phones of its authors hold comes back, once', async () => {
    const [p, officer] = [await scene().phoneOf('1003'), await scene().phoneOf('1001')]
    const before = await opinion(p, '备份之前')
    await p.sync()
    const copy = await scene().hall.backup()
    const backupAt = scene().hall.clock.now()
    scene().hall.clock.advance(DAY_MS)
    const after = await opinion(p, '备份之后')
    await note(p, '备份之后的笔记')
    const newMeeting = await officer.phone.store.put('meeting', meetingFields(FIRST, '备份之后的会'))
    const rollMark = await officer.phone.store.put(
      'roll-mark',
      rollMarkFields(
        officer,
        { unitId: FIRST, id: newMeeting, sittingId: idFrom('sitting', '备份之后的会') },
        me(p),
      ),
    )
    for (const one of [p, officer, p]) await one.sync()
    await scene().hall.restore(copy)
    const epoch = await scene()
      .hall.store()
      .read((tx) => tx.epoch())
    expect(backupMomentOf(epoch)).toBe(backupAt)
    const devices = [p.phone.deviceId, officer.phone.deviceId]
    const since = scene().hall.attack.committed.length
    await scene().comeToRest(p, officer)
    await scene().comeToRest(p, officer)
    const again = scene()
      .hall.attack.committed.slice(since)
      .map(({ id }) => id)
    expect(again.indexOf(newMeeting)).toBeLessThan(again.indexOf(rollMark))
    for (const id of [after, newMeeting, rollMark]) expect(again.filter((one) => one === id)).toEqual([id])
    expect(again).not.toContain(before)
    expect([p.phone.deviceId, officer.phone.deviceId]).not.toEqual(devices)
    expect((await p.phone.store.get('note', noteId(p)))?.fields.text).toBe('备份之后的笔记')
    await scene().expectExact(p, officer)
  })

  it('parent deleted with children queued: the children wait, then stand in 需处理 with their data; the rest goes on', async () => {
    const p = await scene().phoneOf('1001')
    await p.sync()
    const child = await p.phone.store.put('roll-mark', rollMarkFields(p, meeting, personIdOf('1003')))
    const other = await opinion(p, '不相干的')
    await scene()
      .hall.store()
      .write([], (tx) => removeRecord(tx, 'meeting', meeting.id, scene().hall.clock.now()))
    await p.sync()
    await scene().expectOnce(p, other)
    expect(await p.phone.db.outbox.count()).toBe(1)
    for (let day = 0; day < 9; day++) {
      scene().hall.clock.advance(DAY_MS)
      await quiet(p)
      await p.sync()
    }
    expect(await p.phone.db.attention.toArray()).toMatchObject([
      { id: child, code: 'parent-refused', fields: { name: '某人' } },
    ])
    expect(scene().commitsOf(child)).toBe(0)
    await scene().expectExact(p)
  })
})

describe('who is signed in', () => {
  it('session ended in mid-push: 401 touches nothing, and the next sign-in delivers', async () => {
    const { p, ids } = await scene().withWork()
    p.line.faults = [{ path: '/api/push', fault: 'answer-lost' }]
    await p.sync()
    await scene()
      .hall.store()
      .write([], (tx) => tx.deleteSessionsOf(me(p)))
    scene().hall.clock.advance(MINUTE)
    await quiet(p)
    await p.sync()
    expect(p.phone.engine.phase()).toBe('needs-sign-in')
    expect(await p.phone.db.outbox.count()).toBe(3)
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
  })

  it('another person signs in on the phone with a full queue: neither sends the other’s', async () => {
    const { p, ids } = await scene().withWork()
    const own = p.jar.cookie
    const guest = await scene().phoneOf('1006', { disk: p.disk, jar: p.jar })
    const theirs = await opinion(guest, '客人写的')
    for (let turn = 0; turn < 3; turn++) {
      await p.sync()
      await guest.sync()
    }
    expect(ids.map((id) => scene().commitsOf(id))).toEqual([0, 0])
    await scene().expectOnce(guest, theirs)
    await scene().expectExact(guest)
    await guest.close()
    p.jar.cookie = own
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    const authors = (await scene().storedRecords()).filter(({ type }) => type === 'opinion')
    expect(authors.map(({ id, author }) => [id, author]).sort()).toEqual(
      [...ids.map((id) => [id, me(p)]), [theirs, me(guest)]].sort(),
    )
    await scene().expectExact(p)
  })

  it('a cloned phone: both queues arrive, what was in both arrives once, and one of them has a new device id', async () => {
    const { p, ids } = await scene().withWork()
    await p.close()
    const disk = await p.disk.copy()
    await p.revive()
    const clone = await scene().phoneOf('1003', { disk, jar: { ...p.jar }, session: p.session })
    const [mine, others] = [await opinion(p, '原机'), await opinion(clone, '克隆机')]
    await p.sync()
    await clone.sync()
    await scene().comeToRest(p, clone)
    await scene().comeToRest(p, clone)
    await scene().expectOnce(p, ...ids, mine, others)
    await scene().expectOnce(clone)
    expect(p.phone.deviceId).not.toBe(clone.phone.deviceId)
    await scene().expectExact(p, clone)
  })
})

describe('what is sent', () => {
  it('a poisoned mutation at the head: it alone goes to 需处理, and nothing waits behind it', async () => {
    const { p, ids } = await scene().withWork()
    const head = (await p.phone.db.outbox.orderBy('seq').first())!
    const poison = idFrom('poison')
    await p.phone.db.outbox.add({ ...head, seq: head.seq - 1, id: poison, hlc: 'not a clock' } as never)
    const before = p.line.requests.length
    await p.sync()
    expect(p.line.requests.length - before).toBeLessThan(15)
    expect(await p.phone.db.attention.toArray()).toMatchObject([{ id: poison, code: 'bad-request' }])
    await p.phone.db.attention.clear()
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
  })

  it('a schema older or newer on either side: a newer phone’s fields are kept, a newer endpoint’s wait in quarantine', async () => {
    const { p, ids } = await scene().withWork()
    await p.phone.db.outbox.toCollection().modify((entry) => {
      if (entry.id !== ids[0]) return
      entry.schemaVersion = 2
      entry.fields = { ...entry.fields, ofANewerApp: { deep: ['yes'] } }
    })
    await scene()
      .hall.store()
      .write([], async (tx) => {
        const { scope, ...record } = (await tx.record('meeting', meeting.id))!
        await tx.putRecord({ ...record, ...(await tx.nextRevision(scope)), schemaVersion: 9 })
      })
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    const stored = (await scene().storedRecords()).find(({ id }) => id === ids[0])!
    expect(JSON.parse(stored.fields)).toMatchObject({ text: '第一条', ofANewerApp: { deep: ['yes'] } })
    expect((await p.phone.db.quarantine.toArray()).map(({ id }) => id).sort()).toEqual(
      [meeting.id, ids[0]!].sort(),
    )
  })
})

it('database locked for real: another program holds the SQLite file while a phone pushes', async () => {
  const { p, ids } = await scene().withWork()
  const holder = new DatabaseSync(scene().database.path)
  holder.exec('begin immediate')
  try {
    await p.sync()
    expect(p.phone.engine.phase()).toBe('waiting')
    expect(ids.map((id) => scene().commitsOf(id))).toEqual([0, 0])
  } finally {
    holder.exec('rollback')
    holder.close()
  }
  await scene().comeToRest(p)
  await scene().expectOnce(p, ...ids)
  await scene().expectExact(p)
}, 30_000)
