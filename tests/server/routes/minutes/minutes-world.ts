/** A meeting with a chair, a recorder and another officer, and what each may send of its minutes by the wire. */
import { afterEach, beforeEach, expect } from 'vitest'
import { fixedMinutesId } from '../../../../src/shared/meetings/minutes/minutes.ts'
import type { JsonObject } from '../../../../src/shared/sync/json.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../../support/endpoint.ts'
import { layGround } from '../../../support/samples.ts'
import { queueOf } from '../../attack.ts'

export const unitId = branchId('第一支部')
export const [chair, other, recorder, member] = ['1001', '1007', '1003', '1004'].map(personIdOf) as [
  string,
  string,
  string,
  string,
]
export const MEETING = 'meeting-of-minutes'

/** Anew for each test of a file that calls {@link useMinutesWorld}. */
export let endpoint: TestEndpoint
export function useMinutesWorld(): void {
  beforeEach(async () => {
    endpoint = await setupEndpoint()
    await layGround(endpoint)
    await putMeeting()
  })
  afterEach(async () => {
    expect(endpoint.problems).toEqual([])
    await endpoint.close()
  })
}

export const putMeeting = (over: object = {}) =>
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

export const as = (staffNo: string) => queueOf(endpoint, staffNo)
export async function offer(staffNo: string, type: string, id: string, fields: object) {
  const { status, code } = await (await as(staffNo)).offer({ type, id, fields: fields as JsonObject })
  return code === undefined ? status : `${status} ${code}`
}

export const draft = (writerId: string) => ({
  unitId,
  meetingId: MEETING,
  writerId,
  title: '大会',
  sections: {},
})
export const proposal = (over: object = {}) => ({
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
export const fixed = (over: object = {}) => ({
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
export const ID = fixedMinutesId(MEETING)
