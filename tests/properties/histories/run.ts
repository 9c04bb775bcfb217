/**
 * Random histories on the pure sync core: the shipped phone and the shipped endpoint over memory stores. `npm test` plays two
 * thousand, the soak as many as an hour holds. A failure is told with its seed and the shrunken history.
 */
import * as fc from 'fast-check'
import { history, type History } from './acts.ts'
import { checkAll } from './checks.ts'
import { withoutShrinkingHangs } from '../../support/step-limit.ts'
import { begin, comeToRest, playAct, type Mutant, type Play } from './play.ts'

export interface HistoryOptions {
  /** How many; or, for the soak, until when (Date.now()). */
  runs?: number
  untilMs?: number
  seed?: number
  /** fast-check's path to one history, to repeat it alone. */
  path?: string
  mutant?: Mutant
  /** Only what says so counts; for the mutants, which break more than one law. */
  laws?: string
}

export interface HistoryReport {
  runs: number
  seed: number
  /** undefined: none failed. */
  failure: string | undefined
}

/** @returns what is wrong at the end, and on the way */
export async function playHistory(one: History, mutant?: Mutant): Promise<{ sim: Play; found: string[] }> {
  const sim = await begin(one, mutant)
  for (const act of one.acts) await playAct(sim, act)
  await comeToRest(sim)
  return { sim, found: checkAll(sim) }
}

export async function runCoreHistories(options: HistoryOptions = {}): Promise<HistoryReport> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const { untilMs, path, mutant, laws = '' } = options
  const play = async (one: History): Promise<void> => {
    const found = (await playHistory(one, mutant)).found.filter((line) => line.includes(laws))
    if (found.length > 0) throw new Error(found.slice(0, 6).join('\n'))
  }
  const property = fc.asyncProperty(history, withoutShrinkingHangs(play))
  const details = await fc.check(property, {
    seed,
    numRuns: untilMs === undefined ? (options.runs ?? 2_000) : 10_000_000,
    ...(path === undefined ? {} : { path }),
    // Of a mutant only that it is found is asked.
    ...(mutant === undefined ? {} : { endOnFailure: true }),
    ...(untilMs === undefined
      ? {}
      : { interruptAfterTimeLimit: Math.max(0, untilMs - Date.now()), markInterruptAsFailure: false }),
  })
  const problem =
    details.errorInstance instanceof Error ? details.errorInstance.stack : String(details.errorInstance)
  const failure = details.failed ? `${fc.defaultReportMessage(details)}\n${problem}` : undefined
  return { runs: details.numRuns, seed, failure }
}
