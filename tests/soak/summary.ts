/** The outcome of a soak as Markdown, ready for docs/performance.md. */
import { cpus, release, totalmem, type as systemName } from 'node:os'
import { PARTS, type PartName } from './parts.ts'

export interface Tally {
  runs: number
  seconds: number
  counts: Record<string, number>
  failures: string[]
}

const WORDS: Record<string, string> = {
  killsAtStart: 'killed in starting',
  databaseKills: 'database killed',
  mutations: 'mutations',
}

export function summaryOf(
  tallies: ReadonlyMap<PartName, Tally>,
  { seed, minutes, isStopped }: { seed: number; minutes: number; isStopped: boolean },
): string {
  const rows = (Object.keys(PARTS) as PartName[]).map((name) => {
    const { title, unit } = PARTS[name]
    const { runs, seconds, counts, failures } = tallies.get(name) ?? EMPTY
    const more = Object.entries(counts).map(([key, count]) => `${numberText(count)} ${WORDS[key] ?? key}`)
    const ran = [`${numberText(runs)} ${unit}`, ...more].join(', ')
    return `| ${title} | ${ran} | ${(seconds / 60).toFixed(1)} | ${failures.length} |`
  })
  const [cpu] = cpus()
  const machine = `${cpu?.model.trim() ?? 'unknown processor'} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GB`
  const day = new Date().toISOString().slice(0, 10)
  return [
    `Soak of ${minutes.toFixed(1)} minutes${isStopped ? ', stopped by hand' : ''}; ${day}; seed ${seed}; Node ${process.versions.node}; ${systemName()} ${release()}; ${machine}.`,
    '',
    '| Part | Ran | Minutes | Failures |',
    '|---|---|---:|---:|',
    ...rows,
  ].join('\n')
}

const EMPTY: Tally = { runs: 0, seconds: 0, counts: {}, failures: [] }
const numberText = (count: number) => count.toLocaleString('en-US')
