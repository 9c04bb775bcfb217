import { createPinia, setActivePinia } from 'pinia'
import { createApp } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { RemoteProblem } from '../../../src/client/remote/call.ts'
import { sessionPartsKey, useSession } from '../../../src/client/remote/session.ts'
import { LOCK_AFTER_MS } from '../../../src/client/remote/remembered.ts'
import { createSession } from '../../../src/client/remote/session-state.ts'
import type { SessionParts } from '../../../src/client/remote/session-reach.ts'
import type { ErrorCode } from '../../../src/shared/sync/protocol/errors.ts'
import { ERRORS } from '../../../src/shared/sync/protocol/errors.ts'

const person = { id: 'li', staffNo: '1001', name: '李' }
const answer = { person, roles: [], deviceId: 'd1', keyId: 'k1', serverTime: 1 }

const saved = new Map<string, string>()
const storage = {
  getItem: (key: string) => saved.get(key) ?? null,
  setItem: (key: string, value: string) => void saved.set(key, value),
  removeItem: (key: string) => void saved.delete(key),
}
let online = true
let requests: { method: string; body: Record<string, unknown> }[] = []
let reply: (method: string, body: Record<string, unknown>) => unknown
const ownWords = (method: string): unknown => (method === 'DELETE' ? { signedOut: true } : answer)
let now = 1000
let waiting = 0
const forget = vi.fn(() => Promise.resolve())
const adopt = vi.fn(() => Promise.resolve())

const refusal = (code: ErrorCode) =>
  new Response(JSON.stringify({ error: { code, message: ERRORS[code].sentence } }), {
    status: ERRORS[code].status,
  })

const parts = (): SessionParts => ({
  fetch: (_path, init) => {
    if (!online) return Promise.reject(new TypeError('Failed to fetch'))
    const method = init?.method ?? 'GET'
    const body = (typeof init?.body === 'string' ? JSON.parse(init.body) : {}) as Record<string, unknown>
    requests.push({ method, body })
    const told = reply(method, body)
    return Promise.resolve(told instanceof Response ? told : new Response(JSON.stringify(told)))
  },
  storage,
  now: () => now,
  deviceFor: (personId) =>
    Promise.resolve({ publicKey: 'pk', adopt, ...(personId === null ? {} : { deviceId: 'd1' }) }),
  waitingOf: () => Promise.resolve(waiting),
  forget,
})

beforeEach(() => {
  saved.clear()
  online = true
  requests = []
  reply = ownWords
  now = 1000
  waiting = 0
  forget.mockClear()
  adopt.mockClear()
})

describe('signing in', () => {
  it('sends the public key, keeps the pair for the person, and is remembered for an offline start', async () => {
    const session = createSession(parts())
    expect(await session.signIn('1001', 'secret')).toEqual({ type: 'signed-in' })
    expect(requests[0]?.body).toMatchObject({ staffNo: '1001', publicKey: 'pk' })
    expect(requests[0]?.body.deviceId).toBeUndefined()
    expect(adopt).toHaveBeenCalledWith({ personId: 'li', deviceId: 'd1', keyId: 'k1' })
    online = false
    const later = createSession(parts())
    expect(later.state.value).toBe('signed-in')
    expect(later.person.value).toEqual(person)
    expect([...saved.values()].join()).not.toContain('secret')
  })

  it('again on the same profile names the device it had', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'secret')
    await session.signIn('1001', 'secret')
    expect(requests[1]?.body.deviceId).toBe('d1')
  })

  it('signs in as a new device when the id turns out to be somebody else’s', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'secret')
    reply = (_method, body) =>
      body.deviceId === undefined ? { ...answer, deviceId: 'd2' } : refusal('wrong-person')
    await session.signIn('1001', 'secret')
    expect(session.deviceId.value).toBe('d2')
  })

  it('that is refused says why and changes nothing', async () => {
    reply = () => refusal('wrong-password')
    const session = createSession(parts())
    const result = await session.signIn('1001', 'x')
    expect(result).toMatchObject({ type: 'refused', problem: { code: 'wrong-password' } })
    expect(session.state.value).toBe('signed-out')
  })

  it('offline, or behind a captive portal, is told as such', async () => {
    const session = createSession(parts())
    online = false
    expect(await session.signIn('1001', 'x')).toMatchObject({ problem: { code: 'offline' } })
    online = true
    reply = () => new Response('<html>')
    const result = await session.signIn('1001', 'x')
    expect(result).toMatchObject({ problem: { code: 'offline' } })
    expect(result.type === 'refused' && result.problem instanceof RemoteProblem).toBe(true)
  })
})

