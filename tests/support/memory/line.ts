/** A phone's line to the endpoint, with everything that happens to requests in the field. No port, no timers. */
import { Refusal } from '../../../src/server/problem.ts'
import type { CommitFault } from './memory-record-store.ts'
import type { World } from './world.ts'

export const LINE_FAULTS = [
  'request-lost',
  'answer-lost',
  'request-twice',
  'answer-cut',
  'captive-portal',
  'stall',
  'answer-stalled',
  'storm-502',
  'storm-503',
  'storm-429',
  'endpoint-killed-before-commit',
  'endpoint-killed-after-commit',
  'database-locked',
  'tab-killed-before-request',
  'tab-killed-before-bookkeeping',
  'session-ended',
  'wrong-chunk',
  'frozen',
  'slow',
] as const
export type LineFault = (typeof LINE_FAULTS)[number]

/** The tab that asks. */
export interface Asker {
  isDead(): boolean
  kill(): void
  /** Moves the tab's own timers. */
  tick(ms: number): void
  /** The tab is frozen with its answer on the way; the promise ends when it thaws. */
  freeze(): Promise<void>
}

const COMMIT_FAULTS: Partial<Record<LineFault, CommitFault>> = {
  'endpoint-killed-before-commit': 'killed-before-commit',
  'endpoint-killed-after-commit': 'killed-after-commit',
  'database-locked': 'locked',
}
const STORMS: Partial<Record<LineFault, () => Response>> = {
  'storm-502': () => new Response('<html>Bad Gateway</html>', { status: 502 }),
  'storm-503': () => refusal('overloaded', '7'),
  'storm-429': () => refusal('slow-down', '30'),
}
const refusal = (code: ConstructorParameters<typeof Refusal>[0], retryAfter: string): Response => {
  const { status } = new Refusal(code)
  const body = JSON.stringify(new Refusal(code).toBody())
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/json', 'retry-after': retryAfter },
  })
}
const lost = (): TypeError => new TypeError('Failed to fetch')

/** No history needs so many; more is a retry without a bound. */
export const MAX_REQUESTS = 3_000

export class Line {
  online = true
  /** For the next requests, one each, in order. */
  faults: (LineFault | undefined)[] = []
  /** Of the profile: another person's sign-in replaces it. */
  token = ''
  /** Before a request of this kind reaches the endpoint; once. */
  before: (() => Promise<void>) | undefined
  requests = 0
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  fetchFor(asker: Asker): typeof fetch {
    return ((input: string, init: RequestInit = {}) => this.#send(asker, input, init)) as typeof fetch
  }

  async #send(asker: Asker, path: string, init: RequestInit): Promise<Response> {
    if (asker.isDead() || !this.online) throw lost()
    this.requests += 1
    this.#world.requests += 1
    if (this.#world.requests > MAX_REQUESTS) throw lost()
    const fault = this.faults.shift()
    if (fault !== undefined && fault !== 'wrong-chunk') this.#world.struck.add(fault)
    const { before } = this
    this.before = undefined
    if (before !== undefined) await before()
    if (fault === 'tab-killed-before-request') asker.kill()
    if (fault === 'request-lost' || asker.isDead()) throw lost()
    const early = fault === undefined ? undefined : STORMS[fault]?.()
    if (early !== undefined) return early
    if (fault === 'captive-portal') return new Response('<html>请登录 Wi-Fi</html>', { status: 200 })
    if (fault === 'stall') return await stalled(asker, init.signal)
    if (fault === 'session-ended') await this.#world.endSession(this.token)
    if (fault === 'slow') for (let turn = 0; turn < 40; turn++) await Promise.resolve()
    const answer = await this.#answer(fault, path, init)
    return await this.#back(asker, fault, answer, init)
  }

  async #answer(fault: LineFault | undefined, path: string, init: RequestInit): Promise<Response> {
    const { store, app } = this.#world
    const headers = { ...(init.headers as Record<string, string>), cookie: `wh_session=${this.token}` }
    const body = fault === 'wrong-chunk' ? spoiled(init.body) : init.body
    if (body !== init.body) this.#world.struck.add('wrong-chunk')
    const ask = () => app.request(path, { method: init.method ?? 'GET', headers, body: body ?? null })
    if (fault === 'request-twice') return (await Promise.all([ask(), ask()]))[1]!
    const breakdowns = store.breakdowns
    store.fault = fault === undefined ? undefined : COMMIT_FAULTS[fault]
    const answer = await ask()
    store.fault = undefined
    if (store.breakdowns > breakdowns) throw lost()
    return answer
  }

  async #back(
    asker: Asker,
    fault: LineFault | undefined,
    answer: Response,
    { signal }: RequestInit,
  ): Promise<Response> {
    if (fault === 'answer-lost') throw lost()
    if (fault === 'answer-stalled') return await stalled(asker, signal)
    if (fault === 'tab-killed-before-bookkeeping') asker.kill()
    if (fault === 'frozen') await asker.freeze()
    if (asker.isDead()) throw lost()
    if (fault !== 'answer-cut') return answer
    const text = await answer.text()
    return new Response(text.slice(0, Math.floor(text.length * 0.6)), { status: answer.status })
  }
}

function spoiled(body: RequestInit['body']): RequestInit['body'] {
  if (!(body instanceof ArrayBuffer)) return body
  const bytes = new Uint8Array(body.slice(0))
  if (bytes.length > 0) bytes[0] = bytes[0]! ^ 1
  return bytes
}

/** Nothing comes until the phone's own patience ends. */
function stalled(asker: Asker, signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(lost()))
    queueMicrotask(() => asker.tick(60_000))
  })
}
