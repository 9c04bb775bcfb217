/**
 * The life of a circulation on real phones: recalled while a sign-off is under way, archived by its last day, asked again by a
 * new revision; and an officer's own circulation, registered, confirmed and dispatched with no network in between.
 *
 * Guaranteed: no sign-off is lost, whatever ends the circulation meanwhile: it is on the endpoint once, or in 需处理.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { circulationItems } from '../../src/client/features/circulation/circulation.today.ts'
import {
  dispatchWithin,
  endWithin,
} from '../../src/client/features/circulation/desk/branch/branch-circulation.ts'
import { confirmRevision, readDocument } from '../../src/client/features/circulation/desk/useDocuments.ts'
import { makeSignOff } from '../../src/client/features/circulation/sign/sign-off-fact.ts'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import { planFiles, removeCopies } from '../../src/client/features/circulation/kept-files/useKeptFiles.ts'
import { readActor } from '../../src/client/storage/actor.ts'
import { DAY_MS } from '../../src/shared/civil-time.ts'
import { circulationId, confirmationId } from '../../src/shared/circulation/circulation.ts'
import type { Revision } from '../../src/shared/circulation/document/document.ts'
import type { SignOff } from '../../src/shared/circulation/signing/sign-off.ts'
import { branchId, connect, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround, uid } from '../support/samples.ts'
import { command } from '../server/attack.ts'

const FIRST = branchId('第一支部')
const DOCUMENT = uid(3)

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const office = async (name: string, body: Record<string, unknown>) => {
  const answer = await command(await connect(endpoint, '9001'), name, {
    documentId: DOCUMENT,
    ...body,
  } as never)
  expect([name, answer.status]).toEqual([name, 200])
}
const lineOf = async (p: JourneyPhone, id = ground.circulation) => (await readLine(p.phone, id))!
const today = async (p: JourneyPhone) => {
  const actor = await readActor(p.phone.db, p.session.person.id, p.phone.now())
  return (await circulationItems(p.phone, actor, p.phone.now())).map((item) => item.title)
}
/** As the page does it, without looking at the clock of anybody else. */
async function sign(p: JourneyPhone, id = ground.circulation): Promise<void> {
  const line = await lineOf(p, id)
  const fields = await makeSignOff(p.phone, {
    circulationId: line.id,
    circulation: line.fields,
    revision: line.revision,
    personId: p.session.person.id,
    changeId: null,
    mode: 'in-person',
    signature: { kind: 'typed', name: '示例' },
    opinion: '已阅，照办。',
  } as Parameters<typeof makeSignOff>[1])
  await p.phone.store.put('sign-off', fields)
}
async function signOffs(id = ground.circulation): Promise<SignOff[]> {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['sign-off'] }))
  return rows.map((r) => JSON.parse(r.fields) as SignOff).filter((s) => s.circulationId === id)
}
async function phoneOf(staffNo: string): Promise<JourneyPhone> {
  const phone = await setupPhone(endpoint, staffNo)
  await phone.sync()
  return phone
}
const REASON = '附件有误'

describe('a recall', () => {
  it('keeps what was signed before it and arrives after it; the copies go, the record stays', async () => {
    const member = await phoneOf('1003')
    await member.phone.blobs.keep(ground.sha256)
    member.line.online = false
    await sign(member)
    endpoint.clock.advance(60_000)
    await office('recall-circulation', { reason: REASON })
    member.line.online = true
    await member.sync()

    const [stored] = await signOffs()
    expect(stored).toMatchObject({ personId: personIdOf('1003'), opinion: '已阅，照办。' })
    expect(member.phone.delivery.summary.value).toMatchObject({ attention: 0, waiting: 0 })
    await member.sync()
    const line = await lineOf(member)
    expect([line.state, line.fields.stateReason, line.signOffs.length]).toEqual(['recalled', REASON, 1])
    await removeCopies(member.phone, planFiles([line]).remove)
    expect(await member.phone.blobs.has(ground.sha256)).toBe(false)
    await expect(member.phone.blobs.keep(ground.sha256)).rejects.toThrow()
    expect(await today(member)).toEqual([])
  })

  it('refuses what was signed after it, in 需处理 with all that was written', async () => {
    const member = await phoneOf('1003')
    member.line.online = false
    await office('recall-circulation', { reason: REASON })
    endpoint.clock.advance(60_000)
    await sign(member)
    member.line.online = true
    await member.sync()

    expect(await signOffs()).toEqual([])
    const [item] = await member.phone.db.attention.toArray()
    expect([item!.code, item!.sentence]).toEqual([
      'circulation-recalled',
      '这份文件已撤回，不用再签，签字没有收下。你写的还在。',
    ])
    expect(item!.fields).toMatchObject({ opinion: '已阅，照办。' })
  })
})

