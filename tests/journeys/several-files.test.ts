/**
 * A document of three files on real phones: registered without a network, confirmed by a second person, dispatched, read and signed
 * offline, checked from its export, recalled.
 *
 * Guaranteed: what is signed is all three in their order; a sign-off of less counts for nothing and is told to who made it.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { confirmRevision, readDocument } from '../../src/client/features/circulation/desk/useDocuments.ts'
import { makeSignOff } from '../../src/client/features/circulation/sign/sign-off-fact.ts'
import { isHere, readLine, readLines } from '../../src/client/features/circulation/useCirculations.ts'
import { planFiles } from '../../src/client/features/circulation/kept-files/useKeptFiles.ts'
import { signatureHolds } from '../../src/server/auth/signatures.ts'
import { circulationId } from '../../src/shared/circulation/circulation.ts'
import { readBundle, type SealedBundle } from '../../src/shared/circulation/bundle/bundle.ts'
import { verifyBundle } from '../../src/shared/circulation/bundle/verify-bundle.ts'
import { coverageOf } from '../../src/shared/circulation/coverage/coverage.ts'
import type { Revision, RevisionFile } from '../../src/shared/circulation/document/document.ts'
import { MIME_OF_KIND } from '../../src/shared/circulation/intake/file-facts.ts'
import { filesOf } from '../../src/shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../src/shared/circulation/document/signed-sha256.ts'
import { command } from '../server/attack.ts'
import { branchId, connect, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { pdfOf, pngOf, utf8 } from '../support/files/make-files.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'

const FIRST = branchId('第一支部')
let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function phoneOf(staffNo: string): Promise<JourneyPhone> {
  const phone = await setupPhone(endpoint, staffNo)
  await phone.sync()
  return phone
}

/** As the form writes it. */
async function register({ phone }: JourneyPhone): Promise<string> {
  const keep = async (name: string, bytes: Uint8Array, mime: string): Promise<RevisionFile> => ({
    file: { sha256: await phone.blobs.put(bytes, mime), name, mime, sizeBytes: bytes.length },
    pages: null,
    readingSha256: null,
  })
  const revision: Revision = {
    revision: 1,
    ...(await keep('通知.pdf', await pdfOf(['A notice']), MIME_OF_KIND.pdf)),
    attachments: [
      await keep('名单.md', utf8('# 名单\n\n甲、乙'), MIME_OF_KIND.md),
      await keep('示意图.png', pngOf(30, 20), MIME_OF_KIND.png),
    ],
    at: phone.now(),
    note: '',
  }
  return phone.store.put('document', {
    ownerUnitId: 'root',
    documentNo: '办公室〔2026〕40 号',
    title: '关于延时服务的通知',
    issuer: '办公室',
    receivedOn: null,
    urgency: '平件',
    instructions: '',
    nonClassifiedBy: phone.person.id,
    nonClassifiedAt: phone.now(),
    revisions: [revision],
    withdrawn: false,
  })
}

async function sign(p: JourneyPhone, id: string, of = (revision: Revision) => revision): Promise<void> {
  const line = (await readLine(p.phone, id))!
  const fields = await makeSignOff(p.phone, {
    circulationId: id,
    circulation: line.fields,
    revision: of(line.revision),
    personId: p.session.person.id,
    changeId: null,
    mode: 'in-person',
    signature: { kind: 'typed', name: '示例' },
    opinion: '',
  })
  await p.phone.store.put('sign-off', fields)
}

async function exported(staffNo: string, id: string): Promise<SealedBundle> {
  const answer = await (
    await connect(endpoint, staffNo)
  ).send(`/api/office/circulation-bundle?circulationId=${id}`)
  const read = readBundle(await answer.text())
  if (!read.ok) throw new Error(read.sentence)
  return read.bundle
}

