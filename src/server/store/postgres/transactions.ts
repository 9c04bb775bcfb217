/**
 * Beginning, committing, trying again.
 *
 * Guarantees: a body's writes are committed wholly or not at all; a body is run again only when nothing of it was committed; when
 * the answer to a commit was lost nobody pretends to know, and whoever asked is told to ask again.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { StoreAway } from '../record-store.ts'
import { codeOf, ConnectionLost, kindOf } from './failures.ts'
import type { Session } from './link/session.ts'

/** Two numbers for each lock of ours, so that we meet no other program of the same database. */
const LOCKS = 0x57_48_4c
const WRITES = 1
const SCHEMA = 2

export const BEGIN = {
  read: 'begin transaction isolation level repeatable read read only',
  /**
   * Writes that name their scopes run beside each other and lock the rows of these scopes. Those that name none (sign-ins,
   * activation codes, commands of the office) read and then write things without a scope's row, such as "is this code still
   * unused": they run alone, as on SQLite. The locks end with the transaction, whatever becomes of its process.
   */
  write: `begin isolation level read committed; select pg_advisory_xact_lock_shared(${LOCKS}, ${WRITES})`,
  writeAlone: `begin isolation level read committed; select pg_advisory_xact_lock(${LOCKS}, ${WRITES})`,
  schema: `begin isolation level read committed; select pg_advisory_xact_lock(${LOCKS}, ${SCHEMA})`,
} as const

export async function inTransaction<T>(session: Session, begin: string, body: () => Promise<T>): Promise<T> {
  let result: T
  try {
    await session.query({ text: begin })
    result = await body()
  } catch (problem) {
    await rollback(session)
    throw problem
  }
  await commit(session, begin === BEGIN.read)
  return result
}

/** What the body failed with is what is told; a connection that can't even roll back is not used again. */
async function rollback(session: Session): Promise<void> {
  try {
    await session.query({ text: 'rollback' })
  } catch {
    session.spoil()
  }
}

async function commit(session: Session, isRead: boolean): Promise<void> {
  try {
    const { command } = await session.query({ text: 'commit' })
    // A body that swallowed the failure of a statement: the server undoes everything, and says so only here.
    if (command !== 'COMMIT') throw new Error('a transaction with a failed statement was committed')
  } catch (problem) {
    // What was read was read.
    if (problem instanceof ConnectionLost && isRead) return
    if (problem instanceof ConnectionLost)
      throw new StoreAway('the answer to a commit was lost', { cause: problem })
    throw problem
  }
}

const MAX_RUNS = 10
/** After a restart of the database several idle connections are dead before we hear of it; more than these, and it is on its way out. */
const MAX_LOST = 3
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200

/**
 * Runs a transaction until it is committed or refused. @throws StoreAway when it could not be done now
 * @param isConcurrent told by a body that met another's write that no lock kept away
 */
export async function untilDone<T>(
  run: () => Promise<T>,
  isConcurrent: (problem: unknown) => boolean = () => false,
): Promise<T> {
  let lost = 0
  for (let runs = 1; ; runs++) {
    try {
      return await run()
    } catch (problem) {
      const kind = isConcurrent(problem) ? 'again' : kindOf(problem)
      if (kind === 'lost') lost += 1
      const isWorthIt = kind === 'again' ? runs < MAX_RUNS : kind === 'lost' && lost <= MAX_LOST
      if (!isWorthIt) throw answerOf(problem, kind)
    }
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** runs))
  }
}

function answerOf(problem: unknown, kind: ReturnType<typeof kindOf>): unknown {
  if (kind === 'lost') return new StoreAway('the connection was lost', { cause: problem })
  if (kind === 'busy' || kind === 'again')
    return new StoreAway(`the database is busy (${codeOf(problem)})`, { cause: problem, reason: 'busy' })
  return problem
}
