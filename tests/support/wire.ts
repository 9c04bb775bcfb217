/** Mutations by hand, for attacks on the wire. */
import { definitionOf } from '../../src/shared/sync/registry.ts'
import { formatHlc } from '../../src/shared/sync/hlc.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { hashMutation, type Mutation, type PushAnswer } from '../../src/shared/sync/protocol/push.ts'
import type { PullAnswer } from '../../src/shared/sync/protocol/pull.ts'
import { MONDAY, type Connection } from './endpoint.ts'

export interface MutationParts {
  type: string
  id: string
  fields: JsonObject
  scope?: string
  op?: 'put' | 'delete'
  baseRev?: number
  hlc?: string
  observedAt?: number
  /** Of an older app. */
  schemaVersion?: number
}

export function mutationOf(n: number, parts: MutationParts): Mutation {
  const definition = definitionOf(parts.type)
  const payload = {
    type: parts.type,
    id: parts.id,
    scope: parts.scope ?? definition?.scopeOf(parts.fields) ?? 'org',
    op: parts.op ?? ('put' as const),
    schemaVersion: parts.schemaVersion ?? definition?.schemaVersion ?? 1,
    fields: parts.fields,
    baseRev: parts.baseRev ?? 0,
    hlc: parts.hlc ?? formatHlc(MONDAY, n, 'test'),
    observedAt: parts.observedAt ?? MONDAY,
  }
  return { n, ...payload, hash: hashMutation(payload) }
}

export async function push(c: Connection, mutations: Mutation[], over: JsonObject = {}) {
  const response = await c.post('/api/push', {
    protocol: 1,
    deviceId: c.deviceId,
    epoch: '',
    sentAt: MONDAY,
    mutations,
    ...over,
  })
  const body = (await response.json()) as PushAnswer & { error?: { code: string; field?: string } }
  return { status: response.status, body, outcomes: body.outcomes ?? [] }
}

/** Everything that the person may read, page by page. */
export async function pullAll(c: Connection, cursor: string | null = null, limit = 2000) {
  const records = new Map<string, PullAnswer['records'][number]>()
  const pages: PullAnswer[] = []
  for (let more = true; more;) {
    const response = await c.post('/api/pull', { protocol: 1, deviceId: c.deviceId, cursor, limit })
    if (response.status !== 200) throw new Error(`pull: ${response.status} ${await response.text()}`)
    const page = (await response.json()) as PullAnswer
    pages.push(page)
    for (const record of page.records) records.set(`${record.type}:${record.id}`, record)
    cursor = page.cursor
    more = page.more
    if (pages.length > 10_000) throw new Error('a pull that never ends')
  }
  return { records: [...records.values()], pages, cursor }
}
