/**
 * Guarantee: minutes become fixed only by the word of somebody who did not write them: the chair; where the chair wrote them, or
 * none is named, another officer. What is fixed is what the recorder wrote, word for word, once, and nobody changes it. Attacked
 * here by the wire, as a client would that keeps to none of it.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { minutesDraftId } from '../../../../src/shared/meetings/minutes/draft.ts'
import { minutesStatement } from '../../../../src/shared/meetings/minutes/minutes.ts'
import { canonicalJson, sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../../src/shared/sync/json.ts'
import { MONDAY, personIdOf } from '../../../support/endpoint.ts'
import { connectWithKey, fieldsOf } from '../../attack.ts'
import {
  as,
  chair,
  draft,
  endpoint,
  fixed,
  ID,
  MEETING,
  member,
  offer,
  other,
  proposal,
  putMeeting,
  recorder,
  unitId,
  useMinutesWorld,
} from './minutes-world.ts'

useMinutesWorld()

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
