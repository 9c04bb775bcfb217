/**
 * `npm run soak [-- MINUTES [SEED]]`: histories and crashes for an hour, or as long as told. Rounds of some ten minutes, each part
 * of a round in a process of its own (its memory and its leftovers end with it), two at a time. Ends with one table in Markdown;
 * exit code 1 when anything failed or a part ran nothing. Ctrl-C ends it with the table so far.
 */
import { cpus } from 'node:os'
import { createLane, type Lane } from './lane.ts'
import { PARTS, type Job, type PartName } from './parts.ts'
import { summaryOf, type Tally } from './summary.ts'

const LANES = 2
const ROUND_MINUTES = 10
const NAMES = Object.keys(PARTS) as PartName[]

/** Enough jobs to fill both lanes for the whole time; each part has the same share. */
function planJobs(minutes: number, seed: number): Job[] {
  const rounds = Math.max(1, Math.round(minutes / ROUND_MINUTES))
  const count = rounds * NAMES.length
  const seconds = Math.max(1, Math.floor((minutes * 60) / Math.ceil(count / LANES)))
  // Seeds of one part count up by batches: far apart from those of the next.
  return Array.from({ length: count }, (_, at) => ({
    part: NAMES[at % NAMES.length]!,
    seconds,
    seed: (seed + at * 1_000_000) % 2 ** 31,
  }))
}

const commandOf = ({ part, seconds }: Job, seed: number) =>
  `node src/server/node.mjs tests/soak/part.ts ${part} ${seconds} ${seed}`

async function work(jobs: Job[], tallies: Map<PartName, Tally>, lane: Lane): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const started = performance.now()
    const { progress, trouble, wasStopped } = await lane.run(job)
    const seconds = (performance.now() - started) / 1000
    const tally = tallies.get(job.part) ?? { runs: 0, seconds: 0, counts: {}, failures: [] }
    tallies.set(job.part, tally)
    tally.runs += progress.runs
    tally.seconds += seconds
    for (const [name, count] of Object.entries(progress.counts))
      tally.counts[name] = (tally.counts[name] ?? 0) + count
    const isEmpty = progress.runs === 0 && !wasStopped
    const text = progress.failure?.text ?? trouble ?? (isEmpty ? 'ran nothing' : undefined)
    const again = commandOf(job, progress.failure?.seed ?? job.seed)
    if (text !== undefined) tally.failures.push(`${text}\n  repeat: ${again}`)
    const { unit } = PARTS[job.part]
    const result = text === undefined ? 'no failure' : `FAILED\n${tally.failures.at(-1)!}`
    console.log(
      `${job.part}, seed ${job.seed}: ${progress.runs} ${unit} in ${seconds.toFixed(0)} s, ${result}`,
    )
  }
}

async function main(): Promise<void> {
  const [minutes = 60, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number)
  if (!(minutes > 0) || !Number.isSafeInteger(seed))
    throw new Error('usage: npm run soak -- [MINUTES [SEED]]')
  const jobs = planJobs(minutes, seed)
  const tallies = new Map<PartName, Tally>()
  const lanes = Array.from({ length: LANES }, createLane)
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      isStopped = true
      jobs.length = 0
      for (const lane of lanes) lane.stop()
    })
  console.log(`soak: ${minutes} min on ${cpus().length} processors, seed ${seed}`)
  const started = performance.now()
  await Promise.all(lanes.map((lane) => work(jobs, tallies, lane)))
  console.log(`\n${summaryOf(tallies, { seed, minutes: (performance.now() - started) / 60_000, isStopped })}`)
  const isSound = [...tallies.values()].every(({ failures }) => failures.length === 0)
  const isComplete = NAMES.every((name) => (tallies.get(name)?.runs ?? 0) > 0)
  process.exitCode = isStopped && isSound ? 130 : isSound && isComplete ? 0 : 1
}

await main()
