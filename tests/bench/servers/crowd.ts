/** Many phones at once, without phones: connections of a process of their own, so that the endpoint has its core to itself. */
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'
import type { Seat } from '../fill/fill-store.ts'
import { reflectionMutation } from '../fill/mutations.ts'
import { answerParent } from '../support/child.ts'
import { createWireClient, pullAll, type WireClient } from '../support/wire-client.ts'

export interface CrowdSetup {
  /** Endpoints, taken in turn. */
  ports: number[]
  seats: Seat[]
}

export interface PhoneResult {
  personId: string
  ms: number
  digest: Digest
  bytes: number
  /** How often it was told to wait (503) and asked again. */
  again: number
  problem: string | null
}

export interface WriteResult {
  ms: number
  accepted: number
  again: number
  problems: string[]
  /** Of each request. */
  requestMs: number[]
  /** What a reader who pulled all the while has seen, without duplicates, and in which order. */
  seen: { rows: number; twice: number; backwards: number; digest: Digest }
}

export interface WriteOrder {
  unitId: string
  /** Number of the first record; each device has ten thousand of its own. */
  from: number
  batches: number
  batchSize: number
  /** Pulls all the while; not one of the writers. */
  reader: Seat
}

let setup: CrowdSetup = { ports: [], seats: [] }
const portOf = (index: number): number => setup.ports[index % setup.ports.length]!
const problemOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))

const MAX_AGAIN = 20

/** As a phone does it: overload is waited out, as long as the endpoint says and a little more by chance. */
function patient(client: WireClient, onAgain: () => void): WireClient {
  const post = async (path: string, body: unknown) => {
    for (let tries = 0; ; tries++) {
      const answer = await client.post(path, body)
      if (answer.status !== 503 || tries === MAX_AGAIN) return answer
      onAgain()
      await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs * (1 + Math.random())))
    }
  }
  return { ...client, post }
}

async function firstSync(seat: Seat, index: number): Promise<PhoneResult> {
  const client = createWireClient(portOf(index), seat.token)
  const digest = emptyDigest()
  let [bytes, again] = [0, 0]
  const from = performance.now()
  let problem: string | null = null
  try {
    await pullAll(
      patient(client, () => (again += 1)),
      seat.deviceId,
      null,
      (page, answer) => {
        bytes += answer.bodyBytes
        for (const record of page.records) addToDigest(digest, record.type, record)
      },
    )
  } catch (error) {
    problem = problemOf(error)
  }
  client.close()
  return { personId: seat.personId, ms: performance.now() - from, digest, bytes, again, problem }
}

async function writeAll(seat: Seat, index: number, order: WriteOrder, result: WriteResult): Promise<void> {
  const client = createWireClient(portOf(index), seat.token)
  const asking = patient(client, () => (result.again += 1))
  for (let batch = 0; batch < order.batches; batch++) {
    const mutations = Array.from({ length: order.batchSize }, (_, at) => {
      const n = batch * order.batchSize + at + 1
      return reflectionMutation(n, order.from + index * 10_000 + n, order.unitId, seat, Date.now())
    })
    const body = { protocol: 1, deviceId: seat.deviceId, epoch: '', sentAt: Date.now(), mutations }
    try {
      const answer = await asking.post('/api/push', body)
      result.requestMs.push(answer.ms)
      const { outcomes = [] } = JSON.parse(answer.text) as { outcomes?: { status: string }[] }
      result.accepted += outcomes.filter((outcome) => outcome.status === 'accepted').length
      if (answer.status !== 200) result.problems.push(`${answer.status} ${answer.text.slice(0, 100)}`)
    } catch (error) {
      result.problems.push(problemOf(error))
    }
  }
  client.close()
}

/** Pulls again and again until told to stop, and once more after it. */
async function read(order: WriteOrder, isOver: () => boolean): Promise<WriteResult['seen']> {
  const client = createWireClient(portOf(1), order.reader.token)
  const seen = { rows: 0, twice: 0, backwards: 0, digest: emptyDigest() }
  const ids = new Set<string>()
  let [cursor, last, final]: [string | null, number, boolean] = [null, 0, false]
  for (;;) {
    final = isOver()
    cursor = await pullAll(
      patient(client, () => undefined),
      order.reader.deviceId,
      cursor,
      (page) => {
        for (const record of page.records) {
          if (record.scope !== `unit:${order.unitId}` || record.type !== 'shared-reflection') continue
          if (ids.has(record.id)) seen.twice += 1
          if (record.rev <= last) seen.backwards += 1
          ids.add(record.id)
          last = record.rev
          addToDigest(seen.digest, record.type, record)
        }
      },
    )
    if (final) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  client.close()
  return { ...seen, rows: ids.size }
}

answerParent({
  start: (given: CrowdSetup) => {
    setup = given
    return { port: 0 }
  },
  firstSync: () => Promise.all(setup.seats.map(firstSync)),
  write: async (order: WriteOrder): Promise<WriteResult> => {
    const empty = { rows: 0, twice: 0, backwards: 0, digest: emptyDigest() }
    const result: WriteResult = { ms: 0, accepted: 0, again: 0, problems: [], requestMs: [], seen: empty }
    let over = false
    const reading = read(order, () => over)
    const from = performance.now()
    await Promise.all(setup.seats.map((seat, index) => writeAll(seat, index, order, result)))
    result.ms = performance.now() - from
    over = true
    result.seen = await reading
    return result
  },
})

process.on('SIGTERM', () => process.exit(0))
