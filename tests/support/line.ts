/**
 * A phone's line to an endpoint, good or bad. Faults are named as in the list of faults that the project injects
 * (src/client/sync/README.md).
 */
export const LINE_FAULTS = [
  /** The request never arrives. */
  'request-lost',
  /** Answer lost after commit. */
  'answer-lost',
  /** Request twice, one after the other. */
  'request-twice',
  /** Requests overlapping: twice at the same time. */
  'requests-overlap',
  /** Page cut in the middle. */
  'answer-cut',
  /** A stall of 60 s: the endpoint did its work, and the answer comes when nobody waits any more. */
  'stall',
  /** A captive portal's HTML with status 200. */
  'captive-portal',
  /** Storm of 502/503/429: a proxy's bare page. */
  'bad-gateway',
  /** The same, with a pause that the endpoint names. */
  'overloaded',
  'slow-down',
  /** Tab killed between push and bookkeeping: the answer arrives, and nobody is there. */
  'tab-killed',
] as const
export type LineFault =
  | (typeof LINE_FAULTS)[number]
  /** Two tabs at once, one frozen: it gets its answer when `thaw` is called. */
  | 'tab-frozen'
  /** A wrong file chunk: one byte of what is sent, or of what comes, is another one. */
  | 'wrong-chunk'
  /** Range ignored: the whole file instead of the rest, and honest about it (200), or not (206). */
  | 'range-ignored'
  | 'range-pretended'

export const STALL_MS = 60_000

export interface Line {
  online: boolean
  /** Faults for the next requests whose path begins so, one each, in order. */
  faults: { path: string; fault: LineFault }[]
  requests: string[]
  /** Lets a frozen tab go on. */
  thaw(): void
  /** Those that are frozen now, to be let go later; others may freeze meanwhile. */
  holdThaw(): () => void
  /** A request's answer is there, and its tab is frozen. */
  isFrozen(): boolean
  /** What the endpoint still does for requests that nobody waits for. */
  settle(): Promise<void>
}

export interface LineParts {
  /** Asks the endpoint: the app itself, or a port. */
  ask: (path: string, init: RequestInit) => Response | Promise<Response>
  /** The profile's cookie. */
  jar: { cookie: string }
  /** Lets a stall pass. */
  advance?: (ms: number) => void
  onKilled?: () => void
}

const CAPTIVE = '<!doctype html><title>请先登录无线网络</title>'
const failed = () => new TypeError('Failed to fetch')

function insteadOfAnswer(fault: LineFault): Response | undefined {
  if (fault === 'captive-portal')
    return new Response(CAPTIVE, { status: 200, headers: { 'content-type': 'text/html' } })
  if (fault === 'bad-gateway') return new Response('<h1>502 Bad Gateway</h1>', { status: 502 })
  if (fault === 'overloaded') return new Response('', { status: 503, headers: { 'retry-after': '7' } })
  if (fault === 'slow-down') return new Response('', { status: 429, headers: { 'retry-after': '20' } })
  return undefined
}

function spoil(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const spoiled = new Uint8Array(bytes)
  const at = Math.floor(spoiled.length / 2)
  spoiled[at] = spoiled[at]! ^ 1
  return spoiled
}

async function withWrongByte(answer: Response): Promise<Response> {
  const { status, headers } = answer
  return new Response(spoil(new Uint8Array(await answer.arrayBuffer())), { status, headers })
}

const withWrongBody = (init: RequestInit): RequestInit => ({
  ...init,
  body: spoil(new Uint8Array(init.body as ArrayBuffer)),
})

function withoutRange(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers)
  headers.delete('range')
  return { ...init, headers }
}

async function wholeInstead(answer: Response, fault: LineFault): Promise<Response> {
  const bytes = await answer.arrayBuffer()
  const headers = new Headers(answer.headers)
  if (fault === 'range-ignored') return new Response(bytes, { status: 200, headers })
  headers.set('content-range', `bytes 0-${bytes.byteLength - 1}/${bytes.byteLength}`)
  return new Response(bytes, { status: 206, headers })
}

/** The whole answer, so that nothing of the exchange is left when the phone has it. */
async function whole(answer: Response): Promise<Response> {
  const { status, headers } = answer
  const body = status === 204 || status === 304 ? null : await answer.arrayBuffer()
  const plain = new Headers(headers)
  // Fetch has unpacked it already.
  plain.delete('content-encoding')
  return new Response(body, { status, headers: plain })
}

export function createLine(parts: LineParts): { line: Line; fetch: typeof fetch } {
  const { jar } = parts
  const left = new Set<Promise<unknown>>()
  let frozen: (() => void)[] = []
  const line: Line = {
    online: true,
    faults: [],
    requests: [],
    thaw() {
      for (const goOn of frozen) goOn()
      frozen = []
    },
    holdThaw() {
      const held = frozen
      frozen = []
      return () => held.forEach((goOn) => goOn())
    },
    isFrozen: () => frozen.length > 0,
    settle: async () => void (await Promise.allSettled(left)),
  }
  /** Remembered until it has ended, however it ends. */
  const keep = async <T>(work: Promise<T>): Promise<T> => {
    left.add(work)
    try {
      return await work
    } finally {
      left.delete(work)
    }
  }
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('cookie', jar.cookie)
    // The signal stays with the phone: a request that is on its way is not called back.
    const { signal: _signal, ...rest } = init
    const answer = await whole(await parts.ask(path, { ...rest, headers }))
    const cookie = answer.headers.get('set-cookie')
    if (cookie !== null) jar.cookie = cookie.split(';')[0]!
    return answer
  }
  const send = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(
      String(input instanceof Request ? input.url : input),
      'http://localhost',
    )
    if (!line.online) throw failed()
    line.requests.push(`${init.method ?? 'GET'} ${pathname}`)
    const at = line.faults.findIndex(({ path }) => pathname.startsWith(path))
    const fault = at === -1 ? undefined : line.faults.splice(at, 1)[0]!.fault
    if (fault === undefined) return ask(pathname + search, init)
    if (fault === 'request-lost') throw failed()
    const instead = insteadOfAnswer(fault)
    if (instead !== undefined) return instead
    if (fault === 'wrong-chunk' && init.body != null) return ask(pathname + search, withWrongBody(init))
    if (fault === 'range-ignored' || fault === 'range-pretended')
      return wholeInstead(await ask(pathname + search, withoutRange(init)), fault)
    if (fault === 'requests-overlap') keep(ask(pathname + search, init)).catch(() => undefined)
    const answer = await keep(ask(pathname + search, init))
    switch (fault) {
      case 'answer-lost':
        throw failed()
      case 'answer-cut': {
        const bytes = await answer.arrayBuffer()
        const { status, headers } = answer
        return new Response(bytes.slice(0, Math.floor(bytes.byteLength / 2)), { status, headers })
      }
      case 'wrong-chunk':
        return withWrongByte(answer)
      case 'request-twice':
        return ask(pathname + search, init)
      case 'stall':
        parts.advance?.(STALL_MS)
        if (init.signal?.aborted === true) throw new DOMException('aborted', 'AbortError')
        return answer
      case 'tab-frozen':
        await new Promise<void>((resolve) => frozen.push(resolve))
        return answer
      case 'tab-killed':
        parts.onKilled?.()
        throw failed()
      default:
        return answer
    }
  }
  return { line, fetch: send as typeof fetch }
}
