/** Attacks on 催阅: nobody is reminded who need not be, or more often than the cap, whatever phones believe and send. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseRecord } from '../../../src/server/commands/erase-record.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { shiftRosterId } from '../../../src/shared/org/shifts/shift-roster.ts'
import {
  branchId,
  MONDAY,
  personIdOf,
  sectionId,
  setupEndpoint,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { push } from '../../support/wire.ts'
import { queueOf, type Queue } from '../attack.ts'

const DAY = 86_400_000
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
let officer: Queue
let ids = 0
const id = () => `remind-${String(++ids).padStart(4, '0')}`

beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  officer = await queueOf(endpoint, '1001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const member = personIdOf('1003')
const fieldsOf = (by: { personId: string }, part: JsonObject = {}): JsonObject => ({
  unitId: branchId('第一支部'),
  circulationId: ground.circulation,
  personId: member,
  name: '王芳',
  byPersonId: by.personId,
  byName: '陈静',
  revision: 1,
  at: endpoint.clock.now(),
  ...part,
})
const remind = (by: Queue, part: JsonObject = {}) =>
  by.offer({ type: 'reminder', id: id(), fields: fieldsOf(by, part) })
const stored = () => endpoint.store.read((tx) => tx.records({ types: ['reminder'] }))

async function sign(staffNo: string, revision = 1, sha256 = ground.sha256) {
  const who = await queueOf(endpoint, staffNo)
  const fields = {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    documentId: '01990000-0000-7000-8000-000000000003',
    personId: who.personId,
    signedBy: who.personId,
    revision,
    sha256,
    mode: 'in-person',
    signature: { kind: 'typed', name: '王芳' },
    signedAt: MONDAY,
    keyId: null,
    deviceSignature: null,
  }
  expect(await who.offer({ type: 'sign-off', id: id(), fields })).toMatchObject({ status: 'accepted' })
}
async function change(kind: 'excuse' | 'restore' | 'add', personId = member, supersedes: string[] = []) {
  const changeId = id()
  const fields = { unitId: branchId('第一支部'), circulationId: ground.circulation, personId, name: '王芳' }
  await endpoint.put('recipient-change', changeId, { ...fields, change: kind, reason: '因故', supersedes })
  return changeId
}
async function changeCirculation(part: JsonObject): Promise<void> {
  const row = (await endpoint.store.read((tx) => tx.record('circulation', ground.circulation)))!
  await endpoint.put('circulation', ground.circulation, {
    ...(JSON.parse(row.fields) as JsonObject),
    ...part,
  })
}

describe('is taken', () => {
  it('from an officer of the branch, for somebody who has not signed; both of them see it', async () => {
    expect(await remind(officer)).toMatchObject({ status: 'accepted' })
    for (const staffNo of ['1003', '1007']) {
      const reader = await queueOf(endpoint, staffNo)
      const answer = await reader.post('/api/pull', { protocol: 1, deviceId: reader.deviceId, cursor: null })
      const { records } = (await answer.json()) as { records: { type: string; fields: JsonObject }[] }
      expect(records.filter(({ type }) => type === 'reminder')).toMatchObject([
        { fields: { byName: '陈静' } },
      ])
    }
  })
  it('for somebody who signed an older revision, and for who came after the dispatch', async () => {
    await sign('1003')
    const row = (await endpoint.store.read((tx) => tx.record('circulation', ground.circulation)))!
    const { revisions } = JSON.parse(row.fields) as { revisions: JsonObject[] }
    await changeCirculation({ revisions: [...revisions, { ...revisions[0]!, revision: 2 }] })
    expect(await remind(officer)).toMatchObject({ status: 'accepted' })
    const late = personIdOf('1004')
    expect(await remind(officer, { personId: late })).toMatchObject({ code: 'not-recipient' })
    await change('add', late)
    expect(await remind(officer, { personId: late })).toMatchObject({ status: 'accepted' })
  })
  it('once, when its answer was lost and it is sent again', async () => {
    const m = officer.make({ type: 'reminder', id: id(), fields: fieldsOf(officer) })
    const first = await push(officer, [m])
    const again = await push(officer, [m])
    expect(again.outcomes).toEqual(first.outcomes)
    expect(await stored()).toHaveLength(1)
  })
})

describe('is refused', () => {
  it('for who has signed, is excused or is not on the list', async () => {
    expect(await remind(officer, { personId: personIdOf('1004') })).toMatchObject({ code: 'not-recipient' })
    const excuse = await change('excuse')
    expect(await remind(officer)).toMatchObject({ status: 'rejected', code: 'not-recipient' })
    await change('restore', member, [excuse])
    await sign('1003')
    expect(await remind(officer)).toMatchObject({ status: 'rejected', code: 'not-recipient' })
    expect(await stored()).toEqual([])
  })
  it('on a day of leave or rest, also where only the roster of the person’s section says so', async () => {
    for (const [unitId, kind] of [
      [sectionId('综合科'), 'leave'],
      [sectionId('综合科'), 'rest'],
      [branchId('第一支部'), 'leave'],
    ] as const) {
      const month = '2026-11'
      const rosterId = shiftRosterId(unitId, month)
      await endpoint.put('shift-roster', rosterId, { unitId, month, days: { [member]: { '23': kind } } })
      expect(await remind(officer)).toMatchObject({ status: 'rejected', code: 'not-recipient' })
      await endpoint.put('shift-roster', rosterId, { unitId, month, days: {} })
    }
    // Not a section of theirs: a name that somebody wrote by mistake.
    const elsewhere = { unitId: sectionId('窗口科'), month: '2026-11', days: { [member]: { '23': 'leave' } } }
    await endpoint.put('shift-roster', shiftRosterId(elsewhere.unitId, elsewhere.month), elsewhere)
    expect(await remind(officer)).toMatchObject({ status: 'accepted' })
  })
  it('from who is no officer of that branch, and in another’s name', async () => {
    for (const staffNo of ['1003', '1005', '2001']) {
      const outsider = await queueOf(endpoint, staffNo)
      expect(await remind(outsider)).toMatchObject({ status: 'rejected', code: 'forbidden' })
    }
    expect(await remind(officer, { byPersonId: personIdOf('1007') })).toMatchObject({ code: 'forbidden' })
    expect(await remind(officer, { unitId: branchId('第二支部') })).toMatchObject({ status: 'rejected' })
  })
  it('when the circulation was recalled, closed or has expired', async () => {
    const ends: JsonObject[] = [
      { state: 'recalled' },
      { state: 'closed' },
      { state: 'open', expiresOn: '2026-11-01' },
    ]
    for (const part of ends) {
      await changeCirculation(part)
      expect(await remind(officer)).toMatchObject({ status: 'rejected', code: 'circulation-recalled' })
    }
  })
  it('a second time within a day, also from another officer’s phone, also both at once', async () => {
    const other = await queueOf(endpoint, '1007')
    const both = await Promise.all([remind(officer), remind(other)])
    expect(both.map(({ status }) => status).sort()).toEqual(['accepted', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ code: 'already-recorded' })
    endpoint.clock.advance(DAY - 1)
    expect(await remind(other)).toMatchObject({ code: 'already-recorded' })
    endpoint.clock.advance(1)
    expect(await remind(other)).toMatchObject({ status: 'accepted' })
  })
  it('a fourth time, however far apart', async () => {
    for (let n = 0; n < 3; n++) {
      expect(await remind(officer)).toMatchObject({ status: 'accepted' })
      endpoint.clock.advance(2 * DAY)
    }
    expect(await remind(officer)).toMatchObject({ status: 'rejected', code: 'already-recorded' })
    expect(await stored()).toHaveLength(3)
  })
  it('when several days’ reminders come together: the person would see them together', async () => {
    const made = [2, 1].map((days) => {
      const at = endpoint.clock.now() - days * DAY
      return officer.make({ type: 'reminder', id: id(), observedAt: at, fields: fieldsOf(officer, { at }) })
    })
    const { outcomes } = await push(officer, made)
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
  })
  it('by the endpoint’s clock, however wrong the phone’s is', async () => {
    const at = endpoint.clock.now() + 400 * DAY
    const early = officer.make({
      type: 'reminder',
      id: id(),
      observedAt: at,
      fields: fieldsOf(officer, { at }),
    })
    expect((await push(officer, [early])).outcomes).toMatchObject([{ status: 'accepted' }])
    expect(await remind(officer)).toMatchObject({ code: 'already-recorded' })
    endpoint.clock.advance(DAY)
    expect(await remind(officer, { at: 1 })).toMatchObject({ status: 'accepted' })
  })
  it('nothing that was erased counts or comes back', async () => {
    const fields = fieldsOf(officer)
    const reminderId = id()
    await officer.offer({ type: 'reminder', id: reminderId, fields })
    const erase = { type: 'reminder', id: reminderId, author: 'x', now: MONDAY, reason: '依规' }
    await endpoint.store.write([], (tx) => eraseRecord(tx, erase))
    expect(await officer.offer({ type: 'reminder', id: reminderId, fields })).toMatchObject({
      code: 'erased',
    })
    expect(await remind(officer)).toMatchObject({ status: 'accepted' })
  })
})
