/**
 * The desk's page of all circulations, at full bureau size: what it takes on the endpoint, beside counting from the sign-offs. The
 * rows are made once, in SQLite; PostgreSQL is given the same, as a restore would.
 */
import { createApp } from '../../../src/server/app.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import { TABLE_NAMES } from '../../../src/server/store/sql/whole-store.ts'
import type { ReadTx, RecordStore, TableRow } from '../../../src/server/store/record-store.ts'
import type { Circulation } from '../../../src/shared/circulation/circulation.ts'
import { coverageOf, type Stored } from '../../../src/shared/circulation/coverage/coverage.ts'
import type { RecipientChange } from '../../../src/shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import { createFolderBlobs } from '../../../src/server/store/folder-blobs.ts'
import { branchId } from '../../support/endpoint.ts'
import {
  BRANCHES,
  bureauPeople,
  fillCirculations,
  MEMBERS,
  OFFICE,
  type Filled,
} from '../fill/fill-circulations.ts'
import { fillBureau, seatPeople } from '../fill/fill-store.ts'
import type { Bench } from '../support/bench.ts'
import { openBenchStores, sqliteFile } from '../support/open-store.ts'
import { onPostgres } from '../support/places.ts'
import { median, ms, seconds, whole, type Report } from '../support/report.ts'

const ROUNDS = 21
const BUDGET_MS = 200
/** Rows of a table that are carried over at a time. */
const PIECE = 1000

interface Line {
  documentId: string
  toSign: number
  signed: number
  missing: number
}
interface Page {
  documents: Line[]
  more: boolean
}

/** As the question was answered before there were figures: every sign-off is read and parsed. */
async function countAll(tx: ReadTx): Promise<Map<string, { toSign: number; signed: number }>> {
  const of = async <F>(type: string): Promise<Stored<F>[]> =>
    (await tx.records({ types: [type] })).map(({ id, fields }) => ({ id, fields: JSON.parse(fields) as F }))
  const circulations = await of<Circulation>('circulation')
  const changes = Map.groupBy(await of<RecipientChange>('recipient-change'), (x) => x.fields.circulationId)
  const signOffs = Map.groupBy(await of<SignOff>('sign-off'), (s) => s.fields.circulationId)
  const counted = new Map<string, { toSign: number; signed: number }>()
  for (const c of circulations) {
    const one = coverageOf(c, changes.get(c.id) ?? [], signOffs.get(c.id) ?? [])
    const sum = counted.get(c.fields.documentId) ?? { toSign: 0, signed: 0 }
    counted.set(c.fields.documentId, { toSign: sum.toSign + one.toSign, signed: sum.signed + one.signed })
  }
  return counted
}

async function deskOf(store: RecordStore, folder: string) {
  const [seat] = await seatPeople(store, [OFFICE], Date.now())
  const app = createApp({ store, blobs: createFolderBlobs(folder), now: Date.now, logProblem: console.error })
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const answer = await app.request(`/api/office/${path}`, {
      headers: { cookie: `wh_session=${seat!.token}` },
    })
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const time = async (path: string) => {
    const times: number[] = []
    const processor: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now()
      const before = process.cpuUsage()
      await ask(path)
      const { user, system } = process.cpuUsage(before)
      times.push(performance.now() - start)
      processor.push((user + system) / 1000)
    }
    return {
      median: median(times),
      processor: median(processor),
      least: Math.min(...times),
      most: Math.max(...times),
      bytes: JSON.stringify(await ask(path)).length,
    }
  }
  return { ask, time }
}

const questions = (newest: string): [string, string][] => [
  ['what somebody still has to sign (the page as it opens)', 'circulations'],
  ['the same of one branch', `circulations?unit=${branchId('第7支部')}`],
  ['by a word of the title', `circulations?view=all&q=${encodeURIComponent('第 99')}`],
  ['all, the tenth page', 'circulations?view=all&page=9'],
  ['one document with its branches', `circulation?document=${newest}`],
]

interface Measured {
  database: string
  rows: string[][]
  /** The slowest question's median. */
  worst: number
  lines: Line[]
}

