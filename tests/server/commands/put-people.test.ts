/** A roster put twice, put for trial, with people who moved, without columns, with mistakes. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PersonRow } from '../../../src/server/commands/people/person-row.ts'
import type { PeopleSummary } from '../../../src/server/commands/put-people.ts'
import type { Membership } from '../../../src/shared/org/membership.ts'
import type { Role } from '../../../src/shared/org/role.ts'
import {
  branchId,
  connect,
  PEOPLE,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { dumpTables } from '../attack.ts'

let endpoint: TestEndpoint
let administrator: Connection
beforeEach(async () => {
  endpoint = await setupEndpoint()
  administrator = await connect(endpoint, '0001')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

let ids = 0
const put = async (people: PersonRow[], over: object = {}) => {
  const response = await administrator.post('/api/commands/put-people', {
    id: `people-${++ids}x`,
    people,
    ...over,
  })
  const answer = (await response.json()) as PeopleSummary & { error?: { code: string; message: string } }
  return { status: response.status, answer }
}
const known = (staffNo: string, over: Partial<PersonRow> = {}): PersonRow => ({
  ...PEOPLE.find((p) => p.staffNo === staffNo)!,
  ...over,
})
const of = async <T>(type: string, staffNo: string): Promise<T[]> =>
  (await endpoint.store.read((tx) => tx.records({ types: [type], person: personIdOf(staffNo) }))).map(
    (r) => JSON.parse(r.fields) as T,
  )
const newcomer = known('1003', { staffNo: '4001', name: '新来的', branch: '第九支部', postingUnit: '某局' })

it('leaves no trace of a trial, and says what would happen', async () => {
  const before = await dumpTables(endpoint, ['command_outcomes'])
  const { answer } = await put([newcomer, known('1003', { name: '王芳芳' })], { dryRun: true })
  expect(answer).toMatchObject({ added: ['4001 新来的'], changed: ['1003 王芳芳'], same: 0 })
  expect([...answer.unitsAdded].sort()).toEqual(['党小组 第一小组', '支部 第九支部', '派驻单位 某局'])
  expect(await dumpTables(endpoint, ['command_outcomes'])).toEqual(before)
})

it('does the same when it is meant, and nothing the second time', async () => {
  await put([newcomer])
  const before = await dumpTables(endpoint, ['command_outcomes'])
  const { answer } = await put([newcomer])
  expect(answer).toMatchObject({ added: [], changed: [], same: 1, unitsAdded: [] })
  expect(await dumpTables(endpoint, ['command_outcomes'])).toEqual(before)
})

it('changes nothing when the whole roster comes again', async () => {
  const before = await dumpTables(endpoint, ['command_outcomes'])
  expect((await put(PEOPLE)).answer).toMatchObject({ added: [], changed: [], same: PEOPLE.length })
  expect(await dumpTables(endpoint, ['command_outcomes'])).toEqual(before)
})

it('ends the old membership and role of who moved, keeps them, and begins new ones', async () => {
  await put([known('1001', { branch: '第二支部' })])
  const memberships = await of<Membership>('membership', '1001')
  const old = memberships.find((m) => m.unitId === branchId('第一支部'))
  const now = memberships.find((m) => m.unitId === branchId('第二支部'))
  expect([old?.to, now?.from, now?.to]).toEqual(['2026-11-23', '2026-11-23', null])
  const roles = await of<Role>('role', '1001')
  expect(roles.map((r) => [r.unitId, r.to]).sort()).toEqual(
    [
      [branchId('第一支部'), '2026-11-23'],
      [branchId('第二支部'), null],
    ].sort(),
  )
})

it('leaves what is stored where the roster has no column', async () => {
  const before = await dumpTables(endpoint, ['command_outcomes'])
  const bare = known('1001', { branch: null, section: null, partyStatus: 'none', roles: [], handOrder: null })
  expect((await put([bare], { columns: [] })).answer).toMatchObject({ same: 1 })
  expect(await dumpTables(endpoint, ['command_outcomes'])).toEqual(before)
})

it('never takes the administrator away', async () => {
  await put([known('1006', { staffNo: '0001', name: '系统管理员' })])
  const next = await put([known('1003')])
  expect(next.status).toBe(200)
})

it('refuses one staff number twice, and a branch that does not exist when none may be made, wholly', async () => {
  const before = await dumpTables(endpoint)
  const twice = await put([newcomer, known('1003'), { ...newcomer, name: '另一个' }])
  expect(twice.answer.error?.message).toContain('4001')
  const unknown = await put([known('1003', { name: '改名' }), newcomer], { createUnits: false })
  expect([unknown.answer.error?.code, unknown.answer.error?.message]).toEqual([
    'invalid-fields',
    expect.stringContaining('某局') as unknown,
  ])
  const branch = await put([{ ...newcomer, postingUnit: null }], { createUnits: false })
  expect(branch.answer.error?.message).toContain('第九支部')
  expect(await dumpTables(endpoint)).toEqual(before)
})

it('keeps a voting right that was suspended by hand', async () => {
  const rows = await endpoint.store.read((tx) =>
    tx.records({ types: ['membership'], person: personIdOf('1003') }),
  )
  const own = rows.find((r) => r.scope === `unit:${branchId('第一支部')}`)!
  await endpoint.put('membership', own.id, { ...JSON.parse(own.fields), votingRight: false })
  await put([known('1003', { handOrder: 3 })])
  const after = (await of<Membership>('membership', '1003')).find((m) => m.unitId === branchId('第一支部'))
  expect(after).toMatchObject({ votingRight: false, handOrder: 3 })
})
