/**
 * The tables, before anything else is asked of them: made or brought up to date once, also when several processes start at the
 * same moment, and refused with one clear sentence where the database isn't fit to keep what people sign.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { migrate } from '../migrations/index.ts'
import { StoreAway, StoreTrouble } from '../record-store.ts'
import { sentenceOf } from './address.ts'
import { ConnectionLost } from './failures.ts'
import type { Link } from './link/link.ts'
import type { Session } from './link/session.ts'
import { BEGIN, inTransaction } from './transactions.ts'

/**
 * Bytes of files. Not among the tables of the records: they are no part of a backup's rows, SQLite has a folder instead, and
 * nothing refers to them but the hash. Made here, under the lock of the migrations, so that the two never meet half-way.
 * `external`: not compressed (files are so already), and a part of a value is read without the rest.
 */
const BLOB_TABLES = `
  create table if not exists blob_files (
    sha256 text primary key, upload text not null, size_bytes bigint not null, kept_at timestamptz not null default now());
  create table if not exists blob_parts (
    sha256 text not null, upload text not null, at bigint not null, bytes bytea not null,
    received_at timestamptz not null default now(), primary key (sha256, upload, at));
  alter table blob_parts alter column bytes set storage external`

const OLDEST_VERSION = 13
const RETRY_MS = 500
const ANSWER_MS = 10_000

/** @param waitMs how long a database that is not there yet is waited for. @throws StoreTrouble */
export async function prepare(link: Link, url: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs
  for (;;) {
    try {
      return await link.useOwn((session) => bringUpToDate(session))
    } catch (problem) {
      const isAway = problem instanceof StoreAway || problem instanceof ConnectionLost
      if (!isAway || Date.now() >= until) throw troubleOf(problem, url)
    }
    await pause(RETRY_MS)
  }
}

/** What a person can mend gets a sentence; a fault of ours stays as it is. */
function troubleOf(problem: unknown, url: string): unknown {
  const isAway = problem instanceof StoreAway || problem instanceof ConnectionLost
  if (!isAway && !(problem instanceof DatabaseError)) return problem
  const cause = isAway ? problem.cause : problem
  return new StoreTrouble(sentenceOf(cause, url), { cause })
}

async function bringUpToDate(session: Session): Promise<void> {
  await checkServer(session)
  await inTransaction(session, BEGIN.schema, async () => {
    await migrate(session.db, 'postgres', randomUUID)
    await session.query({ text: BLOB_TABLES })
  })
}

interface ServerFacts {
  version: number
  encoding: string
  commits: string
  standby: boolean
}

async function checkServer(session: Session): Promise<void> {
  const question = {
    // A server that takes the connection and then says nothing is away, too.
    query_timeout: ANSWER_MS,
    text: `select current_setting('server_version_num')::int / 10000 as version,
      pg_encoding_to_char(encoding) as encoding, current_setting('synchronous_commit') as commits,
      pg_is_in_recovery() as standby
      from pg_database where datname = current_database()`,
  }
  const { rows } = await session.query<ServerFacts & Record<string, unknown>>(question)
  const facts = rows[0]!
  if (facts.version < OLDEST_VERSION)
    throw new StoreTrouble(`数据库是 PostgreSQL ${facts.version}，太旧。请用 ${OLDEST_VERSION} 以上的版本。`)
  if (facts.encoding !== 'UTF8')
    throw new StoreTrouble(`库的编码是 ${facts.encoding}，存不下中文。请用 UTF8 编码重新建库。`)
  if (facts.commits === 'off')
    throw new StoreTrouble(
      '数据库关闭了 synchronous_commit，断电会丢失已答复的内容。请打开它，或为本库另设为 on。',
    )
  if (facts.standby) throw new StoreTrouble('这个数据库是只读的备库。请把 DATABASE_URL 指向主库。')
}
