/**
 * An endpoint in memory with the wire's semantics: numbers, stored outcomes, scopes with revisions, cursor, epoch. No roles:
 * a test says what is readable and what is refused. Faults are injected per request, before or after the commit.
 */
import { sha256Hex } from '../../../src/shared/sync/canonical.ts'
import { flatten, unflatten } from '../../../src/shared/sync/flat-paths.ts'
import { clampHlc } from '../../../src/shared/sync/hlc.ts'
import { mergeDraft } from '../../../src/shared/sync/merge.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import type { ErrorCode } from '../../../src/shared/sync/protocol/errors.ts'
import type { PullAnswer, PullRequest, WireRecord } from '../../../src/shared/sync/protocol/pull.ts'
import {
  hashMutation,
  type Mutation,
  type Outcome,
  type PushRequest,
} from '../../../src/shared/sync/protocol/push.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import { faultAnswer, json, type Fault } from './faults.ts'

interface Device {
  person: string
  lastMutation: number
  outcomes: Map<number, { hash: string; outcome: Outcome }>
}

type Held = WireRecord & { clocks: Record<string, string>; hash: string }

export interface FakeEndpointOptions {
  now?: () => number
}

/** What one phone talks to: its own cookie, its own faults. */
export interface PhoneLine {
  fetch: typeof fetch
  /** Asked before each request; undefined = works. */
  fault: ((path: string, body: string) => Fault | undefined) | undefined
  person: string | null
  requests: { path: string; method: string; body: string }[]
}

class Refused extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

export class FakeEndpoint {
  epoch = 'epoch-1'
  readonly records = new Map<string, Held>()
  readonly scopeRevs = new Map<string, number>()
  readonly devices = new Map<string, Device>()
  readonly blobs = new Map<string, { bytes: Uint8Array; scopes: Set<string> }>()
  /** Scopes that each person may read; everything that has rows when not told. */
  readonly readable = new Map<string, string[]>()
  readonly resets = new Set<string>()
  /** What the marks of a scope are made from: another word is another history. */
  readonly histories = new Map<string, string>()
  refuse: (m: Mutation) => ErrorCode | undefined = () => undefined
  /** How often each mutation had an effect, by its hash. */
  readonly applied = new Map<string, number>()
  now: () => number
  #ids = 0

  constructor(options: FakeEndpointOptions = {}) {
    this.now = options.now ?? (() => 1_800_000_000_000)
  }

  addDevice(person: string): string {
    this.#ids += 1
    const id = `device-${this.#ids}`
    this.devices.set(id, { person, lastMutation: 0, outcomes: new Map() })
    return id
  }

  /** A record that somebody else wrote. */
  seed(
    type: string,
    id: string,
    scope: string,
    fields: JsonObject,
    more: Partial<WireRecord> = {},
  ): WireRecord {
    const before = this.records.get(`${type}/${id}`)
    const at = this.now()
    const record: Held = {
      type,
      id,
      scope,
      rev: this.#nextRev(scope),
      schemaVersion: 1,
      deleted: false,
      fields,
      author: 'somebody',
      observedAt: at,
      receivedAt: at,
      clocks: before?.clocks ?? {},
      hash: '',
      ...more,
    }
    this.records.set(`${type}/${id}`, record)
    return record
  }

  record(type: string, id: string): WireRecord | undefined {
    return this.records.get(`${type}/${id}`)
  }

  line(person: string | null): PhoneLine {
    const line: PhoneLine = {
      fetch: undefined as unknown as typeof fetch,
      fault: undefined,
      person,
      requests: [],
    }
    line.fetch = async (input, init) => {
      const path = String(input)
      const body = typeof init?.body === 'string' ? init.body : ''
      line.requests.push({ path, method: init?.method ?? 'GET', body })
      const fault = line.fault?.(path, body)
      if (fault === 'drop-request') throw new TypeError('Failed to fetch')
      if (fault === 'portal') return new Response('<html>请登录 Wi-Fi</html>', { status: 200 })
      if (typeof fault === 'object') return faultAnswer(fault)
      if (fault === 'twice') await this.#answer(line, path, init)
      const answer = await this.#answer(line, path, init)
      if (fault === 'drop-answer') throw new TypeError('Failed to fetch')
      if (fault === 'truncate')
        return new Response((await answer.text()).slice(0, -20), { status: answer.status })
      return answer
    }
    return line
  }

