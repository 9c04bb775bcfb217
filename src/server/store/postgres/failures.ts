/**
 * What a failure of PostgreSQL means to us, told by its SQLSTATE and never by its message (messages are in the server's language).
 *
 *   lost         the connection is gone; what was not committed is undone, of a commit under way nobody knows
 *   again        the transaction was undone for the sake of others (deadlock, serialization, a plan from before a migration)
 *   busy         it took too long, or there is no room: nothing was changed
 *   unstorable   a value that a column cannot hold
 *   other        a fault of ours
 */
import { DatabaseError } from 'pg'

export type FailureKind = 'lost' | 'again' | 'busy' | 'unstorable' | 'other'

const BY_CODE: Readonly<Record<string, FailureKind>> = {
  // The server ends, starts, or ended this one connection; a standby that took over refuses to write.
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  '57P04': 'lost',
  '57P05': 'lost',
  '25P03': 'lost',
  '25P04': 'lost',
  '25006': 'lost',
  '40001': 'again',
  '40P01': 'again',
  // Lock and statement timeouts.
  '55P03': 'busy',
  '57014': 'busy',
  // Characters, numbers, lengths, and the largest row of an index.
  '22021': 'unstorable',
  '22P05': 'unstorable',
  '22P02': 'unstorable',
  '22003': 'unstorable',
  '22001': 'unstorable',
  '54000': 'unstorable',
}
/** Class 08: connection exceptions; class 53: no connections, memory or disk left. */
const BY_CLASS: Readonly<Record<string, FailureKind>> = { '08': 'lost', '53': 'busy' }

/** The connection of this transaction is gone, and not at its commit. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}

/** The SQLSTATE, or the system's code such as ECONNREFUSED; empty when there is none. */
export function codeOf(problem: unknown): string {
  const code = problem instanceof Error ? (problem as Error & { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}

/** Of what a query failed with, whoever said it. */
export function kindOfQueryFailure(problem: unknown): FailureKind {
  if (problem instanceof DatabaseError) return kindOf(problem)
  // Not of the server's making: the socket's, or a time limit of the client's own. Type errors are mistakes of the caller.
  return problem instanceof TypeError || problem instanceof RangeError ? 'other' : 'lost'
}

/** Of what a transaction failed with: what its body threw of its own is `other`. */
export function kindOf(problem: unknown): FailureKind {
  if (problem instanceof ConnectionLost) return 'lost'
  if (!(problem instanceof DatabaseError)) return 'other'
  const code = problem.code ?? ''
  if (isStalePlan(problem)) return 'again'
  return BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 'other'
}

/**
 * That not one connection is gone but the database: a server that only reads is a standby, or was made one; and where the client's
 * own limit ended a query, which lies past the server's, nobody is there to keep that. These words are pg's own: no code, no language.
 */
export const isAbsence = (problem: unknown): boolean =>
  codeOf(problem) === '25006' || (problem instanceof Error && problem.message === 'Query read timeout')

/** A prepared statement whose table was changed by a newer program beside us: on a new connection it is prepared anew. */
export function isStalePlan(problem: unknown): boolean {
  return (
    problem instanceof DatabaseError &&
    problem.code === '0A000' &&
    problem.routine === 'RevalidateCachedQuery'
  )
}
