/**
 * What the office sees of a branch's year is what the branch sees on its own phone, to the last figure, whatever was planned,
 * held, undone, cancelled and moved; the office's phone itself holds none of it.
 */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { readActor } from '../../src/client/storage/actor.ts'
import { readYear } from '../../src/client/features/meetings/year/read-year.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import type { BureauYear } from '../../src/shared/meetings/year/bureau/bureau-year.ts'
import { ROLL_STATES } from '../../src/shared/meetings/mark-words.ts'
import { yearPlanId } from '../../src/shared/meetings/year/year-plan.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  groupId,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { createRandom } from '../support/random.ts'

const [first, second] = [branchId('第一支部'), branchId('第二支部')]
const group = groupId('第一小组', '第一支部')
const KINDS = ['支部党员大会', '支委会', '党小组会', '党课', '主题党日', '组织生活会'].map(meetingKindId)
let endpoint: TestEndpoint
let office: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  office = await connect(endpoint, '9001')
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function asked(year: number): Promise<BureauYear> {
  const answer = await office.send(`/api/office/meeting-year?year=${year}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as BureauYear
}

/** As the branch's own page reads it, in the words of the office's answer. */
async function onPhone({ phone }: JourneyPhone, unitId: string, year: number) {
  const actor = await readActor(phone.db, phone.person.id, phone.now())
  const { unit, standing } = await readYear(phone.db, actor, unitId, year)
  expect(unit?.id).toBe(unitId)
  return standing.map(({ kindId, due, held, overdue, periods }) => ({
    kindId,
    due,
    held,
    overdue,
    periods: periods.map((p) => [p.due, p.held, p.overdue, p.state]),
  }))
}

/** Meetings of two years with marks, undone marks and minutes, some sittings taken away again. */
function randomRecords(seed: number, now: number): { type: string; id: string; fields: JsonObject }[] {
  const random = createRandom(seed)
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!
  const found: { type: string; id: string; fields: JsonObject }[] = []
  for (let n = 0; n < 12; n++) {
    const unitId = pick([first, first, second, group])
    const id = `meeting-${seed}-${n}`
    const sittings = [`${id}-a`, `${id}-b`].slice(0, random.between(1, 2))
    const month = String(random.between(1, 12)).padStart(2, '0')
    const date = `${pick([2025, 2026, 2026])}-${month}-${pick(['01', '15', '28'])}`
    const state = pick(['planned', 'planned', 'planned', 'held', 'cancelled'])
    const fields = {
      unitId,
      kindId: pick(KINDS),
      title: '会',
      date,
      state,
      sittings: sittings.map((sitting) => ({ id: sitting, name: '全体', startsAt: now, place: '' })),
    }
    found.push({ type: 'meeting', id, fields })
    const personId = personIdOf(unitId === second ? '2002' : '1003')
    let over: string[] = []
    const marks = random.below(4)
    for (let m = 0; m < marks; m++) {
      const mark = {
        unitId,
        meetingId: id,
        sittingId: pick([...sittings, `${id}-gone`]),
        personId,
        name: '王芳',
        state: pick(ROLL_STATES),
        method: 'tap',
        markedBy: personIdOf('1001'),
        supersedes: over,
      }
      found.push({ type: 'roll-mark', id: `${id}-k${m}`, fields: mark })
      over = random.chance(0.7) ? [`${id}-k${m}`] : []
    }
    if (random.chance(0.3)) {
      const stage = pick(['fixed', 'in-work'])
      found.push({
        type: 'minutes',
        id: `${id}-fixed`,
        fields: { unitId, meetingId: id, title: '会', stage },
      })
    }
  }
  const countedFrom = pick([null, '2026-03-10', '2026-07-01'])
  const plan = { unitId: pick([first, second, group]), year: 2026, countedFrom }
  found.push({ type: 'year-plan', id: yearPlanId(plan.unitId, 2026), fields: plan })
  return found
}

it('office and branch never differ, over many random years', async () => {
  const phones = [
    { phone: await setupPhone(endpoint, '1001'), units: [first, group] },
    { phone: await setupPhone(endpoint, '2001'), units: [second] },
  ]
  const seenStates = new Set<string>()
  for (let seed = 1; seed <= 25; seed++) {
    await endpoint.store.write([], async (tx) => {
      const now = endpoint.clock.now()
      for (const record of randomRecords(seed, now)) await putRecord(tx, { ...record, author: 'test', now })
    })
    for (const { phone } of phones) await phone.sync()
    for (const year of [2025, 2026, 2027]) {
      const { units } = await asked(year)
      expect(units.map(({ unitId }) => unitId)).toEqual([first, group, second])
      for (const { phone, units: own } of phones)
        for (const unitId of own) {
          const seen = units.find((unit) => unit.unitId === unitId)!.kinds
          expect(seen, `${seed} ${year} ${unitId}`).toEqual(await onPhone(phone, unitId, year))
          for (const { periods } of seen) for (const [, , , state] of periods) seenStates.add(state)
        }
    }
  }
  expect([...seenStates].sort()).toEqual(['coming', 'held', 'not-asked', 'open', 'overdue'])
})
