/**
 * A backup restored over a newer store. Phones on fake-indexeddb, the real app, a real database, the operator's own backup and
 * restore. What authors' phones hold comes back once, under new device ids; what was erased does not; nothing vanishes silently.
 */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { signOffStatement } from '../../src/shared/circulation/signing/sign-off.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { circulationId } from '../../src/shared/circulation/circulation.ts'
import { columnId, meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { lessonId } from '../../src/server/commands/publish-lesson.ts'
import { verifyTables } from '../../src/server/operator/verify/verify-tables.ts'
import {
  branchId,
  connect,
  MONDAY,
  personIdOf,
  setupEndpoint,
  type TestEndpoint,
} from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { backUp, erase, restore } from '../support/restoring.ts'
import { layGround, uid } from '../support/samples.ts'

const first = branchId('第一支部')

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
let files: string[] = []
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
  for (const file of files) rmSync(file, { force: true })
  files = []
})

const HOUR = DAY_MS / 24
const later = (ms = HOUR) => endpoint.clock.advance(ms)
const back = async () => {
  const path = await backUp(endpoint)
  files.push(path)
  later()
  return path
}
/** After a restore nobody is signed in. A round more than it should take, so that what is still coming has come. */
async function comeBack(...phones: JourneyPhone[]) {
  for (const p of phones) {
    p.line.online = true
    await p.sync()
    expect(p.phone.delivery.summary.value.phase).toBe('sign-in')
    await p.signIn()
    for (let round = 0; round < 4; round++) {
      await p.sync()
      later(2 * 60_000)
    }
  }
}
const settled = async (...phones: JourneyPhone[]) => {
  for (const p of phones) {
    expect(await p.phone.db.attention.toArray()).toEqual([])
    expect(await p.phone.db.outbox.toArray()).toEqual([])
    expect(p.troubles).toEqual([])
    expect(await p.phone.db.meta.get('rewritten')).toBeUndefined()
  }
}
const recordAt = async (type: string, id: string) => {
  const record = await endpoint.store.read((tx) => tx.record(type, id))
  return record === undefined || record.deleted ? undefined : record
}
const fieldsAt = async (type: string, id: string) => {
  const record = await recordAt(type, id)
  return record === undefined ? undefined : (JSON.parse(record.fields) as JsonObject)
}
const devicesOf = (staffNo: string) => endpoint.store.read((tx) => tx.devicesOf(personIdOf(staffNo)))
const verdict = () => endpoint.store.readAll((tables) => verifyTables(tables, endpoint.clock.now()))

const opinion = (p: JourneyPhone, text = '灯坏了') => ({ personId: p.session.person.id, text })
const noteOf = (p: JourneyPhone, text: string) => ({
  personId: p.session.person.id,
  bookId: uid(2),
  chapterId: uid(20),
  paragraph: 3,
  text,
})
const meetingOf = (title: string, over: JsonObject = {}) => ({
  unitId: first,
  kindId: meetingKindId('支部党员大会'),
  title,
  date: '2026-11-24',
  sittings: [{ id: uid(60), name: '晚班场次', startsAt: MONDAY, place: '' }],
  ...over,
})
const markOf = (p: JourneyPhone, meetingId: string) => ({
  unitId: first,
  meetingId,
  sittingId: uid(60),
  personId: personIdOf('1003'),
  name: '王芳',
  state: 'present' as const,
  method: 'tap' as const,
  markedBy: p.session.person.id,
})
async function signOff(p: JourneyPhone, circulation = ground.circulation) {
  const c = (await p.phone.store.get('circulation', circulation))!
  const statement = {
    unitId: c.fields.unitId,
    circulationId: c.id,
    documentId: c.fields.documentId,
    documentNo: c.fields.documentNo,
    personId: p.session.person.id,
    signedBy: p.session.person.id,
    revision: 1,
    sha256: c.fields.revisions[0]!.file.sha256,
    mode: 'in-person' as const,
    signature: { kind: 'typed' as const, name: p.session.person.name },
    opinion: '同意',
    signedAt: p.phone.now(),
    keyId: await p.phone.deviceKeys.keyId(),
    changeId: null,
    supersedes: [],
  }
  const deviceSignature = await p.phone.deviceKeys.sign(signOffStatement(statement))
  expect([typeof statement.keyId, typeof deviceSignature]).toEqual(['string', 'string'])
  return p.phone.store.put('sign-off', { ...statement, deviceSignature })
}

