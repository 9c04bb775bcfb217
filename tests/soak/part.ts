/**
 * One part of the soak in a process of its own: `node src/server/node.mjs tests/soak/part.ts PART SECONDS SEED`. Small batches one
 * after the other, each with the next seed, until the time is over or one fails; so the seed of a failure repeats it at once.
 */
import { sqliteDatabase } from '../support/hall.ts'
import { startPostgres } from '../support/postgres.ts'
import { postgresDatabase } from '../support/postgres-stores.ts'
import { isPartName, progressToLine, type PartName, type Progress } from './parts.ts'

interface Task {
  untilMs: number
  seed: number
  tell: (progress: Progress) => void
}
interface Batch {
  runs: number
  failure: string | undefined
}

const CORE_BATCH = 100
const FULL_BATCH = 10

/** Nothing is cut in the middle: the last batch ends after the time. */
async function inBatches(
  { untilMs, seed, tell }: Task,
  play: (seed: number) => Promise<Batch>,
): Promise<void> {
  let runs = 0
  for (let next = seed; ; next++) {
    const batch = await play(next)
    runs += batch.runs
    const failure = batch.failure === undefined ? {} : { failure: { seed: next, text: batch.failure } }
    tell({ runs, counts: {}, ...failure })
    if (batch.failure !== undefined || Date.now() >= untilMs) return
  }
}

async function core(task: Task): Promise<void> {
  const { runCoreHistories } = await import('../properties/histories/run.ts')
  await inBatches(task, (seed) => runCoreHistories({ runs: CORE_BATCH, seed }))
}

async function fullStack(task: Task, engine: 'sqlite' | 'postgres'): Promise<void> {
  const { runFullStackHistories } = await import('../journeys/histories/run.ts')
  const play = (databases: Parameters<typeof runFullStackHistories>[0]) =>
    inBatches(task, (seed) => runFullStackHistories({ runs: FULL_BATCH, seed, ...databases }))
  if (engine === 'sqlite') return play({ databases: { SQLite: sqliteDatabase } })
  const postgres = await startPostgres()
  try {
    // One database for all: every hall empties it before it begins.
    const database = await postgresDatabase(postgres)
    await play({ databases: { PostgreSQL: () => database } })
  } finally {
    await postgres.stop()
  }
}

async function crashes({ untilMs, seed, tell }: Task, engine: 'sqlite' | 'postgres'): Promise<void> {
  const { runCrashes } = await import('../crash/run-crashes.ts')
  await runCrashes({
    engine,
    untilMs,
    seed,
    onProgress: ({ kills, failure, killsAtStart, databaseKills, mutations, halls }) => {
      const told = failure === undefined ? {} : { failure: { seed: seed + halls - 1, text: failure } }
      tell({ runs: kills, counts: { killsAtStart, databaseKills, mutations }, ...told })
    },
  })
}

const RUN: Record<PartName, (task: Task) => Promise<void>> = {
  core,
  'full-sqlite': (task) => fullStack(task, 'sqlite'),
  'full-postgres': (task) => fullStack(task, 'postgres'),
  'crash-sqlite': (task) => crashes(task, 'sqlite'),
  'crash-postgres': (task) => crashes(task, 'postgres'),
}

async function main(): Promise<void> {
  const [part = '', seconds = '', seed = ''] = process.argv.slice(2)
  if (!isPartName(part) || !(Number(seconds) >= 0) || !Number.isSafeInteger(Number(seed)) || seed === '')
    throw new Error('usage: part.ts PART SECONDS SEED')
  let failed = false
  await RUN[part]({
    untilMs: Date.now() + Number(seconds) * 1000,
    seed: Number(seed),
    tell: (progress) => {
      process.stdout.write(progressToLine(progress))
      if (progress.failure !== undefined) failed = true
    },
  })
  process.exitCode = failed ? 1 : 0
}

await main()