describe('signing out', () => {
  it('online with nothing waiting deletes what was kept', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    expect(await session.signOut()).toEqual({ told: true, kept: 0 })
    expect(forget).toHaveBeenCalledWith('li')
    expect(requests.at(-1)?.method).toBe('DELETE')
  })

  it('with a queue keeps it, hidden, and says how many', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    waiting = 3
    expect(await session.signOut()).toEqual({ told: true, kept: 3 })
    expect(forget).not.toHaveBeenCalled()
    expect(session.person.value).toBeNull()
  })

  it('offline hides at once and tells the endpoint at the next contact, before anything else', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    online = false
    expect(await session.signOut()).toEqual({ told: false, kept: 0 })
    expect(session.state.value).toBe('signed-out')
    expect(forget).not.toHaveBeenCalled()
    const later = createSession(parts())
    expect(later.person.value).toBeNull()
    expect(later.signOutPending.value).toBe(true)
    online = true
    requests = []
    await later.signIn('1002', 'y')
    expect(requests.map((r) => r.method)).toEqual(['DELETE', 'POST'])
    expect(later.signOutPending.value).toBe(false)
  })

  it('is settled when the network is back', async () => {
    let settle: () => void = () => undefined
    const session = createSession({ ...parts(), onOnline: (run) => (settle = run) })
    await session.signIn('1001', 'x')
    online = false
    await session.signOut()
    online = true
    settle()
    await eventually(() => expect(session.signOutPending.value).toBe(false))
  })
})

describe('a sign-out is told only by the endpoint’s own word', () => {
  const notTold: [string, () => Response][] = [
    ['a captive portal’s page', () => new Response('<html>', { status: 200 })],
    ['some other JSON', () => new Response('{}', { status: 200 })],
    ['an empty answer', () => new Response(null, { status: 204 })],
    ['a redirect', () => new Response('', { status: 302 })],
    ['a 401 of a proxy', () => new Response('<html>', { status: 401 })],
    ['a 403', () => new Response('<html>', { status: 403 })],
    ['our own 403', () => refusal('wrong-origin')],
    ['a 404', () => new Response('<html>', { status: 404 })],
    ['a 429', () => refusal('slow-down')],
    ['a 500', () => refusal('internal')],
    ['maintenance', () => refusal('maintenance')],
  ]
  it.each(notTold)('not by %s: tried again before anything else', async (_name, answerOf) => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    reply = answerOf
    expect(await session.signOut()).toEqual({ told: false, kept: 0 })
    expect(forget).not.toHaveBeenCalled()
    requests = []
    expect(await session.signIn('1001', 'x')).toMatchObject({ type: 'refused' })
    expect(requests.map((r) => r.method)).toEqual(['DELETE'])
    reply = ownWords
    expect(await session.signIn('1001', 'x')).toEqual({ type: 'signed-in' })
    expect(requests.map((r) => r.method)).toEqual(['DELETE', 'DELETE', 'POST'])
  })
  it('also by a 401 of its own: the session had ended', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    reply = () => refusal('not-signed-in')
    expect(await session.signOut()).toMatchObject({ told: true })
    expect(session.signOutPending.value).toBe(false)
  })
})

