/**
 * The endpoint as a real process, SIGKILLed in the midst of writing and reading, started again on the same data, again and again;
 * on PostgreSQL the database server is SIGKILLed as well, alone and together with the endpoint. `npm test` kills ten times on each
 * database, the soak hundreds of times. A failure is told with its seed: the same choices then, though not the same instants.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { makeTree } from '../server/process/program.ts'
import { startPostgres } from '../support/postgres.ts'
import * as check from './check.ts'
import { createCrashHall, type CrashHall, type Engine, type Ground } from './crash-hall.ts'
import { createLoad, join, until, type Load } from './load.ts'
import { createRandom, type Random } from '../support/random.ts'
import { createReader, runReader, type Reader } from './reader.ts'
import { askAgain, createWriter, runWriter, type Writer } from './writer.ts'

export interface CrashOptions {
  engine: Engine
  /** How often the endpoint is killed under load; or, for the soak, ten times in each new hall until then (Date.now()). */
  kills?: number
  untilMs?: number
  seed?: number
  /** Damages what was kept, after the last process has ended: for seeing that the checks find it. */
  damage?: (hall: CrashHall) => void
  /** How many sentences a failure has at most. */
  most?: number
  onProgress?: (report: CrashReport) => void
}

export interface CrashReport {
  seed: number
  /** One after the other; the n-th has the seed plus n - 1. */
  halls: number
  /** Of the endpoint under load, in starting, and of the database server. */
  kills: number
  killsAtStart: number
  databaseKills: number
  mutations: number
  pages: number
  /** Requests that a kill cut off. */
  cutOff: number
  /** Answers 503 meanwhile. */
  refused: number
  /** undefined: none failed. */
  failure: string | undefined
}

const KILLS_OF_A_HALL = 10
const BRANCHES: Record<string, string> = { '2002': '第二支部', '9001': '第二支部', '9002': '第二支部' }
const WRITERS = ['1003', '1004', '2002', '9001', '9002']
/** An officer, who reads the files of a branch, and one who reads what they write on another phone. */
const READERS = ['1001', '1003']

export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const report: CrashReport = {
    seed,
    halls: 0,
    kills: 0,
    killsAtStart: 0,
    databaseKills: 0,
    mutations: 0,
    pages: 0,
    cutOff: 0,
    refused: 0,
    failure: undefined,
  }
  const { engine, untilMs, damage, most = 12 } = options
  const tree = makeTree()
  const postgres = engine === 'postgres' ? await startPostgres() : undefined
  try {
    for (let round = 0; report.failure === undefined; round++) {
      // One number repeats one hall: the first hall of a run has the run's own.
      report.halls += 1
      const hallSeed = seed + round
      const kills = options.kills ?? KILLS_OF_A_HALL
      const play = { kills, seed: hallSeed, damage, report }
      // What nobody foresaw needs its seed as well.
      const found = await playHall({ engine, tree, postgres }, play).catch((problem: unknown) => [
        problem instanceof Error ? (problem.stack ?? problem.message) : String(problem),
      ])
      if (found.length > 0)
        report.failure = [`${engine}, seed ${hallSeed}, ${kills} kills`, ...found.slice(0, most)].join('\n')
      options.onProgress?.(report)
      if (untilMs === undefined || Date.now() >= untilMs) break
    }
  } finally {
    await tree.remove()
    await postgres?.stop()
  }
  return report
}

interface Play {
  kills: number
  seed: number
  damage: CrashOptions['damage']
  report: CrashReport
}

async function playHall(ground: Ground, { kills, seed, damage, report }: Play): Promise<string[]> {
  const hall = await createCrashHall(ground, String(seed))
  await hall.lay()
  const before = await lookAt(hall)
  await hall.start()
  const load = createLoad()
  const people = await signIn(hall, seed)
  const random = createRandom(seed)
  const writing = people.writers.map((writer) => join(load, writer.staffNo, () => runWriter(load, writer)))
  const reading = people.readers.map((reader) =>
    join(load, `reader ${reader.staffNo}`, () => runReader(load, reader)),
  )
  await join(load, 'killer', async () => {
    for (let index = 0; index < kills; index++) await killOnce({ hall, load, random, ground, report }, index)
    load.isOver = true
  })
  await Promise.all(writing)
  load.isDelivered = true
  await Promise.all(reading)
  for (const writer of people.writers)
    if (load.problems.length === 0)
      await join(load, `${writer.staffNo} asks again`, async () => void (await askAgain(load, writer)))
  for (const { written } of people.writers) report.mutations += written.size
  report.pages += load.pages
  report.cutOff += load.cutOff
  report.refused += load.refused
  const said = hall.isUp() ? `the endpoint said: ${(await hall.kill()).stderr}` : await hall.lastWords()
  if (load.problems.length > 0) return [...load.problems, await stateOf(ground), said]
  damage?.(hall)
  return judge(hall, before, people)
}

