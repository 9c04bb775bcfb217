/**
 * Faults of the phone itself: its disk at every single write, its tabs, its clock, files that came wrong. Named as in the list of
 * the law file; see faults.test.ts for the others and for what is asked after each.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as db from '../../src/client/storage/db.ts'
import { DATABASE_VERSION } from '../../src/client/storage/db.ts'
import { prune } from '../../src/server/commands/upkeep/housekeeping.ts'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { idFrom, sha256Hex } from '../../src/shared/sync/canonical.ts'
import { createDisk, loseConnection, type DiskFault } from '../support/disk.ts'
import { HALL_MEETINGS } from '../support/hall.ts'
import type { LineFault } from '../support/line.ts'
import type { JourneyPhone } from '../support/phone.ts'
import {
  attachmentOf,
  FIRST,
  me,
  meetingFields,
  MINUTE,
  note,
  noteId,
  opinion,
  quiet,
  untilFrozen,
  useScene,
} from '../support/scene.ts'

const meeting = HALL_MEETINGS[0]!
const scene = useScene()

/** From then on the app that is opened is the next one, whose layout has a table more. */
const update = vi.hoisted(() => ({ isDone: false }))
afterEach(() => void (update.isDone = false))

vi.mock('../../src/client/storage/db.ts', async (original) => {
  const real = await original<typeof db>()
  class NextPhoneDb extends real.PhoneDb {
    constructor(...words: ConstructorParameters<typeof real.PhoneDb>) {
      super(...words)
      this.version(real.DATABASE_VERSION + 1).stores({ ...real.layout(), 'of-a-newer-app': 'id' })
    }
    /** Its own DATABASE_VERSION is one higher, and what lies on the disk is measured by that. */
    override backendDB(): IDBDatabase {
      const connection = super.backendDB()
      return new Proxy(connection, {
        get: (target, name) => (name === 'version' ? target.version - 10 : Reflect.get(target, name)),
      })
    }
  }
  const openPhoneDatabase: typeof real.openPhoneDatabase = (personId, options) =>
    update.isDone
      ? new NextPhoneDb(real.phoneDatabaseName(personId), options)
      : real.openPhoneDatabase(personId, options)
  return { ...real, openPhoneDatabase }
})

/** Does it again with the fault at the 1st, 2nd, 3rd … write, until a round has fewer writes than that. */
async function atEveryWrite(
  fault: DiskFault,
  check: (p: JourneyPhone, ids: string[]) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const { p, ids } = await scene().withWork()
    p.disk.plan({ fault, at })
    await p.sync()
    await quiet(p)
    const isOver = !p.disk.isSpent()
    if (!isOver) await check(p, ids)
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p)
    await p.close()
    if (isOver) return at - 1
  }
}

