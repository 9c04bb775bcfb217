/**
 * Whether the database is there. While it is known to be away nobody else tries: requests are refused at once, and one probe with
 * growing pauses finds out when it is back, so that a thousand phones don't meet a database that is just starting.
 *
 *     here --- a connection could not be made ---> away --- probe answered ---> here
 *                                                   |  ^
 *                                                   +--+  probe failed: a longer pause
 */
import { StoreAway } from '../../record-store.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

export interface PresenceOptions {
  /** Rejects while the database is away. */
  probe: () => Promise<void>
  /** A line for the operator. */
  say: (line: string) => void
  random?: () => number
}

export interface Presence {
  /** @throws StoreAway while the database is away */
  check(): void
  /** A connection could not be made, or the server no longer takes writes. */
  noteAway(problem: unknown): void
  /** Counts the times that it went away: connections from before it are not trusted. */
  generation(): number
  close(): void
}

export function createPresence({ probe, say, random = Math.random }: PresenceOptions): Presence {
  let away: { because: unknown; pauseMs: number } | undefined
  let generation = 0
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const schedule = (state: { because: unknown; pauseMs: number }) => {
    const pauseMs = state.pauseMs * (0.75 + random() / 2)
    state.pauseMs = Math.min(state.pauseMs * 2, LONGEST_PAUSE_MS)
    timer = setTimeout(() => void look(state), pauseMs)
  }
  const look = async (state: { because: unknown; pauseMs: number }) => {
    try {
      await probe()
      away = undefined
      if (!closed) say('数据库恢复了。')
    } catch (problem) {
      state.because = problem
      if (!closed) schedule(state)
    }
  }
  return {
    check: () => {
      if (away !== undefined) throw new StoreAway('the database is away', { cause: away.because })
    },
    noteAway: (problem) => {
      if (away !== undefined || closed) return
      away = { because: problem, pauseMs: FIRST_PAUSE_MS }
      generation += 1
      say('数据库连不上，正在反复尝试；此间的请求答复“稍后再试”。')
      schedule(away)
    },
    generation: () => generation,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}
