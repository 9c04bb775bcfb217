/** The phone without a screen, as tests/bench drives it, against the real app. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, expect, it } from 'vitest'
import { connectPhone, type Connected } from '../../src/client/sync/phone/connect-phone.ts'
import { branchId, PASSWORD, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'

let endpoint: TestEndpoint | undefined
let connected: Connected | undefined
afterEach(async () => {
  if (connected?.type === 'connected') await connected.phone.close()
  await endpoint?.close()
  connected = undefined
})

function lineTo({ app }: TestEndpoint): typeof fetch {
  let cookie = ''
  const send = async (input: RequestInfo | URL, init?: RequestInit) => {
    const answer = await app.request(String(input), { ...init, headers: { ...init?.headers, cookie } })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return answer
  }
  return send as typeof fetch
}

it('signs in, loads what the person may read, and delivers what is written', async () => {
  endpoint = await setupEndpoint()
  const indexedDB = new IDBFactory()
  const options = { indexedDB, IDBKeyRange, fetch: lineTo(endpoint), clock: endpoint.clock }
  connected = await connectPhone({ staffNo: '1003', password: PASSWORD, deviceName: '示例', ...options })
  if (connected.type !== 'connected') throw new Error(connected.type)
  const { phone } = connected
  await phone.delivery.syncNow()
  expect(await phone.db.rows('unit').count()).toBeGreaterThan(0)
  expect(await phone.deviceKeys.keyId()).toBe(connected.session.keyId)
  const id = await phone.store.put('shared-reflection', {
    personId: phone.person.id,
    name: phone.person.name,
    unitId: branchId('第一支部'),
    lessonId: 'some-lesson',
    text: '写在没有网络的地方',
  })
  await phone.delivery.syncNow()
  const stored = await endpoint.store.read((tx) => tx.record('shared-reflection', id))
  expect(JSON.parse(stored!.fields)).toMatchObject({ text: '写在没有网络的地方' })
  expect(await phone.db.outbox.count()).toBe(0)
})

it('a wrong password and a captive portal are answers, and leave nothing on the disk', async () => {
  endpoint = await setupEndpoint()
  const indexedDB = new IDBFactory()
  const who = { staffNo: '1003', password: 'not this one', indexedDB, IDBKeyRange }
  expect(await connectPhone({ ...who, fetch: lineTo(endpoint) })).toEqual({
    type: 'refused',
    code: 'wrong-password',
  })
  const portal = (() => Promise.resolve(new Response('<!doctype html>'))) as typeof fetch
  expect(await connectPhone({ ...who, fetch: portal })).toEqual({ type: 'offline' })
  const cut = (() => Promise.reject(new TypeError('Failed to fetch'))) as typeof fetch
  expect(await connectPhone({ ...who, fetch: cut })).toEqual({ type: 'offline' })
  expect(await indexedDB.databases()).toEqual([])
})
