/**
 * Files of minutes on real phones: added with no network by a recorder who is no officer, handed over, seen and confirmed by the chair on
 * another phone, read by a member, checked from the export.
 *
 * Guaranteed: what is confirmed are these files and no other; before that only officers, the chair and the recorder get them, afterwards the
 * unit; a file that cannot be sent holds back its own record only; one that is refused takes no word of the draft along.
 */
import 'fake-indexeddb/auto'
import { effectScope, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMeeting } from '../../src/client/features/meetings/detail/read-meeting.ts'
import { changesTo, filesIn } from '../../src/client/features/meetings/minutes/attachments/draft-files.ts'
import { dropBytes } from '../../src/client/features/meetings/minutes/attachments/drop-bytes.ts'
import {
  confirmMinutes,
  proposeMinutes,
  sendBack,
} from '../../src/client/features/meetings/minutes/minutes-acts.ts'
import { minutesFacts } from '../../src/client/features/meetings/minutes/minutes-facts.ts'
import { useTakenFiles } from '../../src/client/ui/files/taken-files.ts'
import { signatureHolds } from '../../src/server/auth/signatures.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import type { FileRef } from '../../src/shared/fields.ts'
import { readMeetingBundle, type SealedMeeting } from '../../src/shared/meetings/bundle/bundle.ts'
import { namedFiles } from '../../src/shared/meetings/bundle/named-files.ts'
import { holdingMinutes, meetingHolds, verifyMeeting } from '../../src/shared/meetings/bundle/verify.ts'
import { minutesDraftId } from '../../src/shared/meetings/minutes/draft.ts'
import { fixedMinutesId } from '../../src/shared/meetings/minutes/minutes.ts'
import { fileScope, unitScope } from '../../src/shared/sync/scopes.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { jpegOf, pdfOf, utf8 } from '../support/files/make-files.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'

const unitId = branchId('第一支部')
const MEETING = 'meeting-with-files'
const [chair, recorder] = ['1001', '1003'].map(personIdOf) as [string, string]
const DRAFT = minutesDraftId(MEETING, recorder)