describe('an archive', () => {
  it('comes with the day after the last one, on phone and endpoint alike, and takes what was signed under way', async () => {
    await office('dispatch-circulation', {
      unitIds: [FIRST],
      deadline: '2026-11-24',
      expiresOn: '2026-11-24',
    })
    const [member, officer] = [await phoneOf('1003'), await phoneOf('1001')]
    expect([(await lineOf(member)).state, (await today(officer)).length]).toEqual(['waiting', 2])
    member.line.online = officer.line.online = false
    await sign(member)
    endpoint.clock.advance(2 * DAY_MS)
    // No network, no job: the phone's own calendar.
    expect([(await lineOf(member)).state, (await lineOf(officer)).state]).toEqual(['archived', 'archived'])
    expect([await today(member), await today(officer)]).toEqual([[], []])

    member.line.online = officer.line.online = true
    await member.sync()
    expect(await signOffs()).toHaveLength(1)
    expect(member.phone.delivery.summary.value.attention).toBe(0)
    await officer.sync()
    const line = await lineOf(officer)
    expect(line.state).toBe('archived')
    expect(planFiles([line])).toMatchObject({ keep: [], remove: [], free: [ground.sha256] })
    // Freed on the phone, not lost: the endpoint still gives it.
    await officer.phone.blobs.keep(ground.sha256)
    expect(await officer.phone.blobs.has(ground.sha256)).toBe(true)
  })

  it('by hand is the same, and a new dispatch asks again', async () => {
    const member = await phoneOf('1003')
    await office('close-circulation', {})
    await member.sync()
    expect((await lineOf(member)).state).toBe('archived')
    await office('dispatch-circulation', { unitIds: [FIRST], deadline: '2026-12-01' })
    await member.sync()
    expect((await lineOf(member)).state).toBe('waiting')
  })
})

it('a new revision asks again whoever signed the older one, whose sign-off stays; the text of both can be had', async () => {
  const member = await phoneOf('1003')
  await sign(member)
  await member.sync()
  expect((await lineOf(member)).state).toBe('signed')

  const bytes = new TextEncoder().encode('# 示例文件\n\n第一段，改过。\n')
  const sha256 = await endpoint.putFile(bytes, 'text/markdown', 'desk:root')
  const file = { ...ground.file, sha256, sizeBytes: bytes.length }
  const revision = { ...ground.revision, revision: 2, file, note: '改了第一段' }
  const document = await endpoint.store.read((tx) => tx.record('document', DOCUMENT))
  const fields = JSON.parse(document!.fields) as { revisions: unknown[] }
  await endpoint.put('document', DOCUMENT, { ...fields, revisions: [...fields.revisions, revision] } as never)
  await endpoint.put('document-confirmation', confirmationId(DOCUMENT, 2), {
    ownerUnitId: 'root',
    documentId: DOCUMENT,
    revision: 2,
    sha256,
    confirmedBy: personIdOf('9002'),
  })
  await office('dispatch-circulation', { unitIds: [FIRST], deadline: '2026-12-01' })
  await member.sync()
  const line = await lineOf(member)
  expect([line.state, line.revision.note, line.signOffs.map((s) => s.fields.revision)]).toEqual([
    'outdated',
    '改了第一段',
    [1],
  ])
  expect(await today(member)).toEqual(['1 份文件待签'])
  for (const r of line.fields.revisions) await member.phone.blobs.keep(r.file.sha256)
  await sign(member)
  await member.sync()
  expect((await signOffs()).map((s) => s.revision).sort()).toEqual([1, 2])
})