describe('the disk', () => {
  const revived = async (p: JourneyPhone) => {
    expect(p.isDead()).toBe(true)
    await p.revive()
  }

  it('tab killed between push and bookkeeping, between page and cursor: at every write of a round', async () => {
    expect(await atEveryWrite('tab-killed', revived)).toBeGreaterThan(8)
  }, 60_000)

  it('tab killed with the answer in its hand', async () => {
    for (const path of ['/api/push', '/api/pull']) {
      const { p, ids } = await scene().withWork()
      p.line.faults = [{ path, fault: 'tab-killed' }]
      await p.sync()
      await revived(p)
      await scene().comeToRest(p)
      await scene().expectOnce(p, ...ids)
      await scene().expectExact(p)
      await p.close()
    }
  })

  it('IndexedDB connection lost: at every write of a round, mended by itself', async () => {
    const told = (p: JourneyPhone) => Promise.resolve(void p)
    expect(await atEveryWrite('connection-lost', told)).toBeGreaterThan(8)
  }, 60_000)

  it('IndexedDB connection lost before a write: the write is kept all the same', async () => {
    const p = await scene().phoneOf('1003')
    loseConnection(p.phone.db.backendDB())
    const id = await opinion(p, '从后台回来写的')
    await scene().comeToRest(p)
    await scene().expectOnce(p, id)
    await scene().expectExact(p)
  })

  it.each(['quota-at-request', 'quota-at-commit'] as const)(
    'quota exceeded at any write of a round (%s): told with a sentence, nothing lost, delivered when there is room',
    async (fault) => {
      const told = async (p: JourneyPhone) => {
        expect(p.troubles.at(-1)).toMatchObject({ kind: 'quota' })
        expect(p.phone.engine.phase()).toBe('waiting')
      }
      expect(await atEveryWrite(fault, told)).toBeGreaterThan(8)
    },
    60_000,
  )

  it.each(['quota-at-request', 'quota-at-commit'] as const)(
    'quota exceeded at any write of a person (%s): never half, never called saved',
    async (fault) => {
      const p = await scene().phoneOf('1003')
      await p.sync()
      let writes = 0
      for (let at = 1; ; at++) {
        p.disk.plan({ fault, at })
        const said = await opinion(p, `写 ${at}`).catch((problem: Error) => problem)
        if (!p.disk.isSpent()) break
        writes += 1
        expect(said).toMatchObject({ kind: 'quota' })
        expect((said as Error).message).toContain('空间不足')
        expect([await p.phone.db.outbox.count(), await p.phone.db.records('opinion').count()]).toEqual([0, 0])
      }
      p.disk.plan(undefined)
      expect(writes).toBeGreaterThan(1)
      await scene().comeToRest(p)
      expect(await p.phone.db.records('opinion').count()).toBe(1)
      await scene().expectExact(p)
    },
  )

  it('whole origin wiped: what was delivered comes back with the next sign-in, under another device', async () => {
    const p = await scene().phoneOf('1003')
    const id = await opinion(p, '送达了的')
    await p.sync()
    p.kill()
    const again = await scene().phoneOf('1003', { disk: createDisk() })
    expect(again.phone.deviceId).not.toBe(p.phone.deviceId)
    await scene().comeToRest(again)
    expect((await again.phone.store.get('opinion', id))?.fields.text).toBe('送达了的')
    await scene().expectOnce(again, id)
    await scene().expectExact(again)
  })

  it('one row corrupted: in the queue, it is refused and kept; the others go on', async () => {
    const { p, ids } = await scene().withWork()
    await p.phone.db.outbox.toCollection().modify((entry) => {
      if (entry.id === ids[0]) (entry as unknown as { fields: unknown }).fields = { personId: 7, text: null }
    })
    await scene().comeToRest(p)
    expect(scene().commitsOf(ids[0]!)).toBe(0)
    expect(scene().commitsOf(ids[1]!)).toBe(1)
    expect(await p.phone.db.attention.toArray()).toMatchObject([{ id: ids[0] }])
    expect(await p.phone.db.outbox.count()).toBe(0)
  })

  it('one row corrupted: of the endpoint’s, on the phone; rounds go on and the next version of it heals it', async () => {
    const { p, ids } = await scene().withWork()
    await p.phone.db.rows('meeting').update(meeting.id, { fields: undefined } as never)
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids)
    const { fields } = (await scene().storedRecords()).find(({ id }) => id === meeting.id)!
    await scene().hall.put('meeting', meeting.id, { ...(JSON.parse(fields) as object), title: '改了名' })
    await scene().comeToRest(p)
    await scene().expectExact(p)
  })

  it('two tabs at once, one frozen with its answer in hand: one effect, the older page changes nothing', async () => {
    for (const path of ['/api/push', '/api/pull']) {
      const { p, ids } = await scene().withWork()
      const tab = await p.secondTab()
      p.line.faults = [{ path, fault: 'tab-frozen' }]
      const frozen = p.sync()
      await untilFrozen(p)
      const late = await tab.store.put('opinion', { personId: me(p), text: '另一个标签页写的' })
      await note(p, '冻住以后写的')
      await tab.delivery.syncNow()
      p.line.thaw()
      await frozen
      await quiet(p)
      await scene().comeToRest(p)
      await scene().expectOnce(p, ...ids, late)
      expect((await p.phone.store.get('note', noteId(p)))?.fields.text).toBe('冻住以后写的')
      await scene().expectExact(p)
      await tab.close()
      await p.close()
    }
  })

  it('service worker and schema updated in mid-sync: the old tab says so and lets go, the new layout has the whole queue and delivers it', async () => {
    const { p, ids } = await scene().withWork()
    const old = p.phone
    p.line.faults = [{ path: '/api/push', fault: 'tab-frozen' }]
    const frozen = p.sync()
    await untilFrozen(p)
    const queue = await old.db.outbox.orderBy('seq').toArray()
    expect(queue.map(({ id, n }) => [id, n !== null])).toEqual([...ids, noteId(p)].map((id) => [id, true]))
    update.isDone = true
    p.phone = await p.secondTab()
    expect(p.phone.db.verno).toBe(DATABASE_VERSION + 1)
    p.line.thaw()
    await frozen
    const outdated = {
      name: 'StorageTrouble',
      kind: 'outdated',
      message:
        '本应用已在另一个窗口里更新，这个窗口还是旧版本，没有存下。请先抄下正在写的内容，再重新打开本应用。',
    }
    expect(p.troubles.at(-1)).toMatchObject(outdated)
    const written = old.store.put('opinion', { personId: me(p), text: '旧标签页里写的' })
    await expect(written).rejects.toMatchObject(outdated)
    // The answer came to a tab that may book nothing any more; the new layout sends again, under the same numbers.
    expect(await p.phone.db.outbox.orderBy('seq').toArray()).toEqual(queue)
    await old.close()
    const late = await opinion(p, '新标签页里写的')
    await scene().comeToRest(p)
    await scene().expectOnce(p, ...ids, late)
    expect((await p.phone.store.get('note', noteId(p)))?.fields.text).toBe('这台手机写的')
    await scene().expectExact(p)
    await p.reopen()
    expect(await p.phone.db.table('of-a-newer-app').count()).toBe(0)
    await scene().expectExact(p)
  })
})

