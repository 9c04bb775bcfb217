/**
 * A day of one protocol version as it went over the wire: recorded once, replayed for ever. Where the endpoint makes a value up
 * (device id, cursor, cookie), the recording holds a placeholder, and the replay puts in what it was given itself.
 */
import { createApp } from '../../src/server/app.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { JsonObject, JsonValue } from '../../src/shared/sync/json.ts'
import { createManualClock, setupEndpoint, type TestEndpoint } from './endpoint.ts'
import { layGround } from './samples.ts'

export const DEVICE = '$device'
export const CURSOR = '$cursor'

export interface Asked {
  /** Staff number: whose phone, whose cookie. */
  who: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: JsonObject
  /** A file's bytes as text, in place of `body`. */
  file?: { text: string; mime: string }
}
export interface Exchange extends Asked {
  status: number
  answer: JsonValue
}
export interface Traffic {
  version: number
  /** The endpoint's clock at the start (UTC ms); each request is a second later. */
  startsAt: number
  exchanges: Exchange[]
}

export interface Hall {
  endpoint: TestEndpoint
  ground: Awaited<ReturnType<typeof layGround>>
  /** Sends one request of the day. */
  ask(asked: Asked): Promise<{ status: number; answer: JsonValue }>
  close(): Promise<void>
}

const SECOND_MS = 1000

/** The bureau of the tests, with what the samples stand on, a clock by the second and ids in order. */
export async function openHall(startsAt: number): Promise<Hall> {
  const clock = createManualClock(startsAt)
  const endpoint = await setupEndpoint({ clock })
  const ground = await layGround(endpoint)
  let ids = 0
  const app = createApp({
    store: endpoint.store,
    blobs: endpoint.blobs,
    nudges: endpoint.nudges,
    now: clock.now,
    newId: () => idFrom('traffic', String(++ids)),
    logProblem: (problem) => void endpoint.problems.push(problem),
  })
  const phones = new Map<string, { cookie: string; device: string; cursor: string | null }>()

  async function ask(asked: Asked): Promise<{ status: number; answer: JsonValue }> {
    clock.advance(SECOND_MS)
    const phone = phones.get(asked.who) ?? { cookie: '', device: '', cursor: null }
    phones.set(asked.who, phone)
    const fill = (text: string) =>
      text.replaceAll(DEVICE, phone.device).replaceAll(JSON.stringify(CURSOR), JSON.stringify(phone.cursor))
    const headers: Record<string, string> = { cookie: phone.cookie }
    headers['content-type'] = asked.file?.mime ?? 'application/json'
    const body = asked.file?.text ?? (asked.body === undefined ? undefined : fill(JSON.stringify(asked.body)))
    const response = await app.request(fill(asked.path), {
      method: asked.method,
      headers,
      ...(body && { body }),
    })
    const cookie = response.headers.get('set-cookie')
    if (cookie !== null) phone.cookie = cookie.split(';')[0]!
    const answer = (await response.json()) as JsonObject
    if (asked.path === '/api/session' && typeof answer.deviceId === 'string') phone.device = answer.deviceId
    if (asked.path === '/api/pull' && typeof answer.cursor === 'string') phone.cursor = answer.cursor
    return { status: response.status, answer }
  }
  return { endpoint, ground, ask, close: endpoint.close }
}
