/**
 * Random histories through the whole stack: phones with Dexie, real HTTP, the real endpoint, SQL. `npm test` plays a hundred of
 * them, the soak as many as an hour holds. A failure is told at once with its seed, as it was drawn, and then once more with what
 * two minutes could shrink it to.
 */
import * as fc from 'fast-check'
import { ended, withoutShrinkingHangs } from '../../support/step-limit.ts'
import { sqliteDatabase, type Database, type Hall } from '../../support/hall.ts'
import { historyOf, type History } from './acts.ts'
import { checkWorld, comeToRest } from './check.ts'
import { checkMidway } from './midway.ts'
import { play } from './play.ts'
import { closeWorld, createWorld, type World } from './world.ts'

/** A step takes parts of a second; killed connections and other people on the machine are waited for. */
const LONGEST_STEP_MS = 90_000
const LONGEST_SHRINK_MS = 120_000

export interface HistoryOptions {
  /** How many; or, for the soak, until when (Date.now()). */
  runs?: number
  untilMs?: number
  seed?: number
  /** fast-check's path to one history, to repeat it alone. */
  path?: string
  /** For the tests of the tests, of which only the finding is asked: the first failure as it was drawn. */
  withoutShrinking?: boolean
  /** How long a failure is shrunk; it is replayed hundreds of times. */
  shrinkMs?: number
  databases?: Record<string, () => Database>
  /** Makes the endpoint do one thing wrong: shows that the checks can fail. */
  spoil?: (hall: Hall) => void
}

export interface HistoryReport {
  runs: number
  seed: number
  /** undefined: none failed. */
  failure: string | undefined
}

async function playHistory(
  history: History,
  database: Database,
  spoil: (hall: Hall) => void = () => undefined,
): Promise<void> {
  let world: World | undefined
  try {
    world = await createWorld(history, database)
    spoil(world.hall)
    const within = (step: string, work: Promise<unknown>) => ended(step, work, LONGEST_STEP_MS)
    for (const [at, act] of history.acts.entries()) {
      await within(`act ${at + 1}, ${JSON.stringify(act)}`, play(world, act))
      await checkMidway(world)
    }
    await within('coming to rest', comeToRest(world))
    await checkWorld(world)
  } finally {
    if (world !== undefined) await closeWorld(world)
  }
}

export async function runFullStackHistories(options: HistoryOptions = {}): Promise<HistoryReport> {
  const databases = options.databases ?? { SQLite: sqliteDatabase }
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const { untilMs, path } = options
  let last: Promise<void> = Promise.resolve()
  const playOne = (history: History): Promise<void> => {
    last = playHistory(history, databases[history.database]!(), options.spoil)
    return last
  }
  const drawnFrom = historyOf(Object.keys(databases))
  const property = fc.asyncProperty(drawnFrom, withoutShrinkingHangs(playOne))
  const details = await fc.check(property, {
    seed,
    numRuns: untilMs === undefined ? (options.runs ?? 100) : 1_000_000,
    ...(path === undefined ? {} : { path }),
    endOnFailure: true,
    ...(untilMs === undefined
      ? {}
      : { interruptAfterTimeLimit: Math.max(0, untilMs - Date.now()), markInterruptAsFailure: false }),
  })
  const told = { runs: details.numRuns, seed }
  if (!details.failed) return { ...told, failure: undefined }
  const drawn = textOf(details)
  if (options.withoutShrinking === true) return { ...told, failure: drawn }
  // Before anything is shrunk: whoever runs this may be stopped meanwhile.
  console.error(drawn)
  // A history takes a second: what cannot be made smaller in two minutes is looked at as it is.
  const shrunk = await fc.check(property, {
    seed,
    ...(details.counterexamplePath === null ? {} : { path: details.counterexamplePath }),
    interruptAfterTimeLimit: options.shrinkMs ?? LONGEST_SHRINK_MS,
    numRuns: 1,
  })
  // The one that the time limit cut off is still under way, and needs its database.
  await Promise.allSettled([last])
  const smaller = shrunk.failed ? textOf(shrunk) : 'It did not fail again, or not in time.'
  return { ...told, failure: `${drawn}\n\nShrunken:\n${smaller}` }
}

function textOf(details: fc.RunDetails<[History]>): string {
  const { errorInstance } = details
  const problem = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance)
  return `${fc.defaultReportMessage(details)}\n${problem}`
}
