/**
 * Blobs in PostgreSQL, in rows of at most a mebibyte: every endpoint process sees the same files.
 *
 * Guarantees: a file is there when its row in `blob_files` is, and that row is written together with the check of its hash; each
 * uploader's parts are its own; one uploader's requests that meet, in whatever process, come one after the other.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { SweepableBlobs, SweptBlobs } from '../blob-store.ts'
import type { Link } from './link/link.ts'
import type { Session } from './link/session.ts'
import { inTransaction, untilDone } from './transactions.ts'

const PART_BYTES = 1024 * 1024

export function createPostgresBlobs(link: Link): SweepableBlobs {
  const asking = <T>(body: (session: Session) => Promise<T>) => untilDone(() => link.use('read', body))
  const changing = <T>(body: (session: Session) => Promise<T>) =>
    untilDone(() =>
      link.use('write', (session) =>
        inTransaction(session, 'begin isolation level read committed', () => body(session)),
      ),
    )

  return {
    append: (sha256, by, offset, bytes) =>
      changing((session) => append(session, { sha256, by, offset, bytes })),
    receivedBytes: (sha256, by) => asking((session) => receivedBytes(session, sha256, by)),
    finish: (sha256, by) => changing((session) => finish(session, sha256, by)),
    put: (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return changing(async (session) => {
        const upload = randomUUID()
        if (await claim(session, sha256, upload, bytes.length))
          await insertParts(session, sha256, upload, 0, bytes)
        return sha256
      })
    },
    remove: (sha256) =>
      changing(async (session) => {
        const { rows } = await session.query<{ upload: string }>({
          text: 'delete from blob_files where sha256 = $1 returning upload',
          values: [sha256],
        })
        for (const { upload } of rows) await dropParts(session, sha256, upload)
      }),
    read: (sha256, range) => asking((session) => read(session, sha256, range)),
    sweep: (before, named) => changing((session) => sweep(session, before, named)),
    sizeBytes: async (sha256) => (await asking((session) => fileOf(session, sha256)))?.sizeBytes,
  }
}

async function append(
  session: Session,
  part: { sha256: string; by: string; offset: number; bytes: Uint8Array },
): Promise<number> {
  const { sha256, by, offset, bytes } = part
  await lockUpload(session, sha256, by)
  if (offset === 0) await dropParts(session, sha256, by)
  const received = await receivedBytes(session, sha256, by)
  // Another request of this uploader was faster, or something in between is missing.
  if (received !== offset) return received
  await insertParts(session, sha256, by, offset, bytes)
  return offset + bytes.length
}

async function finish(session: Session, sha256: string, by: string): Promise<'kept' | 'hash-mismatch'> {
  await lockUpload(session, sha256, by)
  const hash = createHash('sha256')
  const sizeBytes = await receivedBytes(session, sha256, by)
  // Another request of this uploader has just finished it, perhaps in another process.
  if (sizeBytes === 0 && (await fileOf(session, sha256)) !== undefined) return 'kept'
  for await (const part of partsOf(session, sha256, by, 0, sizeBytes - 1)) hash.update(part)
  if (hash.digest('hex') !== sha256) {
    await dropParts(session, sha256, by)
    return 'hash-mismatch'
  }
  const upload = randomUUID()
  if (await claim(session, sha256, upload, sizeBytes)) {
    await session.query({
      text: 'update blob_parts set upload = $3 where sha256 = $1 and upload = $2',
      values: [sha256, by, upload],
    })
  } else await dropParts(session, sha256, by)
  return 'kept'
}

async function read(
  session: Session,
  sha256: string,
  range: { from: number; to: number } | undefined,
): Promise<Uint8Array | undefined> {
  const file = await fileOf(session, sha256)
  if (file === undefined) return undefined
  const [from, to] = [range?.from ?? 0, Math.min(range?.to ?? Infinity, file.sizeBytes - 1)]
  const bytes = new Uint8Array(Math.max(0, to - from + 1))
  let at = 0
  for await (const part of partsOf(session, sha256, file.upload, from, to)) {
    bytes.set(part, at)
    at += part.length
  }
  // Removed between two questions: as if it had been so before the first.
  return at === bytes.length ? bytes : undefined
}

/** Rows and bytes are in one database: what names a file is asked here, and a file that is put at this moment is locked or touched. */
async function sweep(
  session: Session,
  before: number,
  named: Parameters<SweepableBlobs['sweep']>[1],
): Promise<SweptBlobs> {
  const { rows: old } = await session.query<{ sha256: string }>({
    text: `select sha256 from blob_files where kept_at < to_timestamp($1 / 1000.0)
      and not exists (select from blobs where blobs.sha256 = blob_files.sha256)`,
    values: [before],
  })
  const kept = await named(old.map(({ sha256 }) => sha256))
  const { rows: blobs } = await session.query<{ sha256: string; upload: string }>({
    text: `delete from blob_files where sha256 = any($2) and kept_at < to_timestamp($1 / 1000.0)
      returning sha256, upload`,
    values: [before, old.map(({ sha256 }) => sha256).filter((sha256) => !kept.has(sha256))],
  })
  const { rows: uploads } = await session.query<{ sha256: string; upload: string }>({
    text: `select sha256, upload from blob_parts p
      where not exists (select from blob_files f where f.sha256 = p.sha256 and f.upload = p.upload)
      group by sha256, upload having max(received_at) < to_timestamp($1 / 1000.0)`,
    values: [before],
  })
  for (const { sha256, upload } of [...blobs, ...uploads]) await dropParts(session, sha256, upload)
  const isSwept = new Set(blobs.map(({ upload }) => upload))
  return { uploads: uploads.filter(({ upload }) => !isSwept.has(upload)).length, blobs: blobs.length }
}

