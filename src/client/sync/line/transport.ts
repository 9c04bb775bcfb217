/**
 * Requests of the sync engine. Every answer is checked against the protocol before it is believed: what is not JSON of the
 * endpoint (a captive portal, a proxy's page, a cut body) counts as no answer. What happens next is decided by the error
 * table in core.ts, never by a message.
 */
import * as v from 'valibot'
import { isErrorCode, type ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { PullAnswer, type PullRequest } from '../../../shared/sync/protocol/pull.ts'
import { PushAnswer, type PushRequest } from '../../../shared/sync/protocol/push.ts'
import { SessionAnswer } from '../../../shared/sync/protocol/session.ts'
import type { Timers } from '../clock.ts'
import type { Failure } from '../machine/core.ts'

export const REQUEST_TIMEOUT_MS = 30_000
const UPLOAD_TIMEOUT_MS = 60_000
/** Larger files go in parts of this size, so that a cut costs one part. */
export const UPLOAD_PART_BYTES = 1024 * 1024
const MAX_UPLOAD_TURNS = 3

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure }

export interface Upload {
  sha256: string
  bytes: ArrayBuffer
  mime: string
  scope: string
  /** Of the queue's owner: refused when somebody else is signed in on this profile. */
  deviceId: string
}

export interface Transport {
  push(request: PushRequest): Promise<Answer<PushAnswer>>
  pull(request: PullRequest): Promise<Answer<PullAnswer>>
  /** A new device id for the person who is signed in. */
  /** @param personId whose queue it is: the endpoint refuses when somebody else is signed in on this profile */
  renewDevice(personId: string, publicKey: string | undefined): Promise<Answer<SessionAnswer>>
  upload(upload: Upload): Promise<Answer<null>>
}

interface Raw {
  status: number
  headers: Headers
  /** undefined when it is not JSON. */
  body: unknown
}

const ErrorAnswer = v.object({ error: v.object({ code: v.string(), field: v.optional(v.string()) }) })
const Received = v.object({ received: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) })

const offline = { ok: false, failure: { kind: 'offline' } } as const

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Seconds, or a date. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

/** Without a body of ours only the status speaks: overload in front of the endpoint, or no endpoint at all. */
function codeOfBareStatus(status: number): ErrorCode | undefined {
  if (status === 429) return 'slow-down'
  if (status === 413) return 'body-too-large'
  return status >= 500 ? 'overloaded' : undefined
}

function failureOf(raw: Raw, nowMs: number): Failure {
  const told = v.safeParse(ErrorAnswer, raw.body)
  const toldCode = told.success ? told.output.error.code : undefined
  const code = toldCode !== undefined && isErrorCode(toldCode) ? toldCode : codeOfBareStatus(raw.status)
  if (code === undefined) return { kind: 'offline' }
  const pauseMs = retryAfterMs(raw.headers.get('retry-after'), nowMs)
  const field = told.success ? told.output.error.field : undefined
  return {
    kind: 'refused' as const,
    code,
    ...(pauseMs === undefined ? {} : { retryAfterMs: pauseMs }),
    ...(field === undefined ? {} : { field }),
  }
}

export interface TransportParts {
  fetch: typeof fetch
  timers: Timers
  now: () => number
}

export function createTransport(parts: TransportParts): Transport {
  /** How far an upload that was cut had come; asked for again by the endpoint's own answer when it is wrong. */
  const receivedBySha = new Map<string, number>()

  /** undefined: no answer came. */
  async function request(path: string, init: RequestInit, timeoutMs: number): Promise<Raw | undefined> {
    const controller = new AbortController()
    const cancel = parts.timers.after(timeoutMs, () => controller.abort())
    try {
      const { signal } = controller
      const response = await parts.fetch(path, { ...init, credentials: 'same-origin', signal })
      const body = jsonOf(await response.text())
      return { status: response.status, headers: response.headers, body }
    } catch (error) {
      // fetch rejects with TypeError (no network) or an abort; whatever else it is, no answer came.
      if (error instanceof Error || error instanceof DOMException) return undefined
      throw error
    } finally {
      cancel()
    }
  }

  async function post<Schema extends v.GenericSchema<unknown, unknown>>(
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<Answer<v.InferOutput<Schema>>> {
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const raw = await request(path, init, REQUEST_TIMEOUT_MS)
    if (raw === undefined) return offline
    if (raw.status !== 200) return { ok: false, failure: failureOf(raw, parts.now()) }
    const read = v.safeParse(schema, raw.body)
    return read.success ? { ok: true, value: read.output } : offline
  }

  /** Sends one part, or the whole. @returns how many bytes the endpoint has, and whether it was the part that it wanted */
  async function sendPart(
    upload: Upload,
    from: number,
    to: number,
  ): Promise<Answer<{ received: number; done: boolean }>> {
    const size = upload.bytes.byteLength
    const isWhole = from === 0 && to === size
    const headers: Record<string, string> = { 'content-type': upload.mime }
    if (!isWhole) headers['content-range'] = `bytes ${from}-${to - 1}/${size}`
    const path = `/api/blobs/${upload.sha256}?scope=${encodeURIComponent(upload.scope)}&device=${upload.deviceId}`
    const raw = await request(
      path,
      { method: 'PUT', headers, body: upload.bytes.slice(from, to) },
      UPLOAD_TIMEOUT_MS,
    )
    if (raw === undefined) return offline
    const read = v.safeParse(Received, raw.body)
    const isAnswer = raw.status === 201 || raw.status === 202 || raw.status === 409
    if (!isAnswer || !read.success) return { ok: false, failure: failureOf(raw, parts.now()) }
    return { ok: true, value: { received: read.output.received, done: raw.status === 201 } }
  }

  async function upload(file: Upload): Promise<Answer<null>> {
    const size = file.bytes.byteLength
    let from = receivedBySha.get(file.sha256) ?? 0
    let wholeAtOnce = size <= UPLOAD_PART_BYTES
    let turns = 0
    while (turns < MAX_UPLOAD_TURNS) {
      if (wholeAtOnce) from = 0
      const to = wholeAtOnce ? size : Math.min(from + UPLOAD_PART_BYTES, size)
      const answer = await sendPart(file, from, to)
      if (!answer.ok) return answer
      const { received, done } = answer.value
      receivedBySha.set(file.sha256, done ? 0 : received)
      if (done) return { ok: true, value: null }
      if (received !== to) turns += 1
      // The endpoint has the file already and wants to see that we do too.
      if (received === 0 && from === 0) wholeAtOnce = true
      from = received
    }
    return offline
  }

  return {
    push: (body) => post('/api/push', body, PushAnswer),
    pull: (body) => post('/api/pull', body, PullAnswer),
    renewDevice: (personId, publicKey) =>
      post(
        '/api/session/device',
        publicKey === undefined ? { personId } : { personId, publicKey },
        SessionAnswer,
      ),
    upload,
  }
}