describe('the clock', () => {
  it.each([
    ['+3 years', 3 * 365 * DAY_MS],
    ['−1 day', -DAY_MS],
  ])('clock %s: delivered, converged, and the last writer wins', async (_name, offset) => {
    const clock = scene().hall.clock.phoneClock(offset)
    const { p, ids } = await scene().withWork({ clock })
    await scene().comeToRest(p)
    const other = await scene().phoneOf('1003')
    await other.sync()
    scene().hall.clock.advance(MINUTE)
    await note(other, '后写的')
    await scene().comeToRest(other, p)
    expect((await p.phone.store.get('note', noteId(p)))?.fields.text).toBe('后写的')
    await scene().expectOnce(p, ...ids)
    await scene().expectExact(p, other)
  })

  it('jumping: nothing waits for a year that will not come', async () => {
    const clock = scene().hall.clock.phoneClock(3 * 365 * DAY_MS)
    const p = await scene().phoneOf('1001', { clock })
    await p.sync()
    const bytes = new TextEncoder().encode('# 附件\n')
    const sha256 = await p.phone.blobs.put(bytes, 'text/markdown')
    const id = await p.phone.store.put(
      'meeting',
      meetingFields(FIRST, '时钟乱跳', [attachmentOf(sha256, bytes)]),
    )
    p.line.faults = [{ path: '/api/blobs', fault: 'request-lost' }]
    await p.sync()
    expect(await p.phone.db.outbox.toArray()).toMatchObject([{ heldFor: { blob: sha256 } }])
    clock.jump(-3 * 365 * DAY_MS)
    await opinion(p, '时钟对了以后')
    clock.jump(-DAY_MS)
    await scene().comeToRest(p)
    await scene().expectOnce(p, id)
    await scene().expectExact(p)
  })

  it('200 days offline: the queue is delivered, what was deleted meanwhile is gone, and nothing else', async () => {
    const p = await scene().phoneOf('1003')
    await note(p, '会被删掉的')
    await p.sync()
    p.line.online = false
    const id = await opinion(p, '两百天前写的')
    const other = await scene().phoneOf('1003')
    await other.sync()
    await other.phone.store.remove('note', noteId(p))
    await other.sync()
    await other.close()
    for (let month = 0; month < 7; month++) {
      scene().hall.clock.advance(30 * DAY_MS)
      await scene()
        .hall.store()
        .write([], (tx) => prune(tx, scene().hall.clock.now()))
    }
    await scene().hall.put('opinion', idFrom('meanwhile'), { personId: me(p), text: '其间写的' })
    await scene().comeToRest(p)
    await scene().comeToRest(p)
    expect(scene().commitsOf(id)).toBe(1)
    expect(await p.phone.store.get('note', noteId(p))).toBeUndefined()
    expect(await p.phone.store.get('opinion', idFrom('meanwhile'))).toBeDefined()
    await scene().expectExact(p)
  })
})