/** For the rest of the transaction. Two uploads whose hashes meet wait for each other, and nothing worse. */
async function lockUpload(session: Session, sha256: string, by: string): Promise<void> {
  await session.query({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`blob ${sha256} ${by}`],
  })
}

async function fileOf(session: Session, sha256: string) {
  const { rows } = await session.query<{ upload: string; sizeBytes: number }>({
    text: 'select upload, size_bytes as "sizeBytes" from blob_files where sha256 = $1',
    values: [sha256],
  })
  return rows[0]
}

/**
 * The name is taken by whoever comes first; whoever comes later waits for that commit. Touched when it is known already, so that
 * a sweep of forgotten files doesn't take one that is just being put again.
 * @returns whether the bytes are still to be written
 */
async function claim(session: Session, sha256: string, upload: string, sizeBytes: number): Promise<boolean> {
  const { rows } = await session.query<{ upload: string }>({
    text: `insert into blob_files (sha256, upload, size_bytes) values ($1, $2, $3)
      on conflict (sha256) do update set kept_at = now() returning upload`,
    values: [sha256, upload, sizeBytes],
  })
  return rows[0]?.upload === upload
}

async function receivedBytes(session: Session, sha256: string, upload: string): Promise<number> {
  const { rows } = await session.query<{ received: number }>({
    text: `select at + octet_length(bytes) as received from blob_parts
      where sha256 = $1 and upload = $2 order by at desc limit 1`,
    values: [sha256, upload],
  })
  return rows[0]?.received ?? 0
}

async function insertParts(
  session: Session,
  sha256: string,
  upload: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(PART_BYTES, bytes.length - at))
    await session.query({
      text: 'insert into blob_parts (sha256, upload, at, bytes) values ($1, $2, $3, $4)',
      values: [sha256, upload, offset + at, part],
    })
  }
}

async function dropParts(session: Session, sha256: string, upload: string): Promise<void> {
  await session.query({
    text: 'delete from blob_parts where sha256 = $1 and upload = $2',
    values: [sha256, upload],
  })
}

/** The bytes from one place to another, both included, a part at a time; nothing else is read. */
async function* partsOf(
  session: Session,
  sha256: string,
  upload: string,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at <= to;) {
    const { rows } = await session.query<{ bytes: Buffer }>({
      text: `select substring(bytes from ($3 - at + 1)::int for ($4 - $3 + 1)::int) as bytes from blob_parts
        where sha256 = $1 and upload = $2 and at <= $3 and at > $3 - ${PART_BYTES} order by at desc limit 1`,
      values: [sha256, upload, at, Math.min(to, at + PART_BYTES - 1)],
    })
    const bytes = rows[0]?.bytes
    if (bytes === undefined || bytes.length === 0) return
    yield bytes
    at += bytes.length
  }
}
