import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WRITE_PAUSE_MS } from '../../../src/client/sync/engine.ts'
import { sha256Hex } from '../../../src/shared/sync/canonical.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import {
  meetingFields,
  meetingScope,
  opinionFields,
  rollMarkFields,
  unitFields,
} from '../../support/client/records.ts'
import { closePhones, setupPhone, type TestPhone } from '../../support/client/setup-phone.ts'

let endpoint: FakeEndpoint
let a: TestPhone
beforeEach(async () => {
  endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('一支部'))
  a = await setupPhone(endpoint)
})
afterEach(closePhones)

const sync = (phone: TestPhone = a) => phone.phone.engine.syncNow()
const db = () => a.phone.db
const atRest = async () => ({ waiting: await db().outbox.count(), attention: await db().attention.count() })

describe('a refusal', () => {
  it('in the middle leaves the others as if it had never been', async () => {
    endpoint.refuse = (m) => (m.fields.text === '坏' ? 'forbidden' : undefined)
    const ids = []
    for (const text of ['一', '坏', '三']) ids.push(await a.phone.store.put('opinion', opinionFields(text)))
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 1 })
    expect(endpoint.applied.size).toBe(2)
    const [item] = await db().attention.toArray()
    expect(item).toMatchObject({ code: 'forbidden', fields: { text: '坏' }, label: '意见建议' })
    expect(item?.sentence).toContain('写下的内容都还在')
    expect(await a.phone.store.get('opinion', ids[1]!)).toBeUndefined()
  })

  it('of stale content brings what stands, keeps what was written, and can be sent again on top of it', async () => {
    endpoint.seed('meeting', 'm', meetingScope, meetingFields('一'))
    await sync()
    await a.phone.store.put('meeting', meetingFields('我的'), { id: 'm' })
    endpoint.seed('meeting', 'm', meetingScope, meetingFields('别人的'))
    await sync()
    const [item] = await db().attention.toArray()
    expect(item).toMatchObject({ code: 'stale-base', standing: { fields: { title: '别人的' } } })
    expect(item?.fields.title).toBe('我的')
    expect(await a.phone.store.get('meeting', 'm')).toMatchObject({ pending: 0, fields: { title: '别人的' } })
    expect(await a.phone.delivery.exportText(item!.attentionId)).toContain('我的')
    await a.phone.delivery.retry(item!.attentionId)
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.record('meeting', 'm')?.fields.title).toBe('我的')
  })

  it('of a parent takes along what rests on it, and nothing else', async () => {
    endpoint.refuse = (m) => (m.type === 'meeting' ? 'forbidden' : undefined)
    await a.phone.store.put('meeting', meetingFields('会'), { id: 'm' })
    await a.phone.store.put('roll-mark', rollMarkFields('m'))
    await a.phone.store.put('opinion', opinionFields('别的'))
    await sync()
    const items = await db().attention.toArray()
    expect(items.map((item) => [item.type, item.code])).toEqual([
      ['meeting', 'forbidden'],
      ['roll-mark', 'parent-refused'],
    ])
    expect(await atRest()).toEqual({ waiting: 0, attention: 2 })
    expect(endpoint.applied.size).toBe(1)
  })

  it('can be discarded only by the person', async () => {
    endpoint.refuse = () => 'forbidden'
    await a.phone.store.put('opinion', opinionFields('一'))
    await sync()
    await a.reopen()
    await sync()
    const [item] = await db().attention.toArray()
    expect(item?.fields.text).toBe('一')
    await a.phone.delivery.discard(item!.attentionId)
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })

  it('of the whole request finds the one mutation that breaks it', async () => {
    for (const text of ['一', '毒', '三']) await a.phone.store.put('opinion', opinionFields(text))
    const field = 'mutations.0.fields'
    a.line.fault = (path, body) =>
      path === '/api/push' && body.includes('毒') ? { code: 'bad-request', field } : undefined
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 1 })
    expect(
      [...endpoint.records.values()].filter((r) => r.type === 'opinion').map((r) => r.fields.text),
    ).toEqual(['一', '三'])
  })
})