describe('what was delivered after the backup', () => {
  it('comes back once, parents first, under a new device id: facts, drafts and content', async () => {
    const officer = await setupPhone(endpoint, '1001')
    await officer.sync()
    const path = await back()
    const meeting = await officer.phone.store.put('meeting', meetingOf('支部会'))
    const mark = await officer.phone.store.put('roll-mark', markOf(officer, meeting))
    const own = await officer.phone.store.put('opinion', opinion(officer))
    await officer.phone.store.edit('note', uid(70), {}, { create: noteOf(officer, '记下的一句话') })
    await officer.sync()
    later()
    // The parent's last edit is younger than its child.
    await officer.phone.store.put('meeting', meetingOf('支部会（改期）'), { id: meeting })
    await officer.sync()
    const before = (await devicesOf('1001')).map((d) => d.id)
    await restore(endpoint, path)
    expect(await recordAt('meeting', meeting)).toBeUndefined()
    await comeBack(officer)
    await settled(officer)
    expect((await fieldsAt('meeting', meeting))?.title).toBe('支部会（改期）')
    expect([await recordAt('roll-mark', mark), await recordAt('opinion', own)]).not.toContain(undefined)
    expect((await fieldsAt('note', uid(70)))?.text).toBe('记下的一句话')
    expect(before).not.toContain(officer.phone.deviceId)
    // Nothing was put off: each parent came before what rests on it.
    const outcomes = await endpoint.store.readAll(async (tables) => {
      const all: string[] = []
      for await (const row of tables.rows('outcomes')) all.push(String(row.outcome))
      return all
    })
    expect(outcomes.filter((text) => text.includes('deferred') || text.includes('rejected'))).toEqual([])
    expect(await verdict()).toMatchObject({ ok: true })
    const again = await endpoint.store.read((tx) =>
      tx.records({ types: ['roll-mark', 'opinion', 'meeting'] }),
    )
    expect(new Set(again.map((r) => r.id)).size).toBe(again.length)
  })

  it('comes back within the round that has loaded everything anew, and so does what was written meanwhile', async () => {
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    const path = await back()
    const delivered = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    await restore(endpoint, path)
    await phone.sync()
    const meanwhile = await phone.phone.store.put('opinion', opinion(phone, '恢复时写的'))
    await phone.signIn()
    await phone.sync()
    await settled(phone)
    expect([await recordAt('opinion', delivered), await recordAt('opinion', meanwhile)]).not.toContain(
      undefined,
    )
  })

  it('comes back however long ago it was delivered, when the backup is older still', async () => {
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    const path = await back()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    later(45 * DAY_MS)
    await phone.sync()
    await restore(endpoint, path)
    await comeBack(phone)
    await settled(phone)
    expect(await recordAt('opinion', id)).toBeDefined()
  })

  it('comes back from two phones of one person as one fact, whichever is first', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    const path = await back()
    const id = await a.phone.store.put('opinion', opinion(a))
    await a.sync()
    await b.sync()
    await restore(endpoint, path)
    // Both have loaded everything anew before either offers.
    for (const p of [a, b]) {
      await p.sync()
      await p.signIn()
    }
    await a.sync()
    await b.sync()
    await comeBackAgain(a, b)
    await settled(a, b)
    expect(await recordAt('opinion', id)).toBeDefined()
  })

  it('comes back as one fact also when one phone had it in flight and the other had pulled it', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    await a.sync()
    const path = await back()
    const id = await a.phone.store.put('opinion', opinion(a))
    a.line.faults.push({ path: '/api/push', fault: 'answer-lost' })
    await a.sync()
    a.line.online = false
    await b.sync()
    expect(await b.phone.store.get('opinion', id)).toBeDefined()
    await restore(endpoint, path)
    a.line.online = true
    for (const p of [a, b]) {
      await p.sync()
      await p.signIn()
    }
    await comeBackAgain(b, a, b)
    await settled(a, b)
    expect(await recordAt('opinion', id)).toBeDefined()
  })

  it('comes back from a phone that had delivered and never pulled', async () => {
    const phone = await setupPhone(endpoint, '1003')
    const path = await back()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    // The page that would have told the epoch never came.
    phone.line.faults.push(
      { path: '/api/pull', fault: 'answer-lost' },
      { path: '/api/pull', fault: 'answer-lost' },
    )
    await phone.sync()
    await phone.sync()
    phone.line.faults.length = 0
    phone.line.online = false
    await restore(endpoint, path)
    phone.line.online = true
    await phone.sync()
    await phone.signIn()
    await comeBackAgain(phone)
    await settled(phone)
    expect(await recordAt('opinion', id)).toBeDefined()
  })

  it('with a device key that the backup does not know is accepted: the key goes ahead of what it signed', async () => {
    const path = await back()
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    const delivered = await signOff(phone)
    await phone.sync()
    expect(await recordAt('sign-off', delivered)).toBeDefined()
    await restore(endpoint, path)
    await comeBack(phone)
    await settled(phone)
    expect(await recordAt('sign-off', delivered)).toBeDefined()
  })

  it('with a file comes back with its file', async () => {
    const officer = await setupPhone(endpoint, '1001')
    await officer.sync()
    const path = await back()
    const bytes = new TextEncoder().encode('# 附件\n\n议程。\n')
    const sha256 = await officer.phone.blobs.put(bytes, 'text/markdown')
    const file = { sha256, name: '议程.md', mime: 'text/markdown', sizeBytes: bytes.length }
    const meeting = await officer.phone.store.put('meeting', meetingOf('有附件的会', { attachments: [file] }))
    await officer.sync()
    expect(await recordAt('meeting', meeting)).toBeDefined()
    await restore(endpoint, path)
    await endpoint.blobs.remove(sha256)
    await comeBack(officer)
    await settled(officer)
    expect(await recordAt('meeting', meeting)).toBeDefined()
    expect(await endpoint.blobs.sizeBytes(sha256)).toBe(bytes.length)
  })

  it('waits for a parent that somebody else’s phone has to bring, and arrives with it', async () => {
    const [officer, other] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
    const path = await back()
    const meeting = await officer.phone.store.put('meeting', meetingOf('支部会'))
    await officer.sync()
    await other.sync()
    const mark = await other.phone.store.put('roll-mark', markOf(other, meeting))
    await other.sync()
    await officer.sync()
    await restore(endpoint, path)
    await comeBack(other)
    expect(await recordAt('roll-mark', mark)).toBeUndefined()
    expect(await other.phone.db.outbox.count()).toBe(1)
    await comeBack(officer)
    later(6 * HOUR)
    await comeBackAgain(other)
    await settled(officer, other)
    expect(await recordAt('roll-mark', mark)).toBeDefined()
  })
})

