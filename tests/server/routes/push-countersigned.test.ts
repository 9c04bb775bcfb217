/** A sign-off that is accepted is countersigned in the same act; nobody else makes a receipt, and none is made for nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  countersignatureId,
  countersignatureStatement,
  type Countersignature,
} from '../../../src/shared/circulation/signing/countersignature.ts'
import { endpointKeyId, type EndpointKey } from '../../../src/shared/org/endpoint-key.ts'
import { canonicalJson, sha256Hex } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { countersignKey } from '../../../src/server/auth/countersign-key.ts'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, samples, uid, type Sample } from '../../support/samples.ts'
import { mutationOf, pullAll, push } from '../../support/wire.ts'
import { queueOf } from '../attack.ts'

let endpoint: TestEndpoint
let sample: Sample
beforeEach(async () => {
  endpoint = await setupEndpoint()
  sample = samples(await layGround(endpoint)).find(({ type }) => type === 'sign-off')!
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const rowsOf = (type: string) => endpoint.store.read((tx) => tx.records({ types: [type] }))
const fieldsOf = async <Fields>(type: string): Promise<Fields[]> =>
  (await rowsOf(type)).map((row) => JSON.parse(row.fields) as Fields)

async function expectHolds(receipt: Countersignature): Promise<void> {
  const [key] = await fieldsOf<EndpointKey>('endpoint-key')
  expect(receipt.keyId).toBe(endpointKeyId(key!.publicKey))
  expect(await signatureHolds(key!.publicKey, receipt.signature, countersignatureStatement(receipt))).toBe(
    true,
  )
}

describe('an accepted sign-off', () => {
  it('has a countersignature over all that is stored of it, at the endpoint’s time', async () => {
    const fields = { ...sample.fields, ofANewerApp: { yes: 1 } } as JsonObject
    expect((await (await queueOf(endpoint, '1003')).offer({ ...sample, fields })).status).toBe('accepted')
    const [signOff] = await rowsOf('sign-off')
    const [receipt] = await fieldsOf<Countersignature>('countersignature')
    expect(receipt).toMatchObject({
      signOffId: sample.id,
      personId: personIdOf('1003'),
      signOffSha256: sha256Hex(canonicalJson(JSON.parse(signOff!.fields))),
      receivedAt: endpoint.clock.now(),
    })
    await expectHolds(receipt!)
    for (const altered of [
      { receivedAt: receipt!.receivedAt - 1 },
      { signOffId: uid(1) },
      { signOffSha256: 'b'.repeat(64) },
    ]) {
      const [key] = await fieldsOf<EndpointKey>('endpoint-key')
      const statement = countersignatureStatement({ ...receipt!, ...altered })
      expect(await signatureHolds(key!.publicKey, receipt!.signature, statement)).toBe(false)
    }
  })

  it('comes with it to the member and the branch’s officer, and to no other member', async () => {
    await (await queueOf(endpoint, '1003')).offer(sample)
    const has = async (staffNo: string) => {
      const { records } = await pullAll(await queueOf(endpoint, staffNo))
      return ['sign-off', 'countersignature'].map((type) => records.some((r) => r.type === type))
    }
    expect(await has('1003')).toEqual([true, true])
    expect(await has('1001')).toEqual([true, true])
    expect(await has('1004')).toEqual([false, false])
    const { records } = await pullAll(await queueOf(endpoint, '1004'))
    expect(records.filter((r) => r.type === 'endpoint-key')).toHaveLength(1)
  })

  it('has one, however often it is sent, also under another number', async () => {
    const queue = await queueOf(endpoint, '1003')
    const m = queue.make(sample)
    await push(queue, [m])
    await push(queue, [m])
    const [first] = await rowsOf('countersignature')
    endpoint.clock.advance(60_000)
    await push(queue, [mutationOf(2, { ...sample, observedAt: m.observedAt })])
    expect(await rowsOf('countersignature')).toEqual([first])
    expect(first!.id).toBe(countersignatureId(sample.id))
  })
})

it('what is refused or put off has none', async () => {
  const queue = await queueOf(endpoint, '1003')
  const over = async (fields: JsonObject) =>
    (await queue.offer({ ...sample, fields: { ...sample.fields, ...fields } })).status
  expect(await over({ revision: 2 })).toBe('rejected')
  expect(await over({ circulationId: uid(999) })).toBe('deferred')
  expect(await over({ signedBy: personIdOf('1004') })).toBe('rejected')
  expect(await rowsOf('countersignature')).toEqual([])
})

it('nobody but the endpoint makes a countersignature or a key', async () => {
  await (await queueOf(endpoint, '1003')).offer(sample)
  const [row] = await rowsOf('countersignature')
  const [key] = await rowsOf('endpoint-key')
  for (const staffNo of ['1003', '1001', '9001', '0001']) {
    const queue = await queueOf(endpoint, staffNo)
    for (const { type, fields } of [row!, key!]) {
      const outcome = await queue.offer({ type, id: uid(900), fields: JSON.parse(fields) as JsonObject })
      expect([staffNo, type, outcome.status, outcome.code]).toEqual([staffNo, type, 'rejected', 'forbidden'])
    }
  }
})

it('all processes over a store have one key, also when they begin together', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => countersignKey(endpoint.store, endpoint.clock.now())))
  expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1)
  expect(await rowsOf('endpoint-key')).toHaveLength(1)
})
