/**
 * The guarantee: a meeting that was made with no network goes along with its roll; whoever comes to the network first delivers it
 * as its maker's, before its marks and once; and what anybody writes of it afterwards stands on top, of nobody is it overwritten.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRoll } from '../../../src/client/features/meetings/model/read-meetings.ts'
import { makeBundle } from '../../../src/client/features/meetings/roll/carry/make-bundle.ts'
import { createRollActs } from '../../../src/client/features/meetings/roll/roll-acts.ts'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import { rollLines } from '../../../src/shared/meetings/roll.ts'
import type { Meeting } from '../../../src/shared/meetings/meeting.ts'
import type { CarryBundle } from '../../../src/shared/sync/carry.ts'
import { branchId, MONDAY, personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { endSpans } from '../../support/moves.ts'
import { closePhones, type JourneyPhone } from '../../support/phone.ts'
import { uid } from '../../support/samples.ts'
import { answerToAltered, hand, handText, officersOf, person, setupRoll } from './three-phones.ts'

const NEW = uid(950)
const SITTING = uid(951)
const unitId = branchId('第一支部')
const author = personIdOf('1001')

let endpoint: TestEndpoint
let a: JourneyPhone
let b: JourneyPhone
let c: JourneyPhone
beforeEach(async () => {
  endpoint = await setupRoll()
  ;[a, b, c] = (await officersOf(endpoint)) as [JourneyPhone, JourneyPhone, JourneyPhone]
  for (const p of [a, b, c]) p.line.online = false
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const fields = (over: Partial<Meeting> = {}): Meeting => ({
  unitId,
  kindId: meetingKindId('支部党员大会'),
  title: '停电时补开的支部党员大会',
  date: '2026-11-23',
  sittings: [{ id: SITTING, name: '早班场次', startsAt: MONDAY, place: '一楼' }],
  agenda: '一、学习',
  chairId: null,
  recorderId: null,
  guests: [],
  attachments: [],
  state: 'planned',
  ...over,
})
const make = (p: JourneyPhone, over: Partial<Meeting> = {}) =>
  p.phone.store.put('meeting', fields(over), { id: NEW })
const mark = (p: JourneyPhone, staffNo: string) =>
  createRollActs(p.phone, { meetingId: NEW, sittingId: SITTING, unitId }).mark([
    { person: person(staffNo), state: 'present' },
  ])
const meetingOn = async (p: JourneyPhone) => await p.phone.db.records('meeting').get(NEW)
const presentOn = async (p: JourneyPhone) => {
  const roll = (await readRoll(p.phone.db, NEW))!
  return rollLines(roll.roster, roll.marks, SITTING)
    .filter(({ state }) => state === 'present')
    .map(({ name }) => name)
    .sort()
}
const stored = async (type: string) =>
  (await endpoint.store.read((tx) => tx.records({ types: [type] })))
    .map((row) => ({
      id: row.id,
      author: row.author,
      fields: JSON.parse(row.fields) as Record<string, unknown>,
    }))
    .filter((row) => row.id === NEW || row.fields.meetingId === NEW)
const online = async (...phones: JourneyPhone[]) => {
  for (const p of phones) p.line.online = true
  for (let round = 0; round < 2; round++) for (const p of phones) await p.sync()
}
const atRest = async (...phones: JourneyPhone[]) => {
  for (const p of phones) {
    expect(await p.phone.db.attention.toArray()).toEqual([])
    expect(await p.phone.db.outbox.toArray()).toEqual([])
    expect(await meetingOn(p)).toMatchObject({ pending: 0 })
  }
}

describe('a meeting made with no network', () => {
  it('is on the other phone with its roll, under its maker, not delivered yet; delivered by it, before its marks, once', async () => {
    await make(a)
    await mark(a, '1002')
    await mark(a, '1005')
    expect(await hand(a, b, NEW)).toMatchObject({ type: 'taken', added: 2, meetingAdded: true, files: 0 })
    expect(await meetingOn(b)).toMatchObject({ author, pending: 1, fields: { agenda: '一、学习' } })
    expect(await presentOn(b)).toEqual(['周敏', '李明'])
    expect(
      (await b.phone.db.outbox.orderBy('seq').toArray()).map(({ type, label }) => [type, label]),
    ).toEqual([
      ['meeting', '会议 · 停电时补开的支部党员大会 · 代陈静送达'],
      ['roll-mark', '考勤 · 李明 到会 · 代陈静送达'],
      ['roll-mark', '考勤 · 周敏 到会 · 代陈静送达'],
    ])
    // Handed over again: nothing twice.
    expect(await hand(a, b, NEW)).toMatchObject({ added: 0, known: 2, meetingAdded: false })
    await mark(b, '1004')

    await online(b)
    expect(await stored('meeting')).toMatchObject([{ id: NEW, author }])
    expect(await stored('roll-mark')).toHaveLength(3)
    // Its maker's phone has heard nothing, and claims nothing.
    expect(await meetingOn(a)).toMatchObject({ pending: 1 })
    await online(a, b)
    expect(await stored('roll-mark')).toHaveLength(3)
    expect(await presentOn(a)).toEqual(await presentOn(b))
    await atRest(a, b)
  })

  it('whoever is first: its maker, a third phone to which it was passed on, or the second', async () => {
    await make(a)
    await mark(a, '1002')
    await hand(a, b, NEW)
    await mark(b, '1004')
    expect(await hand(b, c, NEW)).toMatchObject({ added: 2, meetingAdded: true })
    await online(c)
    expect(await stored('meeting')).toMatchObject([{ author }])
    await online(a, b, c)
    expect(await stored('roll-mark')).toHaveLength(2)
    await atRest(a, b, c)
  })

  it('goes without a single mark: the other one takes the roll', async () => {
    await make(a)
    expect(await makeBundle(a.phone, NEW, '大会')).toMatchObject({
      type: 'made',
      count: 0,
      meetingWaits: true,
    })
    expect(await hand(a, b, NEW)).toMatchObject({ added: 0, meetingAdded: true })
    await mark(b, '1002')
    await online(b)
    expect(await stored('roll-mark')).toMatchObject([{ author: personIdOf('1007') }])
    await online(a)
    await atRest(a, b)
  })

  it('goes to a phone that was away also after it was delivered, and stands as it was edited since', async () => {
    await make(a)
    await mark(a, '1002')
    await online(a)
    expect(await hand(a, c, NEW)).toMatchObject({ added: 1, meetingAdded: true })
    await make(a, { agenda: '一、学习；二、讨论' })
    await online(a)
    await online(c)
    expect(await meetingOn(c)).toMatchObject({ fields: { agenda: '一、学习；二、讨论' } })
    await atRest(a, c)
  })
})

describe('what is written of it afterwards', () => {
  it('by its maker, before anybody delivered it, is a later edit: it stands when the carrier was first', async () => {
    await make(a)
    await hand(a, b, NEW)
    await make(a, { agenda: '改过' })
    await make(a, { agenda: '又改过' })
    expect(await a.phone.db.outbox.where('[type+id]').equals(['meeting', NEW]).count()).toBe(2)
    await online(b)
    expect(await stored('meeting')).toMatchObject([{ author, fields: { agenda: '一、学习' } }])
    await online(a, b)
    expect(await stored('meeting')).toMatchObject([{ author, fields: { agenda: '又改过' } }])
    await atRest(a, b)
  })

  it('by its maker, who is first: the carrier brings what is already there, and nobody has to compare', async () => {
    await make(a)
    await hand(a, b, NEW)
    await make(a, { agenda: '改过' })
    await online(a)
    await online(b)
    expect(await stored('meeting')).toMatchObject([{ author, fields: { agenda: '改过' } }])
    await atRest(a, b)
  })

  it('by who carries it, is theirs and rests on what was carried, which is never changed', async () => {
    await make(a)
    await hand(a, b, NEW)
    await b.phone.store.put('meeting', fields({ agenda: '接手的人补的' }), { id: NEW })
    const entries = await b.phone.db.outbox.where('[type+id]').equals(['meeting', NEW]).sortBy('seq')
    expect(entries.map(({ signed, baseRev }) => [signed?.person, baseRev])).toEqual([
      [author, 0],
      [undefined, null],
    ])
    await online(b)
    expect(await stored('meeting')).toMatchObject([
      { author: personIdOf('1007'), fields: { agenda: '接手的人补的' } },
    ])
    await online(a, b)
    expect(await meetingOn(a)).toMatchObject({ fields: { agenda: '接手的人补的' } })
    await atRest(a, b)
  })
})

it('what two have written of it, unseen by one another, is compared by a person: nothing is overwritten', async () => {
  await make(a)
  await hand(a, b, NEW)
  await make(a, { agenda: '建的人改过' })
  await b.phone.store.put('meeting', fields({ agenda: '接手的人补的' }), { id: NEW })
  await online(b)
  await online(a)
  expect(await stored('meeting')).toMatchObject([{ fields: { agenda: '接手的人补的' } }])
  const [item, ...others] = await a.phone.db.attention.toArray()
  expect(others).toEqual([])
  expect(item).toMatchObject({ code: 'stale-base', fields: { agenda: '建的人改过' } })
  expect(item!.standing!.fields).toMatchObject({ agenda: '接手的人补的' })
  // The person has compared, and sends it.
  await a.phone.delivery.retry(item!.attentionId)
  await online(a, b)
  expect(await stored('meeting')).toMatchObject([{ author, fields: { agenda: '建的人改过' } }])
  await atRest(a, b)
})

describe('is not taken', () => {
  it('altered, of another, from somebody whom this phone does not know as an officer, or by who may not', async () => {
    await make(a)
    await mark(a, '1002')
    const text = await handText(a, NEW)
    const refusal = (change: (bundle: CarryBundle) => void) => answerToAltered(b, text, change)
    expect(await refusal((x) => (x.meeting!.fields.title = '别的会'))).toBe('forged')
    expect(await refusal((x) => (x.meeting!.signed.person = personIdOf('1007')))).toBe('unknown-key')
    expect(await refusal((x) => (x.meeting!.id = uid(952)))).toBe('forged')
    expect(await refusal((x) => (x.meeting!.scope = `unit:${branchId('第二支部')}`))).toBe('forged')
    expect(await refusal((x) => (x.meeting!.type = 'opinion'))).toBe('forged')
    expect(await refusal((x) => delete x.meeting)).toBe('no-meeting')
    await b.phone.db
      .records('role')
      .filter(({ fields: role }) => role.personId === author)
      .delete()
    expect(await refusal(() => undefined)).toBe('not-recorder')
    expect(await meetingOn(b)).toBeUndefined()
    expect(await b.phone.db.outbox.count()).toBe(0)
  })

  it('at the endpoint, from a maker whose role was taken away: in 需处理 of who carried it, with its roll', async () => {
    await make(a)
    await mark(a, '1002')
    await hand(a, b, NEW)
    const hall = { ...endpoint, store: () => endpoint.store } as never
    await endSpans(hall, 'role', '1001', { forCause: true })
    await online(b)
    expect((await b.phone.db.attention.toArray()).map(({ type, code }) => [type, code])).toEqual([
      ['meeting', 'forbidden'],
      ['roll-mark', 'parent-refused'],
    ])
    expect(await stored('meeting')).toEqual([])
  })
})

it('with a file that only its maker’s phone has: it waits for that, is not refused, and says so', async () => {
  const file = new Blob(['材料'], { type: 'text/plain' })
  const sha256 = await a.phone.blobs.put(file, file.type)
  await make(a, { attachments: [{ sha256, name: '材料.txt', mime: 'text/plain', sizeBytes: file.size }] })
  await mark(a, '1002')
  expect(await hand(a, b, NEW)).toMatchObject({ meetingAdded: true, files: 1 })
  await online(b)
  expect(await stored('meeting')).toEqual([])
  expect(await meetingOn(b)).toMatchObject({ pending: 1 })
  // What did not get through is tried again after a minute.
  endpoint.clock.advance(61_000)
  await online(a)
  expect(await stored('meeting')).toHaveLength(1)
  endpoint.clock.advance(7 * 3_600_000)
  await online(b, a)
  expect(await stored('roll-mark')).toHaveLength(1)
  await atRest(a, b)
})
