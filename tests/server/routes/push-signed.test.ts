/** Attacks on authorship: carriers, forged envelopes, sign-offs altered after signing, other people's and revoked keys. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signOffStatement, type SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import { formatHlc } from '../../../src/shared/sync/hlc.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { privateScope } from '../../../src/shared/sync/scopes.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { mutationOf, push } from '../../support/wire.ts'
import { connectWithKey, makeDeviceKey, queueOf, rehashed, signedBy, type Queue } from '../attack.ts'

type Phone = Awaited<ReturnType<typeof connectWithKey>>
const first = branchId('第一支部')
const member = personIdOf('1003')
const DOCUMENT = '01990000-0000-7000-8000-000000000003'

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
let phone: Phone
let carrier: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  phone = await connectWithKey(endpoint, '1003')
  carrier = await queueOf(endpoint, '1004')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const opinion = (id: string, text = '请别人捎来的意见') => ({
  type: 'opinion',
  id,
  fields: { personId: member, text },
})
describe('a phone that delivers for another', () => {
  const deliver = async (
    parts: Parameters<typeof mutationOf>[1],
    over: Partial<Phone> & { person?: string } = {},
  ) => {
    const by = { ...phone, ...over }
    const m = await signedBy(carrier.make(parts), over.person ?? member, by.keyId, by.key.sign)
    return (await push(carrier, [m])).outcomes[0]!
  }

  it('stores the signer as the author, not the carrier', async () => {
    expect((await deliver(opinion('carried-1'))).status).toBe('accepted')
    const record = await endpoint.store.read((tx) => tx.record('opinion', 'carried-1'))
    expect(record).toMatchObject({ author: member, scope: `file:root:${member}` })
  })

  it('takes the same fact once, from the carrier and from its author', async () => {
    const own = mutationOf(1, opinion('carried-1'))
    expect((await push(phone.connection, [own])).outcomes[0]!.status).toBe('accepted')
    expect((await deliver(opinion('carried-1'))).status).toBe('accepted')
    const rows = await endpoint.store.read((tx) => tx.records({ types: ['opinion'] }))
    expect(rows).toHaveLength(1)
  })

  it('refuses what nobody signed, a signature of another key, of another person, and noise', async () => {
    const stranger = await makeDeviceKey()
    const other = await connectWithKey(endpoint, '2002')
    const unsigned = await carrier.offer(opinion('carried-1'))
    expect([unsigned.status, unsigned.code]).toEqual(['rejected', 'forbidden'])
    for (const over of [
      { key: stranger },
      { keyId: 'no-such-key' },
      { key: other.key, keyId: other.keyId },
      { person: personIdOf('1001') },
      { key: { ...stranger, sign: () => Promise.resolve('!!! not base64 !!!') } },
      { key: { ...stranger, sign: () => Promise.resolve('') } },
    ]) {
      const outcome = await deliver(opinion('carried-1'), over)
      expect([outcome.status, outcome.code]).toEqual(['rejected', 'bad-signature'])
    }
    expect(await endpoint.store.read((tx) => tx.record('opinion', 'carried-1'))).toBeUndefined()
  })

  it('refuses a payload that was changed after signing, hashed anew or not', async () => {
    const m = await signedBy(carrier.make(opinion('carried-1')), member, phone.keyId, phone.key.sign)
    const altered = { ...m, fields: { ...m.fields, text: '换过的内容' } }
    expect((await push(carrier, [altered])).outcomes[0]!.code).toBe('hash-wrong')
    const again = { ...rehashed(altered, {}), n: 2 }
    expect((await push(carrier, [again])).outcomes[0]!.code).toBe('bad-signature')
  })

  it('tells the carrier that a private draft arrived, and nothing of what is in it', async () => {
    const draft = (at: number, text: string) => ({
      type: 'note',
      id: 'note-1',
      scope: privateScope(member),
      fields: { personId: member, bookId: 'b', chapterId: 'c', paragraph: 1, text },
      hlc: formatHlc(at, 0, 'x'),
    })
    await push(phone.connection, [mutationOf(1, draft(MONDAY + 5, '只有本人能看的后一稿'))])
    const outcome = await deliver(draft(MONDAY, '先前的一稿'))
    expect(outcome.status).toBe('merged')
    expect(outcome.record).toBeUndefined()
    expect(JSON.stringify(outcome)).not.toContain('只有本人')
  })

  it('takes no signature of a key that was revoked, however it is dated', async () => {
    const second = await queueOf(endpoint, '1003')
    const revoked = await second.post('/api/commands/revoke-device', {
      id: 'revoke-01',
      deviceId: phone.connection.deviceId,
    })
    expect(revoked.status).toBe(200)
    const outcome = await deliver({ ...opinion('carried-1'), observedAt: MONDAY - 3_600_000 })
    expect([outcome.status, outcome.code]).toEqual(['rejected', 'bad-signature'])
  })

  it('gives a found phone that signs in again a key that counts', async () => {
    const second = await queueOf(endpoint, '1003')
    await second.post('/api/commands/revoke-device', { id: 'revoke-01', deviceId: phone.connection.deviceId })
    const answer = await endpoint.app.request('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        staffNo: '1003',
        password: 'correct horse 2026',
        publicKey: phone.key.publicKey,
        deviceId: phone.connection.deviceId,
      }),
    })
    const session = (await answer.json()) as { deviceId: string; keyId: string }
    expect(session.deviceId).not.toBe(phone.connection.deviceId)
    expect(session.keyId).not.toBe(phone.keyId)
    expect((await deliver(opinion('carried-1'), { keyId: session.keyId })).status).toBe('accepted')
  })
})

describe('a sign-off with a device signature', () => {
  const fields = async (over: Partial<SignOff> = {}, by: Phone = phone): Promise<JsonObject> => {
    const plain: SignOff = {
      unitId: first,
      circulationId: ground.circulation,
      documentId: DOCUMENT,
      documentNo: '',
      changeId: null,
      supersedes: [],
      personId: member,
      signedBy: member,
      revision: 1,
      sha256: ground.sha256,
      mode: 'in-person',
      signature: { kind: 'drawn', width: 300, height: 100, strokes: [[1, 2, 30, 40]] },
      opinion: '已阅，照办。',
      signedAt: MONDAY,
      keyId: by.keyId,
      deviceSignature: null,
      ...over,
    }
    const deviceSignature = await by.key.sign(signOffStatement(plain))
    return { ...plain, deviceSignature } as unknown as JsonObject
  }
  let n = 0
  beforeEach(() => void (n = 0))
  const send = async (signOff: JsonObject) => {
    const m = mutationOf(++n, { type: 'sign-off', id: `sign-${n}`, fields: signOff })
    return (await push(phone.connection, [m])).outcomes[0]!
  }

  it('is taken when the signature holds', async () => {
    expect((await send(await fields())).status).toBe('accepted')
  })

  it('is refused when any field that the person is held to was altered', async () => {
    const signed = await fields()
    const alterations: JsonObject = {
      circulationId: 'another-circulation',
      documentId: 'another-document',
      revision: 2,
      sha256: 'b'.repeat(64),
      signedBy: personIdOf('1004'),
      mode: 'substitute',
      signature: { kind: 'typed', name: '王芳' },
      opinion: '不同意。',
      signedAt: MONDAY - 1,
      keyId: 'no-such-key',
    }
    for (const [field, value] of Object.entries(alterations)) {
      const outcome = await send({ ...signed, [field]: value })
      expect([field, outcome.status, outcome.code]).toEqual([field, 'rejected', 'bad-signature'])
    }
    const swapped = { ...signed, personId: personIdOf('1001') }
    expect((await send(swapped)).code).toBe('bad-signature')
    const stored = await endpoint.store.read((tx) => tx.records({ types: ['sign-off'] }))
    expect(stored.filter(({ fields: f }) => JSON.parse(f).circulationId === signed.circulationId)).toEqual([])
  })

  it('is refused with the key of somebody else, though that signature holds', async () => {
    const colleague = await connectWithKey(endpoint, '1004')
    const outcome = await send(await fields({}, colleague))
    expect([outcome.status, outcome.code]).toEqual(['rejected', 'bad-signature'])
  })

  it('is refused for a revision that was never sent, a person who is no recipient, and after a recall', async () => {
    const unknown = await send(await fields({ revision: 7 }))
    expect([unknown.status, unknown.code]).toEqual(['rejected', 'unknown-revision'])
    const probationer = await queueOf(endpoint, '1004')
    const outsider = { ...(await fields()), keyId: null, deviceSignature: null }
    const self = { ...outsider, personId: probationer.personId, signedBy: probationer.personId }
    expect((await probationer.offer({ type: 'sign-off', id: 'sign-x', fields: self })).code).toBe(
      'not-recipient',
    )
    const office = await queueOf(endpoint, '9001')
    const recalled = await office.post('/api/commands/recall-circulation', {
      id: 'recall-01',
      documentId: DOCUMENT,
    })
    expect(recalled.status).toBe(200)
    expect((await send(await fields())).code).toBe('circulation-recalled')
  })
})
