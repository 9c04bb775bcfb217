import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeEndpoint } from '../../support/client/fake-endpoint.ts'
import type { Fault } from '../../support/client/faults.ts'
import { createManualClock } from '../../support/client/manual-clock.ts'
import {
  meetingFields,
  meetingScope,
  noteFields,
  opinionFields,
  privateOf,
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

it('a session that names another device numbers the queue anew', async () => {
  await a.phone.store.put('opinion', opinionFields('一'))
  once('drop-answer')
  await sync()
  const other = endpoint.addDevice('li')
  await a.phone.signedIn({ deviceId: other, keyId: null })
  await sync()
  expect(a.phone.deviceId).toBe(other)
  expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  expect(appliedOnce()).toBe(true)
})

describe('the device', () => {
  it('that was cloned takes a new id, and both phones’ writes arrive', async () => {
    const b = await setupPhone(endpoint, { deviceId: a.deviceId })
    await a.phone.store.put('opinion', opinionFields('甲'), { id: 'from-a' })
    await b.phone.store.put('opinion', opinionFields('乙'), { id: 'from-b' })
    // Both believe that their number 1 is free.
    await db().meta.put({ key: 'nextN', value: 1 })
    await b.phone.db.meta.put({ key: 'nextN', value: 1 })
    await sync()
    await sync(b)
    expect(endpoint.record('opinion', 'from-a')).toBeDefined()
    expect(endpoint.record('opinion', 'from-b')).toBeDefined()
    expect(b.phone.deviceId).not.toBe(a.deviceId)
    expect(await b.phone.db.attention.count()).toBe(0)
  })

  it('with a new id sends again what may have been committed under the old one: still once', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    await a.phone.store.put('meeting', meetingFields('会'), { id: 'm' })
    once('drop-answer')
    await sync()
    endpoint.devices.get(a.deviceId)!.outcomes.clear()
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(appliedOnce()).toBe(true)
    expect(await a.phone.store.get('meeting', 'm')).toMatchObject({ pending: 0, rev: 1 })
  })

  it('asks for its counter when the endpoint misses a number', async () => {
    await a.phone.store.put('opinion', opinionFields('一'))
    await db().meta.put({ key: 'nextN', value: 40 })
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.devices.get(a.deviceId)?.lastMutation).toBe(1)
  })

  it('never sends a queue under another person’s sign-in', async () => {
    await a.phone.store.put('opinion', opinionFields('李的'))
    a.line.person = 'wang'
    await sync()
    expect(a.phone.engine.phase()).toBe('needs-sign-in')
    expect(endpoint.applied.size).toBe(0)
    expect(a.phone.deviceId).toBe(a.deviceId)
    expect(await atRest()).toEqual({ waiting: 1, attention: 0 })
    const w = await setupPhone(endpoint, { personId: 'wang', indexedDB: a.indexedDB })
    await sync(w)
    expect(endpoint.applied.size).toBe(0)
    expect(await w.phone.db.outbox.count()).toBe(0)
  })
})

describe('a store restored from a backup', () => {
  it('gets back what its author had delivered, parents first, and loses what it no longer has of others', async () => {
    endpoint.seed('unit', 'late', 'org', unitFields('后来的'))
    await a.phone.store.put('meeting', meetingFields('会'), { id: 'm' })
    await a.phone.store.put('roll-mark', rollMarkFields('m'), { id: 'mark' })
    await a.phone.store.edit('note', 'n', {}, { create: noteFields('记') })
    await sync()
    for (const key of ['meeting/m', 'roll-mark/mark', 'note/n', 'unit/late']) endpoint.records.delete(key)
    endpoint.epoch = 'epoch-2'
    endpoint.devices.clear()
    await sync()
    await sync()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(endpoint.record('meeting', 'm')?.fields.title).toBe('会')
    expect(endpoint.record('roll-mark', 'mark')).toBeDefined()
    expect(endpoint.record('note', 'n')?.fields.text).toBe('记')
    expect(await a.phone.store.get('unit', 'late')).toBeUndefined()
    expect(await a.phone.store.get('unit', 'branch')).toBeDefined()
  })

  it('that two phones of one person witness gets the fact once', async () => {
    const b = await setupPhone(endpoint)
    await a.phone.store.put('opinion', opinionFields('一'), { id: 'o' })
    await sync()
    await sync(b)
    endpoint.records.delete('opinion/o')
    endpoint.epoch = 'epoch-2'
    endpoint.devices.clear()
    // Both have begun to offer it before either hears of the other.
    await sync()
    await sync(b)
    await sync()
    await sync(b)
    expect(endpoint.record('opinion', 'o')).toBeDefined()
    expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
    expect(await b.phone.db.attention.count()).toBe(0)
  })
})

describe('two phones of one person', () => {
  it('keep both edits of a draft, and end the same', async () => {
    const b = await setupPhone(endpoint)
    await a.phone.store.edit('note', 'n', {}, { create: noteFields('原文') })
    await sync()
    await sync(b)
    await a.phone.store.edit('note', 'n', { text: '甲改正文' })
    await b.phone.store.edit('note', 'n', { quote: '乙改引文' })
    await sync()
    await sync(b)
    await sync()
    const [fromA, fromB] = [await a.phone.store.get('note', 'n'), await b.phone.store.get('note', 'n')]
    expect(fromA?.fields).toMatchObject({ text: '甲改正文', quote: '乙改引文' })
    expect(fromB).toEqual(fromA)
  })

  it('a clock that is years wrong changes neither delivery nor who wins', async () => {
    const b = await setupPhone(endpoint, { clock: createManualClock(a.clock.now() + 3 * 365 * 86_400_000) })
    await b.phone.store.edit('note', 'n', {}, { create: noteFields('未来的手机') })
    await sync(b)
    await sync()
    endpoint.now = () => a.clock.now() + 60_000
    a.clock.jump(60_000)
    await sync(b)
    await b.phone.store.edit('note', 'n', { quote: '乙' })
    a.clock.jump(5 * 60_000)
    await a.phone.store.edit('note', 'n', { quote: '甲在后' })
    await sync(b)
    await sync()
    await sync(b)
    expect(endpoint.record('note', 'n')?.fields.quote).toBe('甲在后')
    expect((await b.phone.store.get('note', 'n'))?.fields.quote).toBe('甲在后')
  })
})

it('a lost scope: what was in flight is settled, what was not sent goes to 需处理, nothing comes back', async () => {
  endpoint.seed('meeting', 'm', meetingScope, meetingFields('一'))
  endpoint.seed('note', 'x', privateOf(), noteFields('x'))
  await sync()
  await a.phone.store.put('meeting', meetingFields('二'), { id: 'm' })
  once('drop-answer')
  await sync()
  endpoint.readable.set('li', ['org', privateOf()])
  await sync()
  expect(await db().rows('meeting').count()).toBe(0)
  expect(await atRest()).toEqual({ waiting: 0, attention: 0 })
  expect(endpoint.record('meeting', 'm')?.fields.title).toBe('二')
})
