/** A phone's requests without a phone: one connection that stays open, a cookie, gzip as browsers ask for it. */
import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'

export interface WireAnswer {
  status: number
  text: string
  /** Of the body as it came over the wire. */
  bodyBytes: number
  sentBytes: number
  ms: number
  /** What the endpoint asked for, or a second. */
  retryAfterMs: number
}

export interface WireClient {
  post(path: string, body: unknown): Promise<WireAnswer>
  close(): void
}

const TIMEOUT_MS = 120_000

export function createWireClient(port: number, token: string | null): WireClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (path: string, body: unknown) =>
    new Promise<WireAnswer>((resolve, reject) => {
      const from = performance.now()
      const bytes = Buffer.from(JSON.stringify(body))
      const headers: Record<string, string | number> = {
        'content-type': 'application/json',
        'content-length': bytes.length,
        'accept-encoding': 'gzip',
      }
      if (token !== null) headers.cookie = `wh_session=${token}`
      const asked = request({
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        agent,
        headers,
        timeout: TIMEOUT_MS,
      })
      asked.on('error', reject)
      asked.on('timeout', () => asked.destroy(new Error('no answer')))
      asked.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const raw = Buffer.concat(parts)
          const isZipped = response.headers['content-encoding'] === 'gzip'
          const text = (isZipped ? gunzipSync(raw) : raw).toString('utf8')
          const ms = performance.now() - from
          const retryAfterMs = 1000 * Number(response.headers['retry-after'] ?? 1)
          const status = response.statusCode ?? 0
          resolve({ status, text, bodyBytes: raw.length, sentBytes: bytes.length, ms, retryAfterMs })
        })
      })
      asked.end(bytes)
    })
  return { post, close: () => agent.destroy() }
}

export interface PulledPage {
  cursor: string
  more: boolean
  records: { type: string; id: string; scope: string; rev: number; fields: unknown }[]
}

/** All pages from a cursor on. @throws when an answer is no page */
export async function pullAll(
  client: WireClient,
  deviceId: string,
  start: string | null,
  visit: (page: PulledPage, answer: WireAnswer) => void,
): Promise<string> {
  let cursor = start
  for (;;) {
    const answer = await client.post('/api/pull', { protocol: 1, deviceId, cursor, limit: 2000 })
    if (answer.status !== 200) throw new Error(`pull: ${answer.status} ${answer.text.slice(0, 200)}`)
    const page = JSON.parse(answer.text) as PulledPage
    visit(page, answer)
    cursor = page.cursor
    if (!page.more) return cursor
  }
}
