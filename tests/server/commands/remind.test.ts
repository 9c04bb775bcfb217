/** 催阅 by the office: one act for many branches, to those who have not signed, under the cap, once however often it is sent. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Reminder } from '../../../src/shared/circulation/reminding/reminder.ts'
import { shiftRosterId } from '../../../src/shared/org/shifts/shift-roster.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  MONDAY,
  personIdOf,
  setupEndpoint,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { dumpTables } from '../attack.ts'

const DAY = 86_400_000
const DOCUMENT = '01990000-0000-7000-8000-000000000003'
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>

beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  // The same document in a second branch, with somebody who has signed and somebody who is excused.
  const row = (await endpoint.store.read((tx) => tx.record('circulation', ground.circulation)))!
  await endpoint.put('circulation', 'second-branch', {
    ...(JSON.parse(row.fields) as JsonObject),
    unitId: branchId('第二支部'),
    recipients: ['2001', '2002', '9001'].map((no) => ({ personId: personIdOf(no), name: `人员 ${no}` })),
  })
  const common = { unitId: branchId('第二支部'), circulationId: 'second-branch' }
  await endpoint.put('sign-off', 'signed', {
    ...common,
    documentId: DOCUMENT,
    personId: personIdOf('2001'),
    signedBy: personIdOf('2001'),
    revision: 1,
    sha256: ground.sha256,
    mode: 'in-person',
    signature: { kind: 'typed', name: '孙丽' },
    signedAt: MONDAY,
    keyId: null,
    deviceSignature: null,
  })
  await endpoint.put('recipient-change', 'excused', {
    ...common,
    personId: personIdOf('9001'),
    name: '何伟',
    change: 'excuse',
    reason: '借调',
  })
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const send = async (staffNo: string, body: JsonObject, id = crypto.randomUUID() as string) => {
  const answer = await (
    await connect(endpoint, staffNo)
  ).post('/api/commands/remind-unsigned', { id, ...body })
  return { status: answer.status, body: (await answer.json()) as JsonObject }
}
const reminded = async () => {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['reminder'] }))
  return rows.map((r) => r.person).sort()
}
const persons = (...staffNos: string[]) => staffNos.map(personIdOf).sort()

it('reminds in every branch those who have not signed, and nobody else', async () => {
  const { status, body } = await send('9001', { documentId: DOCUMENT })
  expect([status, body]).toMatchObject([200, { reminded: 3, branches: 2, tooSoon: 0, tooMany: 0 }])
  expect(await reminded()).toEqual(persons('1001', '1003', '2002'))
  const office = await connect(endpoint, '9001')
  const told = await (await office.send(`/api/office/circulation?document=${DOCUMENT}`)).json()
  expect(told).toMatchObject({ document: { remindedAt: endpoint.clock.now() } })
})

it('happens once when it is sent twice, and is refused when the same id asks for something else', async () => {
  const first = await send('9001', { documentId: DOCUMENT }, 'command-1')
  expect(await send('9001', { documentId: DOCUMENT }, 'command-1')).toEqual(first)
  expect(await reminded()).toHaveLength(3)
  const other = await send('9001', { documentId: DOCUMENT, unitIds: [branchId('第二支部')] }, 'command-1')
  expect(other.status).toBe(409)
})

it('leaves out who was reminded within the day or three times, and says how many', async () => {
  await send('9001', { documentId: DOCUMENT, unitIds: [branchId('第二支部')] })
  expect((await send('9002', { documentId: DOCUMENT })).body).toMatchObject({
    reminded: 2,
    branches: 1,
    tooSoon: 1,
  })
  for (let day = 0; day < 3; day++) {
    endpoint.clock.advance(DAY)
    await send('9001', { documentId: DOCUMENT })
  }
  expect((await send('9001', { documentId: DOCUMENT })).body).toMatchObject({ reminded: 0, tooMany: 3 })
  expect(await reminded()).toHaveLength(9)
})

it('is for the office, and for officers in their own branch', async () => {
  const own = { documentId: DOCUMENT, unitIds: [branchId('第一支部')] }
  for (const staffNo of ['0001', '1003', '2001']) expect((await send(staffNo, own)).status).toBe(403)
  expect((await send('1001', { documentId: DOCUMENT })).status).toBe(403)
  expect(await reminded()).toEqual([])
  expect((await send('1001', own)).body).toMatchObject({ reminded: 2, branches: 1 })
})

it('reminds nobody of what asks no more, and changes nothing when it is refused', async () => {
  const before = await dumpTables(endpoint, ['sessions', 'devices', 'throttles'])
  expect((await send('9001', { documentId: 'no-such-document' })).status).toBe(404)
  expect(await dumpTables(endpoint, ['sessions', 'devices', 'throttles'])).toEqual(before)
  for (const id of [ground.circulation, 'second-branch']) {
    const row = (await endpoint.store.read((tx) => tx.record('circulation', id)))!
    await endpoint.put('circulation', id, {
      ...(JSON.parse(row.fields) as JsonObject),
      expiresOn: '2026-11-01',
    })
  }
  expect((await send('9001', { documentId: DOCUMENT })).body).toMatchObject({ reminded: 0, branches: 0 })
})

it('made at night says when it is shown', async () => {
  endpoint.clock.set(Date.parse('2026-11-23T23:30:00+08:00'))
  const { body } = await send('9001', { documentId: DOCUMENT })
  expect(body.shownFrom).toBe(Date.parse('2026-11-24T08:00:00+08:00'))
})

const roster = (unitId: string, staffNo: string, kind: string) =>
  endpoint.put('shift-roster', shiftRosterId(unitId, '2026-11'), {
    unitId,
    month: '2026-11',
    days: { [personIdOf(staffNo)]: { '23': kind } },
  })

it('leaves out who is on leave or rests today, by the branch’s roster, and says how many', async () => {
  await roster(branchId('第一支部'), '1001', 'leave')
  await roster(branchId('第二支部'), '2002', 'rest')
  const { body } = await send('9001', { documentId: DOCUMENT })
  expect(body).toMatchObject({ reminded: 1, away: 2, branches: 1 })
  expect(await reminded()).toEqual(persons('1003'))
})

it('reminds the substitute in the place of the person, once for several', async () => {
  const change = (id: string, staffNo: string) =>
    endpoint.put('recipient-change', id, {
      unitId: branchId('第一支部'),
      circulationId: ground.circulation,
      personId: personIdOf(staffNo),
      name: staffNo,
      change: 'substitute',
      substituteId: personIdOf('1004'),
      substituteName: '刘洋',
      reason: '外出培训',
    })
  await change('for-1001', '1001')
  await change('for-1003', '1003')
  await send('9001', { documentId: DOCUMENT, unitIds: [branchId('第一支部')] })
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['reminder'] }))
  const [made, ...more] = rows.map(({ fields }) => JSON.parse(fields) as Reminder)
  expect(more).toEqual([])
  expect(made).toMatchObject({ personId: personIdOf('1004'), name: '刘洋' })
  expect([...made!.forPersonIds].sort()).toEqual(persons('1001', '1003'))
})

it('the bureau’s hours are set by the office, stand in its unit, and are told', async () => {
  const set = async (staffNo: string, body: JsonObject) =>
    (
      await (
        await connect(endpoint, staffNo)
      ).post('/api/commands/set-reminder-hours', { id: crypto.randomUUID(), ...body })
    ).status
  const hours = { from: '09:00', to: '18:30' }
  for (const staffNo of ['1001', '1003', '2001']) expect(await set(staffNo, hours)).toBe(403)
  for (const wrong of [
    { from: '18:00', to: '09:00' },
    { from: '08:00', to: '08:00' },
    { from: '8:00', to: '20:00' },
    { from: '08:00', to: '24:00' },
  ])
    expect(await set('9001', wrong)).toBe(400)
  const standing = async () =>
    JSON.parse((await endpoint.store.read((tx) => tx.record('unit', 'root')))!.fields) as JsonObject
  const before = await standing()
  expect(await set('9001', hours)).toBe(200)
  expect(await standing()).toEqual({ ...before, reminderHours: hours })
  endpoint.clock.set(Date.parse('2026-11-23T18:30:00+08:00'))
  const { body } = await send('9001', { documentId: DOCUMENT })
  expect(body.shownFrom).toBe(Date.parse('2026-11-24T09:00:00+08:00'))
})
