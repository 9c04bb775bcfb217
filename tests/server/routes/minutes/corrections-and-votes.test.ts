/** Guarantee: what was fixed stays; it is corrected beside it by another's word, and a vote only with its reason. */
import { beforeEach, describe, expect, it } from 'vitest'
import { correctionId, correctionStatement } from '../../../../src/shared/meetings/minutes/correction.ts'
import { MONDAY } from '../../../support/endpoint.ts'
import { connectWithKey, fieldsOf } from '../../attack.ts'
import {
  chair,
  endpoint,
  fixed,
  ID,
  MEETING,
  offer,
  other,
  proposal,
  recorder,
  unitId,
  useMinutesWorld,
} from './minutes-world.ts'

useMinutesWorld()

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
