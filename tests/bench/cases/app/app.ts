/** The built app from the real endpoint in a real browser. Each part can be run alone; all share one build. */
import type { Bench } from '../../support/bench.ts'
import { createStage, type Stage } from '../../support/app/stage.ts'
import type { Report } from '../../support/report.ts'
import { bytes } from './bytes.ts'
import { hour } from './hour.ts'
import { lighthouseScores } from './lighthouse.ts'
import { reader } from './reader.ts'
import { scrolling } from './scrolling.ts'
import { start } from './start.ts'
import { sync } from './sync.ts'

type Part = (stage: Stage) => Promise<Report>

export const APP_PARTS: Readonly<Record<string, { title: string; part: Part }>> = {
  'app-bytes': { title: 'The app: bytes of a first visit', part: bytes },
  'app-lighthouse': { title: 'The app: Lighthouse', part: lighthouseScores },
  'app-start': { title: 'The app: opening again, offline', part: start },
  'app-sync': { title: 'The app: its main thread during the first sync', part: sync },
  'app-hour': { title: 'The app: an hour of use', part: hour },
  'app-scroll': { title: 'The app: scrolling', part: scrolling },
  'app-reader': { title: 'The app: a long scan, where one stopped', part: reader },
}

/** Parts that are asked for one by one share what has been made, too. */
const stages = new WeakMap<Bench, Stage>()

export async function runApp(bench: Bench, parts: readonly Part[]): Promise<Report> {
  const stage = stages.get(bench) ?? createStage(bench)
  stages.set(bench, stage)
  const whole: Report = { tables: [], checks: [], budgets: [], notes: [] }
  for (const part of parts) {
    const report = await part(stage)
    whole.tables.push(...report.tables)
    whole.checks.push(...report.checks)
    whole.budgets.push(...report.budgets)
    whole.notes!.push(...(report.notes ?? []))
  }
  return whole
}
