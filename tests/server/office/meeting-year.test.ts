/** The year of all branches: for the bureau's office alone, figures without a person or a title, and not dearer for more branches. */
import { StatementSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { putRecord } from '../../../src/server/commands/put-record.ts'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import type { BureauYear } from '../../../src/shared/meetings/year/bureau/bureau-year.ts'
import { ROOT_UNIT_ID } from '../../../src/shared/sync/scopes.ts'
import {
  branchId,
  connect,
  personIdOf,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'

const PATH = '/api/office/meeting-year?year=2026'
const first = branchId('第一支部')
let endpoint: TestEndpoint
beforeEach(async () => {
  // The statements are counted where SQLite runs them.
  endpoint = await setupEndpoint({ database: 'sqlite', inMemory: true })
})
afterEach(async () => {
  vi.restoreAllMocks()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const giveRole = (personId: string, unitId: string, over: object = {}) =>
  endpoint.put('role', `role-${personId}-${unitId}`, {
    personId,
    unitId,
    name: '',
    role: 'office',
    title: '党建科',
    from: '2026-01-01',
    to: null,
    ...over,
  })
const statusOf = async (by: Connection, path = PATH) => (await by.send(path)).status

describe('who may ask', () => {
  it('the bureau’s office, and nobody else: no member, no secretary, no scorer, no administrator, nobody unknown', async () => {
    expect(await statusOf(await connect(endpoint, '9001'))).toBe(200)
    expect(await statusOf(await connect(endpoint, '9002'))).toBe(200)
    for (const staffNo of ['1003', '1001', '2001', '1002', '1005', '0001']) {
      const answer = await (await connect(endpoint, staffNo)).send(PATH)
      expect(answer.status, staffNo).toBe(403)
      expect(await answer.text(), staffNo).not.toContain('units')
    }
    expect((await endpoint.app.request(PATH)).status).toBe(401)
  })

  it('not the office of another part, not one whose time is over or has not come', async () => {
    await endpoint.put('unit', 'committee', { kind: 'committee', name: '分厅党委', parentId: ROOT_UNIT_ID })
    await giveRole(personIdOf('1003'), 'committee')
    await giveRole(personIdOf('1004'), first)
    await giveRole(personIdOf('2002'), ROOT_UNIT_ID, { to: '2026-11-23' })
    await giveRole(personIdOf('1006'), ROOT_UNIT_ID, { from: '2026-11-24' })
    for (const staffNo of ['1003', '1004', '2002', '1006'])
      expect(await statusOf(await connect(endpoint, staffNo)), staffNo).toBe(403)
  })

  it('a year that is none is refused in a sentence', async () => {
    const office = await connect(endpoint, '9001')
    for (const year of ['', '26', '1999', '20260', "2026'--", '２０２６']) {
      const answer = await office.send(`/api/office/meeting-year?year=${encodeURIComponent(year)}`)
      expect(answer.status, year).toBe(400)
    }
    expect(await statusOf(office, '/api/office/meeting-year')).toBe(400)
  })
})

/** Meetings of a year, each with a mark and every third with minutes; `each` for a unit. */
async function layYear(unitIds: readonly string[], each: number): Promise<void> {
  const now = endpoint.clock.now()
  const kinds = ['支委会', '主题党日'].map(meetingKindId)
  await endpoint.store.write([], async (tx) => {
    const put = (type: string, id: string, fields: object) =>
      putRecord(tx, { type, id, fields: { ...fields }, author: 'test', now })
    for (const unitId of unitIds)
      for (let n = 0; n < each; n++) {
        const id = `${unitId.slice(0, 40)}-m${n}`
        const date = `2026-${String((n % 10) + 1).padStart(2, '0')}-${String((n % 28) + 1).padStart(2, '0')}`
        const sittings = [{ id: `${id}-s`, name: '全体', startsAt: now, place: '三楼会议室' }]
        const meeting = { unitId, kindId: kinds[n % 2]!, title: '研究王芳转正', date, sittings }
        await put('meeting', id, { ...meeting, guests: [{ name: '林科长' }], chairId: personIdOf('1001') })
        await put('roll-mark', `${id}-k`, {
          unitId,
          meetingId: id,
          sittingId: `${id}-s`,
          personId: personIdOf('1003'),
          name: '王芳',
          state: 'present',
          method: 'tap',
          markedBy: personIdOf('1001'),
        })
        if (n % 3 === 0)
          await put('minutes', `${id}-fixed`, {
            unitId,
            meetingId: id,
            title: '研究王芳转正',
            stage: 'fixed',
          })
      }
  })
}

async function statementsOf(ask: () => Promise<unknown>): Promise<string[]> {
  const run: string[] = []
  const all = StatementSync.prototype.all
  vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (this: StatementSync, ...given) {
    run.push(this.sourceSQL)
    return all.apply(this, given)
  })
  await ask()
  vi.restoreAllMocks()
  return run
}

it('tells figures and names of units: no person, no title, no day, no place', async () => {
  await layYear([first], 24)
  const text = await (await (await connect(endpoint, '9001')).send(PATH)).text()
  const { units, kinds } = JSON.parse(text) as BureauYear
  expect(units.map(({ name }) => name)).toEqual(['第一支部', '第一小组', '第二支部'])
  const committee = units[0]!.kinds.find(({ kindId }) => kindId === meetingKindId('支委会'))!
  expect(committee).toMatchObject({ due: 12, held: 12, overdue: 5 })
  expect(kinds.find(({ name }) => name === '支委会')?.cadence).toMatchObject({ toBeChecked: true })
  for (const hidden of [
    '王芳',
    '研究',
    '林科长',
    '三楼',
    '陈静',
    personIdOf('1003'),
    personIdOf('1001'),
    '-m0',
  ])
    expect(text).not.toContain(hidden)
  expect(text).not.toMatch(/2026-\d\d-\d\d/)
})

it('54 branches with 60 meetings each cost as many statements as two branches with one', async () => {
  const office = await connect(endpoint, '9001')
  const ask = async () => expect(await statusOf(office)).toBe(200)
  await layYear([first], 1)
  await ask()
  const few = await statementsOf(ask)
  const more = Array.from({ length: 52 }, (_, n) => `unit-${n}`)
  for (const id of more)
    await endpoint.put('unit', id, { kind: 'branch', name: `窗口第${id}支部`, parentId: ROOT_UNIT_ID })
  await layYear([first, branchId('第二支部'), ...more], 60)
  // The units have changed: they are read once anew for everybody's access.
  await ask()
  const many = await statementsOf(ask)
  expect(many).toEqual(few)
  expect(many.filter((text) => text.includes('records')).length).toBeLessThanOrEqual(3)
  const answer = (await (await office.send(PATH)).json()) as BureauYear
  expect(answer.units.filter(({ branchId: of }) => of === null)).toHaveLength(54)
  expect(answer.units.reduce((sum, { kinds }) => sum + kinds.reduce((n, { held }) => n + held, 0), 0)).toBe(
    54 * 60,
  )
}, 60_000)

it('looks up the marks of a sitting by its index, and never goes through all of them', async () => {
  await layYear([first], 3)
  const office = await connect(endpoint, '9001')
  const [statement] = (await statementsOf(async () => office.send(PATH))).filter((text) =>
    text.includes('attended'),
  )
  const { openSqlite } = await import('../../../src/server/store/sqlite/node-sqlite.ts')
  const onDisk = await setupEndpoint({ database: 'sqlite' })
  const database = openSqlite(`${onDisk.folder}/store.sqlite`, true)
  const plan = database.prepare(`explain query plan ${statement}`).all('2026-') as { detail: string }[]
  database.close()
  await onDisk.close()
  const steps = plan.map(({ detail }) => detail)
  for (const alias of ['m', 'n', 'f'])
    expect(steps).toContainEqual(
      expect.stringMatching(new RegExp(`^SEARCH ${alias} USING INDEX records_by_subject `)),
    )
  expect(steps.filter((step) => /^SCAN (m|n|f|r)\b/.test(step))).toEqual([])
})
