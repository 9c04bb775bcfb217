/** A phone on fake-indexeddb against the real app: signed in with a real key, its line cut and mended by the test. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { adoptKeyPair, newKeyPair } from '../../src/client/storage/device-keys.ts'
import { openPhone, type OpenPhone } from '../../src/client/sync/open-phone.ts'
import type { SessionAnswer } from '../../src/shared/sync/protocol/session.ts'
import { PASSWORD, type TestEndpoint } from './endpoint.ts'

export type LineFault = 'answer-lost' | 'request-twice' | 'answer-cut' | 'captive-portal'

export interface Line {
  online: boolean
  /** Faults for the next requests whose path begins so, one each, in order. */
  faults: { path: string; fault: LineFault }[]
  requests: string[]
}

export interface JourneyPhone {
  phone: OpenPhone
  /** The profile's cookie: another person's sign-in on the same browser replaces it. */
  jar: { cookie: string }
  line: Line
  session: SessionAnswer
  fetch: typeof fetch
  /** One round, now. */
  sync(): Promise<void>
  /** The tab is killed and opened again on the same disk. */
  reopen(): Promise<void>
  close(): Promise<void>
}

const CAPTIVE = '<!doctype html><title>请先登录无线网络</title>'

function createLine(endpoint: TestEndpoint, jar: { cookie: string }): { line: Line; fetch: typeof fetch } {
  const line: Line = { online: true, faults: [], requests: [] }
  const send = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(input instanceof Request ? input.url : input), 'http://localhost').pathname
    if (!line.online) throw new TypeError('Failed to fetch')
    line.requests.push(`${init?.method ?? 'GET'} ${path}`)
    const at = line.faults.findIndex((f) => path.startsWith(f.path))
    const fault = at === -1 ? undefined : line.faults.splice(at, 1)[0]!.fault
    const ask = () => {
      const headers = new Headers(init?.headers)
      headers.set('cookie', jar.cookie)
      return endpoint.app.request(path + new URL(String(input), 'http://localhost').search, {
        ...init,
        headers,
      })
    }
    if (fault === 'captive-portal')
      return new Response(CAPTIVE, { status: 200, headers: { 'content-type': 'text/html' } })
    const answer = await ask()
    const cookie = answer.headers.get('set-cookie')
    if (cookie !== null) jar.cookie = cookie.split(';')[0]!
    if (fault === 'answer-lost') throw new TypeError('Failed to fetch')
    if (fault === 'answer-cut')
      return new Response((await answer.text()).slice(0, 40), { status: answer.status })
    return fault === 'request-twice' ? ask() : answer
  }
  return { line, fetch: send as typeof fetch }
}

const opened = new Set<OpenPhone>()

/** Call in afterEach. */
export async function closePhones(): Promise<void> {
  for (const phone of opened) await phone.close()
  opened.clear()
}

export interface SetupPhoneOptions {
  password?: string
  /** The phone's own clock; the endpoint's unless told. */
  clock?: { now: () => number }
}

/** Signs in as main.ts does it: the key pair is made before, and its public half goes with the request. */
export async function setupPhone(
  endpoint: TestEndpoint,
  staffNo: string,
  { password = PASSWORD, clock = endpoint.clock }: SetupPhoneOptions = {},
): Promise<JourneyPhone> {
  const jar = { cookie: '' }
  const { line, fetch } = createLine(endpoint, jar)
  const indexedDB = new IDBFactory()
  const pair = await newKeyPair()
  const answer = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ staffNo, password, publicKey: pair?.publicKey, deviceName: '测试手机' }),
  })
  if (answer.status !== 200) throw new Error(`sign-in of ${staffNo}: ${answer.status} ${await answer.text()}`)
  const session = (await answer.json()) as SessionAnswer
  const open = async () => {
    const phone = await openPhone({
      person: session.person,
      session,
      fetch,
      fetchBlob: async (sha256) => {
        const response = await fetch(`/api/blobs/${sha256}`)
        if (!response.ok) throw new Error(`blob ${response.status}`)
        return {
          bytes: new Uint8Array(await response.arrayBuffer()),
          mime: response.headers.get('content-type') ?? '',
        }
      },
      clock,
      random: () => 0.5,
      indexedDB,
      IDBKeyRange,
    })
    opened.add(phone)
    return phone
  }
  const first = await open()
  if (pair !== null && session.keyId !== null) {
    await adoptKeyPair(first.db, pair, session.keyId)
  }
  const journey: JourneyPhone = {
    phone: first,
    jar,
    line,
    session,
    fetch,
    sync: () => journey.phone.delivery.syncNow(),
    async reopen() {
      opened.delete(journey.phone)
      await journey.phone.close()
      journey.phone = await open()
    },
    async close() {
      opened.delete(journey.phone)
      await journey.phone.close()
    },
  }
  return journey
}
