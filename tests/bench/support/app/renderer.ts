/** What the system says of a browser's processes that show pages; 0 where it does not say (not Linux). */
import { readdirSync, readFileSync } from 'node:fs'

const TICK_MS = 10
const PAGE_BYTES = 4096

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Ended meanwhile, or no such system.
    return ''
  }
}
const foldersOf = (path: string): string[] => {
  try {
    return readdirSync(path).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
/** What follows the name in a `stat`: a name may hold anything. */
const statOf = (path: string): string[] =>
  textOf(path)
    .replace(/^.*\) /s, '')
    .split(' ')

/** Processes under the one that has this profile open. */
function renderersOf(profile: string): string[] {
  const parents = new Map(foldersOf('/proc').map((pid) => [pid, statOf(`/proc/${pid}/stat`)[1] ?? '0']))
  const commandOf = (pid: string) => textOf(`/proc/${pid}/cmdline`)
  const isUnder = (pid: string | undefined): boolean =>
    pid !== undefined &&
    pid !== '0' &&
    (commandOf(pid).includes(`--user-data-dir=${profile}`) || isUnder(parents.get(pid)))
  return [...parents.keys()].filter((pid) => commandOf(pid).includes('--type=renderer') && isUnder(pid))
}

/** The time that threads of dedicated workers have had, in milliseconds. */
export function cpuOfWorkers(profile: string): number {
  let ticks = 0
  for (const pid of renderersOf(profile)) {
    for (const thread of foldersOf(`/proc/${pid}/task`)) {
      const folder = `/proc/${pid}/task/${thread}`
      if (!textOf(`${folder}/comm`).startsWith('DedicatedWorker')) continue
      const stat = statOf(`${folder}/stat`)
      ticks += Number(stat[11]) + Number(stat[12])
    }
  }
  return ticks * TICK_MS
}

/** Of the largest of them: the one with the page. */
export const residentBytes = (profile: string): number =>
  Math.max(
    0,
    ...renderersOf(profile).map(
      (pid) => Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES,
    ),
  )
