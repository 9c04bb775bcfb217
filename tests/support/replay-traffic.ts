/** Replays a recorded day against the endpoint as it is now, and says where an old phone would be worse off. */
import * as v from 'valibot'
import type { JsonObject, JsonValue } from '../../src/shared/sync/json.ts'
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
interface Sent {
  n: number
  type: string
  id: string
  op: string
  fields: JsonObject
}

const outcomesOf = (answer: JsonValue): Told[] =>
  ((answer as { outcomes?: Told[] }).outcomes ?? []).map(({ n, status, code }) => ({
    n,
    status,
    ...(code !== undefined && { code }),
  }))
const codeOf = (answer: JsonValue) => (answer as { error?: { code: string } }).error?.code
const sentIn = (exchange: Exchange): Sent[] => (exchange.body?.mutations as Sent[] | undefined) ?? []
const keysIn = (answer: JsonValue): string[] =>
  ((answer as { records?: { type: string; id: string; deleted: boolean }[] }).records ?? []).map(
    ({ type, id, deleted }) => `${type}/${id}${deleted ? ' deleted' : ''}`,
  )

function schemaOf({ path, status }: Exchange, schemas: VersionSchemas): v.GenericSchema | undefined {
  if (status >= 400) return schemas.ErrorAnswer
  if (path === '/api/push') return schemas.PushAnswer
  if (path === '/api/pull') return schemas.PullAnswer
  return undefined
}

/** What the phones of the day wrote and were told is taken: by the last word about each record. */
export function takenIn(traffic: Traffic): Map<string, Sent> {
  const taken = new Map<string, Sent>()
  for (const exchange of traffic.exchanges) {
    const told = new Map(outcomesOf(exchange.answer).map((outcome) => [outcome.n, outcome.status]))
    for (const sent of sentIn(exchange))
      if (told.get(sent.n) === 'accepted') taken.set(`${sent.type}/${sent.id}`, sent)
  }
  return taken
}

/** @returns one line for each difference; none: old phones get on as they did */
export async function replay(traffic: Traffic, schemas: VersionSchemas): Promise<string[]> {
  const hall = await openHall(traffic.startsAt)
  const differences: string[] = []
  const taken = takenIn(traffic)
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
      const came = new Set(keysIn(answer))
      for (const key of keysIn(exchange.answer))
        if (taken.has(key.replace(' deleted', '')) && !came.has(key))
          differences.push(`${where}: ${key} did not come`)
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
    if (stored === undefined || stored.deleted !== (sent.op === 'delete'))
      missing.push(`${key} is not stored`)
  }
  return missing
}
