/** A held meeting with everything that is filed of it, its export, and how any leaf of that is altered. */
import { afterEach, beforeEach, expect } from 'vitest'
import { signatureHolds } from '../../../../src/server/auth/signatures.ts'
import { readMeetingBundle, type SealedMeeting } from '../../../../src/shared/meetings/bundle/bundle.ts'
import { verifyMeeting } from '../../../../src/shared/meetings/bundle/verify.ts'
import { correctionId, correctionStatement } from '../../../../src/shared/meetings/minutes/correction.ts'
import { fixedMinutesId, minutesStatement } from '../../../../src/shared/meetings/minutes/minutes.ts'
import type { JsonObject, JsonValue } from '../../../../src/shared/sync/json.ts'
import { fileScope } from '../../../../src/shared/sync/scopes.ts'
import { meetingKindId } from '../../../../src/server/commands/make-bureau.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../../support/endpoint.ts'
import { utf8 } from '../../../support/files/make-files.ts'
import { connectWithKey, queueOf } from '../../attack.ts'

export const unitId = branchId('第一支部')
export const [chair, recorder] = ['1001', '1003'].map(personIdOf) as [string, string]
export const MEETING = 'filed-meeting'
export const MINUTES = fixedMinutesId(MEETING)
export const RULE = { comparator: '>', part: [1, 2], base: 'voters', article: '第十一条', toBeChecked: true }

/** Anew for each test of a file that calls {@link useFiledMeeting}. */
export let endpoint: TestEndpoint
export function useFiledMeeting(): void {
  beforeEach(async () => {
    endpoint = await setupEndpoint()
    await hold()
  })
  afterEach(async () => {
    expect(endpoint.problems).toEqual([])
    await endpoint.close()
  })
}

export async function offer(staffNo: string, type: string, id: string, fields: object) {
  const queue = await queueOf(endpoint, staffNo)
  const outcome = await queue.offer({ type, id, fields: fields as JsonObject })
  expect([type, outcome.status, outcome.code]).toEqual([type, 'accepted', undefined])
}

/** A roll of five, a vote, minutes of the recorder confirmed by the chair's device, a correction likewise. */
async function hold(): Promise<void> {
  await endpoint.put('meeting', MEETING, {
    unitId,
    kindId: meetingKindId('支部党员大会'),
    title: '支部党员大会',
    date: '2026-11-23',
    sittings: [{ id: 's1', name: '晚班场', startsAt: MONDAY, place: '三楼' }],
    chairId: chair,
    recorderId: recorder,
  })
  for (const [at, staffNo] of ['1001', '1002', '1003', '1004', '1005'].entries())
    // As an older version of the app marked: without the fields that came since.
    await endpoint.put('roll-mark', `mark-${at}`, {
      unitId,
      meetingId: MEETING,
      sittingId: 's1',
      personId: personIdOf(staffNo),
      name: staffNo,
      state: staffNo === '1005' ? 'absent' : 'present',
      method: 'tap',
      markedBy: chair,
    })
  await offer('1001', 'resolution', 'vote', {
    unitId,
    meetingId: MEETING,
    sittingId: 's1',
    motion: '同意转正',
    secret: true,
    inFavour: 3,
    against: 0,
    abstained: 0,
    expected: 6,
    present: 4,
    votersExpected: 5,
    votersPresent: 3,
    quorum: { ...RULE, comparator: '>=' },
    passing: RULE,
    recordedBy: chair,
    recordedAt: MONDAY,
  })
  const proposal = { unitId, meetingId: MEETING, title: '支部党员大会', keeperId: chair, writerId: recorder }
  const sha256 = await endpoint.putFile(utf8('签到'), 'text/plain', fileScope(unitId, recorder))
  const files = [{ sha256, name: '签到表.txt', mime: 'text/plain', sizeBytes: 6 }]
  const words = { body: '议定两项。', files, proposedAt: MONDAY }
  await offer('1003', 'minutes-proposal', 'p1', { ...proposal, ...words, about: 'minutes' })
  await offer('1003', 'minutes-proposal', 'c1', {
    ...proposal,
    about: 'correction',
    body: '第二项应为两周内完成。',
    why: '笔误',
    proposedAt: MONDAY,
  })
  const { keyId, key } = await connectWithKey(endpoint, '1001')
  const confirmed = {
    unitId,
    meetingId: MEETING,
    title: '支部党员大会',
    writerId: recorder,
    confirmedBy: chair,
  }
  const fixed = {
    ...confirmed,
    stage: 'fixed' as const,
    body: words.body,
    files,
    proposalId: 'p1',
    confirmedAt: MONDAY,
    facts: null,
    keyId,
    deviceSignature: null,
  }
  await offer('1001', 'minutes', MINUTES, {
    ...fixed,
    deviceSignature: await key.sign(minutesStatement(fixed)),
  })
  const corrected = {
    ...confirmed,
    minutesId: MINUTES,
    what: '第二项应为两周内完成。',
    why: '笔误',
    proposalId: 'c1',
    confirmedAt: MONDAY,
    keyId,
  }
  await offer('1001', 'minutes-correction', correctionId('c1'), {
    ...corrected,
    deviceSignature: await key.sign(correctionStatement(corrected)),
  })
}

export const ask = async (staffNo: string) =>
  (await queueOf(endpoint, staffNo)).send(`/api/office/meeting-bundle?meetingId=${MEETING}`)
export const exported = async (): Promise<SealedMeeting> =>
  (await (await ask('1001')).json()) as SealedMeeting
export const known = async () =>
  new Set((await endpoint.store.read((tx) => tx.records({ types: ['endpoint-key'] }))).map(({ id }) => id))
/** @param ownKeys of devices, known from elsewhere */
export async function verify(raw: unknown, ownKeys: SealedMeeting['deviceKeys'] = []) {
  const read = readMeetingBundle(raw)
  return read.ok ? await verifyMeeting(read, signatureHolds, await known(), ownKeys) : null
}

/** Every leaf of a value, as its path. */
export function leavesOf(value: JsonValue, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, inner]) => leavesOf(inner as JsonValue, [...path, key]))
}
export function altered<T>(value: T, path: readonly (string | number)[]): T {
  const copy = structuredClone(value)
  let at = copy as unknown as Record<string | number, JsonValue>
  for (const key of path.slice(0, -1)) at = at[key] as unknown as typeof at
  const leaf = at[path.at(-1)!]
  if (typeof leaf === 'number') at[path.at(-1)!] = leaf + 1
  else if (typeof leaf === 'boolean') at[path.at(-1)!] = !leaf
  else if (typeof leaf === 'string' && leaf !== '')
    at[path.at(-1)!] = (leaf.startsWith('a') ? 'b' : 'a') + leaf.slice(1)
  else at[path.at(-1)!] = 'x'
  return copy
}
