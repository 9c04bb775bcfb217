/**
 * The way to the database: a pool with limits, what is known of the database's presence, and connections for what takes long.
 *
 * Guarantees: an idle connection that dies harms nobody; no request waits for ever; while the database is known to be away no
 * request tries to reach it; `close` ends what is under way first.
 */
import {
  type Client,
  Pool,
  types,
  type ClientBase,
  type ClientConfig,
  type CustomTypesConfig,
  type PoolClient,
} from 'pg'
import { StoreAway } from '../../record-store.ts'
import { connectionTo, createClient } from './connection.ts'
import { ConnectionLost, isAbsence, kindOfQueryFailure } from '../failures.ts'
import { createPresence, type Presence } from './presence.ts'
import { createSession, createStatementNames, type Session, type StatementName } from './session.ts'
import { createTurns, writersOf } from './turns.ts'

export interface LinkOptions {
  url: string
  /** Largest number of connections for requests. One more listens for nudges; backups and restores take one of their own. */
  connections: number
  /** A line for the operator. */
  say: (line: string) => void
  timeouts?: Partial<Timeouts>
}

export interface Timeouts {
  connectMs: number
  /** Until a connection is free. */
  turnMs: number
  lockMs: number
  statementMs: number
  idleInTransactionMs: number
  /** The server ends a statement that takes too long; where it is gone without a word, the client does, so much later. */
  graceMs: number
}

const TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  turnMs: 10_000,
  lockMs: 10_000,
  statementMs: 30_000,
  idleInTransactionMs: 60_000,
  graceMs: 5_000,
}
const IDLE_MS = 30_000

export interface Link {
  /** @throws StoreAway before the body has begun, and whatever the body throws */
  use<T>(purpose: 'read' | 'write', body: (session: Session) => Promise<T>): Promise<T>
  /** On a connection of its own without time limits, for what takes minutes. */
  useOwn<T>(body: (session: Session) => Promise<T>): Promise<T>
  /** A new connection, for whoever listens on it. */
  newClient(): Client
  close(): Promise<void>
}

/** int8 as a number, on our connections only: revisions and times stay below 2^53. */
const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' = 'text') =>
    oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
}

export function createLink({ url, connections, say, timeouts }: LinkOptions): Link {
  const limits = { ...TIMEOUTS, ...timeouts }
  const config: ClientConfig = { ...connectionTo(url, limits.connectMs), types: TYPES }
  const newClient = () => createClient(config)
  const presence = createPresence({ probe: () => probe(newClient(), limits.connectMs), say })
  const pool = createPool(config, connections, limits, presence)
  const nameOf = createStatementNames()
  const turns = createTurns(connections, limits.turnMs)
  const writers = createTurns(writersOf(connections), limits.turnMs)
  const underWay = new Set<Promise<unknown>>()
  const tracked = <T>(task: Promise<T>): Promise<T> => {
    underWay.add(task)
    const forget = () => underWay.delete(task)
    task.then(forget, forget)
    return task
  }
  let closing: Promise<void> | undefined
  const close = async () => {
    while (underWay.size > 0) await Promise.allSettled(underWay)
    presence.close()
    await pool.end()
  }
  return {
    use: (purpose, body) => {
      const inTurn = () => turns.take(() => useOfPool({ pool, presence, nameOf }, body))
      return tracked(purpose === 'write' ? writers.take(inTurn) : inTurn())
    },
    useOwn: (body) => tracked(useOwn(presence, newClient(), body)),
    newClient,
    close: () => (closing ??= close()),
  }
}

interface PoolParts {
  pool: ReturnType<typeof createPool>
  presence: Presence
  nameOf: StatementName
}

async function useOfPool<T>(
  { pool, presence, nameOf }: PoolParts,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  presence.check()
  const client = await pool.connect()
  const session = createSession(client, nameOf)
  try {
    return await body(session)
  } catch (problem) {
    if (problem instanceof ConnectionLost && isAbsence(problem.cause)) presence.noteAway(problem.cause)
    throw problem
  } finally {
    session.end()
    client.release(session.isSpoilt())
  }
}

async function useOwn<T>(
  presence: Presence,
  client: Client,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  presence.check()
  try {
    await client.connect()
  } catch (problem) {
    throw new StoreAway('no connection could be made', { cause: problem })
  }
  const session = createSession(client, () => undefined)
  try {
    return await body(session)
  } finally {
    session.end()
    await client.end()
  }
}

function createPool(config: ClientConfig, connections: number, limits: Timeouts, presence: Presence) {
  const pool = new Pool({
    ...config,
    max: connections,
    idleTimeoutMillis: IDLE_MS,
    lock_timeout: limits.lockMs,
    statement_timeout: limits.statementMs,
    query_timeout: limits.statementMs + limits.graceMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
  })
  const generations = new WeakMap<ClientBase, number>()
  pool.on('connect', (client) => {
    generations.set(client, presence.generation())
    // While it is in use the pool doesn't listen, and a socket's error would end the process.
    client.on('error', () => undefined)
  })
  pool.on('error', () => undefined)

  return {
    /** @throws StoreAway */
    connect: async (): Promise<PoolClient> => {
      for (;;) {
        const client = await pool.connect().catch((problem: unknown) => {
          const isFull = kindOfQueryFailure(problem) === 'busy' && pool.totalCount > 0
          if (!isFull) presence.noteAway(problem)
          throw new StoreAway('no connection could be made', {
            cause: problem,
            reason: isFull ? 'busy' : 'away',
          })
        })
        if (generations.get(client) === presence.generation()) return client
        // From before the database was away: it may lead to a server that is no longer the one.
        client.release(true)
      }
    },
    end: () => pool.end(),
  }
}

/** Bounded as a whole: a server that dies in the midst of a probe must not keep the next one from being made. */
async function probe(client: Client, limitMs: number): Promise<void> {
  const ask = async () => {
    await client.connect()
    const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
    if (rows[0]?.standby !== false) throw new Error('a standby answers')
  }
  try {
    await within(limitMs, ask())
  } finally {
    await within(limitMs, client.end())
  }
}

async function within<T>(limitMs: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), limitMs)
  })
  try {
    return await Promise.race([task, late])
  } finally {
    clearTimeout(timer)
  }
}
