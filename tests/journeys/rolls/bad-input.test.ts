/** A roll taken offline while the world goes on: nothing that was marked is lost, and every phone says the same in the end. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { attendanceLines } from '../../../src/shared/meetings/attendance/attendance.ts'
import { presentElsewhere } from '../../../src/shared/meetings/attendance/came-elsewhere.ts'
import type { Meeting, Sitting } from '../../../src/shared/meetings/meeting.ts'
import { droppedSittings, withSittingBack } from '../../../src/shared/meetings/sittings/dropped-sittings.ts'
import type { RollState } from '../../../src/shared/meetings/mark-words.ts'
import { rollFigures } from '../../../src/shared/meetings/roll-figures.ts'
import { createRollActs } from '../../../src/client/features/meetings/roll/roll-acts.ts'
import { clockDoubtOf } from '../../../src/shared/meetings/clock-doubt.ts'
import { readRoll } from '../../../src/client/features/meetings/model/read-meetings.ts'
import { branchId, MONDAY, personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { endSpans, joinUnit } from '../../support/moves.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../../support/phone.ts'
import { uid } from '../../support/samples.ts'
import {
  linesOn,
  mark,
  marksAt,
  MEETING,
  officersOf,
  person,
  place,
  said,
  setupRoll,
  SITTING,
} from './three-phones.ts'

const DAY = 86_400_000
let endpoint: TestEndpoint
let a: JourneyPhone
let b: JourneyPhone
beforeEach(async () => {
  endpoint = await setupRoll()
  ;[a, b] = (await officersOf(endpoint, 2)) as [JourneyPhone, JourneyPhone]
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})
const hall = () => ({ ...endpoint, store: () => endpoint.store }) as never
async function back(...phones: JourneyPhone[]): Promise<void> {
  for (const p of phones) p.line.online = true
  for (let round = 0; round < 2; round++) for (const p of phones) await p.sync()
}
const of = async (p: JourneyPhone, name: string) => (await linesOn(p)).find((l) => l.name === name)
async function agree(): Promise<void> {
  expect(said(await linesOn(a))).toEqual(said(await linesOn(b)))
  for (const { phone } of [a, b]) {
    expect(await phone.db.outbox.count()).toBe(0)
    expect(await phone.db.attention.count()).toBe(0)
  }
}

it('a meeting that the desk calls off meanwhile keeps every mark, on every phone', async () => {
  a.line.online = false
  await mark(a, '1003', 'present')
  await mark(a, '1005', 'absent')
  const row = (await endpoint.store.read((tx) => tx.record('meeting', MEETING)))!
  await endpoint.put('meeting', MEETING, { ...JSON.parse(row.fields), state: 'cancelled' })
  await back(a, b)
  expect(await marksAt(endpoint)).toHaveLength(2)
  for (const { phone } of [a, b])
    expect((await readRoll(phone.db, MEETING))!.meeting.fields.state).toBe('cancelled')
  await agree()
})

it('a member who moved to another branch yesterday is no longer expected; the mark is kept, and nothing is stuck', async () => {
  a.line.online = false
  await mark(a, '1005', 'present')
  await mark(a, '1002', 'present')
  await endSpans(hall(), 'membership', '1005', { at: MONDAY - DAY })
  await joinUnit(hall(), '1005', branchId('第二支部'))
  await back(a, b)
  expect(await marksAt(endpoint)).toHaveLength(2)
  expect(await of(a, '周敏')).toBeUndefined()
  expect(await of(b, '李明')).toMatchObject({ state: 'present' })
  await agree()
})

it('a sitting that somebody takes out while its roll is taken offline keeps every mark in sight, and is put back', async () => {
  const before = (await a.phone.store.get('meeting', MEETING))!.fields as Meeting
  const [early] = before.sittings as [Sitting]
  const other = { ...early, id: uid(42), name: '晚班场' }
  a.line.online = false
  await mark(a, '1005', 'present')
  await mark(a, '1002', 'absent')
  await b.phone.store.put('meeting', { ...before, sittings: [other] }, { id: MEETING })
  await back(b, a)
  expect(await marksAt(endpoint)).toHaveLength(2)
  for (const { phone } of [a, b]) {
    const { meeting, marks } = (await readRoll(phone.db, MEETING))!
    expect(meeting.fields.sittings).toEqual([other])
    expect(droppedSittings(meeting.fields, marks)).toMatchObject([{ id: SITTING, people: 2 }])
  }
  const { meeting, marks } = (await readRoll(b.phone.db, MEETING))!
  const [dropped] = droppedSittings(meeting.fields, marks)
  await b.phone.store.put('meeting', withSittingBack(meeting.fields, dropped!), { id: MEETING })
  await back(b, a)
  for (const { phone } of [a, b]) {
    const again = (await readRoll(phone.db, MEETING))!
    expect(droppedSittings(again.meeting.fields, again.marks)).toEqual([])
    const ids = again.meeting.fields.sittings.map(({ id }) => id)
    expect(new Set(ids)).toEqual(new Set([SITTING, other.id]))
    const figures = rollFigures(attendanceLines(again.roster, again.marks, ids))
    expect(figures).toMatchObject({ present: 1, absent: 1 })
  }
  await agree()
})

it('one person at two sittings, each taken on a phone without a network: once in the meeting, named on both rolls', async () => {
  const row = (await endpoint.store.read((tx) => tx.record('meeting', MEETING)))!
  const before = JSON.parse(row.fields)
  const [early] = before.sittings
  const late = { ...early, id: uid(41), name: '晚班场', startsAt: early.startsAt + 9 * 3_600_000 }
  await endpoint.put('meeting', MEETING, { ...before, sittings: [early, late] })
  await back(a, b)
  a.line.online = false
  b.line.online = false
  const inLate = (p: JourneyPhone, staffNo: string, state: RollState) =>
    createRollActs(p.phone, { ...place, sittingId: late.id }).mark([{ person: person(staffNo), state }])
  await mark(a, '1005', 'present')
  await mark(a, '1002', 'present')
  await inLate(b, '1005', 'present')
  await inLate(b, '1002', 'absent')
  await back(b, a)
  expect(await marksAt(endpoint)).toHaveLength(4)
  await agree()
  const ids = [SITTING, late.id]
  for (const { phone } of [a, b]) {
    const { roster, marks } = (await readRoll(phone.db, MEETING))!
    const figures = rollFigures(attendanceLines(roster, marks, ids))
    expect(figures).toMatchObject({ present: 2, absent: 0, contradictions: 0 })
    const alsoIn = (sittingId: string) => [...presentElsewhere(marks, roster, ids, sittingId)].sort()
    expect(alsoIn(SITTING)).toEqual([[personIdOf('1005'), [late.id]]])
    expect(alsoIn(late.id)).toEqual(
      [
        [personIdOf('1002'), [SITTING]],
        [personIdOf('1005'), [SITTING]],
      ].sort(),
    )
  }
})

it.each([
  ['three days behind', -3 * DAY, 'early'],
  ['two days ahead', 2 * DAY, 'ahead'],
] as const)(
  'a phone whose clock is %s: what it says holds, and its times are flagged',
  async (_, off, doubt) => {
    const wrong = await setupPhone(endpoint, '1003', { clock: { now: () => endpoint.clock.now() + off } })
    await wrong.sync()
    await mark(a, '1005', 'present')
    await back(a, b, wrong)
    wrong.line.online = false
    // It has seen the mark and corrects it: what it says comes after, whatever its clock says.
    await mark(wrong, '1005', 'absent', '没有来')
    await back(wrong, a, b)
    for (const p of [a, b, wrong])
      expect(await of(p, '周敏')).toMatchObject({ state: 'absent', contradiction: false })
    expect(await marksAt(endpoint)).toHaveLength(2)
    const roll = (await readRoll(a.phone.db, MEETING))!
    const { startsAt } = roll.meeting.fields.sittings[0]!
    const flags = roll.marks.map((m) => [m.fields.markedBy, clockDoubtOf(m, startsAt)])
    expect(new Map(flags as [string, string | null][])).toEqual(
      new Map([
        [personIdOf('1001'), null],
        [personIdOf('1003'), doubt],
      ]),
    )
    await agree()
  },
)