describe('files', () => {
  const bytes = new TextEncoder().encode('一段文字。'.repeat(2000))
  const fileOf = () => scene().hall.putFile(bytes, 'text/markdown', `unit:${FIRST}`)

  it.each<[string, LineFault[]]>([
    ['a wrong file chunk', ['wrong-chunk']],
    ['a wrong file chunk after a cut', ['answer-cut', 'wrong-chunk']],
    ['Range ignored, and called a part', ['answer-cut', 'range-pretended']],
  ])('%s: nothing is marked ready, and the next try is right', async (_name, faults) => {
    const sha256 = await fileOf()
    const p = await scene().phoneOf('1003')
    p.line.faults = faults.map((fault) => ({ path: '/api/blobs', fault }))
    await expect(p.phone.blobs.keep(sha256)).rejects.toThrow()
    expect(await p.phone.blobs.has(sha256)).toBe(false)
    expect(await p.phone.db.blobs.count()).toBe(0)
    await p.phone.blobs.keep(sha256)
    const kept = await (await p.phone.blobs.get(sha256))!.arrayBuffer()
    expect(new Uint8Array(kept)).toEqual(bytes)
  })

  it('Range ignored, and said so: the whole is taken', async () => {
    const sha256 = await fileOf()
    const p = await scene().phoneOf('1003')
    p.line.faults = (['answer-cut', 'range-ignored'] as const).map((fault) => ({ path: '/api/blobs', fault }))
    await p.phone.blobs.keep(sha256)
    expect(new Uint8Array(await (await p.phone.blobs.get(sha256))!.arrayBuffer())).toEqual(bytes)
  })

  it.each<[string, LineFault[]]>([
    ['a wrong file chunk', ['wrong-chunk']],
    ['answer lost after commit', ['answer-lost', 'answer-lost']],
    ['requests overlapping', ['requests-overlap']],
  ])('%s on the way up: the file is sent again, its record arrives once', async (_name, faults) => {
    const p = await scene().phoneOf('1001')
    await p.sync()
    const sha256 = await p.phone.blobs.put(bytes, 'text/markdown')
    expect(sha256).toBe(sha256Hex('一段文字。'.repeat(2000)))
    const id = await p.phone.store.put(
      'meeting',
      meetingFields(FIRST, '有附件', [attachmentOf(sha256, bytes)]),
    )
    p.line.faults = faults.map((fault) => ({ path: '/api/blobs', fault }))
    await p.sync()
    await scene().comeToRest(p)
    await scene().expectOnce(p, id)
    expect(await scene().hall.blobs.read(sha256)).toEqual(Buffer.from(bytes))
    await scene().expectExact(p)
  })
})
