/** The person writes while the phone loads: from the tap to the screen's own query, and what the main thread has to bear. */
import { sameDigest, type Digest } from '../fill/digest.ts'
import { FIRST_BRANCH, MEMBER, PASSWORD } from '../fill/fill-store.ts'
import { benchId } from '../fill/records.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench } from '../support/bench.ts'
import { ms, percentile, seconds, whole, type Report } from '../support/report.ts'

const TAPS = { from: 80_000_000, count: 400, unitId: FIRST_BRANCH, everyMs: 60 }

export async function whileWriting(bench: Bench): Promise<Report> {
  const place = await bench.store(10_000)
  const endpoint = await bench.endpoint(place)
  const browser = await bench.browser(endpoint)
  await browser.run('ours', 'connect', { staffNo: MEMBER, password: PASSWORD })
  bench.log('一边首次同步，一边写')
  const run = await browser.run<Measured<number[]>>('ours', 'syncWhileWriting', TAPS)
  await browser.run('ours', 'sync')
  const quiet = await browser.run<number[]>('ours', 'tapAlone', {
    ...TAPS,
    from: TAPS.from + 1000,
    count: 60,
  })
  await browser.run('ours', 'sync')
  const held = await browser.run<Digest>('ours', 'digest')
  const expected = await endpoint.act<Digest>('digest')
  const ids = run.value.map((_, n) => benchId('re', TAPS.from + n))
  const arrived = await endpoint.act<number>('holds', { type: 'shared-reflection', ids })
  await browser.close()
  await bench.stop(endpoint)
  const p95 = percentile(run.value, 0.95)
  const line = (name: string, times: readonly number[], tasks: string) => [
    name,
    whole(times.length),
    ms(percentile(times, 0.5)),
    ms(percentile(times, 0.95)),
    ms(Math.max(...times)),
    tasks,
  ]
  const longest =
    run.longTasksMs.length === 0
      ? 'none'
      : `${run.longTasksMs.length}, longest ${ms(Math.max(...run.longTasksMs))}`
  return {
    tables: [
      {
        title: 'Local write to screen (strict, on the disk)',
        head: ['', 'writes', 'p50', 'p95', 'worst', 'tasks over 50 ms'],
        rows: [
          line(`during the first sync of 10,000 (${seconds(run.ms)})`, run.value, longest),
          line('with nothing else going on', quiet, ''),
        ],
      },
    ],
    checks: [
      { sentence: 'the phone holds the same rows as the store', holds: sameDigest(held, expected) },
      { sentence: 'everything written meanwhile is at the endpoint once', holds: arrived === ids.length },
    ],
    budgets: [
      {
        name: 'local write to screen, while syncing',
        budget: 'p95 ≤ 50 ms',
        measured: ms(p95),
        met: p95 <= 50,
      },
      {
        name: 'main thread while syncing and writing',
        budget: 'no task over 50 ms',
        measured: longest,
        met: run.longTasksMs.length === 0,
      },
    ],
  }
}
