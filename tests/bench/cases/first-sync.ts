/** First sync of 10,000 and 100,000 records of about 1 KB in Chromium: ours, the floor, PouchDB and RxDB. */
import { sameDigest, type Digest } from '../fill/digest.ts'
import { MEMBER, PASSWORD } from '../fill/fill-store.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench, BenchPage } from '../support/bench.ts'
import type { Child } from '../support/child.ts'
import type { Counts } from '../support/counting.ts'
import { megabytes, ms, percent, seconds, tasksText, whole, type Report } from '../support/report.ts'

export const SIDES = ['floor', 'ours', 'rx', 'pouch'] as const
export type Side = (typeof SIDES)[number]
export const NAMES: Record<Side, string> = {
  floor: 'floor: bare fetch + Dexie bulkPut',
  ours: 'ours',
  rx: 'RxDB 17.6 (Dexie storage, HTTP replication)',
  pouch: 'PouchDB 9.0 (idb) from express-pouchdb 4.2',
}

interface Round {
  result: Measured<number>
  counts: Counts
}

interface Run extends Round {
  rows: number
  side: Side
  equal: boolean
  /** Afterwards, on the same phone: a round with nothing new, and one with a hundred new records. */
  noOp?: Round
  delta?: Round
}

const DELTA = 100
let appended = 30_000_000

/** Of the floor there is no round: it keeps no place to go on from. */
const again = (side: Exclude<Side, 'floor'>): string => (side === 'rx' ? 'again' : 'sync')

async function round(server: Child, browser: BenchPage, side: Side, act: string): Promise<Round> {
  await server.ask('reset')
  const result = await browser.run<Measured<number>>(side, act)
  return { result, counts: await server.ask<Counts>('counts') }
}

async function runSide(bench: Bench, server: Child, side: Side, rows: number, isLast: boolean): Promise<Run> {
  bench.log(`首次同步 ${rows} 条：${NAMES[side]}`)
  const ask = <T>(name: string, payload?: unknown) =>
    side === 'ours' ? server.act<T>(name, payload) : server.ask<T>(name, payload)
  const browser = await bench.browser(server)
  if (side === 'ours') await browser.run('ours', 'connect', { staffNo: MEMBER, password: PASSWORD })
  else await browser.run(side, 'open')
  const run: Run = { rows, side, ...(await round(server, browser, side, 'sync')), equal: false }
  const isEqual = async () =>
    sameDigest(await browser.run<Digest>(side, 'digest'), await ask<Digest>('digest'))
  run.equal = await isEqual()
  if (side !== 'floor' && isLast) {
    run.noOp = await round(server, browser, side, again(side))
    await ask('append', { from: appended, to: (appended += DELTA) })
    run.delta = await round(server, browser, side, again(side))
    run.equal &&= await isEqual()
  }
  await browser.close()
  bench.log(`  ${seconds(run.result.ms)}${run.equal ? '' : '，但内容不一致'}`)
  return run
}

/** The floor runs before and after ours, and the better of the two counts: the ratio is never flattered by a busy moment. */
async function runAll(bench: Bench, rows: number, sides: readonly Side[]): Promise<Run[]> {
  const place = await bench.store(rows)
  const peers = await bench.peers(place, { pouch: sides.includes('pouch') })
  const endpoint = await bench.endpoint(place)
  const runs: Run[] = []
  const turns = rows > 20_000 ? 1 : 3
  for (let turn = 0; turn < turns; turn++) {
    runs.push(await runSide(bench, peers, 'floor', rows, false))
    runs.push(await runSide(bench, endpoint, 'ours', rows, turn === turns - 1))
  }
  if (turns === 1) runs.push(await runSide(bench, peers, 'floor', rows, false))
  for (const side of sides.filter((s) => s === 'rx' || s === 'pouch'))
    runs.push(await runSide(bench, peers, side, rows, true))
  await bench.stop(peers)
  await bench.stop(endpoint)
  return runs
}

const best = (runs: readonly Run[], side: Side): Run | undefined =>
  runs.filter((run) => run.side === side).sort((a, b) => a.result.ms - b.result.ms)[0]

const speed = (run: Run) => run.rows / (run.result.ms / 1000)

