/** A fresh endpoint for each test: the real app on a real SQLite file, with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/server/app.ts'
import { hashPassword } from '../../src/server/auth/passwords.ts'
import { makeBureau } from '../../src/server/commands/make-bureau.ts'
import { ALL_COLUMNS, type PersonRow } from '../../src/server/commands/people/person-row.ts'
import { putPeople } from '../../src/server/commands/put-people.ts'
import { putRecord } from '../../src/server/commands/put-record.ts'
import { createNudges } from '../../src/server/notify/nudges.ts'
import { openStores, type Stores } from '../../src/server/open-stores.ts'
import type { RecordStore } from '../../src/server/store/record-store.ts'
import { createFolderBlobs } from '../../src/server/store/folder-blobs.ts'
import { openSqliteStore } from '../../src/server/store/sqlite/sqlite-store.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export const PASSWORD = 'correct horse 2026'
/** Monday 23 November 2026, 08:00 in China. */
export const MONDAY = Date.parse('2026-11-23T00:00:00Z')

export interface ManualClock {
  now: () => number
  advance: (ms: number) => void
  set: (ms: number) => void
}
export function createManualClock(start = MONDAY): ManualClock {
  let at = start
  return { now: () => at, advance: (ms) => void (at += ms), set: (ms) => void (at = ms) }
}

export type TestEndpoint = Awaited<ReturnType<typeof setupEndpoint>>

let sharedHash: Promise<string> | undefined

const row = (staffNo: string, name: string, over: Partial<PersonRow> = {}): PersonRow => ({
  staffNo,
  name,
  committee: null,
  branch: '第一支部',
  group: null,
  section: '综合科',
  postingUnit: null,
  partyStatus: 'full',
  roles: [],
  handOrder: null,
  ...over,
})

/** The small bureau that journeys live in: two branches, a group, two sections, and one person of each role. */
export const PEOPLE: PersonRow[] = [
  row('1001', '陈静', { roles: [{ role: 'branch-officer', title: '支部书记' }] }),
  row('1002', '李明', { group: '第一小组', roles: [{ role: 'group-leader', title: '党小组组长' }] }),
  row('1003', '王芳', { group: '第一小组' }),
  row('1004', '赵磊', { partyStatus: 'probationary' }),
  row('1005', '周敏', { roles: [{ role: 'section-scorer', title: '科室评分人' }] }),
  row('1006', '吴刚', { partyStatus: 'none', branch: null }),
  row('1007', '郑洁', { roles: [{ role: 'branch-officer', title: '组织委员' }] }),
  row('2001', '孙丽', {
    branch: '第二支部',
    section: '窗口科',
    roles: [{ role: 'branch-officer', title: '支部书记' }],
  }),
  row('2002', '马强', { branch: '第二支部', section: '窗口科' }),
  row('9001', '何伟', { branch: '第二支部', section: null, roles: [{ role: 'office', title: '党建科' }] }),
  row('9002', '林燕', { branch: '第二支部', section: null, roles: [{ role: 'office', title: '党建科' }] }),
]

export const personIdOf = (staffNo: string): string => idFrom('person', staffNo)
export const branchId = (name: string): string => idFrom('unit', 'branch', name, '')
export const sectionId = (name: string): string => idFrom('unit', 'section', name, '')
export const groupId = (name: string, branch: string): string =>
  idFrom('unit', 'group', name, branchId(branch))

/** The bureau, its administrator (0001) and its people, all with the same password. */
export async function layBureau(
  store: RecordStore,
  options: { now: number; newId: () => string; people?: readonly PersonRow[] },
): Promise<void> {
  const { now, newId, people = PEOPLE } = options
  const passwordHash = await (sharedHash ??= hashPassword(PASSWORD))
  await store.write([], async (tx) => {
    // Memberships began a year ago, so that last month's meetings have a roster.
    const before = now - 365 * 86_400_000
    await makeBureau(tx, {
      bureauName: '示例大厅',
      staffNo: '0001',
      name: '系统管理员',
      passwordHash,
      now: before,
      newId,
    })
    await putPeople(tx, people, { columns: ALL_COLUMNS, createUnits: true, author: 'test', now: before })
    for (const { staffNo } of people) {
      const account = await tx.account({ staffNo })
      if (account !== undefined) await tx.putAccount({ ...account, passwordHash })
    }
  })
}

