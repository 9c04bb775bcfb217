/** A scope of 10,000 rows taken from the phone while the person goes on writing; beside it Dexie's bare delete of as many. */
import { sameDigest, type Digest } from '../fill/digest.ts'
import { fillSecondBranch, FIRST_BRANCH, MEMBER, PASSWORD, SECOND_BRANCH } from '../fill/fill-store.ts'
import { benchId } from '../fill/records.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench } from '../support/bench.ts'
import type { Counts } from '../support/counting.ts'
import { ms, percentile, seconds, whole, type Report } from '../support/report.ts'

const ROWS = 10_000
const TAPS = { from: 70_000_000, count: 60, unitId: FIRST_BRANCH, everyMs: 250 }

export async function drop(bench: Bench): Promise<Report> {
  const place = await bench.store(10)
  const membership = await bench.withStore(place, (store) => fillSecondBranch(store, ROWS, Date.now()))
  const endpoint = await bench.endpoint(place)
  const browser = await bench.browser(endpoint)
  await browser.run('ours', 'connect', { staffNo: MEMBER, password: PASSWORD })
  await browser.run('ours', 'sync')
  const held = await browser.run<Digest>('ours', 'digest')
  await endpoint.act('endMembership', { id: membership })
  await endpoint.ask('reset')
  bench.log('撤下一个一万行的范围')
  const dropped = await browser.run<Measured<number[]>>('ours', 'syncWhileWriting', TAPS)
  const counts = await endpoint.ask<Counts>('counts')
  await browser.run('ours', 'sync')
  const after = await browser.run<Digest>('ours', 'digest')
  const expected = await endpoint.act<Digest>('digest', ['org', `unit:${FIRST_BRANCH}`])
  const left = await browser.run<number>('ours', 'rowsOfScope', `unit:${SECOND_BRANCH}`)
  const ids = dropped.value.map((_, n) => benchId('re', TAPS.from + n))
  const arrived = await endpoint.act<number>('holds', { type: 'shared-reflection', ids })
  const bare = await browser.run<Measured<number>>('ours', 'bareDelete', ROWS)
  await browser.close()
  await bench.stop(endpoint)
  const p95 = percentile(dropped.value, 0.95)
  const longest = Math.max(0, ...dropped.longTasksMs)
  return {
    tables: [
      {
        title: `A scope of ${whole(ROWS)} rows dropped, the person writing meanwhile`,
        head: [
          '',
          'time',
          'longest task',
          'tasks over 50 ms',
          'writes meanwhile',
          'write to screen p50',
          'p95',
          'worst',
        ],
        rows: [
          [
            'ours',
            seconds(dropped.ms),
            longest === 0 ? 'under 50 ms' : ms(longest),
            whole(dropped.longTasksMs.length),
            whole(dropped.value.length),
            ms(percentile(dropped.value, 0.5)),
            ms(p95),
            ms(Math.max(...dropped.value)),
          ],
          [
            'bare Dexie delete by index',
            seconds(bare.ms),
            ms(Math.max(0, ...bare.longTasksMs)),
            whole(bare.longTasksMs.length),
            '',
            '',
            '',
            '',
          ],
        ],
      },
    ],
    checks: [
      {
        sentence: 'no row of the lost scope is left; all others equal the store',
        holds: left === 0 && sameDigest(after, expected),
      },
      { sentence: `the phone held the ${whole(ROWS)} rows before`, holds: held.rows >= ROWS },
      { sentence: 'everything written meanwhile is at the endpoint once', holds: arrived === ids.length },
    ],
    budgets: [
      {
        name: 'a scope of 10,000 dropped',
        budget: 'one transaction, screen usable (no task over 50 ms)',
        measured: `${seconds(dropped.ms)}, longest task ${longest === 0 ? 'under 50 ms' : ms(longest)}, write to screen p95 ${ms(p95)}`,
        met: longest <= 50,
      },
    ],
    notes: [`requests during the round: ${counts.requests}`],
  }
}
