/** Questions over the whole bureau: who may ask, and what an answer holds and does not hold. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  branchId,
  connect,
  MONDAY,
  PEOPLE,
  personIdOf,
  setupEndpoint,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { dumpTables, queueOf } from '../attack.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const ALLOWED: Record<string, string[]> = {
  people: ['0001', '9001', '9002'],
  [`devices?personId=x`]: ['0001'],
  opinions: ['9001', '9002'],
  circulations: ['9001', '9002'],
  'circulation?document=x': ['9001', '9002'],
  dispatched: ['9001', '9002'],
  'document-sheets?documentId=x': ['9001', '9002'],
  'circulation-years': ['9001', '9002'],
  'month?month=2026-11': ['9001', '9002'],
}

it('are answered to who may ask, refused to everyone else, and change nothing', async () => {
  const staffNos = ['0001', ...PEOPLE.map((p) => p.staffNo)]
  const connections = await Promise.all(staffNos.map((staffNo) => connect(endpoint, staffNo)))
  const before = await dumpTables(endpoint)
  for (const [question, allowed] of Object.entries(ALLOWED)) {
    for (const [at, c] of connections.entries()) {
      const answer = await c.send(`/api/office/${question}`)
      const expected = allowed.includes(staffNos[at]!) ? 200 : 403
      expect([question, staffNos[at], answer.status]).toEqual([question, staffNos[at], expected])
    }
  }
  expect(await dumpTables(endpoint)).toEqual(before)
})

it('end with the role', async () => {
  const office = await connect(endpoint, '9001')
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['role'], person: personIdOf('9001') }))
  await endpoint.put('role', rows[0]!.id, { ...JSON.parse(rows[0]!.fields), to: '2026-11-23' })
  expect((await office.send('/api/office/people')).status).toBe(403)
})

it('tell the administrator who is there, without secrets and without study or assessment', async () => {
  const administrator = await connect(endpoint, '0001')
  const text = await (await administrator.send('/api/office/people')).text()
  expect((JSON.parse(text) as { people: unknown[] }).people).toHaveLength(PEOPLE.length + 1)
  expect(text).not.toMatch(/argon2|hash|password"|"score"|lesson|reflection/i)
})

it('count who has signed and who has not, branch by branch', async () => {
  const ground = await layGround(endpoint)
  const member = await queueOf(endpoint, '1003')
  const signed = await member.offer({
    type: 'sign-off',
    id: 'sign-1',
    fields: {
      unitId: branchId('第一支部'),
      circulationId: ground.circulation,
      documentId: '01990000-0000-7000-8000-000000000003',
      personId: member.personId,
      signedBy: member.personId,
      revision: 1,
      sha256: ground.sha256,
      mode: 'in-person',
      signature: { kind: 'typed', name: '王芳' },
      signedAt: MONDAY,
      keyId: null,
      deviceSignature: null,
    },
  })
  expect(signed.status).toBe('accepted')
  const office = await connect(endpoint, '9001')
  const sums = { toSign: 2, signed: 1, waiting: 1 }
  const answer = (await (await office.send('/api/office/circulations')).json()) as { documents: object[] }
  expect(answer.documents).toMatchObject([{ ...sums, branchCount: 1, missing: 1 }])
  const one = await office.send('/api/office/circulation?document=01990000-0000-7000-8000-000000000003')
  expect(await one.json()).toMatchObject({
    document: { ...sums, branches: [{ name: '第一支部', signed: 1, oldestWaitingAt: MONDAY }] },
  })
})

it('tell how far a month is in counts, without a single score', async () => {
  await layGround(endpoint)
  const office = await connect(endpoint, '9001')
  const text = await (await office.send('/api/office/month?month=2026-09')).text()
  const { units } = JSON.parse(text) as { units: { name: string; frozen: number; members: number }[] }
  expect(units.find((u) => u.name === '第一支部')).toMatchObject({ frozen: 1, members: 6 })
  expect(text).not.toContain('95')
})
