/** A roll taken offline while the world goes on: nothing that was marked is lost, and every phone says the same in the end. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clockDoubtOf } from '../../../src/shared/meetings/clock-doubt.ts'
import { readRoll } from '../../../src/client/features/meetings/model/read-meetings.ts'
import { branchId, MONDAY, personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { endSpans, joinUnit } from '../../support/moves.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../../support/phone.ts'
import { linesOn, mark, marksAt, MEETING, officersOf, said, setupRoll } from './three-phones.ts'

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