/** `WH_TEST_DATABASE=postgres` runs any suite on PostgreSQL. */
type TestDatabase = 'sqlite' | 'postgres'
const usualDatabase: TestDatabase = process.env.WH_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite'

let sharedPostgres: Promise<TestPostgres> | undefined

async function openTestStores(
  database: TestDatabase,
  folder: string,
  inMemory: boolean,
): Promise<Pick<Stores, 'store' | 'blobs' | 'close'>> {
  if (database === 'postgres') {
    const url = await (await (sharedPostgres ??= startPostgres())).newDatabase()
    return openStores({ dataDir: folder, database: { url, connections: 10, waitMs: 0 } })
  }
  const store = await openSqliteStore(inMemory ? ':memory:' : join(folder, 'store.sqlite'))
  return { store, blobs: createFolderBlobs(join(folder, 'blobs')), close: () => store.close() }
}

export async function setupEndpoint(
  options: {
    clock?: ManualClock
    people?: PersonRow[]
    inMemory?: boolean
    /** SQLite unless told, or unless the environment says otherwise. The server ends with the test's process. */
    database?: TestDatabase
  } = {},
) {
  const clock = options.clock ?? createManualClock()
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-'))
  const database = options.database ?? usualDatabase
  const stores = await openTestStores(database, folder, options.inMemory === true)
  const { store, blobs } = stores
  let ids = 0
  const newId = () => idFrom('test', String(++ids))
  const problems: unknown[] = []
  await layBureau(store, { now: clock.now(), newId, people: options.people ?? PEOPLE })
  const nudges = createNudges()
  const app = createApp({
    store,
    blobs,
    now: clock.now,
    newId,
    nudges,
    logProblem: (problem) => void problems.push(problem),
  })
  return {
    app,
    store,
    blobs,
    /** Holds `store.sqlite` and the blobs, when it isn't PostgreSQL. */
    folder,
    clock,
    nudges,
    /** Problems that nobody foresaw: a test that ends with some has found a fault. */
    problems,
    newId,
    put: (type: string, id: string, fields: JsonObject, author = 'test') =>
      store.write([], (tx) => putRecord(tx, { type, id, fields, author, now: clock.now() })),
    /** A file that readers of `scope` may read. */
    putFile: async (bytes: Uint8Array, mime: string, scope: string) => {
      const sha256 = await blobs.put(bytes)
      await store.write([], async (tx) => {
        await tx.putBlob({ sha256, sizeBytes: bytes.length, mime, complete: true })
        await tx.putBlobScope(sha256, scope)
      })
      return sha256
    },
    close: async () => {
      await stores.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A person's connection by hand: cookies kept, JSON in and out. For tests of the wire itself. */
export async function connect(endpoint: TestEndpoint, staffNo: string, password = PASSWORD) {
  const signIn = await endpoint.app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ staffNo, password }),
  })
  if (signIn.status !== 200) throw new Error(`sign-in of ${staffNo}: ${signIn.status} ${await signIn.text()}`)
  const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0]!
  const session = (await signIn.json()) as { person: { id: string }; deviceId: string; keyId: string | null }
  const send = (path: string, init: RequestInit = {}) =>
    endpoint.app.request(path, {
      ...init,
      headers: { cookie, ...(init.headers as Record<string, string> | undefined) },
    })
  const post = (path: string, body: unknown) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { personId: session.person.id, deviceId: session.deviceId, keyId: session.keyId, cookie, send, post }
}
export type Connection = Awaited<ReturnType<typeof connect>>