describe('two tabs of one browser', () => {
  const tabs = () => {
    let follow: () => void = () => undefined
    let visible: () => void = () => undefined
    const tab = createSession({
      ...parts(),
      onRemembered: (run) => (follow = run),
      onVisible: (run) => (visible = run),
    })
    return { tab, follow: () => follow(), visible: () => visible() }
  }
  it('the other one hides at once, and never brings the session back', async () => {
    const first = createSession(parts())
    await first.signIn('1001', 'x')
    const { tab, follow } = tabs()
    await first.signOut()
    follow()
    expect(tab.state.value).toBe('signed-out')
    expect(tab.person.value).toBeNull()
    expect(createSession(parts()).state.value).toBe('signed-out')
  })
  it.each(['noteContact', 'noteDevice', 'markExpired'] as const)(
    'that did not hear of it hides with its next word (%s)',
    async (word) => {
      const first = createSession(parts())
      await first.signIn('1001', 'x')
      const { tab } = tabs()
      await first.signOut()
      if (word === 'noteContact') tab.noteContact(2000)
      if (word === 'noteDevice') tab.noteDevice({ deviceId: 'd9', keyId: null })
      if (word === 'markExpired') tab.markExpired()
      expect(tab.state.value).toBe('signed-out')
      expect(saved.get('wh-session')).toBeUndefined()
    },
  )
  it('hides when somebody else signs in, and leaves that session alone', async () => {
    const first = createSession(parts())
    await first.signIn('1001', 'x')
    const { tab } = tabs()
    reply = () => ({ ...answer, person: { ...person, id: 'wang', staffNo: '1002' } })
    await first.signIn('1002', 'y')
    requests = []
    await tab.signOut()
    expect(tab.state.value).toBe('signed-out')
    expect(requests).toEqual([])
    expect(createSession(parts()).person.value?.id).toBe('wang')
  })
  it('does not end, for a sign-out that was told long ago, the session of the next person', async () => {
    const { tab, visible } = tabs()
    await tab.signIn('1001', 'x')
    online = false
    await tab.signOut()
    online = true
    await createSession(parts()).signIn('1002', 'y')
    requests = []
    visible()
    expect(await tab.settleSignOut()).toBe(true)
    expect(requests).toEqual([])
  })
  it('asks again who is signed in when the page becomes visible', async () => {
    const { tab, visible } = tabs()
    await tab.signIn('1001', 'x')
    reply = () => refusal('not-signed-in')
    visible()
    await eventually(() => expect(tab.state.value).toBe('expired'))
  })
  it('an answer that was asked for before the sign-out changes nothing', async () => {
    const first = createSession(parts())
    await first.signIn('1001', 'x')
    const { tab } = tabs()
    const refreshing = tab.refresh()
    await first.signOut()
    await refreshing
    expect(tab.state.value).toBe('signed-out')
    expect(saved.get('wh-session')).toBeUndefined()
  })
})

describe('an ended session', () => {
  it('is expired, not signed out: everything on the phone stays readable', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    reply = () => refusal('not-signed-in')
    await session.refresh()
    expect(session.state.value).toBe('expired')
    expect(session.person.value).toEqual(person)
    expect(createSession(parts()).state.value).toBe('expired')
  })

  it('offline says nothing about the session', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    online = false
    await session.refresh()
    expect(session.state.value).toBe('signed-in')
  })

  it('under another person’s cookie this one must sign in again', async () => {
    const session = createSession(parts())
    await session.signIn('1001', 'x')
    reply = () => ({ ...answer, person: { ...person, id: 'wang' } })
    await session.refresh()
    expect(session.state.value).toBe('expired')
    expect(session.person.value?.id).toBe('li')
  })
})

it('locks unit data after 30 days without contact, until the next one', async () => {
  const session = createSession(parts())
  await session.signIn('1001', 'x')
  expect(session.locked.value).toBe(false)
  now += LOCK_AFTER_MS + 1
  online = false
  await session.refresh()
  expect(session.locked.value).toBe(true)
  expect(createSession(parts()).locked.value).toBe(true)
  session.noteContact(now)
  expect(session.locked.value).toBe(false)
})

it('is one store for the app, with its parts provided', async () => {
  const pinia = createPinia()
  const app = createApp({})
  app.provide(sessionPartsKey, parts())
  app.use(pinia)
  setActivePinia(pinia)
  const session = useSession()
  await session.signIn('1001', 'x')
  expect(session.person?.name).toBe('李')
  expect(useSession().state).toBe('signed-in')
})
