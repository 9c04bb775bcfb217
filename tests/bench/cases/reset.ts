/** Everything held is loaded anew beside the old rows (cursors voided at the endpoint), against the first sync of the same. */
import { sameDigest, type Digest } from '../fill/digest.ts'
import { MEMBER, PASSWORD } from '../fill/fill-store.ts'
import type { Measured } from '../page/measure.ts'
import type { Bench } from '../support/bench.ts'
import { percent, seconds, whole, type Report } from '../support/report.ts'

const ROWS = 10_000

export async function reset(bench: Bench): Promise<Report> {
  const place = await bench.store(ROWS)
  const endpoint = await bench.endpoint(place)
  const browser = await bench.browser(endpoint)
  await browser.run('ours', 'connect', { staffNo: MEMBER, password: PASSWORD })
  bench.log('重新装载一万行')
  const first = await browser.run<Measured<number>>('ours', 'sync')
  const before = await browser.run<Digest>('ours', 'digest')
  await endpoint.act('voidCursors')
  const again = await browser.run<Measured<{ pages: number; fewest: number }>>('ours', 'syncCounting')
  const after = await browser.run<Digest>('ours', 'digest')
  const expected = await endpoint.act<Digest>('digest')
  await browser.close()
  await bench.stop(endpoint)
  const equal = sameDigest(before, expected) && sameDigest(after, expected)
  return {
    tables: [
      {
        title: `Reset: ${whole(ROWS)} rows loaded anew beside the old ones`,
        head: ['', 'time', 'of the first sync', 'pages', 'fewest rows on the phone meanwhile'],
        rows: [
          ['first sync', seconds(first.ms), '', whole(first.value), ''],
          [
            'reset',
            seconds(again.ms),
            percent(again.ms / first.ms),
            whole(again.value.pages),
            whole(again.value.fewest),
          ],
        ],
      },
    ],
    checks: [
      { sentence: 'the same rows as the store before and after', holds: equal },
      { sentence: 'no row left the screen while they were loaded anew', holds: again.value.fewest >= ROWS },
    ],
    budgets: [],
  }
}
