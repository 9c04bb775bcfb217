/** Replays a recorded day against the endpoint as it is now, and says where an old phone would be worse off. */
import * as v from 'valibot'
import { flatten } from '../../src/shared/sync/flat-paths.ts'
import type { JsonObject, JsonValue } from '../../src/shared/sync/json.ts'
import { definitionOf } from '../../src/shared/sync/registry.ts'
import { openHall, type Exchange, type Traffic } from './traffic.ts'

/** The answers' schemas as the apps of the recording's version have them. */
export interface VersionSchemas {
  PullAnswer: v.GenericSchema
  PushAnswer: v.GenericSchema
  SessionAnswer: v.GenericSchema
  ErrorAnswer: v.GenericSchema
}

interface Told {
  n: number
  status: string
  code?: string
}
export interface Sent {
  n: number
  type: string
  id: string
  op: string
  fields: JsonObject
  hlc: string
}
interface Pulled {
  type: string
  id: string
  deleted: boolean
  author: string
  fields: JsonObject
}

export const outcomesOf = (answer: JsonValue): Told[] =>
  ((answer as { outcomes?: Told[] }).outcomes ?? []).map(({ n, status, code }) => ({
    n,
    status,
    ...(code !== undefined && { code }),
  }))
const codeOf = (answer: JsonValue) => (answer as { error?: { code: string } }).error?.code
export const sentIn = (exchange: Exchange): Sent[] => (exchange.body?.mutations as Sent[] | undefined) ?? []
export const pulledIn = (answer: JsonValue): Pulled[] => (answer as { records?: Pulled[] }).records ?? []
const hasMore = (answer: JsonValue): boolean => (answer as { more?: boolean }).more === true
const keyOf = ({ type, id }: Pulled): string => `${type}/${id}`
/** What phones see of it; revisions and times are the endpoint's own. */
const plain = ({ deleted, author, fields }: Pulled): JsonObject => ({ deleted, author, fields })

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Everything that was there is there still, with the same value. A default that came with a newer schema may stand beside it. */
function changesIn(then: JsonValue | undefined, now: JsonValue | undefined, path = ''): string[] {
  const within = (key: string | number) => (path === '' ? String(key) : `${path}/${key}`)
  if (isObject(then) && isObject(now))
    return Object.keys(then).flatMap((key) => changesIn(then[key], now[key], within(key)))
  if (Array.isArray(then) && Array.isArray(now) && then.length === now.length)
    return then.flatMap((item, at) => changesIn(item, now[at], within(at)))
  const [a, b] = [JSON.stringify(now), JSON.stringify(then)]
  return a === b ? [] : [`${path} was ${b}, is ${a}`]
}

function schemaOf({ path, status }: Exchange, schemas: VersionSchemas): v.GenericSchema | undefined {
  if (status >= 400) return schemas.ErrorAnswer
  if (path === '/api/push') return schemas.PushAnswer
  if (path === '/api/pull') return schemas.PullAnswer
  return undefined
}

/**
 * What the phones of the day wrote and were told is taken: by the last word about each record. Of a draft that is what each path
 * was given under the latest clock.
 */
export function takenIn(traffic: Traffic): Map<string, Sent> {
  const taken = new Map<string, Sent>()
  const paths = new Map<string, Map<string, { hlc: string; value: JsonValue }>>()
  for (const exchange of traffic.exchanges) {
    const told = new Map(outcomesOf(exchange.answer).map((outcome) => [outcome.n, outcome.status]))
    for (const sent of sentIn(exchange)) {
      const key = `${sent.type}/${sent.id}`
      const status = told.get(sent.n)
      if (status !== 'accepted' && status !== 'merged') continue
      if (status === 'accepted') taken.set(key, sent)
      if (definitionOf(sent.type)?.conflict !== 'draft') continue
      const known = paths.get(key) ?? new Map<string, { hlc: string; value: JsonValue }>()
      paths.set(key, known)
      for (const [path, value] of Object.entries(sent.fields))
        if (sent.hlc >= (known.get(path)?.hlc ?? '')) known.set(path, { hlc: sent.hlc, value: value! })
    }
  }
  for (const [key, known] of paths) {
    const fields = Object.fromEntries([...known].map(([path, { value }]) => [path, value]))
    const sent = taken.get(key)
    if (sent !== undefined) taken.set(key, { ...sent, fields })
  }
  return taken
}

