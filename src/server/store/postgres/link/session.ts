/**
 * One connection for the length of one transaction. What comes after its end is refused: a branch of a body that was left running
 * must not write outside of any transaction.
 */
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
} from 'kysely'
import type { ClientBase, QueryConfig, QueryResult, QueryResultRow } from 'pg'
import { UnstorableValue } from '../../record-store.ts'
import type { Tables } from '../../sql/tables.ts'
import { ConnectionLost, isStalePlan, kindOfQueryFailure } from '../failures.ts'

export interface Session {
  query<Row extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<Row>>
  readonly db: Kysely<Tables>
  /** Not to be used by another transaction after this one. */
  spoil(): void
  isSpoilt(): boolean
  end(): void
}

/** A name for each shape of query, so that the server parses it once for each connection. */
export type StatementName = (text: string) => string | undefined

/** Lists of odd lengths make shapes without end: long texts have no name, and names end somewhere. */
const MAX_NAMED_LENGTH = 1_500
const MAX_NAMES = 200

export function createStatementNames(): StatementName {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || text.length > MAX_NAMED_LENGTH || names.size >= MAX_NAMES) return known
    const name = `hall_${names.size}`
    names.set(text, name)
    return name
  }
}

export function createSession(client: ClientBase, nameOf: StatementName): Session {
  let isOver = false
  let spoilt = false
  let lost: unknown
  let tail: Promise<unknown> = Promise.resolve()
  const ask = async <Row extends QueryResultRow>(asked: QueryConfig): Promise<QueryResult<Row>> => {
    if (isOver) throw new Error('a transaction was used after its end')
    if (lost !== undefined) throw new ConnectionLost('the connection is gone', { cause: lost })
    try {
      return await client.query<Row>(asked)
    } catch (problem) {
      const kind = kindOfQueryFailure(problem)
      if (kind === 'unstorable') throw new UnstorableValue('a column cannot hold it', { cause: problem })
      spoilt ||= isStalePlan(problem)
      if (kind !== 'lost') throw problem
      lost = problem
      throw new ConnectionLost('the connection is gone', { cause: problem })
    }
  }
  /** One after the other, also when a body asks several things at once. */
  const query: Session['query'] = (asked) => {
    const answer = tail.then(() => ask(asked))
    tail = answer.catch(() => undefined)
    return answer as never
  }
  return {
    query,
    db: sessionKysely(async ({ sql, parameters }) => {
      const name = nameOf(sql)
      const values = parameters as unknown[]
      return query(name === undefined ? { text: sql, values } : { name, text: sql, values })
    }),
    spoil: () => {
      spoilt = true
    },
    isSpoilt: () => spoilt || lost !== undefined,
    end: () => {
      isOver = true
    },
  }
}

/** Kysely over one connection that somebody else begins and ends: its own transactions are not used. */
function sessionKysely(run: (query: CompiledQuery) => Promise<QueryResult>): Kysely<Tables> {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery) => {
      const { rows, rowCount } = await run(query)
      return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) }
    },
    streamQuery: () => {
      throw new Error('rows are read in pages here')
    },
  }
  const nothing = () => Promise.resolve()
  const unused = () => Promise.reject(new Error('transactions begin and end in transactions.ts'))
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: nothing,
        acquireConnection: () => Promise.resolve(connection),
        releaseConnection: nothing,
        beginTransaction: unused,
        commitTransaction: unused,
        rollbackTransaction: unused,
        destroy: nothing,
      }),
    },
  })
}
