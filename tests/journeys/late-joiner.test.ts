/** Somebody comes to the branch after the dispatch: put on the list with a reason, with no network; asked, signs, counts once. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import { makeSignOff } from '../../src/client/features/circulation/sign/sign-off-fact.ts'
import { coverageOf } from '../../src/shared/circulation/coverage/coverage.ts'
import { branchId, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround } from '../support/samples.ts'

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function sign(p: JourneyPhone, addedBy: string | null): Promise<void> {
  const line = (await readLine(p.phone, ground.circulation))!
  const fields = await makeSignOff(p.phone, {
    circulationId: line.id,
    circulation: line.fields,
    revision: line.revision,
    personId: p.session.person.id,
    changeId: addedBy,
    mode: 'in-person',
    signature: { kind: 'typed', name: '示例' },
    opinion: '',
  })
  await p.phone.store.put('sign-off', fields)
  await p.sync()
}
const storedOf = async (type: string) =>
  (await endpoint.store.read((tx) => tx.records({ types: [type] }))).filter(({ fields }) =>
    fields.includes(ground.circulation),
  )

it('is asked after an officer has put them on the list, signs, and counts once', async () => {
  const joiner = await setupPhone(endpoint, '1004')
  await joiner.sync()
  expect((await readLine(joiner.phone, ground.circulation))!.state).toBe('reading')

  const officer = await setupPhone(endpoint, '1001')
  await officer.sync()
  officer.line.online = false
  const change = {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    personId: personIdOf('1004'),
    name: '刘洋',
    change: 'add' as const,
    reason: '发出后转入本支部',
    supersedes: [],
  }
  await officer.phone.store.put('recipient-change', change)
  // The same by another officer's phone: one person all the same.
  await officer.phone.store.put('recipient-change', { ...change, reason: '漏报' })
  officer.line.online = true
  await officer.sync()

  await joiner.sync()
  const line = (await readLine(joiner.phone, ground.circulation))!
  expect([line.state, line.addedBy !== null]).toEqual(['waiting', true])
  await sign(joiner, line.addedBy)
  expect(joiner.phone.delivery.summary.value.attention).toBe(0)
  expect(await storedOf('sign-off')).toHaveLength(1)

  await officer.sync()
  const { phone } = officer
  const c = (await phone.store.get('circulation', ground.circulation))!
  const [changes, signOffs] = await Promise.all([
    phone.db.records('recipient-change').toArray(),
    phone.db.records('sign-off').toArray(),
  ])
  const coverage = coverageOf(c, changes, signOffs)
  expect(coverage.lines.filter(({ personId }) => personId === change.personId)).toMatchObject([
    { state: 'signed' },
  ])
  expect([coverage.toSign, coverage.signed]).toEqual([3, 1])
})

it('who is on no list cannot sign, also by naming none', async () => {
  const joiner = await setupPhone(endpoint, '1004')
  await joiner.sync()
  await sign(joiner, null)
  expect(joiner.phone.delivery.summary.value.attention).toBe(1)
  expect(await storedOf('sign-off')).toEqual([])
})
