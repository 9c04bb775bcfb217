/**
 * The endpoint behind a real port on a store that lasts: it can be restarted, killed in the middle of a write, and restored
 * from an older copy. Phones of phone.ts reach it by HTTP.
 */
import { argon2Sync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/server/app.ts'
import { readReplaced } from '../../src/server/backup/replaced-store.ts'
import { restoreBackup } from '../../src/server/backup/restore-backup.ts'
import { writeBackup } from '../../src/server/backup/write-backup.ts'
import { meetingKindId } from '../../src/server/commands/make-bureau.ts'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { listen } from '../../src/server/listen.ts'
import { createFileJournal, journalPath, readJournal } from '../../src/server/journal/journal-file.ts'
import type { BlobStore } from '../../src/server/store/blob-store.ts'
import { createFolderBlobs } from '../../src/server/store/folder-blobs.ts'
import type { RecordStore, TableRow } from '../../src/server/store/record-store.ts'
import { openSqliteStore } from '../../src/server/store/sqlite/sqlite-store.ts'
import type { TableName } from '../../src/server/store/sql/tables.ts'
import { TABLE_NAMES } from '../../src/server/store/sql/whole-store.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { attackedStore, type Attack } from './attacked-store.ts'
import { branchId, layBureau, MONDAY, PASSWORD } from './endpoint.ts'
import { CHEAP, PASSPHRASE } from './restoring.ts'
import { createTime, type Time } from './time.ts'

/** Where the store lies. It outlives the endpoint. */
export interface Database {
  name: 'SQLite' | 'PostgreSQL'
  open(): Promise<RecordStore>
  remove(): Promise<void>
}

export function sqliteDatabase(): Database & { path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-store-'))
  const path = join(folder, 'store.sqlite')
  return {
    name: 'SQLite',
    path,
    open: () => openSqliteStore(path),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** All rows of a store, as a backup has them. */
export type Copy = Record<TableName, TableRow[]>

/** What was in the store when it was backed up, and the operator's own file of it. */
export interface HallBackup {
  records: TableRow[]
  path: string
}

export async function copyStore(store: RecordStore): Promise<Copy> {
  return store.readAll(async (tables) => {
    const copy = {} as Copy
    for (const table of TABLE_NAMES) {
      copy[table] = []
      for await (const row of tables.rows(table)) copy[table].push({ ...row })
    }
    return copy
  })
}

export async function fillStore(store: RecordStore, copy: Copy): Promise<void> {
  await store.replaceAll(async (tables) => {
    for (const table of TABLE_NAMES)
      for (let at = 0; at < copy[table].length; at += 50)
        await tables.insert(table, copy[table].slice(at, at + 50))
  })
}

export const HALL_MEETINGS = ['第一支部', '第二支部'].map((branch) => ({
  branch,
  unitId: branchId(branch),
  id: idFrom('hall', 'meeting', branch),
  sittingId: idFrom('hall', 'sitting', branch),
}))

/** As the endpoint keeps passwords, at a cost that hundreds of sign-ins can bear. */
function cheapHash(password: string): string {
  const nonce = Buffer.alloc(16, 7)
  const [memory, passes, tagLength] = [64, 1, 32]
  const words = { message: password.normalize('NFKC'), nonce, parallelism: 1, tagLength, memory, passes }
  const tag = argon2Sync('argon2id', words)
  return ['argon2id', memory, passes, nonce.toString('base64url'), tag.toString('base64url')].join('$')
}

const grounds = new Map<number, Promise<Copy>>()
/** The small bureau of endpoint.ts with a meeting in each branch, made once and copied for each hall. */
async function makeGround(now: number): Promise<Copy> {
  const store = await openSqliteStore(':memory:')
  let ids = 0
  await layBureau(store, { now, newId: () => idFrom('ground', String(++ids)) })
  await store.write([], async (tx) => {
    for (const { unitId, id, sittingId, branch } of HALL_MEETINGS)
      await putRecord(tx, {
        type: 'meeting',
        id,
        author: 'test',
        now: now - 1000,
        fields: {
          unitId,
          kindId: meetingKindId('支部党员大会'),
          title: `${branch}大会`,
          date: '2026-11-23',
          sittings: [{ id: sittingId, name: '早班', startsAt: MONDAY, place: '' }],
        },
      })
  })
  const copy = await copyStore(store)
  await store.close()
  const hash = cheapHash(PASSWORD)
  for (const account of copy.accounts) account.password_hash = hash
  return copy
}

/** The bureau's rows with an epoch of their own. */
export async function freshGround(now = MONDAY): Promise<Copy> {
  const ground = grounds.get(now) ?? makeGround(now)
  grounds.set(now, ground)
  const copy = structuredClone(await ground)
  for (const row of copy.settings) if (row.key === 'epoch') row.value = randomUUID()
  return copy
}

export interface Hall {
  database: Database
  app: { request(path: string, init?: RequestInit): Promise<Response> }
  clock: Time
  blobs: BlobStore
  attack: Attack
  /** What the endpoint could not foresee, without what the test did to it. */
  problems: unknown[]
  store(): RecordStore
  put(type: string, id: string, fields: JsonObject): Promise<unknown>
  putFile(bytes: Uint8Array, mime: string, scope: string): Promise<string>
  /** Stops and starts on the same store. */
  restart(): Promise<void>
  backup(): Promise<HallBackup>
  /**
   * The operator's restore and a new start: the store becomes what it was, under an epoch that names the backup's moment; nobody is
   * signed in, no old cursor counts, and what was erased, stopped or revoked since is so again.
   */
  restore(backup: HallBackup): Promise<void>
  close(): Promise<void>
}

export async function setupHall(options: { database?: Database; time?: Time } = {}): Promise<Hall> {
  const database = options.database ?? sqliteDatabase()
  const time = options.time ?? createTime()
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-'))
  const blobs = createFolderBlobs(join(folder, 'blobs'))
  const journal = createFileJournal(journalPath(folder))
  const problems: unknown[] = []
  let ids = 0
  let backups = 0
  let killed = false
  const attack: Attack = {
    faults: [],
    committed: [],
    onKilled: () => void (killed = true),
    made: new WeakSet(),
  }

  interface Running {
    store: RecordStore
    server: Server
    port: number
    /** From here on what its requests run into is no problem of the endpoint: a process that was killed has none. */
    die: () => void
  }
  const start = async (): Promise<Running> => {
    let isDead = false
    const store = attackedStore(await database.open(), attack)
    const app = createApp({
      store,
      blobs,
      journal,
      now: time.now,
      newId: () => idFrom('hall', String(++ids)),
      logProblem: (problem) => void (isDead || attack.made.has(problem as object) || problems.push(problem)),
    })
    const fetch = async (request: Request, env?: unknown): Promise<Response> => {
      const answer = await app.fetch(request, env as object)
      if (!killed) return answer
      // A dead endpoint says nothing any more.
      killed = false
      ;(env as { incoming: { socket: { destroy(): void } } }).incoming.socket.destroy()
      void restart()
      return answer
    }
    const { server, port } = await listen({ fetch }, { port: 0, host: '127.0.0.1', tls: null })
    return { store, server: server as Server, port, die: () => void (isDead = true) }
  }
  const first = await database.open()
  await fillStore(first, await freshGround())
  await first.close()
  let running = start()

  const stop = async ({ server, store, die }: Running) => {
    die()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await store.close()
  }
  const restart = (): Promise<void> => {
    running = running.then(stop).then(start)
    return running.then(() => undefined)
  }
  await running
  const now = () => running
  /** A look that comes while the endpoint is being started again waits for it, and never meets a store that is closing. */
  const standing: RecordStore = {
    read: async (body) => (await now()).store.read(body),
    write: async (scopes, body) => (await now()).store.write(scopes, body),
    readAll: async (body) => (await now()).store.readAll(body),
    replaceAll: async (body) => (await now()).store.replaceAll(body),
    close: async () => (await now()).store.close(),
  }

  return {
    database,
    clock: time,
    blobs,
    attack,
    problems,
    app: {
      request: async (path, init) => fetch(`http://127.0.0.1:${(await now()).port}${path}`, init),
    },
    store: () => standing,
    put: async (type, id, fields) =>
      (await now()).store.write([], (tx) =>
        putRecord(tx, { type, id, fields, author: 'test', now: time.now() }),
      ),
    async putFile(bytes, mime, scope) {
      const sha256 = await blobs.put(bytes)
      await (
        await now()
      ).store.write([], async (tx) => {
        await tx.putBlob({ sha256, sizeBytes: bytes.length, mime, complete: true })
        await tx.putBlobScope(sha256, scope)
      })
      return sha256
    },
    restart,
    async backup() {
      const { store } = await now()
      const path = join(folder, `${++backups}.backup`)
      const job = { store, blobs, path, passphrase: PASSPHRASE, now: time.now(), cost: CHEAP }
      await writeBackup({ ...job, overwrite: false })
      return { records: (await copyStore(store)).records, path }
    },
    async restore({ path }) {
      const { store } = await now()
      const [replaced, backup] = [await readReplaced(store), { path, passphrase: PASSPHRASE }]
      const { lines } = readJournal(journalPath(folder))
      await restoreBackup({ store, blobs, backup, replaced, journal: lines, now: time.now() })
      await restart()
    },
    async close() {
      await stop(await running)
      await database.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
