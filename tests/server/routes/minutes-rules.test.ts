/**
 * Guarantee: minutes become fixed only by the word of somebody who did not write them: the chair; where the chair wrote them, or
 * none is named, another officer. What is fixed is what the recorder wrote, word for word, once, and nobody changes it. Attacked
 * here by the wire, as a client would that keeps to none of it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseRecord } from '../../../src/server/commands/erase-record.ts'
import { correctionId, correctionStatement } from '../../../src/shared/meetings/minutes/correction.ts'
import { minutesDraftId } from '../../../src/shared/meetings/minutes/draft.ts'
import { fixedMinutesId, minutesStatement } from '../../../src/shared/meetings/minutes/minutes.ts'
import { canonicalJson, sha256Hex } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { fileScope, unitScope } from '../../../src/shared/sync/scopes.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { connectWithKey, fieldsOf, queueOf } from '../attack.ts'

const unitId = branchId('第一支部')
const [chair, other, recorder, member] = ['1001', '1007', '1003', '1004'].map(personIdOf) as [
  string,
  string,
  string,
  string,
]
const MEETING = 'meeting-of-minutes'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
  await putMeeting()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const putMeeting = (over: object = {}) =>
  endpoint.put('meeting', MEETING, {
    unitId,
    kindId: 'kind',
    title: '支部党员大会',
    date: '2026-11-23',
    sittings: [
      { id: 's1', name: '早班场', startsAt: MONDAY, place: '' },
      { id: 's2', name: '晚班场', startsAt: MONDAY, place: '' },
    ],
    chairId: chair,
    recorderId: recorder,
    ...over,
  })

const as = (staffNo: string) => queueOf(endpoint, staffNo)
async function offer(staffNo: string, type: string, id: string, fields: object) {
  const { status, code } = await (await as(staffNo)).offer({ type, id, fields: fields as JsonObject })
  return code === undefined ? status : `${status} ${code}`
}

const draft = (writerId: string) => ({ unitId, meetingId: MEETING, writerId, title: '大会', sections: {} })
const proposal = (over: object = {}) => ({
  unitId,
  meetingId: MEETING,
  title: '支部党员大会',
  about: 'minutes',
  keeperId: chair,
  writerId: recorder,
  body: '议定两项。',
  proposedAt: MONDAY,
  ...over,
})
const fixed = (over: object = {}) => ({
  unitId,
  meetingId: MEETING,
  title: '支部党员大会',
  stage: 'fixed' as const,
  body: '议定两项。',
  proposalId: 'p1',
  writerId: recorder,
  confirmedBy: chair,
  confirmedAt: MONDAY,
  facts: null,
  keyId: null,
  deviceSignature: null,
  ...over,
})
const ID = fixedMinutesId(MEETING)

describe('a draft', () => {
  it('is written by the recorder who is no officer, and by officers; by nobody else, and for nobody else', async () => {
    expect(await offer('1003', 'minutes-draft', minutesDraftId(MEETING, recorder), draft(recorder))).toBe(
      'accepted',
    )
    expect(await offer('1007', 'minutes-draft', minutesDraftId(MEETING, other), draft(other))).toBe(
      'accepted',
    )
    expect(await offer('1004', 'minutes-draft', 'd-member', draft(member))).toBe('rejected forbidden')
    expect(await offer('1007', 'minutes-draft', 'd-forged', draft(recorder))).toBe('rejected forbidden')
    // An officer of the group below is none of the branch.
    expect(await offer('1002', 'minutes-draft', 'd-group', draft(personIdOf('1002')))).toBe(
      'rejected forbidden',
    )
    expect(await offer('2001', 'minutes-draft', 'd-far', draft(personIdOf('2001')))).toBe(
      'rejected forbidden',
    )
  })

  it('of another recorder is another record: the officer’s draft leaves the recorder’s alone', async () => {
    const id = minutesDraftId(MEETING, recorder)
    await offer('1003', 'minutes-draft', id, { ...draft(recorder), sections: { a1: { text: '王芳写的' } } })
    expect(await offer('1007', 'minutes-draft', id, { sections: { a1: { text: '别人写的' } } })).toContain(
      'rejected',
    )
    expect(await fieldsOf(endpoint, 'minutes-draft', id)).toMatchObject({
      sections: { a1: { text: '王芳写的' } },
    })
  })
})

describe('a proposal', () => {
  it('lies in the file of the chair, and only the writer makes it', async () => {
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal())).toBe('accepted')
    expect(await offer('1007', 'minutes-proposal', 'p2', proposal())).toBe('rejected forbidden')
    expect(await offer('1004', 'minutes-proposal', 'p3', proposal({ writerId: member }))).toBe(
      'rejected forbidden',
    )
    expect(await offer('1003', 'minutes-proposal', 'p4', proposal({ keeperId: recorder }))).toBe(
      'rejected frozen',
    )
    expect(await offer('1003', 'minutes-proposal', 'p5', proposal({ body: ' ' }))).toBe(
      'rejected invalid-fields',
    )
    expect(await offer('1003', 'minutes-proposal', 'p6', proposal({ about: 'correction' }))).toBe(
      'rejected reason-required',
    )
  })

  it('of a chair who was replaced meanwhile is refused with what to do', async () => {
    await putMeeting({ chairId: other })
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal())).toBe('rejected frozen')
  })
})

describe('fixed minutes', () => {
  beforeEach(async () => {
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal())).toBe('accepted')
  })

  it('are the chair’s word, once, whatever id they come under, and nobody changes them', async () => {
    expect(await offer('1001', 'minutes', ID, fixed())).toBe('accepted')
    expect(await offer('1001', 'minutes', 'another-id', fixed())).toBe('rejected already-recorded')
    const again = await (
      await as('1001')
    ).offer({
      type: 'minutes',
      id: ID,
      fields: fixed({ title: '改过的' }) as unknown as JsonObject,
      baseRev: 999,
    })
    expect(again.status).toBe('rejected')
    const rev = (await endpoint.store.read((tx) => tx.record('minutes', ID)))!.rev
    const onTop = await (
      await as('1001')
    ).offer({
      type: 'minutes',
      id: ID,
      fields: fixed({ title: '改过的' }) as unknown as JsonObject,
      baseRev: rev,
    })
    expect(onTop.code).toBe('already-recorded')
    expect(await fieldsOf(endpoint, 'minutes', ID)).toMatchObject({ title: '支部党员大会' })
  })

  it.each([
    ['another officer', '1007', { confirmedBy: other }, 'not-confirmed'],
    ['the writer', '1003', { confirmedBy: recorder }, 'same-person'],
    ['a member', '1004', { confirmedBy: member }, 'not-confirmed'],
    ['an officer in the chair’s name', '1007', {}, 'forbidden'],
    ['the chair, with other words', '1001', { body: '议定三项。' }, 'forbidden'],
    ['the chair, under another writer', '1001', { writerId: other }, 'forbidden'],
    [
      'an officer, as an older app did',
      '1007',
      { proposalId: null, writerId: null, confirmedBy: other },
      'not-confirmed',
    ],
    ['of another meeting', '1001', { meetingId: 'nowhere' }, 'missing-parent'],
  ])('are not fixed by %s', async (_, staffNo, over, code) => {
    expect(await offer(staffNo, 'minutes', ID, fixed(over))).toContain(code)
    expect(await fieldsOf(endpoint, 'minutes', ID)).toBeUndefined()
  })

  it('are confirmed by another officer where the chair wrote them', async () => {
    const own = proposal({ writerId: chair })
    expect(await offer('1001', 'minutes-proposal', 'p9', own)).toBe('accepted')
    const by = (person: string) => fixed({ proposalId: 'p9', writerId: chair, confirmedBy: person })
    expect(await offer('1001', 'minutes', ID, by(chair))).toBe('rejected same-person')
    expect(await offer('1003', 'minutes', ID, by(recorder))).toBe('rejected not-confirmed')
    expect(await offer('1007', 'minutes', ID, by(other))).toBe('accepted')
  })

  it('a chair who is no officer confirms, and another officer does not instead', async () => {
    await putMeeting({ chairId: member })
    const toMember = proposal({ keeperId: member })
    expect(await offer('1003', 'minutes-proposal', 'p8', toMember)).toBe('accepted')
    expect(await offer('1001', 'minutes', ID, fixed({ proposalId: 'p8' }))).toBe('rejected not-confirmed')
    expect(await offer('1004', 'minutes', ID, fixed({ proposalId: 'p8', confirmedBy: member }))).toBe(
      'accepted',
    )
  })

  it('signed before there were files, they are taken as ever: nothing is added to what is signed', async () => {
    const { keyId, key } = await connectWithKey(endpoint, '1001')
    const plain = fixed({ keyId })
    // As the app of before made it, word for word.
    const textSha256 = sha256Hex(canonicalJson({ title: plain.title, body: plain.body, facts: null }))
    const before = canonicalJson({
      purpose: 'window-hall/minutes',
      version: 1,
      unit: unitId,
      meeting: MEETING,
      proposal: 'p1',
      writer: recorder,
      textSha256,
      confirmedBy: chair,
      confirmedAt: MONDAY,
      key: keyId,
    })
    expect(minutesStatement(plain as never)).toBe(before)
    const deviceSignature = await key.sign(before)
    expect(await offer('1001', 'minutes', ID, fixed({ keyId, deviceSignature }))).toBe('accepted')
    expect(await fieldsOf(endpoint, 'minutes', ID)).not.toHaveProperty('files')
  })

  it('a device signature that is not over these very words and facts is refused', async () => {
    const { keyId, key } = await connectWithKey(endpoint, '1001')
    const plain = fixed({ keyId })
    const deviceSignature = await key.sign(minutesStatement(plain as never))
    const altered = fixed({ keyId, deviceSignature, title: '另一场会' })
    expect(await offer('1001', 'minutes', ID, altered)).toBe('rejected bad-signature')
    expect(await offer('1001', 'minutes', ID, fixed({ keyId, deviceSignature }))).toBe('accepted')
  })

  it('sent back: by who may confirm, with a sentence', async () => {
    const back = (over: object = {}) => ({
      unitId,
      meetingId: MEETING,
      proposalId: 'p1',
      writerId: recorder,
      returnedBy: chair,
      sentence: '第二项请写上完成时间。',
      ...over,
    })
    expect(await offer('1007', 'minutes-return', 'b1', back({ returnedBy: other }))).toBe(
      'rejected forbidden',
    )
    expect(await offer('1003', 'minutes-return', 'b2', back({ returnedBy: recorder }))).toBe(
      'rejected forbidden',
    )
    expect(await offer('1001', 'minutes-return', 'b3', back({ sentence: ' ' }))).toBe(
      'rejected invalid-fields',
    )
    expect(await offer('1001', 'minutes-return', 'b4', back())).toBe('accepted')
  })
})

describe('files of minutes', () => {
  const bytes = new TextEncoder().encode('签到')
  const send = async (staffNo: string, sha256: string, scope: string) =>
    (await as(staffNo)).send(`/api/blobs/${sha256}?scope=${scope}`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: bytes,
    })
  const fileOf = (over: object = {}) => ({
    sha256: sha256Hex(bytes),
    name: '签到表.txt',
    mime: 'text/plain',
    sizeBytes: bytes.length,
    ...over,
  })
  const readBy = async (staffNo: string) =>
    (await (await as(staffNo)).send(`/api/blobs/${fileOf().sha256}`)).status

  it('wait for their bytes, which the recorder sends into their own file and not into the chair’s', async () => {
    const named = proposal({ files: [fileOf()] })
    expect(await offer('1003', 'minutes-proposal', 'p1', named)).toBe('deferred missing-file')
    expect((await send('1003', fileOf().sha256, fileScope(unitId, chair))).status).toBe(403)
    expect((await send('1003', fileOf().sha256, fileScope(unitId, recorder))).status).toBe(201)
    expect(await offer('1003', 'minutes-proposal', 'p1', named)).toBe('accepted')
    const readers = await Promise.all(['1001', '1007', '1003', '1004', '1002', '2001'].map(readBy))
    expect(readers).toEqual([200, 200, 200, 404, 404, 404])
  })

  it('of somebody else’s, whose hash is all that the recorder knows, are not named', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, member))
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))).toBe(
      'rejected forbidden',
    )
  })

  it.each([
    ['none, as an empty list', []],
    ['twenty-one', Array.from({ length: 21 }, (_, n) => fileOf({ sha256: sha256Hex(`${n}`) }))],
    ['the same twice', [fileOf(), fileOf({ name: '又一份.txt' })]],
    ['one with no name', [fileOf({ name: ' ' })]],
    ['one with no hash', [fileOf({ sha256: 'x' })]],
  ])('%s: refused', async (_, files) => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    expect(await offer('1003', 'minutes-proposal', 'p1', proposal({ files }))).toBe('rejected invalid-fields')
  })

  it('a correction has none', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    const change = proposal({ about: 'correction', why: '笔误', files: [fileOf()] })
    expect(await offer('1003', 'minutes-proposal', 'c1', change)).toBe('rejected invalid-fields')
  })

  it.each([
    ['without them, as an app of before', {}],
    ['under another name', { files: [fileOf({ name: '另一份.txt' })] }],
    ['of another size', { files: [fileOf({ sizeBytes: 1 })] }],
    ['with one more', { files: [fileOf(), fileOf({ sha256: sha256Hex('other') })] }],
  ])(
    'are not fixed %s; as they were proposed they are, and the unit’s members read them',
    async (_, over) => {
      await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
      await endpoint.putFile(new TextEncoder().encode('other'), 'text/plain', unitScope(unitId))
      await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))
      expect(await offer('1001', 'minutes', ID, fixed(over))).toBe('rejected not-confirmed')
      expect(await fieldsOf(endpoint, 'minutes', ID)).toBeUndefined()
      expect(await readBy('1004')).toBe(404)
      expect(await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))).toBe('accepted')
      expect(await readBy('1004')).toBe(200)
      expect(await readBy('2001')).toBe(404)
    },
  )

  it('go with the records that name them, when these are erased by rule: also from where they were sent first', async () => {
    await endpoint.putFile(bytes, 'text/plain', fileScope(unitId, recorder))
    await offer('1003', 'minutes-proposal', 'p1', proposal({ files: [fileOf()] }))
    await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))
    const erase = (type: string, id: string) =>
      endpoint.store.write([], (tx) =>
        eraseRecord(tx, { type, id, reason: 'by rule', author: 'test', now: MONDAY }),
      )
    expect(await erase('minutes-proposal', 'p1')).toMatchObject({ change: 'erased', freedFiles: [] })
    expect(await endpoint.store.read((tx) => tx.blobScopes(fileOf().sha256))).toEqual([unitScope(unitId)])
    expect(await erase('minutes', ID)).toMatchObject({ change: 'erased', freedFiles: [fileOf().sha256] })
  })

  it('minutes that were proposed without any are fixed without any', async () => {
    await endpoint.putFile(bytes, 'text/plain', unitScope(unitId))
    await offer('1003', 'minutes-proposal', 'p1', proposal())
    expect(await offer('1001', 'minutes', ID, fixed({ files: [fileOf()] }))).toBe('rejected not-confirmed')
    expect(await offer('1001', 'minutes', ID, fixed())).toBe('accepted')
  })
})

describe('a correction', () => {
  const corrected = (over: object = {}) => ({
    unitId,
    meetingId: MEETING,
    minutesId: ID,
    title: '支部党员大会',
    what: '第二项应为两周内完成。',
    why: '笔误',
    writerId: recorder,
    proposalId: 'c1',
    confirmedBy: chair,
    confirmedAt: MONDAY,
    keyId: null,
    deviceSignature: null,
    ...over,
  })
  beforeEach(async () => {
    await offer('1003', 'minutes-proposal', 'p1', proposal())
    const change = proposal({ about: 'correction', body: '第二项应为两周内完成。', why: '笔误' })
    expect(await offer('1003', 'minutes-proposal', 'c1', change)).toBe('accepted')
  })

  it('waits for the minutes, is confirmed by another, and leaves the first text as it is', async () => {
    const id = correctionId('c1')
    expect(await offer('1001', 'minutes-correction', id, corrected())).toBe('deferred missing-parent')
    expect(await offer('1001', 'minutes', ID, fixed())).toBe('accepted')
    expect(await offer('1003', 'minutes-correction', id, corrected({ confirmedBy: recorder }))).toBe(
      'rejected same-person',
    )
    expect(await offer('1007', 'minutes-correction', id, corrected({ confirmedBy: other }))).toBe(
      'rejected forbidden',
    )
    expect(await offer('1001', 'minutes-correction', id, corrected({ what: '别的' }))).toBe(
      'rejected forbidden',
    )
    const { keyId, key } = await connectWithKey(endpoint, '1001')
    const plain = corrected({ keyId })
    const deviceSignature = await key.sign(correctionStatement(plain))
    expect(await offer('1001', 'minutes-correction', id, { ...plain, deviceSignature })).toBe('accepted')
    expect(await fieldsOf(endpoint, 'minutes', ID)).toMatchObject({ body: '议定两项。' })
  })

  it('is not made of minutes’ own proposal', async () => {
    await offer('1001', 'minutes', ID, fixed())
    const forged = corrected({ proposalId: 'p1', what: '议定两项。', why: '' })
    expect(await offer('1001', 'minutes-correction', 'x', forged)).toBe('rejected forbidden')
  })
})

describe('a vote', () => {
  const RULE = { comparator: '>', part: [1, 2], base: 'voters', article: '第十一条', toBeChecked: true }
  const vote = (over: object = {}) => ({
    unitId,
    meetingId: MEETING,
    sittingId: 's2',
    motion: '同意转正',
    secret: true,
    inFavour: 10,
    against: 1,
    abstained: 1,
    expected: 21,
    present: 15,
    votersExpected: 18,
    votersPresent: 12,
    quorum: { ...RULE, comparator: '>=' },
    passing: RULE,
    recordedBy: chair,
    recordedAt: MONDAY,
    ...over,
  })
  it('is entered by officers, of a sitting of the meeting, with no more votes than voters were there', async () => {
    expect(await offer('1001', 'resolution', 'v1', vote())).toBe('accepted')
    expect(await offer('1003', 'resolution', 'v2', vote({ recordedBy: recorder }))).toBe('rejected forbidden')
    expect(await offer('1007', 'resolution', 'v3', vote())).toBe('rejected forbidden')
    expect(await offer('1001', 'resolution', 'v4', vote({ sittingId: 'x' }))).toBe('rejected invalid-fields')
    expect(await offer('1001', 'resolution', 'v5', vote({ inFavour: 11 }))).toBe('rejected invalid-fields')
    expect(await offer('1001', 'resolution', 'v6', vote({ votersPresent: 19 }))).toBe(
      'rejected invalid-fields',
    )
    expect(await offer('1001', 'resolution', 'v7', vote({ present: 22 }))).toBe('rejected invalid-fields')
  })
  it('is corrected or withdrawn only with a reason', async () => {
    await offer('1001', 'resolution', 'v1', vote())
    const supersedes = ['v1']
    expect(await offer('1001', 'resolution', 'v2', vote({ inFavour: 9, supersedes }))).toBe(
      'rejected reason-required',
    )
    expect(await offer('1001', 'resolution', 'v3', vote({ supersedes, withdrawn: true }))).toBe(
      'rejected reason-required',
    )
    expect(
      await offer('1001', 'resolution', 'v4', vote({ inFavour: 9, supersedes, reason: '票数重新清点' })),
    ).toBe('accepted')
  })
})