describe('a deferred record', () => {
  it('goes again when its parent has come, under a new number', async () => {
    await a.phone.store.put('roll-mark', rollMarkFields('m'))
    await sync()
    const [entry] = await db().outbox.toArray()
    expect(entry).toMatchObject({ n: null, heldFor: { type: 'meeting', id: 'm' }, attempts: 1 })
    endpoint.seed('meeting', 'm', meetingScope, meetingFields('会'))
    await sync()
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.devices.get(a.deviceId)?.lastMutation).toBe(2)
  })

  it('is not asked about without end: after seven days it is in 需处理 with its data', async () => {
    await a.phone.store.put('roll-mark', rollMarkFields('never'))
    for (let hour = 0; hour < 24 * 8; hour++) {
      a.clock.jump(3_600_000)
      await sync()
    }
    expect(await atRest()).toEqual({ waiting: 0, attention: 1 })
    expect((await db().attention.toArray())[0]).toMatchObject({
      code: 'parent-refused',
      fields: { meetingId: 'never' },
    })
    const pushes = a.line.requests.filter((r) => r.path === '/api/push')
    expect(pushes.length).toBeLessThan(45)
  })
})

it('a record that no request can carry goes to 需处理 with its data, and the others go on', async () => {
  // A field that this version does not know survives validation, whatever its size.
  const fields = { ...meetingFields('大会'), fromTheFuture: '字'.repeat(100_000) }
  await a.phone.store.put('meeting', fields, { id: 'big' })
  await a.phone.store.put('opinion', opinionFields('别的'))
  await sync()
  expect(await atRest()).toEqual({ waiting: 0, attention: 1 })
  expect((await db().attention.toArray())[0]).toMatchObject({ code: 'body-too-large', id: 'big' })
})

describe('a file', () => {
  const bytes = new TextEncoder().encode('附件内容')
  const sha256 = sha256Hex(bytes)
  const withFile = () => ({
    ...meetingFields('会'),
    attachments: [{ sha256, name: '附件', mime: 'text/plain', sizeBytes: bytes.length }],
  })

  it('is uploaded before the record that names it, for that record’s readers', async () => {
    await a.phone.blobs.put(bytes, 'text/plain')
    await a.phone.store.put('meeting', withFile(), { id: 'm' })
    await sync()
    expect(endpoint.blobs.get(sha256)?.scopes).toEqual(new Set([meetingScope]))
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(await db().blobs.get(sha256)).toMatchObject({ upload: 0 })
  })

  it('that cannot be uploaded holds back its own record only', async () => {
    await a.phone.blobs.put(bytes, 'text/plain')
    await a.phone.store.put('meeting', withFile(), { id: 'm' })
    await a.phone.store.put('opinion', opinionFields('别的'))
    a.line.fault = (path) => (path.startsWith('/api/blobs/') ? 'drop-request' : undefined)
    await sync()
    expect([...endpoint.records.keys()]).toContainEqual(expect.stringContaining('opinion/'))
    expect((await db().outbox.toArray()).map((e) => e.type)).toEqual(['meeting'])
    a.line.fault = undefined
    a.clock.jump(61_000)
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })

  it('is tried again by itself a minute later, where the line carries only the rest', async () => {
    await a.phone.blobs.put(bytes, 'text/plain')
    await a.phone.store.put('meeting', withFile(), { id: 'm' })
    a.line.fault = (path) => (path.startsWith('/api/blobs/') ? 'drop-request' : undefined)
    // The write's own wake is over with that.
    a.clock.tick(WRITE_PAUSE_MS)
    await sync()
    a.line.fault = undefined
    expect(a.clock.pending()).toEqual([60_000])
    a.clock.tick(59_999)
    expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
    a.clock.tick(1)
    await expect.poll(atRest).toEqual({ waiting: 0, attention: 0 })
  })

  it('goes with the first round on a line that carries again, whenever that is', async () => {
    await a.phone.blobs.put(bytes, 'text/plain')
    await a.phone.store.put('meeting', withFile(), { id: 'm' })
    a.line.fault = () => 'drop-request'
    await sync()
    expect(a.phone.engine.phase()).toBe('offline')
    a.line.fault = undefined
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })

  it('goes in parts when it is large, and on where it was cut', async () => {
    const large = new Uint8Array(2_500_000).map((_, i) => i % 251)
    const name = await a.phone.blobs.put(large, 'application/pdf')
    const file = { sha256: name, name: '大', mime: 'application/pdf', sizeBytes: large.length }
    await a.phone.store.put('meeting', { ...meetingFields('会'), attachments: [file] }, { id: 'm' })
    let puts = 0
    a.line.fault = (path) => (path.startsWith('/api/blobs/') && ++puts === 2 ? 'drop-answer' : undefined)
    await sync()
    a.clock.jump(61_000)
    await sync()
    expect(endpoint.blobs.get(name)?.bytes.length).toBe(large.length)
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })
})
