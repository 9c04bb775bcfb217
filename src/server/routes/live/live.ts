/**
 * `GET /api/live`: server-sent nudges: `moved` with the scopes that the person may read; `look`, after a time in which nothing
 * could be heard: anything may have moved; `beat`, when there is nothing to say.
 *
 * Guarantees: no name of a scope that the person may not read at that moment; no word after the session's end; a connection is
 * kept over an outage of the store; when the endpoint stops, each is ended properly and told to come back at a time of its own.
 */
import type { Hono } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { Actor } from '../../../shared/org/actor.ts'
import { mayRead } from '../../auth/access.ts'
import { ANYTHING } from '../../notify/nudges.ts'
import { Refusal } from '../../problem.ts'
import { StoreAway } from '../../store/record-store.ts'
import { createLiveSeats, type LiveSeats } from './live-seats.ts'
import type { AppContext, Parts } from '../parts.ts'

const HEARTBEAT_MS = 25_000
/** When a connection breaks, phones come back within this time, each at its own moment. */
const RETRY_MS = { least: 1_000, spread: 14_000 }
const STORE_AWAY_MS = { least: 1_000, spread: 2_000 }
/** One look into the store for each connection, not all in one instant: so long for each connection that is open. */
const SPREAD_MS_PER_CONNECTION = 1
const LONGEST_SPREAD_MS = 2_000

const between = ({ least, spread }: { least: number; spread: number }) =>
  Math.round(least + Math.random() * spread)

export function liveRoute(app: Hono<AppContext>, parts: Parts): void {
  const seats = createLiveSeats(parts.settings.live)
  const open = new Set<() => void>()
  parts.stopping.addEventListener('abort', () => {
    for (const end of open) end()
  })
  app.get('/api/live', async (c) => {
    // Hono asks the same of a HEAD and reads none of it: the seat would be taken for ever.
    if (c.req.method !== 'GET') throw new Refusal('not-found')
    const { tokenHash, personId } = c.get('session')
    if (parts.stopping.aborted)
      throw new Refusal('maintenance', { retryAfterSeconds: between({ least: 2, spread: 8 }) })
    const leave = seats.take(personId)
    if (leave === undefined)
      throw new Refusal('overloaded', { retryAfterSeconds: between({ least: 60, spread: 120 }) })
    try {
      const actor = await actorNow(parts, tokenHash)
      return streamSSE(c, (stream) => talk(stream, parts, { tokenHash, actor, seats, open }).finally(leave))
    } catch (problem) {
      leave()
      throw problem
    }
  })
}

/** Asked anew before each word: a connection stays open for hours, a session or a role may not. */
function actorNow(parts: Parts, tokenHash: string): Promise<Actor | undefined> {
  return parts.store.read(async (tx) => {
    const session = await tx.session(tokenHash)
    if (session === undefined || session.expiresAt < parts.now()) return undefined
    const device = await tx.device(session.deviceId)
    if (device === undefined || device.revokedAt !== null) return undefined
    return parts.actors(tx, session.personId, parts.now())
  })
}

interface Listening {
  tokenHash: string
  actor: Actor | undefined
  seats: LiveSeats
  /** How each open connection is ended. */
  open: Set<() => void>
}

async function talk(
  stream: SSEStreamingApi,
  parts: Parts,
  { tokenHash, actor, seats, open }: Listening,
): Promise<void> {
  const waiting = new Set<string>()
  const sleep = createSleep()
  // Most nudges are not for this person: told apart without asking the store.
  const concerns = (scope: string) => scope === ANYTHING || (actor !== undefined && mayRead(actor, scope))
  const stop = parts.nudges.listen((scope) => {
    if (!concerns(scope)) return
    waiting.add(scope)
    sleep.wake()
  })
  open.add(sleep.stop)
  stream.onAbort(sleep.stop)
  const isOver = () => stream.aborted || parts.stopping.aborted
  try {
    await stream.writeSSE({ event: 'open', data: '', retry: between(RETRY_MS) })
    while (!isOver()) {
      if (waiting.size === 0) await sleep.untilWoken(HEARTBEAT_MS)
      if (waiting.size > 0) await sleep.for(Math.random() * spreadMs(seats.taken()))
      const moved = [...waiting]
      waiting.clear()
      const now = await whileAway(() => actorNow(parts, tokenHash), sleep, isOver)
      if (now === undefined || isOver()) break
      actor = now
      const scopes = moved.filter(concerns)
      if (moved.length > 0 && scopes.length === 0) continue
      await stream.writeSSE(wordOf(scopes))
    }
  } finally {
    stop()
    open.delete(sleep.stop)
  }
}

const spreadMs = (connections: number) => Math.min(LONGEST_SPREAD_MS, connections * SPREAD_MS_PER_CONNECTION)

function wordOf(scopes: readonly string[]): { event: string; data: string } {
  if (scopes.length === 0) return { event: 'beat', data: '' }
  return scopes.includes(ANYTHING) ? { event: 'look', data: '' } : { event: 'moved', data: scopes.join(' ') }
}

/** Asks until the store answers, or the connection is over. */
async function whileAway<T>(
  ask: () => Promise<T>,
  sleep: Sleep,
  isOver: () => boolean,
): Promise<T | undefined> {
  while (!isOver()) {
    try {
      return await ask()
    } catch (problem) {
      if (!(problem instanceof StoreAway)) throw problem
      await sleep.for(between(STORE_AWAY_MS))
    }
  }
  return undefined
}

interface Sleep {
  untilWoken(ms: number): Promise<void>
  /** Not ended by `wake`: what comes meanwhile is gathered. */
  for(ms: number): Promise<void>
  wake: () => void
  stop: () => void
}

function createSleep(): Sleep {
  let end: () => void = () => undefined
  let isWakeable = false
  const rest = (ms: number, wakeable: boolean) =>
    new Promise<void>((resolve) => {
      isWakeable = wakeable
      const timer = setTimeout(resolve, ms)
      end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  return {
    untilWoken: (ms) => rest(ms, true),
    for: (ms) => rest(ms, false),
    wake: () => {
      if (isWakeable) end()
    },
    stop: () => end(),
  }
}
