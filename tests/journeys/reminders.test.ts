/** 催阅 from two officers' phones, each without network: the person is reminded once, and each of the officers is told what became of theirs. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { circulationItems } from '../../src/client/features/circulation/circulation.today.ts'
import { remindersInWords } from '../../src/client/features/circulation/follow-up/follow-up-words.ts'
import { readReminderPlans } from '../../src/client/features/circulation/follow-up/reminder-plans.ts'
import { useFollowUp } from '../../src/client/features/circulation/follow-up/useFollowUp.ts'
import { reminderInWords, shownReminder } from '../../src/client/features/circulation/reminder-lines.ts'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import { readActor } from '../../src/client/storage/actor.ts'
import { shiftRosterId, type ShiftKind } from '../../src/shared/org/shifts/shift-roster.ts'
import { branchId, connect, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { endUses, using } from '../support/client/using.ts'
import { untilSo } from '../support/eventually.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround } from '../support/samples.ts'

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  endUses()
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const remind = (p: JourneyPhone, name: string) =>
  p.phone.store.put('reminder', {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    documentNo: '',
    personId: personIdOf('1003'),
    name: '王芳',
    byPersonId: p.session.person.id,
    byName: name,
    revision: 1,
    at: p.phone.now(),
  })
const remindersOn = (p: JourneyPhone) => p.phone.db.records('reminder').toArray()

it('two officers without network remind one person: one reminder arrives, the other officer is told why not', async () => {
  const [first, second] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
  for (const officer of [first, second]) {
    await officer.sync()
    officer.line.online = false
  }
  await remind(first, '陈静')
  await remind(second, '郑洁')
  expect((await remindersOn(first)).map(({ pending }) => pending)).toEqual([1])

  first.line.online = true
  await first.sync()
  second.line.online = true
  await second.sync()
  expect(first.phone.delivery.summary.value.attention).toBe(0)
  const refused = await second.phone.db.attention.toArray()
  expect(refused).toMatchObject([{ type: 'reminder', label: '催阅 · 王芳', code: 'already-recorded' }])
  expect(refused[0]!.sentence).toBe('同一份文件，24 小时内只催一次，一共三次。已有人催过，这一次没有发出。')
  // Both officers see the one that counts.
  expect((await remindersOn(second)).map(({ fields }) => fields.byName)).toEqual(['陈静'])

  const member = await setupPhone(endpoint, '1003')
  await member.sync()
  const shown = shownReminder(
    await remindersOn(member),
    ground.circulation,
    1,
    { ...(await readReminderPlans(member.phone)), personId: personIdOf('1003') },
    member.phone.now() + 86_400_000,
  )
  expect(reminderInWords(shown!, member.phone.now())).toContain('催阅：陈静')
})

it('who signed meanwhile without network is not reminded of it, and the officer reads why', async () => {
  const [officer, member] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1003')]
  await officer.sync()
  await member.sync()
  officer.line.online = false
  await remind(officer, '陈静')
  const line = (await readLine(member.phone, ground.circulation))!
  await member.phone.store.put('sign-off', {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    documentId: line.fields.documentId,
    personId: personIdOf('1003'),
    signedBy: personIdOf('1003'),
    revision: 1,
    sha256: ground.sha256,
    mode: 'in-person',
    signature: { kind: 'typed', name: '王芳' },
    signedAt: member.phone.now(),
    keyId: null,
    deviceSignature: null,
  })
  await member.sync()
  officer.line.online = true
  await officer.sync()
  expect(await officer.phone.db.attention.toArray()).toMatchObject([
    {
      code: 'not-recipient',
      sentence: '对方已签、免签、已请人代签、正在请假或休息，不用再催，催阅没有发出。',
    },
  ])
  await member.sync()
  expect(await remindersOn(member)).toEqual([])
})

describe('who is away', () => {
  const shifts = (officer: JourneyPhone, days: Record<string, Record<string, ShiftKind>>) => {
    const unitId = branchId('第一支部')
    const create = { unitId, month: '2026-11', days, hours: {} }
    return officer.phone.store.edit('shift-roster', shiftRosterId(unitId, '2026-11'), {}, { create })
  }
  const followed = async (p: JourneyPhone) => {
    const { lines } = using(p, () => useFollowUp(ground.circulation))
    await untilSo(() => lines.value.length > 0)
    return lines.value
  }
  const today = async (p: JourneyPhone): Promise<string[]> => {
    const actor = await readActor(p.phone.db, p.session.person.id, p.phone.now())
    return (await circulationItems(p.phone, actor, p.phone.now())).map(
      ({ title, second }) => `${title}｜${second}`,
    )
  }
  const member = personIdOf('1003')

  it('a roster written offline keeps the next press from reminding who is on leave; the endpoint refuses it from a phone that did not know', async () => {
    endpoint.clock.set(Date.parse('2026-11-23T10:00:00+08:00'))
    const [officer, other] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
    await officer.sync()
    await other.sync()
    other.line.online = false
    officer.line.online = false
    await shifts(officer, { [member]: { '23': 'leave', '24': 'leave' } })
    expect((await followed(officer)).find(({ personId }) => personId === member)).toMatchObject({
      bar: 'leave',
      readyIds: [],
      away: { kind: 'leave', until: '2026-11-24' },
    })
    const { remind: press } = using(officer, () => useFollowUp(ground.circulation))
    expect(await press([member])).toBe(0)
    officer.line.online = true
    await officer.sync()
    await remind(other, '郑洁')
    other.line.online = true
    await other.sync()
    expect(await other.phone.db.attention.toArray()).toMatchObject([
      { type: 'reminder', code: 'not-recipient' },
    ])
  })

  it('a night shift is reminded at work by night, and not while it sleeps', async () => {
    endpoint.clock.set(Date.parse('2026-11-23T10:00:00+08:00'))
    const [officer, person] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1003')]
    await officer.sync()
    await shifts(officer, { [member]: { '23': 'night', '24': 'rest' } })
    const { remind: press } = using(officer, () => useFollowUp(ground.circulation))
    expect(await press([member])).toBe(1)
    await officer.sync()
    for (const [time, isTold] of [
      ['2026-11-23T10:05', false],
      ['2026-11-23T19:00', false],
      ['2026-11-23T23:05', true],
      ['2026-11-24T07:30', true],
      ['2026-11-24T12:00', false],
    ] as const) {
      endpoint.clock.set(Date.parse(`${time}:00+08:00`))
      await person.sync()
      expect([time, (await today(person))[0]?.includes('催阅：陈静')]).toEqual([time, isTold])
    }
  })

  it('the substitute is reminded in the person’s place, sees for whom, and the officer sees it beside the person', async () => {
    endpoint.clock.set(Date.parse('2026-11-23T10:00:00+08:00'))
    const [officer, substitute, person] = [
      await setupPhone(endpoint, '1001'),
      await setupPhone(endpoint, '1004'),
      await setupPhone(endpoint, '1003'),
    ]
    await officer.sync()
    await shifts(officer, { [member]: { '23': 'leave' } })
    await officer.phone.store.put('recipient-change', {
      unitId: branchId('第一支部'),
      circulationId: ground.circulation,
      personId: member,
      name: '王芳',
      change: 'substitute',
      substituteId: personIdOf('1004'),
      substituteName: '刘洋',
      reason: '请假',
      supersedes: [],
    })
    const { remind: press } = using(officer, () => useFollowUp(ground.circulation))
    expect(await press([member])).toBe(1)
    await officer.sync()
    expect(officer.phone.delivery.summary.value.attention).toBe(0)
    await substitute.sync()
    await person.sync()
    expect((await today(substitute)).find((line) => line.startsWith('代王芳签 1 份文件'))).toContain(
      '催阅：陈静',
    )
    expect((await today(person))[0]).not.toContain('催阅')
    const line = (await followed(officer)).find(({ personId }) => personId === member)!
    expect(remindersInWords(line, officer.phone.now())).toMatch(/^催阅 10:00 陈静，催代签人刘洋$/)
    expect(line.bar).toBe('too-soon')
  })

  it('the bureau’s hours reach every phone with the units, and hold there offline', async () => {
    const person = await setupPhone(endpoint, '1003')
    const office = await connect(endpoint, '9001')
    const body = { id: crypto.randomUUID(), from: '09:30', to: '17:00' }
    expect((await office.post('/api/commands/set-reminder-hours', body)).status).toBe(200)
    await person.sync()
    person.line.online = false
    expect((await readReminderPlans(person.phone)).hours).toEqual({ from: '09:30', to: '17:00' })
  })
})