/**
 * @param taken what must stand in the end
 * @returns one line for each difference; none: old phones get on as they did
 */
export async function replay(
  traffic: Traffic,
  schemas: VersionSchemas,
  taken: ReadonlyMap<string, Sent> = takenIn(traffic),
): Promise<string[]> {
  const hall = await openHall(traffic.startsAt)
  const differences: string[] = []
  const awaited = new Map<string, Map<string, Pulled>>()
  try {
    for (const [at, exchange] of traffic.exchanges.entries()) {
      const { status, answer } = await hall.ask(exchange)
      const where = `${at + 1}. ${exchange.who} ${exchange.method} ${exchange.path}`
      const compare = (what: string, now: unknown, then: unknown) => {
        const [a, b] = [JSON.stringify(now), JSON.stringify(then)]
        if (a !== b) differences.push(`${where}: ${what} was ${b}, is ${a}`)
      }
      compare('status', status, exchange.status)
      compare('code', codeOf(answer), codeOf(exchange.answer))
      compare('outcomes', outcomesOf(answer), outcomesOf(exchange.answer))
      const schema =
        exchange.path.startsWith('/api/session') && status === 200 && exchange.method !== 'DELETE'
          ? schemas.SessionAnswer
          : schemaOf(exchange, schemas)
      const read = schema === undefined ? undefined : v.safeParse(schema, answer)
      if (read?.success === false)
        differences.push(
          `${where}: cannot be read: ${v.getDotPath(read.issues[0]) ?? ''} ${read.issues[0].message}`,
        )
      // What was written that day comes to the same people; what the bureau began with may have grown.
      const due = awaited.get(exchange.who) ?? new Map<string, Pulled>()
      awaited.set(exchange.who, due)
      for (const then of pulledIn(exchange.answer)) if (taken.has(keyOf(then))) due.set(keyOf(then), then)
      const came = (now: Pulled): void => {
        const then = due.get(keyOf(now))
        if (then === undefined) return
        due.delete(keyOf(now))
        for (const line of changesIn(plain(then), plain(now)))
          differences.push(`${where}: ${keyOf(now)}: ${line}`)
      }
      pulledIn(answer).forEach(came)
      if (hasMore(exchange.answer)) continue
      // What else there is now takes room on the pages: the phone asks until it has them all, as it always did.
      for (let page = answer; hasMore(page);) {
        page = (await hall.ask(exchange)).answer
        pulledIn(page).forEach(came)
      }
      for (const key of due.keys()) differences.push(`${where}: ${key} did not come`)
      due.clear()
    }
    differences.push(...(await missingIn(hall, taken)))
    for (const problem of hall.endpoint.problems) differences.push(`a problem: ${String(problem)}`)
  } finally {
    await hall.close()
  }
  return differences
}

async function missingIn(hall: Awaited<ReturnType<typeof openHall>>, taken: ReadonlyMap<string, Sent>) {
  const missing: string[] = []
  for (const [key, sent] of taken) {
    const stored = await hall.endpoint.store.read((tx) => tx.record(sent.type, sent.id))
    if (stored === undefined || stored.deleted !== (sent.op === 'delete')) {
      missing.push(`${key} is not stored`)
      continue
    }
    if (stored.deleted) continue
    const isDraft = definitionOf(sent.type)?.conflict === 'draft'
    const fields = JSON.parse(stored.fields) as JsonObject
    for (const line of changesIn(sent.fields, isDraft ? flatten(fields) : fields))
      missing.push(`${key} is stored otherwise: ${line}`)
  }
  return missing
}