it('three files go their way as one, offline at both ends', async () => {
  const publisher = await phoneOf('9001')
  publisher.line.online = false
  const documentId = await register(publisher)
  publisher.line.online = true
  await publisher.sync()
  expect(publisher.phone.delivery.summary.value).toMatchObject({ waiting: 0, attention: 0 })

  const second = await phoneOf('9002')
  const registered = (await readDocument(second.phone, documentId))!
  expect(filesOf(registered.revisions[0]!.revision).map(({ file }) => file.name)).toEqual([
    '通知.pdf',
    '名单.md',
    '示意图.png',
  ])
  await confirmRevision(second.phone, registered, registered.revisions[0]!.revision)
  await second.sync()
  const body = { documentId, unitIds: [FIRST], deadline: '2026-11-30' }
  expect((await command(await connect(endpoint, '9001'), 'dispatch-circulation', body as never)).status).toBe(
    200,
  )

  // A phone that has only two of the three may not sign yet.
  const id = circulationId(documentId, FIRST)
  const member = await phoneOf('1003')
  const { keep } = planFiles(await readLines(member.phone))
  expect(keep).toHaveLength(3)
  const here = new Set<string>()
  for (const sha256 of keep) {
    expect(isHere((await readLine(member.phone, id))!, here)).toBe(false)
    await member.phone.blobs.keep(sha256)
    here.add(sha256)
  }
  member.line.online = false
  const line = (await readLine(member.phone, id))!
  expect(isHere(line, here)).toBe(true)
  for (const { file } of filesOf(line.revision))
    expect((await member.phone.blobs.get(file.sha256))?.size).toBe(file.sizeBytes)
  await sign(member, id)
  member.line.online = true
  await member.sync()
  expect(member.phone.delivery.summary.value).toMatchObject({ waiting: 0, attention: 0 })

  // Another phone signs the first file only: refused, told, counted nowhere.
  const officer = await phoneOf('1001')
  await sign(officer, id, (revision) => ({ ...revision, attachments: undefined }))
  await officer.sync()
  expect(officer.phone.delivery.summary.value.attention).toBe(1)
  const c = (await officer.phone.store.get('circulation', id))!
  const signOffs = await officer.phone.db.records('sign-off').toArray()
  const accepted = signOffs.filter(({ pending }) => pending === 0)
  expect(coverageOf(c, [], accepted)).toMatchObject({ signed: 1 })

  const bundle = await exported('1001', id)
  const known = new Set(bundle.endpointKeys.map((key) => key.id))
  const verdict = await verifyBundle(bundle, signatureHolds, known)
  expect([verdict.seal, verdict.lines.map((l) => [l.fields.sha256, l.findings])]).toEqual([
    'holds',
    [[signedSha256(line.revision), []]],
  ])
  const [revision] = bundle.circulation.fields.revisions
  const [a, b] = revision!.attachments!
  for (const attachments of [[b!, a!], [a!], [a!, b!, b!], undefined]) {
    const forged = structuredClone(bundle)
    forged.circulation.fields.revisions[0]!.attachments = attachments
    const { seal, lines } = await verifyBundle(forged, signatureHolds, known)
    expect([seal, lines[0]!.findings]).toEqual(['broken', ['unknown-revision']])
  }
})

it('a recall takes all three from the phones, and from who asks for one by its hash', async () => {
  const publisher = await phoneOf('9001')
  const documentId = await register(publisher)
  await publisher.sync()
  const second = await phoneOf('9002')
  const registered = (await readDocument(second.phone, documentId))!
  await confirmRevision(second.phone, registered, registered.revisions[0]!.revision)
  await second.sync()
  const office = await connect(endpoint, '9001')
  const sent = { documentId, unitIds: [FIRST], deadline: '2026-11-30' }
  expect((await command(office, 'dispatch-circulation', sent as never)).status).toBe(200)
  const member = await phoneOf('1003')
  const { keep } = planFiles(await readLines(member.phone))
  for (const sha256 of keep) await member.phone.blobs.keep(sha256)
  const recall = { documentId, reason: '附件有误' }
  expect((await command(office, 'recall-circulation', recall as never)).status).toBe(200)
  await member.sync()
  const plan = planFiles(await readLines(member.phone))
  expect([plan.keep, new Set(plan.remove)]).toEqual([[], new Set(keep)])
  const asking = await connect(endpoint, '1003')
  for (const sha256 of keep) expect((await asking.send(`/api/blobs/${sha256}`)).status).toBe(404)
  for (const sha256 of keep) expect((await office.send(`/api/blobs/${sha256}`)).status).toBe(200)
})
