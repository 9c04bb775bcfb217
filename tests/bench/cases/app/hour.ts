/**
 * An hour of use, pressed together: the pages of all jobs opened and left again some two hundred times, with 10,000 records on
 * the phone. What is still held after the collector has been there must not grow from round to round.
 */
import type { CDPSession, Page } from 'playwright-core'
import { go } from '../../../browser/support/acts.ts'
import { openPhone } from '../../support/app/phone.ts'
import { TODAY } from '../../support/app/readable.ts'
import { holdsAll } from '../../support/app/rows.ts'
import type { Stage } from '../../support/app/stage.ts'
import { megabytes, whole, type Report } from '../../support/report.ts'

interface Held {
  heap: number
  nodes: number
  listeners: number
}

const ROUNDS = 16
/** The first rounds load each page's code and fill what is kept on purpose. */
const WARM = 4
/** The lowest of so many rounds counts: one round may end in the middle of the app's own work. */
const LOOKS = 4
const SETTLE_MS = 400
const PAUSE_MS = 60
const ROOTS = [
  '/today',
  '/study',
  '/books',
  '/circulation',
  '/branch',
  '/members',
  '/meetings',
  '/assessment',
  '/me',
  '/me/delivery',
  '/me/holds',
  '/me/appearance',
]
/** Whose first link is opened as well, as a reader does: a lesson, a book, a document, a meeting. */
const LISTS = ['/study', '/books', '/circulation', '/meetings'] as const

/** Out of what hangs on nothing any more: what is left is held by somebody. */
async function held(cdp: CDPSession): Promise<Held> {
  // Twice: what a finaliser lets go of goes with the second.
  for (let n = 0; n < 2; n++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') }
}

const lowest = (rounds: readonly Held[]): Held => ({
  heap: Math.min(...rounds.map((one) => one.heap)),
  nodes: Math.min(...rounds.map((one) => one.nodes)),
  listeners: Math.min(...rounds.map((one) => one.listeners)),
})

async function firstLinkOf(page: Page, list: string): Promise<string | undefined> {
  await go(page, list)
  const link = page.locator(`#main a[href^="${list === '/study' ? '/lessons/' : `${list}/`}"]`).first()
  await link.waitFor({ timeout: 5000 }).catch(() => undefined)
  return (await link.count()) > 0 ? ((await link.getAttribute('href')) ?? undefined) : undefined
}

async function visit(page: Page, path: string): Promise<boolean> {
  await go(page, path)
  await page.locator('#main').waitFor()
  await page.waitForTimeout(PAUSE_MS)
  return page.evaluate((to) => location.pathname === to, path)
}

export async function hour(stage: Stage): Promise<Report> {
  const { child, url } = await stage.serve('year')
  const { profile } = await stage.prepare('year')
  stage.bench.log('一小时的使用，压缩成几分钟')
  const phone = await openPhone(stage.bench, { profile: profile() })
  const { page, cdp } = phone
  await cdp.send('Performance.enable')
  await page.goto(url + TODAY.path)
  await page.locator(TODAY.content).first().waitFor()
  const found: string[] = []
  for (const list of LISTS) found.push((await firstLinkOf(page, list)) ?? list)
  const paths = [...new Set([...ROOTS, ...found])]
  const rounds: Held[] = []
  let [visits, arrived] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of paths) {
      visits += 1
      if (await visit(page, path)) arrived += 1
    }
    await visit(page, TODAY.path)
    await page.waitForTimeout(SETTLE_MS)
    rounds.push(await held(cdp))
  }
  const equal = await holdsAll(page, child.port)
  await phone.close()

  const before = lowest(rounds.slice(WARM, WARM + LOOKS))
  const after = lowest(rounds.slice(-LOOKS))
  const line = (name: string, one: Held) => [
    name,
    megabytes(one.heap),
    whole(one.nodes),
    whole(one.listeners),
  ]
  const grewBy = after.heap / before.heap
  const isFlat =
    grewBy <= 1.1 && after.nodes <= before.nodes * 1.1 && after.listeners <= before.listeners * 1.1
  return {
    tables: [
      {
        title: `Held after each round of ${paths.length} pages (collected), 10,000 records on the phone`,
        head: ['after', 'JavaScript heap', 'DOM nodes', 'listeners'],
        rows: [
          line('the first round', rounds[0]!),
          line(`rounds ${WARM + 1} to ${WARM + LOOKS}, lowest`, before),
          line(`rounds ${ROUNDS - LOOKS + 1} to ${ROUNDS}, lowest`, after),
        ],
      },
    ],
    checks: [
      {
        sentence: `all ${visits} visits arrived at their page (${arrived}), and the browser reported no fault`,
        holds: arrived === visits && phone.troubles.length === 0,
      },
      { sentence: 'afterwards the phone holds what the endpoint sends', holds: equal },
      {
        sentence: `heap, nodes and listeners are within a tenth from the rounds after the first ${WARM} to the last ${LOOKS}`,
        holds: isFlat,
      },
    ],
    budgets: [
      {
        name: `memory over ${visits} visits`,
        budget: 'flat (within a tenth)',
        measured: `heap ${megabytes(before.heap)} → ${megabytes(after.heap)}, nodes ${whole(before.nodes)} → ${whole(after.nodes)}, listeners ${whole(before.listeners)} → ${whole(after.listeners)}`,
        met: isFlat,
      },
    ],
    notes: [`an hour's visits, not an hour's time: what a timer leaves behind in an hour is not seen`],
  }
}