async function measure(
  bench: Bench,
  database: string,
  store: RecordStore,
  filled: Filled,
): Promise<Measured> {
  const { ask, time } = await deskOf(store, bench.emptyFolder())
  const rows: string[][] = []
  const medians: number[] = []
  for (const [name, question] of questions(`document-${filled.documents.size - 2}`)) {
    bench.log(`${database}: ${name}`)
    const t = await time(question)
    medians.push(t.median)
    rows.push([
      database,
      name,
      ms(t.median),
      ms(t.least),
      ms(t.most),
      ms(t.processor),
      `${whole(t.bytes / 1024)} KB`,
    ])
  }
  const lines: Line[] = []
  for (let page = 0; ; page++) {
    const answer = await ask<Page>(`circulations?view=all&page=${page}`)
    lines.push(...answer.documents)
    if (!answer.more) return { database, rows, worst: Math.max(...medians), lines }
  }
}

/** Table by table, in pieces: what is here is larger than memory should be. */
const copyAll = (from: RecordStore, to: RecordStore): Promise<void> =>
  from.readAll((read) =>
    to.replaceAll(async (write) => {
      for (const table of TABLE_NAMES) {
        let rows: TableRow[] = []
        for await (const row of read.rows(table)) {
          rows.push(row)
          if (rows.length < PIECE) continue
          await write.insert(table, rows)
          rows = []
        }
        await write.insert(table, rows)
      }
    }),
  )

/** `BENCH_YEARS=1`: a third of the rows, for a machine that has other things to do. */
const YEARS = Number(process.env.BENCH_YEARS ?? 3)

export async function coverage(bench: Bench): Promise<Report> {
  const place = bench.emptyFolder()
  const path = sqliteFile(place)
  const empty = await openSqliteStore(path)
  await fillBureau(empty, bureauPeople(), Date.now())
  await empty.close()
  bench.log(`${YEARS} 年的传阅`)
  const filled = fillCirculations(path, YEARS, Date.now())
  bench.log(`${filled.circulations} 份传阅，${filled.signOffs} 个签字`)
  const began = performance.now()
  const store = await openSqliteStore(path)
  const madeMs = performance.now() - began
  const measured = [await measure(bench, 'SQLite', store, filled)]
  bench.log('照旧办法从签字数起')
  const start = performance.now()
  const counted = await store.read(countAll)
  const allMs = performance.now() - start
  await onPostgres(async (newDatabase) => {
    const other = await openBenchStores({ folder: bench.emptyFolder(), databaseUrl: await newDatabase() })
    bench.log('同样的数据放进 PostgreSQL')
    await copyAll(store, other.store)
    measured.push(await measure(bench, 'PostgreSQL', other.store, filled))
    await other.close()
  })
  await store.close()

  const equal = (lines: readonly Line[], of: (id: string) => Partial<Line> | undefined): number =>
    lines.filter((line) => {
      const expected = of(line.documentId)
      return (
        expected !== undefined &&
        Object.entries(expected).every(([key, count]) => line[key as keyof Line] === count)
      )
    }).length
  const all = filled.documents.size
  const worst = Math.max(...measured.map((one) => one.worst))
  const rows = [
    ...measured.flatMap((one) => one.rows),
    ['SQLite', 'counted from all sign-offs, as before (once)', seconds(allMs), '', '', '', ''],
  ]
  return {
    tables: [
      {
        title: `${whole(all)} documents, ${BRANCHES} branches, ${MEMBERS} members: ${whole(filled.circulations)} circulations, ${whole(filled.signOffs)} sign-offs`,
        head: [
          'database',
          'the desk asks for',
          'median',
          'shortest',
          'longest',
          'processor, median',
          'answer',
        ],
        rows,
      },
    ],
    checks: measured.flatMap(({ database, lines }) => {
      const put = equal(lines, (id) => filled.documents.get(id))
      const told = equal(lines, (id) => counted.get(id))
      return [
        {
          sentence: `${database}: each of ${whole(all)} documents is told once, with the counts that were put in (${whole(put)} equal)`,
          holds: put === all && lines.length === all,
        },
        {
          sentence: `${database}: and with those that counting all sign-offs gives (${whole(told)} equal)`,
          holds: told === all,
        },
      ]
    }),
    budgets: [
      {
        name: 'the desk’s page of circulations, full bureau, three years',
        budget: `≤ ${BUDGET_MS} ms on the endpoint`,
        measured: `${ms(worst)} (the slowest of ${measured[0]!.rows.length} questions on ${measured.map(({ database }) => database).join(' and ')}, median of ${ROUNDS})`,
        met: worst <= BUDGET_MS,
      },
    ],
    notes: [
      'Every second document goes to all branches, the others to nine; a sign-off is about 1.4 KB. One process, the handler with its answer as JSON, without the line; the processor time of PostgreSQL is that of the endpoint alone.',
      `Making all figures anew, as after an update or a restore: ${seconds(madeMs)} on SQLite, once.`,
    ],
  }
}