describe("a branch's own circulation", () => {
  const text = new TextEncoder().encode('# 支部活动安排\n\n周五下午三点，二楼会议室。\n')

  /** As the form does it. */
  async function register(p: JourneyPhone): Promise<string> {
    const sha256 = await p.phone.blobs.put(text, 'text/markdown')
    const file = { sha256, name: '活动安排.md', mime: 'text/markdown', sizeBytes: text.length }
    const revision: Revision = {
      revision: 1,
      file,
      pages: null,
      readingSha256: null,
      at: p.phone.now(),
      note: '',
    }
    return p.phone.store.put('document', {
      ownerUnitId: FIRST,
      documentNo: '',
      title: '支部活动安排',
      issuer: '第一支部',
      nonClassifiedBy: p.session.person.id,
      nonClassifiedAt: p.phone.now(),
      revisions: [revision],
    })
  }
  const confirm = async (p: JourneyPhone, id: string) => {
    const line = (await readDocument(p.phone, id))!
    await confirmRevision(p.phone, line, line.revisions[0]!.revision)
  }
  const send = (p: JourneyPhone, id: string) =>
    dispatchWithin(p.phone, id, { deadline: '2026-11-30', expiresOn: null })

  it('is registered offline, waits for the second person, is dispatched offline, read and signed; once, however often', async () => {
    const secretary = await phoneOf('1001')
    const second = await phoneOf('1007')
    const member = await phoneOf('1003')
    secretary.line.online = false
    const id = await register(secretary)
    // Nothing goes out before a second person has confirmed, and the own hand does not count.
    expect(await send(secretary, id)).toMatchObject({ type: 'refused' })
    await confirm(secretary, id)
    secretary.line.online = true
    await secretary.sync()
    expect((await secretary.phone.db.attention.toArray()).map((a) => a.code)).toEqual(['same-person'])

    await second.sync()
    second.line.online = false
    await confirm(second, id)
    expect(await send(secretary, id)).toMatchObject({ type: 'refused' })
    second.line.online = true
    // The answer to the confirmation is lost: it is sent again, and stands once.
    second.line.faults.push({ path: '/api/push', fault: 'answer-lost' })
    await second.sync().catch(() => undefined)
    await second.sync()

    await secretary.sync()
    secretary.line.online = false
    expect(await send(secretary, id)).toEqual({ type: 'sent' })
    expect(await send(secretary, id)).toEqual({ type: 'sent' })
    const circulation = circulationId(id, FIRST)
    expect((await lineOf(secretary, circulation)).state).toBe('waiting')
    secretary.line.online = true
    secretary.line.faults.push({ path: '/api/push', fault: 'answer-lost' })
    await secretary.sync().catch(() => undefined)
    await secretary.sync()
    expect(secretary.phone.delivery.summary.value).toMatchObject({ waiting: 0 })

    await member.sync()
    const line = await lineOf(member, circulation)
    expect(line.fields.recipients.map((r) => r.name).sort()).toEqual(
      ['李明', '王芳', '赵磊', '周敏', '郑洁', '陈静'].sort(),
    )
    await member.phone.blobs.keep(line.revision.file.sha256)
    expect(await (await member.phone.blobs.get(line.revision.file.sha256))!.text()).toContain('周五下午')
    await sign(member, circulation)
    await member.sync()
    expect(await signOffs(circulation)).toHaveLength(1)
    const rows = await endpoint.store.read((tx) => tx.records({ types: ['circulation'] }))
    expect(rows.filter((r) => r.fields.includes(id))).toHaveLength(1)
  })

  it('of two officers who dispatch at the same time one is taken, the other is told; recalled offline it goes when it arrives', async () => {
    const [secretary, second] = [await phoneOf('1001'), await phoneOf('1007')]
    const id = await register(secretary)
    await secretary.sync()
    await second.sync()
    await confirm(second, id)
    await second.sync()
    await secretary.sync()
    secretary.line.online = second.line.online = false
    expect([await send(secretary, id), await send(second, id)]).toEqual([{ type: 'sent' }, { type: 'sent' }])
    secretary.line.online = second.line.online = true
    await secretary.sync()
    await second.sync()
    expect((await second.phone.db.attention.toArray()).map((a) => [a.type, a.code])).toEqual([
      ['circulation', 'stale-base'],
    ])
    const circulation = circulationId(id, FIRST)
    expect((await lineOf(second, circulation)).fields.dispatchedBy).toBe(personIdOf('1001'))

    const member = await phoneOf('1003')
    const { sha256 } = (await lineOf(member, circulation)).revision.file
    await member.phone.blobs.keep(sha256)
    await secretary.sync()
    secretary.line.online = false
    await endWithin(secretary.phone, circulation, 'recalled', '时间有变')
    await member.sync()
    expect((await lineOf(member, circulation)).state).toBe('waiting')
    secretary.line.online = true
    await secretary.sync()
    await member.sync()
    const line = await lineOf(member, circulation)
    expect([line.state, line.fields.stateReason, line.fields.stateBy]).toEqual([
      'recalled',
      '时间有变',
      personIdOf('1001'),
    ])
    await removeCopies(member.phone, planFiles([line]).remove)
    await expect(member.phone.blobs.keep(sha256)).rejects.toThrow()
  })
})