  #nextRev(scope: string): number {
    const rev = (this.scopeRevs.get(scope) ?? 0) + 1
    this.scopeRevs.set(scope, rev)
    return rev
  }

  async #answer(line: PhoneLine, path: string, init: RequestInit | undefined): Promise<Response> {
    try {
      if (line.person === null) throw new Refused('not-signed-in')
      const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined
      if (path === '/api/push') return json(200, this.#push(line.person, body as PushRequest))
      if (path === '/api/pull') return json(200, this.#pull(line.person, body as PullRequest))
      if (path === '/api/session/device') return json(200, this.#renew(line.person))
      if (path.startsWith('/api/blobs/')) return await this.#upload(path, init)
      throw new Refused('not-found')
    } catch (error) {
      if (error instanceof Refused) return faultAnswer({ code: error.code })
      throw error
    }
  }

  #renew(person: string) {
    const deviceId = this.addDevice(person)
    const about = { id: person, staffNo: '1', name: person }
    return { person: about, roles: [], deviceId, keyId: null, serverTime: this.now() }
  }

  #device(person: string, deviceId: string): Device {
    const device = this.devices.get(deviceId)
    if (device === undefined || device.person !== person) throw new Refused('wrong-person')
    return device
  }

  #push(person: string, request: PushRequest) {
    const device = this.#device(person, request.deviceId)
    if (request.epoch !== '' && request.epoch !== this.epoch) throw new Refused('epoch-changed')
    if (request.mutations.some((m, i) => m.n > device.lastMutation + 1 + i)) throw new Refused('mutation-gap')
    for (const m of request.mutations) {
      const stored = device.outcomes.get(m.n)
      if (m.n <= device.lastMutation && stored?.hash !== m.hash) throw new Refused('device-forked')
    }
    const outcomes = request.mutations.map((m) => this.#outcomeOf(person, device, m))
    return { lastMutation: device.lastMutation, serverTime: this.now(), outcomes }
  }

  #outcomeOf(person: string, device: Device, m: Mutation): Outcome {
    const stored = device.outcomes.get(m.n)
    if (stored !== undefined) return stored.outcome
    const outcome: Outcome = { n: m.n, ...this.#apply(person, m) }
    device.outcomes.set(m.n, { hash: m.hash, outcome })
    device.lastMutation = m.n
    return outcome
  }

  #apply(person: string, m: Mutation): Omit<Outcome, 'n'> {
    const definition = definitionOf(m.type)
    if (definition === undefined) return { status: 'rejected', code: 'unknown-type' }
    if (hashMutation(m) !== m.hash) return { status: 'rejected', code: 'hash-wrong' }
    const refusal = this.refuse(m)
    if (refusal !== undefined) return { status: 'rejected', code: refusal }
    const current = this.records.get(`${m.type}/${m.id}`)
    if (definition.conflict === 'fact' && current !== undefined)
      return current.hash === m.hash ? { status: 'accepted' } : { status: 'rejected', code: 'id-conflict' }
    if (definition.conflict === 'content' && (current?.rev ?? 0) !== m.baseRev)
      return { status: 'rejected', code: 'stale-base', record: current }
    const missing = m.op === 'put' ? this.#missing(m) : undefined
    return missing ?? this.#store(person, m, current)
  }

  #missing(m: Mutation): Omit<Outcome, 'n'> | undefined {
    const definition = definitionOf(m.type)!
    if (definition.conflict === 'draft') return undefined
    for (const parent of definition.parents?.(m.fields) ?? []) {
      if (parent.optional === true || this.records.has(`${parent.type}/${parent.id}`)) continue
      return { status: 'deferred', code: 'missing-parent', detail: `${parent.type}:${parent.id}` }
    }
    const blob = (definition.blobs?.(m.fields) ?? []).find((sha256) => !this.blobs.has(sha256))
    return blob === undefined ? undefined : { status: 'deferred', code: 'missing-file', detail: blob }
  }

  #store(person: string, m: Mutation, current: Held | undefined): Omit<Outcome, 'n'> {
    const isDraft = definitionOf(m.type)!.conflict === 'draft'
    const alive = current !== undefined && !current.deleted
    const standing = { fields: alive ? flatten(current.fields) : {}, clocks: current?.clocks ?? {} }
    const hlc = clampHlc(m.hlc, this.now())
    const merged = isDraft ? mergeDraft(standing, m.fields, hlc) : undefined
    // A draft's edit that stands already, sent again under another number, has no second effect.
    const isRepeated =
      isDraft && m.op === 'put' && Object.keys(m.fields).every((path) => standing.clocks[path] === hlc)
    if (!isRepeated) this.applied.set(m.hash, (this.applied.get(m.hash) ?? 0) + 1)
    const record: Held = {
      type: m.type,
      id: m.id,
      scope: m.scope,
      rev: this.#nextRev(m.scope),
      schemaVersion: m.schemaVersion,
      deleted: m.op === 'delete',
      author: person,
      fields:
        m.op === 'delete' ? {} : merged === undefined ? m.fields : unflatten(structuredClone(merged.fields)),
      observedAt: m.observedAt,
      receivedAt: this.now(),
      clocks: merged?.clocks ?? {},
      hash: m.hash,
    }
    this.records.set(`${m.type}/${m.id}`, record)
    if (merged?.olderSomewhere === true) return { status: 'merged', record: wire(record) }
    return definitionOf(m.type)!.conflict === 'content'
      ? { status: 'accepted', record: wire(record) }
      : { status: 'accepted' }
  }

  #pull(person: string, request: PullRequest): PullAnswer {
    const device = this.#device(person, request.deviceId)
    const held = this.#heldBy(request.cursor)
    const readable = this.readable.get(person) ?? [...this.scopeRevs.keys()]
    const anew = request.cursor !== null && held === undefined
    const reset = readable.filter((scope) => anew || this.resets.has(scope))
    this.resets.clear()
    const revs: Record<string, number> = {}
    for (const scope of readable) revs[scope] = reset.includes(scope) ? 0 : (held?.[scope] ?? 0)
    const add = readable.filter((scope) => held?.[scope] === undefined && !reset.includes(scope))
    const drop = Object.keys(held ?? {}).filter((scope) => !readable.includes(scope))
    const due = [...this.records.values()]
      .filter((r) => revs[r.scope] !== undefined && r.rev > revs[r.scope]!)
      .sort((a, b) => readable.indexOf(a.scope) - readable.indexOf(b.scope) || a.rev - b.rev)
    const rows = due.slice(0, request.limit)
    for (const row of rows) revs[row.scope] = row.rev
    return {
      cursor: JSON.stringify({
        epoch: this.epoch,
        revs,
      }),
      more: due.length > rows.length,
      epoch: this.epoch,
      scopes: {
        add,
        drop,
        reset,
      },
      heads: this.#heads(held, reset, revs),
      records: rows.map(wire),
      lastMutation: device.lastMutation,
      serverTime: this.now(),
    }
  }

  #mark(scope: string, rev: number): string | null {
    if (rev === 0) return null
    const history = this.histories.get(scope) ?? ''
    return sha256Hex(`${this.epoch} ${scope} ${history} ${rev}`).slice(0, 22)
  }

  #heads(
    held: Record<string, number> | undefined,
    reset: readonly string[],
    revs: Record<string, number>,
  ): PullAnswer['heads'] {
    const heads: PullAnswer['heads'] = {}
    for (const [scope, rev] of Object.entries(revs)) {
      const from = reset.includes(scope) ? 0 : (held?.[scope] ?? 0)
      const reached = this.#mark(scope, rev)
      if (rev > from && reached !== null) heads[scope] = [this.#mark(scope, from), reached]
    }
    return heads
  }

  #heldBy(cursor: string | null): Record<string, number> | undefined {
    if (cursor === null) return undefined
    const read = JSON.parse(cursor) as { epoch: string; revs: Record<string, number> }
    return read.epoch === this.epoch ? read.revs : undefined
  }

  async #upload(path: string, init: RequestInit | undefined): Promise<Response> {
    const [, sha256 = '', scope = ''] = /^\/api\/blobs\/([0-9a-f]{64})\?scope=([^&]+)/.exec(path) ?? []
    const bytes = new Uint8Array(await new Response(init?.body).arrayBuffer())
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(new Headers(init?.headers).get('content-range') ?? '')
    const from = Number(range?.[1] ?? 0)
    const size = Number(range?.[2] ?? bytes.length)
    const before = this.#parts.get(sha256) ?? new Uint8Array()
    if (from !== 0 && from !== before.length) return json(409, { received: before.length })
    const whole = new Uint8Array([...(from === 0 ? [] : before), ...bytes])
    this.#parts.set(sha256, whole)
    if (whole.length < size) return json(202, { received: whole.length })
    this.#parts.delete(sha256)
    if (sha256Hex(whole) !== sha256) throw new Refused('hash-mismatch')
    const scopes = this.blobs.get(sha256)?.scopes ?? new Set()
    this.blobs.set(sha256, { bytes: whole, scopes: scopes.add(decodeURIComponent(scope)) })
    return json(201, { received: size })
  }
  readonly #parts = new Map<string, Uint8Array>()
}

function wire({ clocks: _clocks, hash: _hash, ...record }: Held): WireRecord {
  return record
}
