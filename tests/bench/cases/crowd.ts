/** 200 and 1,000 phones that first-sync a week of lessons together. */
import { createActors, readableScopes } from '../../../src/server/auth/access.ts'
import type { RecordStore } from '../../../src/server/store/record-store.ts'
import { addToDigest, emptyDigest, sameDigest, type Digest } from '../fill/digest.ts'
import { fillBureau, fillWeek, largeBureau, seatPeople, type Seat } from '../fill/fill-store.ts'
import type { PhoneResult } from '../servers/crowd.ts'
import type { Bench } from '../support/bench.ts'
import type { Counts } from '../support/counting.ts'
import { onEachDatabase, type Hall } from '../support/places.ts'
import { megabytes, ms, percentile, seconds, whole, type Report } from '../support/report.ts'

const PHONES = 1000
const LESSONS = 8

interface Filled {
  seats: Seat[]
  /** What each person's phone has to hold in the end. */
  expected: Map<string, Digest>
}

async function expectedOf(store: RecordStore, personId: string): Promise<Digest> {
  const actors = createActors()
  return store.read(async (tx) => {
    const digest = emptyDigest()
    for (const scope of await readableScopes(tx, await actors(tx, personId, Date.now())))
      for (const record of await tx.recordsAfter(scope.id, 0, 100_000))
        addToDigest(digest, record.type, { ...record, scope: scope.name })
    return digest
  })
}

async function fill(store: RecordStore): Promise<Filled> {
  const people = largeBureau(PHONES)
  await fillBureau(store, people, Date.now())
  await fillWeek(store, LESSONS, Date.now())
  const seats = await seatPeople(
    store,
    people.map((person) => person.staffNo),
    Date.now(),
  )
  const expected = new Map<string, Digest>()
  for (const { personId } of seats) expected.set(personId, await expectedOf(store, personId))
  return { seats, expected }
}

interface Line {
  cells: string[]
  wrong: number
  errors: number
  total: number
  peak: number
  phones: number
}

async function runCrowd(
  bench: Bench,
  hall: Hall,
  { seats, expected }: Filled,
  phones: number,
): Promise<Line> {
  bench.log(`${hall.name}：${phones} 部手机同时首次同步`)
  const endpoints = []
  for (let n = 0; n < hall.processes; n++) endpoints.push(await bench.endpoint(hall.place))
  const setup = { ports: endpoints.map((endpoint) => endpoint.port), seats: seats.slice(0, phones) }
  const crowd = await bench.child('crowd.ts', setup)
  const before = await Promise.all(endpoints.map((endpoint) => endpoint.ask<Counts>('counts')))
  for (const endpoint of endpoints) await endpoint.ask('reset')
  const from = performance.now()
  const results = await crowd.ask<PhoneResult[]>('firstSync')
  const total = performance.now() - from
  const after = await Promise.all(endpoints.map((endpoint) => endpoint.ask<Counts>('counts')))
  await bench.stop(crowd)
  for (const endpoint of endpoints) await bench.stop(endpoint)
  const well = results.filter((result) => result.problem === null)
  const wrong = well.filter((result) => !sameDigest(result.digest, expected.get(result.personId)!)).length
  const times = well.map((result) => result.ms)
  const sum = (counts: readonly Counts[], of: (count: Counts) => number) =>
    counts.reduce((s, c) => s + of(c), 0)
  const peak = sum(after, (count) => count.peakRssBytes)
  const cells = [
    hall.name,
    whole(phones),
    seconds(total),
    whole(phones / (total / 1000)),
    ms(percentile(times, 0.5)),
    ms(percentile(times, 0.95)),
    whole(results.length - well.length),
    whole(results.reduce((s, result) => s + result.again, 0)),
    `${megabytes(sum(before, (count) => count.rssBytes))} → ${megabytes(peak)}`,
    megabytes(results.reduce((s, result) => s + result.bytes, 0)),
  ]
  const errors = results.filter((result) => result.problem !== null)
  for (const { problem } of errors.slice(0, 3)) bench.log(`  ${problem}`)
  return { cells, wrong, errors: errors.length, total, peak, phones }
}

export async function crowd(bench: Bench): Promise<Report> {
  const lines: (Line & { hall: string })[] = []
  await onEachDatabase(bench, fill, async (hall, filled) => {
    for (const phones of [200, PHONES])
      lines.push({ ...(await runCrowd(bench, hall, filled, phones)), hall: hall.name })
  })
  const thousand = lines.filter((line) => line.phones === PHONES)
  const [sqlite, one, two] = thousand
  const report: Report = {
    tables: [
      {
        title: `Phones first-syncing a week of ${LESSONS} lessons together (whole first sync of each)`,
        head: [
          'endpoint',
          'phones',
          'all done after',
          'phones/s',
          'p50',
          'p95',
          'errors',
          'told to wait',
          'memory before → peak',
          'sent, gzip',
        ],
        rows: lines.map((line) => line.cells),
      },
    ],
    checks: [
      {
        sentence: 'every phone held exactly what its person may read',
        holds: lines.every((line) => line.wrong === 0),
      },
    ],
    budgets: [
      {
        name: '1,000 phones together, one process on SQLite',
        budget: 'no error, memory bounded',
        measured: `${sqlite!.errors} errors, p95 ${sqlite!.cells[5]}, peak ${megabytes(sqlite!.peak)}`,
        met: sqlite!.errors === 0 && sqlite!.peak < 1024 ** 3,
      },
    ],
    notes: ['two cores for the endpoint, the database and the phones’ own process together'],
  }
  if (one !== undefined && two !== undefined)
    report.budgets.push({
      name: 'a second process on PostgreSQL',
      budget: 'raises the total',
      measured: `${one.cells[3]} → ${two.cells[3]} phones/s`,
      met: two.total < one.total,
    })
  return report
}
