/** Lighthouse on the built app: its phone, its simulated slow network and CPU, the median of three. */
import { createServer, type AddressInfo } from 'node:net'
import type { LighthouseResult } from 'lighthouse'
import { openPhone } from '../../support/app/phone.ts'
import { TODAY } from '../../support/app/readable.ts'
import type { Stage } from '../../support/app/stage.ts'
import { median, ms, type Report } from '../../support/report.ts'

const TURNS = 3
/** Lighthouse now and then loses the beginning of its trace, and asks to be run again. */
const TRIES = 3
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const
const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 }
const TIMES = [
  ['first-contentful-paint', 'FCP'],
  ['largest-contentful-paint', 'LCP'],
  ['total-blocking-time', 'TBT'],
  ['speed-index', 'SI'],
] as const

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Cookies, IndexedDB and local storage stay as they are; the caches and the service worker are emptied before each run, so
 * each is a first visit of somebody who is signed in, or of nobody.
 */
async function runs(stage: Stage, address: string, profile: string): Promise<LighthouseResult[]> {
  // Not before it is needed: who has not installed the peers is told so by main.ts.
  const { default: lighthouse } = await import('lighthouse')
  const results: LighthouseResult[] = []
  for (let tries = 0; results.length < TURNS; tries++) {
    const port = await freePort()
    const phone = await openPhone(stage.bench, { profile, flags: [`--remote-debugging-port=${port}`] })
    const answer = await lighthouse(address, { port, logLevel: 'error', onlyCategories: [...CATEGORIES] })
    await phone.close()
    if (answer === undefined) throw new Error('Lighthouse gave no answer')
    const { runtimeError } = answer.lhr
    if (runtimeError === undefined) results.push(answer.lhr)
    else if (tries >= TURNS + TRIES) throw new Error(`Lighthouse: ${runtimeError.message}`)
    else stage.bench.log(`Lighthouse 要求重来：${runtimeError.message}`)
  }
  return results
}

const score = (results: readonly LighthouseResult[], category: (typeof CATEGORIES)[number]): number =>
  Math.round(100 * median(results.map((lhr) => lhr.categories[category]?.score ?? 0)))

/** What took points, or would have: those that count, worst first. */
function failed(results: readonly LighthouseResult[]): string[] {
  const lhr = results[0]!
  const names = new Set<string>()
  for (const category of CATEGORIES) {
    for (const { id, weight } of lhr.categories[category]?.auditRefs ?? []) {
      const audit = lhr.audits[id]
      const counts = weight > 0 || category === 'performance'
      if (counts && audit?.score !== null && audit !== undefined && audit.score < 0.9)
        names.add(`${id}${audit.displayValue === undefined ? '' : ` (${audit.displayValue})`}`)
    }
  }
  return [...names]
}

export async function lighthouseScores(stage: Stage): Promise<Report> {
  const { url } = await stage.serve('demo')
  const { profile } = await stage.prepare('demo')
  const pages = [
    { name: '/sign-in', address: `${url}/sign-in`, profile: stage.bench.emptyFolder() },
    { name: '今日, signed in', address: url + TODAY.path, profile: profile() },
  ]
  const measured: { name: string; address: string; results: LighthouseResult[] }[] = []
  for (const { name, address, profile } of pages) {
    stage.bench.log(`Lighthouse：${name}`)
    measured.push({ name, address, results: await runs(stage, address, profile) })
  }
  return {
    tables: [
      {
        title: `Lighthouse ${measured[0]!.results[0]!.lighthouseVersion}, mobile, simulated throttling (median of ${TURNS})`,
        head: ['', ...CATEGORIES, ...TIMES.map(([, name]) => name), 'CLS'],
        rows: measured.map(({ name, results }) => [
          name,
          ...CATEGORIES.map((category) => String(score(results, category))),
          ...TIMES.map(([id]) => ms(median(results.map((lhr) => lhr.audits[id]?.numericValue ?? 0)))),
          median(results.map((lhr) => lhr.audits['cumulative-layout-shift']?.numericValue ?? 0)).toFixed(3),
        ]),
      },
    ],
    checks: [
      {
        sentence:
          'Lighthouse ended on the page that it was sent to, with a score in each category, each time',
        holds: measured.every(({ address, results }) =>
          results.every(
            (lhr) =>
              lhr.finalDisplayedUrl === address &&
              CATEGORIES.every((category) => typeof lhr.categories[category]?.score === 'number'),
          ),
        ),
      },
    ],
    budgets: measured.flatMap(({ name, results }) =>
      CATEGORIES.map((category) => ({
        name: `Lighthouse ${category}, ${name}`,
        budget: category === 'performance' ? '≥ 95' : '100',
        measured: String(score(results, category)),
        met: score(results, category) >= LEAST[category],
      })),
    ),
    notes: measured.map(
      ({ name, results }) =>
        `${name}, not passed in the first run: ${failed(results).join('; ') || 'nothing'}`,
    ),
  }
}
