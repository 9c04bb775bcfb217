import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flushPromises } from '@vue/test-utils'
import { readMeta } from '../../../src/client/storage/meta.ts'
import { takeBatch } from '../../../src/client/storage/outbox/outbox.ts'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import type { Fault } from '../../support/client/faults.ts'
import { meetingFields, noteFields, opinionFields, unitFields } from '../../support/client/records.ts'
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
const once = (fault: Fault, path = '/api/push') => {
  let used = false
  a.line.fault = (asked) => {
    if (used || asked !== path) return undefined
    used = true
    return fault
  }
}
const atRest = async () => ({ waiting: await db().outbox.count(), attention: await db().attention.count() })
const appliedOnce = () => [...endpoint.applied.values()].every((times) => times === 1)

describe('delivery', () => {
  it('says 已送达 only after the endpoint has accepted', async () => {
    const id = await a.phone.store.put('opinion', opinionFields('灯坏了'))
    a.line.fault = () => 'drop-request'
    await sync()
    const waiting = (await a.phone.store.get('opinion', id))!
    expect(a.phone.delivery.stateOf(waiting)).toBe('on-device')
    expect(waiting.receivedAt).toBeNull()
    a.line.fault = undefined
    await sync()
    const delivered = (await a.phone.store.get('opinion', id))!
    expect(a.phone.delivery.stateOf(delivered)).toBe('delivered')
    expect(endpoint.record('opinion', id)?.fields.text).toBe('灯坏了')
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })

  it.each(['drop-answer', 'twice', 'truncate'] as const)('survives %s with one effect', async (fault) => {
    await a.phone.store.put('opinion', opinionFields('一'))
    await a.phone.store.put('meeting', meetingFields('会'), { id: 'm' })
    await a.phone.store.edit('note', 'n', {}, { create: noteFields('记') })
    once(fault)
    await sync()
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.applied.size).toBe(3)
    expect(appliedOnce()).toBe(true)
    expect(await a.phone.store.get('meeting', 'm')).toMatchObject({ pending: 0, rev: 1 })
  })

  it('survives a tab killed between the push and its bookkeeping', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    // The endpoint commits, the phone dies before it has the answer.
    const { mutations } = await takeBatch(db(), { now: a.clock.now(), personId: 'li' })
    await a.line.fetch('/api/push', {
      method: 'POST',
      body: JSON.stringify({ protocol: 1, deviceId: a.deviceId, epoch: '', sentAt: 0, mutations }),
    })
    await a.reopen()
    await a.phone.store.put('opinion', opinionFields('二'))
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(appliedOnce()).toBe(true)
    expect(endpoint.devices.get(a.deviceId)?.lastMutation).toBe(2)
  })

  it('keeps what is written while the answer is on its way', async () => {
    await a.phone.store.put('meeting', meetingFields('一'), { id: 'm' })
    await a.phone.store.edit('note', 'n', {}, { create: noteFields('一') })
    const send = a.line.fetch
    let wrote = false
    a.line.fetch = async (path, init) => {
      const answer = await send(path, init)
      if (!wrote && path === '/api/push') {
        wrote = true
        await a.phone.store.put('meeting', meetingFields('二'), { id: 'm' })
        await a.phone.store.edit('note', 'n', { text: '二' })
      }
      return answer
    }
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.record('meeting', 'm')).toMatchObject({ rev: 2, fields: { title: '二' } })
    expect(endpoint.record('note', 'n')?.fields.text).toBe('二')
    expect((await a.phone.store.get('note', 'n'))?.fields.text).toBe('二')
  })

  it('goes by itself a moment after a write', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    await a.phone.store.put('opinion', opinionFields('二'))
    a.clock.tick(300)
    await sync()
    expect(endpoint.applied.size).toBe(2)
  })

  it('sends more than one batch, in order', async () => {
    for (let i = 0; i < 205; i++) await a.phone.store.put('opinion', opinionFields(`第${i}条`))
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    const revs = [...endpoint.records.values()].filter((r) => r.type === 'opinion').map((r) => r.fields.text)
    expect(revs).toEqual(Array.from({ length: 205 }, (_, i) => `第${i}条`))
  })
})

it('content that is taken away while its last edit is in flight is gone everywhere, and can be written again', async () => {
  await a.phone.store.put('meeting', meetingFields('一'), { id: 'm' })
  await takeBatch(db(), { now: a.clock.now(), personId: 'li' })
  await a.phone.store.remove('meeting', 'm')
  await a.phone.store.put('meeting', meetingFields('又一次'), { id: 'm' })
  await sync()
  await sync()
  expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  expect(endpoint.record('meeting', 'm')).toMatchObject({ deleted: false, fields: { title: '又一次' } })
})

describe('no endpoint', () => {
  it.each<Fault>(['portal', { status: 404, text: '<html>' }, { status: 302, text: '' }])(
    '%j is no answer',
    async (fault) => {
      await a.phone.store.put('opinion', opinionFields('一'))
      a.line.fault = () => fault
      await sync()
      expect(a.phone.engine.phase()).toBe('offline')
      expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
      expect(await readMeta(db(), 'cursor')).toBeUndefined()
      expect(await readMeta(db(), 'lastContactAt')).toBeUndefined()
    },
  )

  it('401 does not touch the queue, and the next sign-in sends it', async () => {
    const id = await a.phone.store.put('opinion', opinionFields('一'))
    a.line.person = null
    await sync()
    expect(a.phone.engine.phase()).toBe('needs-sign-in')
    expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
    a.line.person = 'li'
    a.phone.engine.signedIn()
    await sync()
    expect(endpoint.record('opinion', id)).toBeDefined()
  })

  it('429 with Retry-After is waited for', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    once({ code: 'slow-down', retryAfter: '40' })
    await sync()
    const before = a.line.requests.length
    await sync()
    a.clock.tick(40_000)
    expect(a.line.requests.length).toBe(before)
    // Not at that very moment: a hall's phones were all told the same.
    a.clock.tick(20_000)
    await flushPromises()
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  })

  it('a proxy’s bare 502 is overload', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    once({ status: 502, text: '<h1>Bad gateway</h1>' })
    await sync()
    expect(a.phone.engine.phase()).toBe('waiting')
    expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
  })

  it('an app that is too old says so and keeps the queue', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    a.line.fault = () => ({ code: 'protocol-unsupported' })
    await sync()
    expect(a.phone.engine.phase()).toBe('needs-update')
    expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
  })
})

it('tells the screens: phase, how many wait, since when', async () => {
  await a.phone.store.put('opinion', opinionFields('一'))
  a.line.fault = () => 'drop-request'
  await sync()
  await expect.poll(() => a.phone.delivery.summary.value.waiting).toBe(1)
  expect(a.phone.delivery.summary.value).toMatchObject({ phase: 'offline', oldestWaitingAt: a.clock.now() })
  expect(a.phone.delivery.waiting.value[0]).toMatchObject({ label: '意见建议', held: false })
  a.line.fault = undefined
  await sync()
  await expect.poll(() => a.phone.delivery.summary.value.waiting).toBe(0)
  expect(a.phone.delivery.summary.value.phase).toBe('idle')
})