describe('a circulation that was dispatched after the backup', () => {
  const second = branchId('第二支部')
  const id = circulationId(uid(3), second)
  /** At the desk, whose phones hold nothing of it: the office is no reader of the branch. */
  const dispatch = async (command: string) => {
    const office = await connect(endpoint, '9001')
    const body = { id: command, documentId: uid(3), unitIds: [second], deadline: '2026-12-20' }
    const answer = await office.post('/api/commands/dispatch-circulation', body)
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ added: 1 })])
  }
  /** Dispatched and signed, and lost at the endpoint: the phone has come back and waits. */
  const lose = async () => {
    const phone = await setupPhone(endpoint, '2002')
    await phone.sync()
    const path = await back()
    await dispatch('dispatch-1')
    await phone.sync()
    const signed = await signOff(phone, id)
    await phone.sync()
    const before = await fieldsAt('sign-off', signed)
    expect(before).toMatchObject({ circulationId: id, signature: { name: '马强' } })
    await restore(endpoint, path)
    await comeBack(phone)
    expect([await recordAt('circulation', id), await recordAt('sign-off', signed)]).toEqual([
      undefined,
      undefined,
    ])
    expect(await phone.phone.db.outbox.toArray()).toMatchObject([
      { type: 'sign-off', id: signed, heldFor: { type: 'circulation', id } },
    ])
    expect(phone.phone.delivery.summary.value).toMatchObject({ waiting: 1, attention: 0 })
    return { phone, signed, before }
  }

  it('is the same one when it is dispatched again, and the signature that waited for it arrives', async () => {
    const { phone, signed, before } = await lose()
    later(5 * DAY_MS)
    await dispatch('dispatch-2')
    await comeBackAgain(phone)
    await settled(phone)
    expect(await fieldsAt('sign-off', signed)).toEqual(before)
    expect(phone.phone.delivery.summary.value).toMatchObject({ waiting: 0, attention: 0 })
    expect(await verdict()).toMatchObject({ ok: true })
  })

  it('and not dispatched again leaves the signature in 需处理 after seven days, with all that it says', async () => {
    const { phone, signed, before } = await lose()
    for (let day = 0; day < 8; day++) {
      later(DAY_MS)
      await comeBackAgain(phone)
    }
    expect(await phone.phone.db.outbox.count()).toBe(0)
    expect(await phone.phone.db.attention.toArray()).toMatchObject([
      { type: 'sign-off', id: signed, code: 'parent-refused', fields: before },
    ])
  })
})

