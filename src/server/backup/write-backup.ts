/**
 * Writes a backup while the endpoint serves.
 *
 * Guarantees: rows are of one snapshot; a file is in it whole and hashing to its name, or named as missing; the backup stands
 * under its name only after it was flushed to the disk and read back from there to its end; an earlier one under that name stays
 * until then. Memory doesn't grow with what is backed up.
 */
import { createHash, randomBytes } from 'node:crypto'
import { access, constants, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import type { BlobStore } from '../store/blob-store.ts'
import type { RecordStore, TableReader } from '../store/record-store.ts'
import { TABLE_NAMES } from '../store/sql/whole-store.ts'
import { aboutLine, fileLine, FORGET, lineOf, PART_BYTES, partOf, WHOLE, type About } from './contents.ts'
import { seal, type Cost } from './envelope.ts'
import { checkBackup } from './read-backup.ts'
import { BackupTrouble, explained } from './trouble.ts'

export interface BackupJob {
  store: RecordStore
  blobs: BlobStore
  path: string
  passphrase: string
  now: number
  overwrite: boolean
  /** Tests only. */
  cost?: Cost
  /** Tests only: between the snapshot and the files. */
  afterRows?: () => Promise<void>
}

export interface WrittenBackup extends About {
  path: string
  sizeBytes: number
  rows: Readonly<Record<string, number>>
  files: number
  /** Removed while the backup was made: the next one has neither rows nor bytes of them. */
  removed: number
  /** SHA-256 of files that the store names and doesn't have, or whose bytes no longer hash to their names. */
  missing: readonly string[]
}

/** @throws BackupTrouble; nothing stands under the name then but what stood there before */
export async function writeBackup(job: BackupJob): Promise<WrittenBackup> {
  const path = resolve(job.path)
  await explained(
    (reason) => `不能写备份 ${path}（${reason}）。`,
    () => checkTarget(path, job.overwrite),
  )
  // A name of its own: another backup at the same moment must not write into this one.
  const part = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    return await explained(
      (reason) => `备份没有写成：${path}（${reason}）。没有留下不完整的文件。`,
      async () => {
        const written = await writePart(job, part)
        await checkBackup({ path: part, passphrase: job.passphrase })
        const { size } = await stat(part)
        await moveInPlace(part, path, job.overwrite)
        return { ...written, path, sizeBytes: size }
      },
    )
  } finally {
    await rm(part, { force: true })
  }
}

async function checkTarget(path: string, overwrite: boolean): Promise<void> {
  await access(dirname(path), constants.W_OK)
  const there = await stat(path).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return undefined
    throw problem
  })
  if (there?.isDirectory() === true) throw new BackupTrouble(`${path} 是一个文件夹，请给出文件名。`)
  if (there !== undefined && !overwrite)
    throw new BackupTrouble(`${path} 已经存在，没有覆盖。请换个名字，或加 --overwrite。`)
}

async function moveInPlace(part: string, path: string, overwrite: boolean): Promise<void> {
  await checkTarget(path, overwrite)
  await rename(part, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

type Contents = Omit<WrittenBackup, 'path' | 'sizeBytes'>

async function writePart(job: BackupJob, part: string): Promise<Contents> {
  const file = await open(part, 'wx', 0o600)
  try {
    const gzip = createGzip({ level: 6, chunkSize: 256 * 1024 })
    const toDisk = pipeline(
      gzip,
      (plain: AsyncIterable<Uint8Array>) => seal(job.passphrase, plain, job.cost),
      async (sealed: AsyncIterable<Uint8Array>) => {
        for await (const bytes of sealed) await file.writeFile(bytes)
      },
    )
    const filled = fill(job, createSink(gzip)).then(
      (contents) => {
        gzip.end()
        return contents
      },
      (problem: Error) => {
        gzip.destroy(problem)
        return undefined
      },
    )
    // Whichever fails first is what `toDisk` ends with.
    const [disk, contents] = await Promise.all([toDisk.then(() => undefined, asError), filled])
    if (disk !== undefined) throw disk
    if (contents === undefined) throw new Error('a backup that ended without its contents')
    await file.sync()
    return contents
  } finally {
    await file.close()
  }
}

const asError = (problem: unknown): Error =>
  problem instanceof Error ? problem : new Error('the backup was cut', { cause: problem })

type Sink = (bytes: Buffer) => Promise<void> | undefined

/** Small lines are gathered: each turn through the compressor costs more than a line. */
function createSink(gzip: Gzip): { write: Sink; flush: () => Promise<void> } {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  const flush = async () => {
    const bytes = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    await new Promise<void>((done, fail) =>
      gzip.write(bytes, (problem) => (problem == null ? done() : fail(problem))),
    )
  }
  return {
    write: (bytes) => {
      waiting.push(bytes)
      waitingBytes += bytes.length
      return waitingBytes < 128 * 1024 ? undefined : flush()
    },
    flush,
  }
}

async function fill(job: BackupJob, sink: ReturnType<typeof createSink>): Promise<Contents> {
  const { rows, files, ...about } = await job.store.readAll((tables) => writeRows(job, tables, sink.write))
  await job.afterRows?.()
  const missing: string[] = []
  let removed = 0
  for (const file of files) {
    if (await writeFileParts(job.blobs, file, sink.write)) continue
    const entry = await job.store.read((tx) => tx.blob(file.sha256))
    if (entry?.complete === true) missing.push(file.sha256)
    else removed += 1
  }
  const whole = files.length - missing.length - removed
  await sink.write(lineOf({ end: { files: whole, missing } }))
  await sink.flush()
  return { ...about, rows, files: whole, removed, missing }
}

interface FileEntry {
  sha256: string
  sizeBytes: number
}

async function writeRows(job: BackupJob, tables: TableReader, write: Sink) {
  const rows: Record<string, number> = {}
  const files: FileEntry[] = []
  const settings = new Map<string, string>()
  for await (const row of tables.rows('settings')) settings.set(String(row.key), String(row.value))
  const about = {
    createdAt: job.now,
    epoch: settings.get('epoch') ?? '',
    schema: Number(settings.get('schema')),
  }
  await write(aboutLine(about))
  for (const table of TABLE_NAMES) {
    let count = 0
    for await (const row of tables.rows(table)) {
      await write(lineOf({ table, row }))
      count += 1
      if (table === 'blobs' && row.complete === 1)
        files.push({ sha256: String(row.sha256), sizeBytes: Number(row.size_bytes) })
    }
    rows[table] = count
  }
  await write(lineOf({ rows }))
  return { ...about, rows, files }
}

/** @returns whether it was there, whole and as its name says */
async function writeFileParts(
  blobs: BlobStore,
  { sha256, sizeBytes }: FileEntry,
  write: Sink,
): Promise<boolean> {
  if ((await blobs.sizeBytes(sha256)) !== sizeBytes) return false
  await write(fileLine(sha256, sizeBytes))
  const hash = createHash('sha256')
  for (let from = 0; from < sizeBytes;) {
    const bytes = await blobs.read(sha256, { from, to: Math.min(from + PART_BYTES, sizeBytes) - 1 })
    if (bytes === undefined || bytes.length === 0) {
      await write(FORGET)
      return false
    }
    hash.update(bytes)
    await write(partOf(bytes))
    from += bytes.length
  }
  const holds = hash.digest('hex') === sha256
  await write(holds ? WHOLE : FORGET)
  return holds
}
