/**
 * A hall and its phones for one test after the other, all on one time: what the tests of faults and of moving scopes share.
 * Whatever was done to them, in the end the same is asked: once at the endpoint, and phone and endpoint alike.
 */
import { afterEach, beforeEach, expect } from 'vitest'
import { isRunning } from '../../src/client/sync/machine/core.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { checkPhone, storedRecords } from '../journeys/histories/check.ts'
import { loadOrg } from '../journeys/histories/world.ts'
import { branchId } from './endpoint.ts'
import { setupHall, sqliteDatabase, type Hall } from './hall.ts'
import { closePhones, setupPhone, type JourneyPhone, type SetupPhoneOptions } from './phone.ts'

export const MINUTE = 60_000
export const FIRST = branchId('第一支部')
export const SECOND = branchId('第二支部')

export const me = (p: JourneyPhone): string => p.session.person.id
export const opinion = (p: JourneyPhone, text: string): Promise<string> =>
  p.phone.store.put('opinion', { personId: me(p), text })
/** One and the same note on all phones of a person. */
export const noteId = (p: JourneyPhone): string => idFrom('note', me(p))
export const note = (p: JourneyPhone, text: string): Promise<void> =>
  p.phone.store.edit(
    'note',
    noteId(p),
    { text },
    { create: { personId: me(p), bookId: idFrom('book'), chapterId: idFrom('chapter'), paragraph: 1 } },
  )

export type Attachment = ReturnType<typeof attachmentOf>
export const attachmentOf = (sha256: string, bytes: Uint8Array) => ({
  sha256,
  name: '附件.md',
  mime: 'text/markdown',
  sizeBytes: bytes.length,
})
export const meetingFields = (unitId: string, title: string, attachments: Attachment[] = []) => ({
  unitId,
  kindId: meetingKindId('支部党员大会'),
  title,
  date: '2026-11-25',
  sittings: [{ id: idFrom('sitting', title), name: '早班', startsAt: 18e11, place: '' }],
  attachments,
})
export const rollMarkFields = (
  p: JourneyPhone,
  meeting: { unitId: string; id: string; sittingId: string },
  personId: string,
) => ({
  unitId: meeting.unitId,
  meetingId: meeting.id,
  sittingId: meeting.sittingId,
  personId,
  name: '某人',
  state: 'present' as const,
  method: 'tap' as const,
  markedBy: me(p),
})

export async function untilFrozen(p: JourneyPhone): Promise<void> {
  while (!p.line.isFrozen()) await new Promise((resolve) => setImmediate(resolve))
}

export async function quiet(p: JourneyPhone): Promise<void> {
  while (!p.isDead() && isRunning(p.phone.engine.phase()))
    await new Promise((resolve) => setImmediate(resolve))
  await p.line.settle()
}

async function beWell(p: JourneyPhone): Promise<void> {
  p.line.faults = []
  p.line.online = true
  p.disk.plan(undefined)
  if (p.isDead()) await p.revive()
  if (p.phone.engine.phase() === 'needs-sign-in') await p.signIn()
  await quiet(p)
  await p.sync()
  await quiet(p)
}

export class Scene {
  readonly database = sqliteDatabase()
  hall!: Hall

  async open(): Promise<void> {
    this.hall = await setupHall({ database: this.database })
  }

  phoneOf(staffNo: string, more: SetupPhoneOptions = {}): Promise<JourneyPhone> {
    const { clock } = this.hall
    return setupPhone(this.hall, staffNo, { timers: clock, clock: clock.phoneClock(), ...more })
  }

  /** Two facts and a draft wait, and another phone has written what this one does not know yet. */
  async withWork(more: SetupPhoneOptions = {}): Promise<{ p: JourneyPhone; ids: string[] }> {
    const p = await this.phoneOf('1003', more)
    await p.sync()
    const other = await this.phoneOf('1003')
    await note(other, '另一台手机写的')
    await other.sync()
    await other.close()
    const ids = [await opinion(p, '第一条'), await opinion(p, '第二条')]
    await note(p, '这台手机写的')
    return { p, ids }
  }

  /** Well again, and time goes by until nothing waits and nothing moves. */
  async comeToRest(...phones: JourneyPhone[]): Promise<void> {
    const { attack, clock } = this.hall
    attack.faults = []
    for (let turn = 0; turn < 6; turn++) {
      const before = attack.committed.length
      clock.advance(11 * MINUTE)
      for (const p of phones) await beWell(p)
      const waiting = await Promise.all(phones.map((p) => p.phone.db.outbox.count()))
      const isIdle = phones.every((p) => p.phone.engine.phase() === 'idle')
      if (isIdle && before === attack.committed.length && waiting.every((count) => count === 0)) return
    }
  }

  /** How often it was written down for good. */
  commitsOf(id: string): number {
    return this.hall.attack.committed.filter((commit) => commit.id === id).length
  }

  async isStored(type: string, id: string): Promise<boolean> {
    return (await this.hall.store().read((tx) => tx.record(type, id))) !== undefined
  }

  storedRecords(): ReturnType<typeof storedRecords> {
    return storedRecords({ hall: this.hall })
  }

  /** Each at the endpoint once, and nothing of this phone refused. */
  async expectOnce(p: JourneyPhone, ...ids: string[]): Promise<void> {
    for (const id of ids) expect([id, this.commitsOf(id)]).toEqual([id, 1])
    expect(await p.phone.db.attention.toArray()).toEqual([])
  }

  /** Row by row what the endpoint lets these people read now, and nothing else; nothing waits. */
  async expectExact(...phones: JourneyPhone[]): Promise<void> {
    const { hall } = this
    const org = await loadOrg(hall)
    const stored = await storedRecords({ hall })
    for (const journey of phones) await checkPhone({ hall, org }, { journey, personId: me(journey) }, stored)
  }
}

/** A fresh one for each test of the file; the endpoint may have met nothing that it could not foresee. */
export function useScene(): () => Scene {
  let scene: Scene
  beforeEach(async () => {
    scene = new Scene()
    await scene.open()
  })
  afterEach(async () => {
    await closePhones()
    expect(scene.hall.problems).toEqual([])
    await scene.hall.close()
  })
  return () => scene
}
