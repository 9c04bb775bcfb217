/**
 * Words between processes over one database: LISTEN and NOTIFY on a connection of its own.
 *
 * Guarantees: what is said after a commit is heard by every other process that is connected then, and by none twice; our own words
 * don't come back; a word that could not be said, and a time in which nothing could be heard, are told as a gap.
 *
 *     connecting --- connected ---> listening --- connection lost, or no heartbeat ---> connecting, after a growing pause
 */
import type { Client } from 'pg'

/** The server refuses 8,000 bytes and more. */
export const MAX_NOTICE_BYTES = 7_900

const CHANNEL = 'window_hall'
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000
const HEARTBEAT_MS = 20_000
const ANSWER_MS = 10_000

export interface NoticesOptions {
  newClient: () => Client
  onNotice: (text: string) => void
  /** Words may have been missed. Said at each connection but the first. */
  onGap: () => void
  /** Told to the others when words of ours could not be said. */
  lostWord: string
  random?: () => number
}

export interface Notices {
  /** After the commit, and without waiting: a word that can't be said never makes a write fail. At most MAX_NOTICE_BYTES. */
  say(text: string): void
  close(): Promise<void>
}

export function openNotices(options: NoticesOptions): Notices {
  const { onGap, lostWord, random = Math.random } = options
  let line: Line | undefined
  let isClosed = false
  let hasConnected = false
  let isOwed = false
  let pauseMs = FIRST_PAUSE_MS
  let timer: NodeJS.Timeout | undefined

  const later = (ms: number, task: () => Promise<void>) => {
    if (!isClosed) timer = setTimeout(() => void task(), ms)
  }
  const lose = (lost: Line) => {
    if (line !== lost) return
    isOwed ||= lost.unsaid() > 0
    line = undefined
    clearTimeout(timer)
    lost.end().catch(() => undefined)
    later(pauseMs * (0.75 + random() / 2), connect)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
  const say = (text: string) => {
    const to = line
    if (to === undefined) {
      isOwed = true
      return
    }
    to.say(text).catch(() => {
      isOwed = true
      lose(to)
    })
  }
  const beat = async (): Promise<void> => {
    const listening = line
    if (listening === undefined) return
    try {
      await listening.beat()
      pauseMs = FIRST_PAUSE_MS
      later(HEARTBEAT_MS, beat)
    } catch {
      lose(listening)
    }
  }
  const connect = async (): Promise<void> => {
    const fresh = createLine(options, () => lose(fresh))
    line = fresh
    try {
      await fresh.open()
    } catch {
      lose(fresh)
      return
    }
    if (hasConnected) onGap()
    hasConnected = true
    if (isOwed) say(lostWord)
    isOwed = false
    await beat()
  }
  void connect()

  return {
    say,
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      const open = line
      line = undefined
      await open?.end().catch(() => undefined)
    },
  }
}

interface Line {
  open(): Promise<void>
  say(text: string): Promise<unknown>
  /** Words that nobody knows to be said. */
  unsaid(): number
  beat(): Promise<unknown>
  /** What is being said is said first. */
  end(): Promise<void>
}

/** One connection. What is asked of it goes one after the other, so that words keep their order. */
function createLine({ newClient, onNotice }: NoticesOptions, onEnd: () => void): Line {
  const client = newClient() as Client & { processID?: number }
  client.on('end', onEnd)
  client.on('notification', ({ processId, payload }) => {
    if (processId !== client.processID && payload !== undefined) onNotice(payload)
  })
  let tail: Promise<unknown> = Promise.resolve()
  let unsaid = 0
  const ask = (text: string, values: string[] = []): Promise<unknown> => {
    const query = { text, values, query_timeout: ANSWER_MS }
    const answer = tail.then(() => client.query(query))
    tail = answer.catch(() => undefined)
    return answer
  }
  return {
    open: async () => {
      await client.connect()
      await ask(`listen ${CHANNEL}`)
    },
    say: async (text) => {
      unsaid += 1
      await ask('select pg_notify($1, $2)', [CHANNEL, text])
      unsaid -= 1
    },
    unsaid: () => unsaid,
    beat: () => ask('select 1'),
    end: async () => {
      client.removeAllListeners('notification')
      await tail
      await client.end()
    },
  }
}
