/**
 * The own signature when the world goes on meanwhile: a revision that came while the signer was offline, a key that was stopped
 * from another device. What was signed is kept as what it is; what is refused stays with its data, and there is a way on.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readKeys } from '../../src/client/features/me/devices/useKeys.ts'
import { makeSignOff, readKeyState } from '../../src/client/features/circulation/sign/sign-off-fact.ts'
import { readProgress } from '../../src/client/features/circulation/progress/read-progress.ts'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import type { SignOff } from '../../src/shared/circulation/signing/sign-off.ts'
import { setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
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

async function phoneOf(staffNo: string): Promise<JourneyPhone> {
  const one = await setupPhone(endpoint, staffNo)
  await one.sync()
  return one
}
async function sign(p: JourneyPhone, opinion = ''): Promise<SignOff> {
  const line = (await readLine(p.phone, ground.circulation))!
  const fields = await makeSignOff(p.phone, {
    circulationId: line.id,
    circulation: line.fields,
    revision: line.revision,
    personId: p.session.person.id,
    changeId: null,
    mode: 'in-person',
    signature: { kind: 'typed', name: '示例' },
    opinion,
  })
  await p.phone.store.put('sign-off', fields)
  return fields
}
async function accepted(): Promise<SignOff[]> {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['sign-off'] }))
  return rows
    .map((r) => JSON.parse(r.fields) as SignOff)
    .filter((s) => s.circulationId === ground.circulation)
}
const stateOf = async (p: JourneyPhone) => (await readLine(p.phone, ground.circulation))!.state
const revoke = (p: JourneyPhone, deviceId: string) =>
  p.fetch('/api/commands/revoke-device', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: `revoke-${deviceId}`.slice(0, 64), deviceId }),
  })

it('an older revision that was the newest on an offline phone is kept as such, and the new one is asked for', async () => {
  const member = await phoneOf('1003')
  member.line.online = false
  await sign(member)
  expect(await stateOf(member)).toBe('signed')
  const bytes = new TextEncoder().encode('# 示例文件，第二版\n')
  const sha256 = await endpoint.putFile(bytes, 'text/markdown', 'desk:root')
  const second = {
    ...ground.revision,
    revision: 2,
    file: { ...ground.file, sha256, sizeBytes: bytes.length },
  }
  const row = (await endpoint.store.read((tx) => tx.record('circulation', ground.circulation)))!
  await endpoint.put('circulation', ground.circulation, {
    ...JSON.parse(row.fields),
    revisions: [ground.revision, second],
  })
  member.line.online = true
  await member.sync()
  expect(await accepted()).toMatchObject([{ revision: 1, sha256: ground.sha256 }])
  expect(member.phone.delivery.summary.value.attention).toBe(0)
  expect(await stateOf(member)).toBe('outdated')
  await sign(member)
  await member.sync()
  expect((await accepted()).map(({ revision }) => revision).sort()).toEqual([1, 2])
  expect(await stateOf(member)).toBe('signed')
})

it('signed on two phones of one person, both offline: both are kept, the person counts once, and nobody has to settle it', async () => {
  const [one, other, officer] = [await phoneOf('1003'), await phoneOf('1003'), await phoneOf('1001')]
  for (const phone of [one, other]) {
    phone.line.online = false
    await sign(phone)
    expect(await stateOf(phone)).toBe('signed')
  }
  const before = (await readProgress(officer.phone, ground.circulation))!.coverage
  for (const phone of [one, other]) {
    phone.line.online = true
    await phone.sync()
    expect(phone.phone.delivery.summary.value.attention).toBe(0)
  }
  const kept = await accepted()
  expect(kept).toHaveLength(2)
  // Each with the key of its own phone.
  expect(new Set(kept.map(({ keyId }) => keyId)).size).toBe(2)
  await officer.sync()
  const { coverage, lines } = (await readProgress(officer.phone, ground.circulation))!
  expect([coverage.signed, coverage.waiting]).toEqual([before.signed + 1, before.waiting - 1])
  const line = lines.find(({ personId }) => personId === one.session.person.id)!
  expect(line).toMatchObject({ state: 'signed', standing: { isOpen: false } })
  expect(line.signOffs).toHaveLength(2)
  await one.sync()
  expect(await stateOf(one)).toBe('signed')
})

it('a key that was stopped from another device: what had arrived stays, what comes is kept and told, and there is a way on', async () => {
  const [lost, other] = [await phoneOf('1003'), await phoneOf('1003')]
  expect((await readKeys(other.phone)).map(({ thisOne, revokedAt }) => [thisOne, revokedAt])).toEqual([
    [true, null],
    [false, null],
  ])
  await sign(lost, '先签的')
  await lost.sync()
  lost.line.online = false
  await sign(lost, '没送达的')
  endpoint.clock.advance(1000)
  expect((await revoke(other, lost.session.deviceId)).status).toBe(200)
  await other.sync()
  expect((await readKeys(other.phone)).filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(1)

  lost.line.online = true
  await lost.sync()
  expect((await accepted()).map(({ opinion }) => opinion)).toEqual(['先签的'])
  await lost.signIn()
  await lost.sync()
  // Nothing lost: refused with its data.
  expect((await accepted()).map(({ opinion }) => opinion)).toEqual(['先签的'])
  expect(await lost.phone.db.attention.toArray()).toMatchObject([
    { type: 'sign-off', code: 'bad-signature', fields: { opinion: '没送达的' } },
  ])
  // The phone knows by now that its key is stopped: it signs without, says so, and is heard.
  expect(await readKeyState(lost.phone)).toBe('revoked')
  const again = await sign(lost, '重新签的')
  expect([again.keyId, again.deviceSignature]).toEqual([null, null])
  await lost.sync()
  expect((await accepted()).map(({ opinion }) => opinion).sort()).toEqual(['先签的', '重新签的'].sort())
})