describe('what was done at the endpoint after the backup', () => {
  const issue = (issueId: string, unitIds: string[] | null) => ({
    id: `publish-${issueId}`,
    issueId,
    unitIds,
    week: '2026-W48',
    columnId: columnId('廉政提醒'),
    title: '恢复以前发布的一课',
    body: '正文。',
    publishAt: MONDAY,
  })
  const newcomer = {
    staffNo: '3001',
    name: '钱进',
    committee: null,
    branch: '第三支部',
    group: null,
    section: null,
    postingUnit: null,
    partyStatus: 'full',
    roles: [{ role: 'branch-officer', title: '支部书记' }],
    handOrder: null,
  }
  const enter = async (command: string) => {
    const administrator = await connect(endpoint, '0001')
    const body = { id: command, people: [newcomer] }
    expect((await administrator.post('/api/commands/put-people', body)).status).toBe(200)
    await endpoint.store.write([], async (tx) => {
      const { passwordHash } = (await tx.account({ staffNo: '1001' }))!
      await tx.putAccount({ ...(await tx.account({ staffNo: '3001' }))!, passwordHash })
    })
  }
  const rowsOf = (type: string, staffNo: string) =>
    endpoint.store.read((tx) => tx.records({ types: [type], person: personIdOf(staffNo) }))

  it('comes back from the phone of whoever did it only where that phone holds it', async () => {
    const office = await setupPhone(endpoint, '9001')
    await office.sync()
    const path = await back()
    const desk = await connect(endpoint, '9001')
    for (const body of [issue(uid(301), null), issue(uid(302), [first])])
      expect((await desk.post('/api/commands/publish-lesson', body)).status).toBe(200)
    const result = await endpoint.store.read((tx) => tx.records({ types: ['month-result'] }))
    const frozen = { ...(JSON.parse(result[0]!.fields) as JsonObject), month: '2026-10' }
    await endpoint.put('month-result', uid(303), frozen, personIdOf('9001'))
    await office.sync()
    await restore(endpoint, path)
    await comeBack(office)
    await settled(office)
    const ofUnit = lessonId(uid(302), first)
    expect(await recordAt('lesson', uid(301))).toBeDefined()
    expect([await recordAt('lesson', ofUnit), await recordAt('month-result', uid(303))]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('of a roster nothing but units does: who joined since gets in, with what waited, once it is imported again', async () => {
    const administrator = await setupPhone(endpoint, '0001')
    await administrator.sync()
    const path = await back()
    await enter('roster-1')
    await administrator.sync()
    const phone = await setupPhone(endpoint, '3001')
    await phone.sync()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    const meeting = await phone.phone.store.put('meeting', {
      ...meetingOf('支部会'),
      unitId: branchId('第三支部'),
    })
    await phone.sync()
    expect([await recordAt('opinion', id), await recordAt('meeting', meeting)]).not.toContain(undefined)
    await restore(endpoint, path)
    await comeBack(administrator)
    expect(await recordAt('unit', branchId('第三支部'))).toBeDefined()
    expect([await rowsOf('membership', '3001'), await rowsOf('role', '3001')]).toEqual([[], []])
    await phone.sync()
    await expect(phone.signIn()).rejects.toThrow('401')
    await enter('roster-2')
    await comeBack(phone)
    await settled(phone, administrator)
    expect([await recordAt('opinion', id), await recordAt('meeting', meeting)]).not.toContain(undefined)
  })
})

/** Signed in already: rounds enough for everything to come to rest. */
async function comeBackAgain(...phones: JourneyPhone[]) {
  for (let round = 0; round < 4; round++)
    for (const p of phones) {
      await p.sync()
      later(2 * 60_000)
    }
}

describe('what waited in the queue', () => {
  it('of a batch whose answer was lost arrives once', async () => {
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    const path = await back()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    phone.line.faults.push({ path: '/api/push', fault: 'answer-lost' })
    await phone.sync()
    phone.line.online = false
    await phone.phone.store.put('opinion', opinion(phone, '又一条'), { id: uid(80) })
    await restore(endpoint, path)
    await comeBack(phone)
    await settled(phone)
    expect([await recordAt('opinion', id), await recordAt('opinion', uid(80))]).not.toContain(undefined)
  })

  it('and was signed with a key that the backup does not know is accepted too', async () => {
    const path = await back()
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    phone.line.online = false
    const id = await signOff(phone)
    await restore(endpoint, path)
    await comeBack(phone)
    await settled(phone)
    expect(await recordAt('sign-off', id)).toBeDefined()
  })

  it('of a draft keeps what was delivered before it, whether or not the backup knows the draft', async () => {
    const phone = await setupPhone(endpoint, '1003')
    await phone.phone.store.edit(
      'note',
      uid(71),
      {},
      { create: { ...noteOf(phone, '第一稿的正文'), quote: '引文' } },
    )
    await phone.sync()
    const path = await back()
    await phone.phone.store.edit('note', uid(71), { text: '第二稿的正文' })
    await phone.phone.store.edit('note', uid(72), {}, { create: noteOf(phone, '备份之后的笔记') })
    await phone.sync()
    phone.line.online = false
    later()
    await phone.phone.store.edit('note', uid(71), { quote: '第三稿的引文' })
    await phone.phone.store.edit('note', uid(72), { paragraph: 9 })
    await restore(endpoint, path)
    await comeBack(phone)
    await settled(phone)
    expect(await fieldsAt('note', uid(71))).toMatchObject({ text: '第二稿的正文', quote: '第三稿的引文' })
    expect(await fieldsAt('note', uid(72))).toMatchObject({ text: '备份之后的笔记', paragraph: 9 })
    expect((await phone.phone.store.get('note', uid(71)))?.fields).toMatchObject({
      text: '第二稿的正文',
      quote: '第三稿的引文',
    })
  })

  it('of content rests on what stands now, when nobody else has written', async () => {
    const officer = await setupPhone(endpoint, '1001')
    await officer.sync()
    const path = await back()
    await officer.phone.store.put('meeting', meetingOf('改过一次'), { id: uid(4) })
    await officer.sync()
    officer.line.online = false
    await officer.phone.store.put('meeting', meetingOf('改过两次'), { id: uid(4) })
    await restore(endpoint, path)
    await comeBack(officer)
    await settled(officer)
    expect((await fieldsAt('meeting', uid(4)))?.title).toBe('改过两次')
  })

  it('of content never overwrites what somebody wrote after the restore, not even under the same revision number', async () => {
    const [officer, other] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
    await officer.sync()
    await other.sync()
    const path = await back()
    await officer.phone.store.put('meeting', meetingOf('改过一次'), { id: uid(4) })
    await officer.sync()
    const { rev } = (await recordAt('meeting', uid(4)))!
    officer.line.online = false
    await officer.phone.store.put('meeting', meetingOf('改过两次'), { id: uid(4) })
    await restore(endpoint, path)
    await comeBack(other)
    await other.phone.store.put('meeting', meetingOf('别人改的'), { id: uid(4) })
    await other.sync()
    // Until the scope reaches the number again on which the waiting edit rests.
    while ((await recordAt('meeting', uid(4)))!.rev < rev) {
      const now = (await fieldsAt('meeting', uid(4)))!
      await endpoint.put(
        'meeting',
        uid(4),
        { ...now, agenda: `${now.agenda as string}+` },
        personIdOf('1007'),
      )
    }
    expect((await recordAt('meeting', uid(4)))!.rev).toBeGreaterThanOrEqual(rev)
    await comeBack(officer)
    expect((await fieldsAt('meeting', uid(4)))?.title).toBe('别人改的')
    const [item] = await officer.phone.db.attention.toArray()
    expect(item).toMatchObject({ code: 'stale-base', fields: { title: '改过两次' } })
  })
})

describe('what stands against it', () => {
  it('content that was published after the backup goes to 需处理 when somebody has changed the older version since', async () => {
    const [officer, other] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
    await other.sync()
    const path = await back()
    await officer.sync()
    await officer.phone.store.put('meeting', meetingOf('送达过的改动'), { id: uid(4) })
    await officer.sync()
    await restore(endpoint, path)
    await comeBack(other)
    await other.phone.store.put('meeting', meetingOf('恢复以后的改动'), { id: uid(4) })
    await other.sync()
    await comeBack(officer)
    expect((await fieldsAt('meeting', uid(4)))?.title).toBe('恢复以后的改动')
    const [item] = await officer.phone.db.attention.toArray()
    expect(item).toMatchObject({ code: 'stale-base', fields: { title: '送达过的改动' } })
  })

  it('a phone that has not seen the newest version does not put its older one over it', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    await a.phone.store.edit('note', uid(73), {}, { create: noteOf(a, '旧的一稿在这里') })
    await a.sync()
    await b.sync()
    later()
    await b.phone.store.edit('note', uid(73), { text: '新的一稿在这里' })
    await b.sync()
    const path = await back()
    await restore(endpoint, path)
    await comeBack(a, b)
    await comeBackAgain(a, b)
    await settled(a, b)
    expect((await fieldsAt('note', uid(73)))?.text).toBe('新的一稿在这里')
    expect((await a.phone.store.get('note', uid(73)))?.fields.text).toBe('新的一稿在这里')
  })

  it('of two phones that hold different versions of a draft from after the backup, the later version stands', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    const path = await back()
    await a.phone.store.edit('note', uid(74), {}, { create: noteOf(a, '旧的一稿在这里') })
    await a.sync()
    await b.sync()
    later()
    await b.phone.store.edit('note', uid(74), { text: '新的一稿在这里' })
    await b.sync()
    await restore(endpoint, path)
    // The one with the newer version first: the older one comes after it and changes nothing.
    await comeBack(b, a)
    await comeBackAgain(b, a)
    await settled(a, b)
    expect((await fieldsAt('note', uid(74)))?.text).toBe('新的一稿在这里')
  })

  it('an edit made after the restore on one phone is not undone by what the other offers', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    const path = await back()
    await a.phone.store.edit('note', uid(75), {}, { create: noteOf(a, '备份后的一稿') })
    await a.sync()
    await b.sync()
    await restore(endpoint, path)
    await comeBack(b)
    await b.phone.store.edit('note', uid(75), { text: '恢复后的一稿' })
    await b.sync()
    await comeBack(a)
    await comeBackAgain(a, b)
    await settled(a, b)
    expect((await fieldsAt('note', uid(75)))?.text).toBe('恢复后的一稿')
  })
})