let endpoint: TestEndpoint
let writer: JourneyPhone
let scope: EffectScope
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await endpoint.put('meeting', MEETING, {
    unitId,
    kindId: meetingKindId('支部党员大会'),
    title: '支部党员大会',
    date: '2026-11-23',
    sittings: [{ id: 's1', name: '晚班场', startsAt: MONDAY, place: '三楼' }],
    chairId: chair,
    recorderId: recorder,
  })
  writer = await phoneOf('1003')
  scope = effectScope()
})
afterEach(async () => {
  scope.stop()
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function phoneOf(staffNo: string): Promise<JourneyPhone> {
  const phone = await setupPhone(endpoint, staffNo)
  await phone.sync()
  return phone
}
const draftOn = async ({ phone }: JourneyPhone) => (await phone.store.get('minutes-draft', DRAFT))?.fields
const viewOn = async ({ phone }: JourneyPhone) => (await readMeeting(phone, MEETING))!

/** As the field takes them from the phone: the refusals that it shows. */
async function add(p: JourneyPhone, ...files: File[]): Promise<readonly string[]> {
  const { phone } = p
  const list = ref<FileRef[]>(filesIn(await draftOn(p)))
  const taken = scope.run(() =>
    useTakenFiles(list, () => ({
      most: 20,
      mostBytes: 50 * 1024 * 1024,
      counter: '个附件',
      keep: (bytes, mime) => phone.blobs.put(bytes, mime),
    })),
  )!
  await taken.take(files)
  await writeFiles(p, list.value)
  return taken.refusals.value
}
async function writeFiles(p: JourneyPhone, next: readonly FileRef[]): Promise<void> {
  const create = { unitId, meetingId: MEETING, writerId: recorder, writerName: '王芳', title: '' }
  const changes = changesTo(await draftOn(p), next, p.phone.now())
  await p.phone.store.edit(
    'minutes-draft',
    DRAFT,
    { 'sections/text/text': '议定两项。', ...changes },
    { create },
  )
}
async function propose(p: JourneyPhone, body = '议定两项。'): Promise<string> {
  const { meeting } = await viewOn(p)
  const before = (await draftOn(p))?.proposalId
  return proposeMinutes(p.phone, meeting, body, before == null ? [] : [before], filesIn(await draftOn(p)))
}
async function confirm(p: JourneyPhone, proposalId: string): Promise<void> {
  const view = await viewOn(p)
  const proposal = view.open.find(({ id }) => id === proposalId)!
  await confirmMinutes(p.phone, view.meeting, proposal, minutesFacts(view))
}
const photo = (name = '签到表.jpg', bytes: Uint8Array<ArrayBuffer> = jpegOf(40, 30)) =>
  new File([bytes], name, { type: 'image/jpeg' })
const textFile = (name: string, text: string) => new File([utf8(text)], name, { type: 'text/plain' })
/** Whether the endpoint gives the bytes. */
async function reads(p: JourneyPhone, sha256: string): Promise<boolean> {
  const { status } = await p.fetch(`/api/blobs/${sha256}`)
  expect([200, 404]).toContain(status)
  return status === 200
}
const at = (p: JourneyPhone) => p.phone.db

it('from the recorder’s phone without a network to the chair, the members and the file that is checked', async () => {
  writer.line.online = false
  const pdf = new File([new Uint8Array(await pdfOf(['Decision']))], '决定.pdf', { type: 'application/pdf' })
  expect(await add(writer, photo(), pdf)).toEqual([])
  const proposalId = await propose(writer)
  const files = filesIn(await draftOn(writer))
  expect(files.map(({ name }) => name)).toEqual(['签到表.jpg', '决定.pdf'])

  const boss = await phoneOf('1001')
  const member = await phoneOf('1004')
  // A file that found no network is tried again after a minute.
  endpoint.clock.advance(61_000)
  writer.line.online = true
  await writer.sync()
  expect(await at(writer).outbox.toArray()).toEqual([])
  expect(await at(writer).attention.toArray()).toEqual([])
  const [first, second] = files as [FileRef, FileRef]

  await boss.sync()
  await member.sync()
  const proposal = (await viewOn(boss)).open.find(({ id }) => id === proposalId)!
  expect(proposal.fields.files).toEqual(files)
  await boss.phone.blobs.keep(first.sha256)
  expect((await boss.phone.blobs.get(first.sha256))?.size).toBe(first.sizeBytes)
  // Before it is fixed: officers and the recorder; no other member.
  expect(await reads(await phoneOf('1007'), second.sha256)).toBe(true)
  expect(await reads(writer, second.sha256)).toBe(true)
  expect(await reads(member, second.sha256)).toBe(false)

  boss.line.online = false
  await confirm(boss, proposalId)
  boss.line.online = true
  await boss.sync()
  expect(await at(boss).attention.toArray()).toEqual([])
  await member.sync()
  const fixed = (await viewOn(member)).fixed!
  expect(fixed.fields.files).toEqual(files)
  await member.phone.blobs.keep(second.sha256)
  expect((await member.phone.blobs.get(second.sha256))?.size).toBe(second.sizeBytes)
  // Another unit's member gets neither.
  const stranger = await phoneOf('2001')
  for (const { sha256 } of files) expect(await reads(stranger, sha256)).toBe(false)

  const asked = await boss.fetch(`/api/office/meeting-bundle?meetingId=${MEETING}`)
  const bundle = (await asked.json()) as SealedMeeting
  const read = readMeetingBundle(bundle)
  if (!read.ok) throw new Error(read.sentence)
  const verdict = await verifyMeeting(read, signatureHolds, null)
  expect(verdict.confirmed).toMatchObject([{ about: 'minutes', isSigned: true, findings: [] }])
  expect(meetingHolds(verdict)).toBe(true)
  expect(
    namedFiles(read.bundle, holdingMinutes(verdict)).map(({ name, sha256 }) => ({ name, sha256 })),
  ).toEqual(files.map(({ name, sha256 }) => ({ name, sha256 })))
})

it('the same file twice is one; an empty, a marked and a twenty-first are refused by name, and the others stay', async () => {
  expect(await add(writer, photo(), photo('又一张.jpg'))).toEqual([
    '“又一张.jpg”和“签到表.jpg”内容相同，没有重复加上。',
  ])
  expect(await add(writer, photo())).toEqual(['“签到表.jpg”已经在里面。'])
  expect(await add(writer, new File([], '空.txt'), textFile('机密名单.txt', '甲'))).toEqual([
    '“空.txt”是空的，没有加上。请重新选一个。',
    '“机密名单.txt”的名称带有“机密”字样，没有加上。涉密文件不得进入本系统。',
  ])
  const more = Array.from({ length: 20 }, (_, n) => textFile(`${n}.txt`, `第 ${n} 份`))
  expect(await add(writer, ...more)).toEqual(['最多 20 个附件，有 1 个文件没有加上。请先移除不用的。'])
  expect(filesIn(await draftOn(writer))).toHaveLength(20)
})

it('a file taken out before it is handed over is nowhere: no name in the draft, no bytes on the phone, none at the endpoint', async () => {
  await add(writer, photo(), textFile('不要的.txt', '写错了'))
  const [keep, gone] = filesIn(await draftOn(writer)) as [FileRef, FileRef]
  await writeFiles(writer, [keep])
  await dropBytes(writer.phone, gone.sha256)
  expect(await writer.phone.blobs.has(gone.sha256)).toBe(false)
  expect(await writer.phone.blobs.has(keep.sha256)).toBe(true)
  expect(JSON.stringify(await draftOn(writer))).not.toContain('不要的')
  await propose(writer)
  await writer.sync()
  expect(await endpoint.store.read((tx) => tx.blob(gone.sha256))).toBeUndefined()
  const sent = ['minutes-draft', 'minutes-proposal']
  const rows = await endpoint.store.read((tx) => tx.records({ types: sent }))
  expect(rows).toHaveLength(2)
  expect(JSON.stringify(rows)).not.toContain('不要的')
  // What is handed over is not dropped, also before it is sent.
  await dropBytes(writer.phone, keep.sha256)
  expect(await writer.phone.blobs.has(keep.sha256)).toBe(true)
})

it('a photo of 12 MB that does not get through holds back its own record, and nothing else', async () => {
  const bytes = new Uint8Array(12 * 1024 * 1024)
  // Within the picture: what stands behind its end does not come along.
  bytes.set(jpegOf(40, 30).subarray(0, -2))
  bytes.set([0xff, 0xd9], bytes.length - 2)
  expect(await add(writer, photo('现场.jpg', bytes))).toEqual([])
  const [file] = filesIn(await draftOn(writer)) as [FileRef]
  expect(file.sizeBytes).toBeGreaterThan(12_000_000)
  const proposalId = await propose(writer)
  writer.line.faults = [{ path: '/api/blobs/', fault: 'request-lost' }]
  await writer.sync()
  expect((await at(writer).outbox.toArray()).map(({ type }) => type)).toEqual(['minutes-proposal'])
  const there = await endpoint.store.read((tx) => tx.record('minutes-draft', DRAFT))
  expect(there?.fields).toContain('议定两项。')
  expect(await endpoint.store.read((tx) => tx.record('minutes-proposal', proposalId))).toBeUndefined()
  endpoint.clock.advance(61_000)
  await writer.sync()
  expect(await at(writer).outbox.toArray()).toEqual([])
  const boss = await phoneOf('1001')
  await boss.phone.blobs.keep(file.sha256)
  expect((await boss.phone.blobs.get(file.sha256))?.size).toBe(file.sizeBytes)
})

it('a file that the endpoint refuses: nobody gets it, the draft keeps every word, and without it the minutes go on', async () => {
  await add(writer, textFile('通知.txt', '秘密★1年\n\n关于值班安排的通知'), photo())
  const [marked, good] = filesIn(await draftOn(writer)) as [FileRef, FileRef]
  const first = await propose(writer)
  await writer.sync()
  expect(await at(writer).attention.toArray()).toMatchObject([
    { type: 'minutes-proposal', id: first, code: 'secrecy-mark' },
  ])
  expect(await draftOn(writer)).toMatchObject({ sections: { text: { text: '议定两项。' } } })
  expect((await endpoint.store.read((tx) => tx.blob(marked.sha256)))?.complete).not.toBe(true)
  await writeFiles(writer, [good])
  const second = await propose(writer)
  await writer.sync()
  const boss = await phoneOf('1001')
  expect((await viewOn(boss)).open.map(({ id }) => id)).toEqual([second])
})

it('sent back, the minutes keep their files: handed over again to another chair, from the recorder’s other phone', async () => {
  await add(writer, photo())
  const [file] = filesIn(await draftOn(writer)) as [FileRef]
  const first = await propose(writer)
  await writer.sync()
  const boss = await phoneOf('1001')
  const standing = (await viewOn(boss)).open.find(({ id }) => id === first)!
  await sendBack(boss.phone, standing, '请补上第二项')
  await boss.sync()
  const meeting = (await viewOn(boss)).meeting.fields
  await endpoint.put('meeting', MEETING, { ...meeting, chairId: personIdOf('1004') })

  const other = await phoneOf('1003')
  expect(filesIn(await draftOn(other))).toEqual([file])
  expect(await reads(other, file.sha256)).toBe(true)
  const again = await propose(other, '议定两项，补上了。')
  await other.sync()
  expect(await at(other).attention.toArray()).toEqual([])
  const newChair = await phoneOf('1004')
  await newChair.phone.blobs.keep(file.sha256)
  await confirm(newChair, again)
  await newChair.sync()
  expect(await at(newChair).attention.toArray()).toEqual([])
  const row = await endpoint.store.read((tx) => tx.record('minutes', fixedMinutesId(MEETING)))
  expect(JSON.parse(row!.fields)).toMatchObject({ files: [file] })
  const scopes = await endpoint.store.read((tx) => tx.blobScopes(file.sha256))
  expect(scopes).toEqual(
    expect.arrayContaining([
      unitScope(unitId),
      fileScope(unitId, personIdOf('1004')),
      fileScope(unitId, recorder),
    ]),
  )
})
