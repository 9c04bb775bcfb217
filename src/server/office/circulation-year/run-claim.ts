/**
 * The one export of a year that runs at a time, as every process of an endpoint sees it: a line among the settings, which the
 * process that runs it renews while it does.
 *
 * Guarantees: of two that begin together one is refused, whichever processes they asked; how one ended is told once and stays; a
 * process that died holds nobody up for longer than `GONE_AFTER_MS`.
 */
import type { RecordStore } from '../../store/record-store.ts'

export interface RunProgress {
  id: string
  year: string
  /** Who asked for it. */
  by: string
  /** Circulations. */
  done: number
  all: number
  state: 'running' | 'whole' | 'cut' | 'stopped'
}
interface Line {
  run: RunProgress
  /** When it was last heard of (UTC ms). */
  at: number
}

const KEY = 'circulation-year-run'
/** Longer than a database is away in passing, and than the clocks of two machines differ. */
const GONE_AFTER_MS = 60_000

export interface RunClaim {
  /** The one that runs, or the last one; of whichever process. */
  last(): Promise<RunProgress | undefined>
  /** @returns whether it may begin */
  take(run: RunProgress): Promise<boolean>
  /** How far it is, or how it ended. @returns how it stands now: another's word may have come before */
  tell(run: RunProgress): Promise<RunProgress['state']>
  /** The process that runs it hears of it when it next tells. @returns whether it was running */
  stop(id: string): Promise<boolean>
}

export function createRunClaim(store: Pick<RecordStore, 'read' | 'write'>, now: () => number): RunClaim {
  const parse = (text: string | undefined): Line | undefined =>
    text === undefined ? undefined : (JSON.parse(text) as Line)
  const isRunning = (line: Line | undefined): boolean =>
    line?.run.state === 'running' && Math.abs(now() - line.at) <= GONE_AFTER_MS

  /** @param next what is to stand there; undefined: what stands there stays @returns what stands there then */
  const change = (
    next: (line: Line | undefined) => RunProgress | undefined,
  ): Promise<RunProgress | undefined> =>
    store.write([], async (tx) => {
      const before = parse(await tx.setting(KEY))
      const run = next(before)
      if (run === undefined) return before?.run
      await tx.setSetting(KEY, JSON.stringify({ run, at: now() } satisfies Line))
      return run
    })

  return {
    last: async () => {
      const line = parse(await store.read((tx) => tx.setting(KEY)))
      return line?.run.state === 'running' && !isRunning(line) ? { ...line.run, state: 'cut' } : line?.run
    },
    take: async (run) => {
      let isFree = false
      await change((line) => {
        isFree = !isRunning(line)
        return isFree ? run : undefined
      })
      return isFree
    },
    tell: async (run) => {
      const stands = await change((line) =>
        line?.run.id === run.id && line.run.state === 'running' ? run : undefined,
      )
      return stands?.id === run.id ? stands.state : 'cut'
    },
    stop: async (id) => {
      let wasRunning = false
      await change((line) => {
        wasRunning = line?.run.id === id && isRunning(line)
        return wasRunning ? { ...line!.run, state: 'stopped' } : undefined
      })
      return wasRunning
    },
  }
}