/** Whether it was the database that stayed away. */
async function stateOf({ postgres }: Ground): Promise<string> {
  if (postgres === undefined) return 'no database server'
  const answers = postgres.query('select 1').then(() => 'answers')
  return `the database server: ${await answers.catch((problem: unknown) => String(problem))}`
}

interface People {
  writers: Writer[]
  readers: Reader[]
}

async function signIn(hall: CrashHall, seed: number): Promise<People> {
  const writers: Writer[] = []
  const readers: Reader[] = []
  for (const [at, staffNo] of WRITERS.entries()) {
    const about = { staffNo, branch: BRANCHES[staffNo] ?? '第一支部', salt: String(seed) }
    writers.push(createWriter(await hall.connect(staffNo), createRandom(seed * 31 + at), about))
  }
  for (const [at, staffNo] of READERS.entries())
    readers.push(createReader(await hall.connect(staffNo), createRandom(seed * 37 + at), staffNo))
  return { writers, readers }
}

interface Killing {
  hall: CrashHall
  load: Load
  random: Random
  ground: Ground
  report: CrashReport
}

/** After some more pushes were begun: at any instant of one, however fast the machine is. */
async function amidPushes({ load, random }: Killing): Promise<void> {
  const { begun, answered } = load
  const more = 6 + random.below(40)
  await until(load, 'pushes are answered', () => load.answered > answered && load.begun >= begun + more)
  await pause(random.below(8))
}

async function killOnce(killing: Killing, index: number): Promise<void> {
  const { hall, random, ground, report } = killing
  await amidPushes(killing)
  if (index % 4 === 1 && ground.postgres !== undefined) {
    await killDatabase(killing)
    await amidPushes(killing)
  }
  const isBoth = index % 4 === 3 && ground.postgres !== undefined
  const dying = isBoth ? ground.postgres?.kill() : undefined
  await hall.kill()
  report.kills += 1
  if (isBoth) {
    await dying
    await ground.postgres?.start()
    report.databaseKills += 1
  }
  if (random.chance(0.25)) {
    await hall.killAtStart(random.below(700))
    report.killsAtStart += 1
  }
  await hall.start()
}

/** Those who push are told to wait, and the same process goes on by itself when the database is back. */
async function killDatabase({ load, ground, hall, report }: Killing): Promise<void> {
  const { refused } = load
  await ground.postgres?.kill()
  await until(load, 'somebody is told 503', () => load.refused > refused)
  await ground.postgres?.start()
  const { answered } = load
  await until(load, 'the endpoint goes on by itself', () => load.answered > answered + 3)
  if (!hall.isUp()) throw new Error('the endpoint ended when its database did')
  report.databaseKills += 1
}

async function lookAt(hall: CrashHall): Promise<check.Found> {
  const stores = await hall.open()
  try {
    return await check.lookInto(stores.store)
  } finally {
    await stores.close()
  }
}

async function judge(hall: CrashHall, before: check.Found, { writers, readers }: People): Promise<string[]> {
  const integrity = hall.integrity().map((line) => `integrity: ${line}`)
  const found = await lookAt(hall)
  const ledger = await hall.verify()
  return [
    ...integrity,
    ...check.factsStandOnce(found, writers),
    ...check.draftsStandAsEdited(found, writers),
    ...check.contentIsAChain(found, writers),
    ...check.revisionsHaveNoGaps(before, found, writers),
    ...check.readersSawEverything(found, readers),
    ...(ledger.code === 0 ? [] : [`verify: ${ledger.stdout}${ledger.stderr}`]),
  ]
}
