/** Fifty devices writing into one scope at once, while another pulls: the row lock of one scope is the narrow place. */
import type { RecordStore } from '../../../src/server/store/record-store.ts'
import { sameDigest, type Digest } from '../fill/digest.ts'
import { BIG_BRANCH, fillBureau, OFFICER, seatPeople, smallBureau, type Seat } from '../fill/fill-store.ts'
import type { WriteOrder, WriteResult } from '../servers/crowd.ts'
import type { Revisions } from '../servers/endpoint-acts.ts'
import type { Bench } from '../support/bench.ts'
import { onEachDatabase, type Hall } from '../support/places.ts'
import { ms, percentile, seconds, whole, type Report } from '../support/report.ts'

const SHAPES = [
  { batches: 20, batchSize: 1 },
  { batches: 10, batchSize: 20 },
] as const

async function fill(store: RecordStore): Promise<{ seats: Seat[]; reader: Seat }[]> {
  await fillBureau(store, smallBureau(), Date.now())
  const writers = Array.from({ length: 50 }, (_, n) => String(3001 + n))
  const halves = []
  // Each shape has devices of its own: their numbers begin at one.
  for (let shape = 0; shape < SHAPES.length; shape++) {
    const seated = await seatPeople(store, [OFFICER, ...writers], Date.now())
    halves.push({ reader: seated[0]!, seats: seated.slice(1) })
  }
  return halves
}

interface Line {
  cells: string[]
  right: boolean
}

async function runShape(
  bench: Bench,
  hall: Hall,
  { seats, reader }: { seats: Seat[]; reader: Seat },
  shape: (typeof SHAPES)[number],
  before: number,
): Promise<Line & { rows: number }> {
  bench.log(`${hall.name}：50 台设备写同一个范围，每次 ${shape.batchSize} 条`)
  const endpoints = []
  for (let n = 0; n < hall.processes; n++) endpoints.push(await bench.endpoint(hall.place))
  const crowd = await bench.child('crowd.ts', { ports: endpoints.map((e) => e.port), seats })
  const order: WriteOrder = { unitId: BIG_BRANCH, from: shape.batchSize * 10_000_000, ...shape, reader }
  const result = await crowd.ask<WriteResult>('write', order)
  const stored = await endpoints[0]!.act<Revisions & { digest: Digest }>('revisions', {
    scope: `unit:${BIG_BRANCH}`,
    type: 'shared-reflection',
  })
  await bench.stop(crowd)
  for (const endpoint of endpoints) await bench.stop(endpoint)
  const wanted = seats.length * shape.batches * shape.batchSize
  for (const problem of result.problems.slice(0, 3)) bench.log(`  ${problem}`)
  const { seen } = result
  const right =
    result.accepted === wanted &&
    stored.rows === wanted + before &&
    stored.gaps === 0 &&
    seen.twice === 0 &&
    seen.backwards === 0 &&
    sameDigest(seen.digest, stored.digest)
  if (!right) bench.log(`  ${JSON.stringify({ wanted, before, stored, seen, accepted: result.accepted })}`)
  const cells = [
    hall.name,
    whole(shape.batchSize),
    whole(wanted),
    seconds(result.ms),
    whole(wanted / (result.ms / 1000)),
    ms(percentile(result.requestMs, 0.5)),
    ms(percentile(result.requestMs, 0.95)),
    whole(result.problems.length),
    whole(result.again),
  ]
  return { cells, right, rows: stored.rows }
}

export async function hotScope(bench: Bench): Promise<Report> {
  const lines: Line[] = []
  await onEachDatabase(bench, fill, async (hall, halves) => {
    let rows = 0
    for (const [index, shape] of SHAPES.entries()) {
      const line = await runShape(bench, hall, halves[index]!, shape, rows)
      rows = line.rows
      lines.push(line)
    }
  })
  return {
    tables: [
      {
        title: 'Fifty devices writing into one scope at once, one reader pulling all the while',
        head: [
          'endpoint',
          'mutations in a request',
          'mutations',
          'time',
          'mutations/s',
          'request p50',
          'p95',
          'errors',
          'told to wait',
        ],
        rows: lines.map((line) => line.cells),
      },
    ],
    checks: [
      {
        sentence:
          'every mutation accepted and stored once, the scope’s revisions without a gap, and the reader saw each revision once, in order, none skipped',
        holds: lines.every((line) => line.right),
      },
    ],
    budgets: [],
    notes: ['two cores for the endpoint, the database and the devices’ own process together'],
  }
}