describe('what was erased after the backup', () => {
  it('comes back neither from the backup nor from a phone, and the ledger says so', async () => {
    const [a, b] = [await setupPhone(endpoint, '1003'), await setupPhone(endpoint, '1003')]
    const old = await a.phone.store.put('opinion', opinion(a, '备份里有'))
    await a.sync()
    await b.sync()
    const path = await back()
    const young = await a.phone.store.put('opinion', opinion(a, '备份里没有'))
    await a.sync()
    await b.sync()
    // Neither phone hears of it before the restore.
    await erase(endpoint, 'opinion', old)
    await erase(endpoint, 'opinion', young)
    await restore(endpoint, path)
    await comeBack(a, b)
    await comeBackAgain(a, b)
    expect([await recordAt('opinion', old), await recordAt('opinion', young)]).toEqual([undefined, undefined])
    for (const p of [a, b]) {
      expect(await p.phone.db.rows('opinion').count()).toBe(0)
      expect(await p.phone.db.outbox.count()).toBe(0)
      expect(await p.phone.db.attention.count()).toBe(0)
    }
    expect(await verdict()).toMatchObject({ ok: true })
  })

  it('does not come back over an empty store either: the journal knows it', async () => {
    const phone = await setupPhone(endpoint, '1003')
    const id = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    const path = await back()
    await erase(endpoint, 'opinion', id)
    const replaced = {
      epoch: '',
      records: 0,
      isEmpty: true,
      heads: new Map(),
      lines: [],
    }
    await restore(endpoint, path, { replaced })
    expect(await recordAt('opinion', id)).toBeUndefined()
    expect(await verdict()).toMatchObject({ ok: true })
  })
})