/** The lowest figure in a part of the samples is what remains after the collector has been there. */
function troughs(heap: readonly number[]): { first: number; last: number; peak: number } {
  const part = Math.max(1, Math.floor(heap.length / 4))
  return {
    first: Math.min(...heap.slice(0, part)),
    last: Math.min(...heap.slice(-part)),
    peak: Math.max(...heap),
  }
}

function tableOf(rows: number, runs: readonly Run[]): Report['tables'][number] {
  const floor = best(runs, 'floor')!
  const lines = SIDES.flatMap((side) => {
    const run = best(runs, side)
    if (run === undefined) return []
    return [
      [
        NAMES[side],
        seconds(run.result.ms),
        whole(speed(run)),
        percent(speed(run) / speed(floor)),
        whole(run.counts.requests),
        megabytes(run.counts.bytesOut),
        tasksText(run.result.longTasksMs),
        run.equal ? 'equal' : '**not equal**',
      ],
    ]
  })
  return {
    title: `First sync of ${whole(rows)} records of about 1 KB`,
    head: ['', 'time', 'rows/s', 'of the floor', 'requests', 'received', 'tasks over 50 ms', 'rows'],
    rows: lines,
  }
}

function laterTable(rows: number, runs: readonly Run[]): Report['tables'][number] {
  const cells = ({ result, counts }: Round) => [
    ms(result.ms),
    whole(counts.requests),
    `${whole(counts.bytesIn)} B`,
    `${whole(counts.bytesOut)} B`,
  ]
  return {
    title: `Afterwards, ${whole(rows)} held: a round with nothing new, and one with ${DELTA} new records (bytes with headers)`,
    head: ['', 'nothing new', 'requests', 'sent', 'received', `${DELTA} new`, 'requests', 'sent', 'received'],
    rows: runs.flatMap(({ side, noOp, delta }) =>
      noOp === undefined || delta === undefined ? [] : [[NAMES[side], ...cells(noOp), ...cells(delta)]],
    ),
  }
}

export async function firstSync(
  bench: Bench,
  options: { large: boolean; sides?: readonly Side[] },
): Promise<Report> {
  const sides = options.sides ?? SIDES
  const small = await runAll(bench, 10_000, sides)
  const large = options.large ? await runAll(bench, 100_000, sides) : []
  const ours = best(small, 'ours')!
  const ratio = speed(ours) / speed(best(small, 'floor')!)
  const report: Report = {
    tables: [tableOf(10_000, small), laterTable(10_000, small)],
    checks: [
      {
        sentence:
          'every side held the same rows as the store (type, id, scope, revision, fields), none twice, after the first round and after the last',
        holds: [...small, ...large].every((run) => run.equal),
      },
    ],
    budgets: [
      {
        name: 'first sync of 10,000',
        budget: '≥ 70 % of the floor',
        measured: percent(ratio),
        met: ratio >= 0.7,
      },
      {
        name: 'main thread during the first sync of 10,000',
        budget: 'no task over 50 ms',
        measured: tasksText(ours.result.longTasksMs),
        met: ours.result.longTasksMs.length === 0,
      },
    ],
    notes: [
      'the best of three for the floor and for ours, one run for the others; 100,000: one run, two of the floor',
    ],
  }
  const big = best(large, 'ours')
  if (big !== undefined) addLarge(report, ours, big, large)
  return report
}

function addLarge(report: Report, ours: Run, big: Run, large: readonly Run[]): void {
  report.tables.push(tableOf(100_000, large), laterTable(100_000, large))
  const factor = big.result.ms / (ours.result.ms * 10)
  const heap = troughs(big.result.heap)
  report.budgets.push(
    {
      name: 'first sync of 100,000',
      budget: '≤ 2.5 × ten times the 10,000 figure',
      measured: `${factor.toFixed(2)} ×`,
      met: factor <= 2.5,
    },
    {
      name: 'heap while paging 100,000',
      budget: 'flat',
      measured: `lowest ${megabytes(heap.first)} in the first quarter, ${megabytes(heap.last)} in the last; peak ${megabytes(heap.peak)}`,
      met: heap.last < heap.first * 1.5 + 10 * 1024 * 1024,
    },
  )
}
