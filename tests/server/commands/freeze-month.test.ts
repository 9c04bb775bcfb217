/** 定稿: the two sides meet only in the result; what was not finished is named; what was frozen stays. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { monthResultId, type MonthResult } from '../../../src/shared/assessment/month-result.ts'
import { scoreSheetId } from '../../../src/shared/assessment/score-sheet.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import {
  branchId,
  connect,
  MONDAY,
  personIdOf,
  sectionId,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { pullAll } from '../../support/wire.ts'
import { dumpTables } from '../attack.ts'

const first = branchId('第一支部')
const section = sectionId('综合科')
const member = personIdOf('1003')
const SETS = { party: '01990000-0000-7000-8000-000000000005', work: '01990000-0000-7000-8000-000000000006' }

let endpoint: TestEndpoint
let office: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
  office = await connect(endpoint, '9001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

let ids = 0
const freeze = async (unitIds = [first]) => {
  const response = await office.post('/api/commands/freeze-month', {
    id: `freeze-${++ids}xx`,
    month: '2026-10',
    unitIds,
  })
  return (await response.json()) as { results: number; without: { personId: string; side: string }[] }
}
const putSheet = (
  unitId: string,
  side: 'party' | 'work',
  scores: Record<string, number>,
  over: JsonObject = {},
) =>
  endpoint.put('score-sheet', scoreSheetId(unitId, member, '2026-10', side), {
    unitId,
    personId: member,
    month: '2026-10',
    side,
    setId: SETS[side],
    scores: Object.fromEntries(
      Object.entries(scores).map(([id, score]) => [
        id,
        { score, reason: '因故', evidence: '', scorerId: 's', at: MONDAY },
      ]),
    ),
    adjustments: {},
    done: true,
    ...over,
  })
const resultOf = async (side: 'party' | 'work') => {
  const record = await endpoint.store.read((tx) =>
    tx.record('month-result', monthResultId(member, '2026-10', side)),
  )
  return record === undefined ? undefined : { ...record, fields: JSON.parse(record.fields) as MonthResult }
}

it('adds each side by itself, in tenths, and puts both totals into both copies', async () => {
  await putSheet(
    first,
    'party',
    { a: 59.7, b: 39.6 },
    {
      adjustments: { x: { points: -0.2, reason: '检查扣分', scorerId: 's', at: MONDAY } },
    },
  )
  await putSheet(section, 'work', { a: 60, b: 30.1 })
  const answer = await freeze()
  expect(answer.results).toBe(2)
  const [party, work] = [await resultOf('party'), await resultOf('work')]
  expect(party!.fields).toMatchObject({ total: 99.1, partyTotal: 99.1, workTotal: 90.1, unitId: first })
  expect(work!.fields).toMatchObject({ total: 90.1, partyTotal: 99.1, workTotal: 90.1, unitId: section })
  expect([party!.scope, work!.scope]).toEqual([`file:${first}:${member}`, `file:${section}:${member}`])
  expect(party!.fields.adjustments).toEqual([{ points: -0.2, reason: '检查扣分' }])
})

it('names everyone without a finished sheet, and gives them no result', async () => {
  await putSheet(first, 'party', { a: 60, b: 40 })
  await putSheet(section, 'work', { a: 60 }, { done: false })
  const { results, without } = await freeze()
  expect(results).toBe(1)
  expect(without).toContainEqual({ personId: member, name: '王芳', side: 'work' })
  expect(without).not.toContainEqual({ personId: member, name: '王芳', side: 'party' })
  expect(without.filter((w) => w.personId === personIdOf('1001'))).toHaveLength(2)
  expect(without.some((w) => w.personId === personIdOf('1006'))).toBe(false)
  expect(await resultOf('work')).toBeUndefined()
})

it('changes nothing the second time, whatever the sheets say by then', async () => {
  await putSheet(first, 'party', { a: 60, b: 40 })
  await freeze()
  const before = await resultOf('party')
  await putSheet(first, 'party', { a: 1, b: 1 })
  expect((await freeze()).results).toBe(0)
  expect(await resultOf('party')).toEqual(before)
})

it('shows the self-score that was submitted last beside the score, and does not let it count', async () => {
  const submission = (id: string, score: number, supersedes: string[]) =>
    endpoint.put('submission', id, {
      personId: member,
      name: '王芳',
      unitId: first,
      month: '2026-10',
      side: 'party',
      setId: SETS.party,
      answers: { a: { score, sentence: '', evidence: '' } },
      supersedes,
    })
  await submission('s1', 60, [])
  await submission('s2', 55, ['s1'])
  await putSheet(first, 'party', { a: 10, b: 0 })
  await freeze()
  const { fields } = (await resultOf('party'))!
  expect(fields.lines[0]).toMatchObject({ indicatorId: 'a', selfScore: 55, score: 10 })
  expect(fields.total).toBe(10)
})

it('is seen by the person on both sides, by each desk on its own only', async () => {
  await putSheet(first, 'party', { a: 60, b: 40 })
  await putSheet(section, 'work', { a: 50, b: 40 })
  await freeze()
  const seenBy = async (staffNo: string) =>
    (await pullAll(await connect(endpoint, staffNo))).records
      .filter((r) => r.type === 'month-result' && r.fields.month === '2026-10')
      .map((r) => r.fields.side)
      .sort()
  expect(await seenBy('1003')).toEqual(['party', 'work'])
  expect(await seenBy('1001')).toEqual(['party'])
  expect(await seenBy('1005')).toEqual(['work'])
  expect(await seenBy('1004')).toEqual([])
})

it('ignores a sheet of a unit that the person does not belong to', async () => {
  await putSheet(sectionId('窗口科'), 'work', { a: 1, b: 1 })
  const before = await dumpTables(endpoint, ['command_outcomes'])
  expect((await freeze()).results).toBe(0)
  expect(await dumpTables(endpoint, ['command_outcomes'])).toEqual(before)
})