describe('scopes', () => {
  it('that the restored store does not let the person read leave the phone, and what was theirs there goes to 需处理', async () => {
    const phone = await setupPhone(endpoint, '2002')
    await phone.sync()
    const path = await back()
    // Joined the first branch after the backup, and wrote there.
    const membership = {
      personId: personIdOf('2002'),
      unitId: first,
      name: '马强',
      memberKind: 'full',
      votingRight: true,
      primary: false,
      from: '2026-11-01',
      to: null,
    }
    await endpoint.put('membership', uid(103), membership)
    await phone.sync()
    const shared = {
      personId: personIdOf('2002'),
      name: '马强',
      unitId: first,
      lessonId: uid(1),
      text: '先问一句为什么。',
    }
    const id = await phone.phone.store.put('shared-reflection', shared)
    await phone.sync()
    expect(await recordAt('shared-reflection', id)).toBeDefined()
    expect(await phone.phone.db.rows('meeting').count()).toBe(1)
    await restore(endpoint, path)
    await comeBack(phone)
    expect(await phone.phone.db.rows('meeting').count()).toBe(0)
    const [item, ...rest] = await phone.phone.db.attention.toArray()
    expect([item?.code, item?.fields.text, rest]).toEqual(['forbidden', '先问一句为什么。', []])
  })

  it('what others had delivered and nobody offers is gone from every phone: none shows what the endpoint has not', async () => {
    const [officer, member] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1003')]
    const path = await back()
    const meeting = await officer.phone.store.put('meeting', meetingOf('支部会'))
    await officer.sync()
    await member.sync()
    expect(await member.phone.store.get('meeting', meeting)).toBeDefined()
    await restore(endpoint, path)
    await comeBack(member)
    expect(await member.phone.store.get('meeting', meeting)).toBeUndefined()
    await comeBack(officer)
    await comeBackAgain(member)
    expect(await member.phone.store.get('meeting', meeting)).toBeDefined()
    await settled(officer, member)
  })
})

describe('a phone that was away through everything', () => {
  it('goes on after two restores in a row as if there had been one', async () => {
    const phone = await setupPhone(endpoint, '1003')
    await phone.sync()
    const path = await back()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    phone.line.online = false
    await restore(endpoint, path)
    const second = await back()
    await restore(endpoint, second)
    await comeBack(phone)
    await settled(phone)
    expect(await recordAt('opinion', id)).toBeDefined()
    expect(await verdict()).toMatchObject({ ok: true })
  })

  it('that is killed in the middle of the reload still offers everything', async () => {
    const phone = await setupPhone(endpoint, '1003', { pageLimit: 5 })
    await phone.sync()
    const path = await back()
    const id = await phone.phone.store.put('opinion', opinion(phone))
    await phone.sync()
    await restore(endpoint, path)
    await phone.sync()
    await phone.signIn()
    phone.line.faults.push({ path: '/api/pull', fault: 'answer-lost' })
    await phone.sync()
    await phone.reopen()
    await comeBackAgain(phone)
    await settled(phone)
    expect(await recordAt('opinion', id)).toBeDefined()
  })
})
