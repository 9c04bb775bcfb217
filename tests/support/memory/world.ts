/**
 * One endpoint in memory: the real app over a store that can be copied, restored and struck at a commit. Nothing is signed in
 * by password: sessions are put where the app looks for them.
 */
import { createApp } from '../../../src/server/app.ts'
import { sha256Of } from '../../../src/server/auth/passwords.ts'
import { putRecord, removeRecord } from '../../../src/server/commands/put-record.ts'
import type { RecordRow } from '../../../src/server/store/sql/record-rows.ts'
import type { StoredRecord } from '../../../src/server/store/record-store.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { restoredEpoch } from '../../../src/shared/sync/epoch.ts'
import { MONDAY, newBureau } from './bureau.ts'
import { createMemoryBlobs } from './memory-blobs.ts'
import { MemoryRecordStore, type MemoryTables } from './memory-record-store.ts'

/** One writing of a record, in the order of commits. */
export interface JournalEntry {
  type: string
  id: string
  author: string
  rev: number
  scope: string
}

export interface Backup {
  /** When it was taken (UTC ms). */
  at: number
  tables: MemoryTables
  journal: readonly JournalEntry[]
}

export interface HeldRecord extends StoredRecord {
  scope: string
}

const DAY_MS = 86_400_000

export class World {
  readonly store: MemoryRecordStore
  readonly app: ReturnType<typeof createApp>
  /** The endpoint's time (UTC ms). */
  at = MONDAY
  requests = 0
  restores = 0
  /** Faults that really struck a request. */
  readonly struck = new Set<string>()
  /** Told of each record that was written. */
  onRecord: ((record: { type: string; id: string; author: string; fields: string }) => void) | undefined
  journal: JournalEntry[] = []
  /** What the app did not foresee: a fault of ours, not of the line. */
  readonly problems: unknown[] = []
  #ids = 0

  private constructor(tables: MemoryTables) {
    this.store = new MemoryRecordStore(tables)
    this.store.onCommit = (written) => {
      for (const { table, key } of written) if (table === 'records') this.#note(key)
    }
    this.app = createApp({
      store: this.store,
      blobs: createMemoryBlobs(),
      now: () => this.at,
      newId: () => this.newId('server'),
      logProblem: (problem) => {
        if (!/was killed/.test(String(problem))) this.problems.push(problem)
      },
    })
  }

  static async open(): Promise<World> {
    return new World(await newBureau())
  }

  newId(of: string): string {
    this.#ids += 1
    return `${of}-${this.#ids}`
  }

  #note(key: string): void {
    const row = this.store.tables.get<RecordRow>('records', key)
    if (row === undefined) return
    const { type, id, author, rev } = row
    this.onRecord?.(row)
    this.journal.push({ type, id, author, rev, scope: this.scopeName(row.scope_id) })
  }

  scopeName(scopeId: number): string {
    return this.store.tables.get<{ name: string }>('scopes', scopeId)?.name ?? ''
  }

  /** Everything that stands, deleted as well. */
  held(): HeldRecord[] {
    const booleans = (row: RecordRow): HeldRecord => ({
      type: row.type,
      id: row.id,
      scopeId: row.scope_id,
      rev: row.rev,
      schemaVersion: row.schema_version,
      deleted: row.deleted === 1,
      fields: row.fields,
      author: row.author,
      observedAt: row.observed_at,
      receivedAt: row.received_at,
      hash: row.hash,
      clocks: row.clocks,
      history: row.history,
      person: row.person,
      subject: row.subject,
      scope: this.scopeName(row.scope_id),
    })
    return this.store.tables.all<RecordRow>('records').map(booleans)
  }

  get epoch(): string {
    return this.store.tables.get<{ value: string }>('settings', 'epoch')?.value ?? ''
  }

  get cursorKey(): string {
    return this.store.tables.get<{ value: string }>('settings', 'cursor-key')?.value ?? ''
  }

  /** As the sign-in route does it: a device keeps its id where it is the person's own. @returns the cookie's token */
  async signIn(personId: string, deviceId: string | undefined): Promise<{ token: string; deviceId: string }> {
    const token = this.newId('token')
    const given = await this.store.write([], async (tx) => {
      const known = deviceId === undefined ? undefined : await tx.device(deviceId)
      const isMine = known !== undefined && known.personId === personId
      const id = isMine ? known.id : this.newId('device')
      if (!isMine)
        await tx.putDevice({
          id,
          personId,
          name: '',
          lastMutation: 0,
          keyId: null,
          createdAt: this.at,
          revokedAt: null,
        })
      const expiresAt = this.at + 90 * DAY_MS
      await tx.putSession({
        tokenHash: sha256Of(token),
        personId,
        deviceId: id,
        createdAt: this.at,
        expiresAt,
      })
      return id
    })
    return { token, deviceId: given }
  }

  endSession(token: string): Promise<void> {
    return this.store.write([], (tx) => tx.deleteSession(sha256Of(token)))
  }

  put(type: string, id: string, fields: JsonObject, author = 'endpoint'): Promise<unknown> {
    return this.store.write([], (tx) => putRecord(tx, { type, id, fields, author, now: this.at }))
  }

  remove(type: string, id: string): Promise<unknown> {
    return this.store.write([], (tx) => removeRecord(tx, type, id, this.at))
  }

  /** Ids of what was written by {@link putRaw}. */
  readonly raw = new Set<string>()

  /** What only a newer version would write: a type or a schema that this one does not know. */
  putRaw(record: {
    type: string
    id: string
    scope: string
    schemaVersion: number
    fields: JsonObject
    author?: string
  }) {
    const { scope, fields, author = 'endpoint', ...rest } = record
    this.raw.add(`${record.type}/${record.id}`)
    return this.store.write([], async (tx) => {
      await tx.putRecord({
        ...rest,
        ...(await tx.nextRevision(scope)),
        deleted: false,
        fields: JSON.stringify(fields),
        author,
        observedAt: this.at,
        receivedAt: this.at,
        hash: null,
        clocks: null,
        history: null,
        person: null,
        subject: null,
      })
    })
  }

  backup(): Backup {
    return { at: this.at, tables: this.store.tables.clone(), journal: [...this.journal] }
  }

  /** What `restore` does: an older store under a new epoch, in which nobody is signed in and no old cursor counts. */
  restore({ at, tables, journal }: Backup): void {
    this.restores += 1
    const next = tables.clone()
    for (const session of next.all('sessions')) next.remove('sessions', session)
    const newEpoch = restoredEpoch(`epoch-${String(this.restores + 1).padStart(2, '0')}`, at)
    next.put('settings', { key: 'epoch', value: newEpoch })
    next.put('settings', { key: 'cursor-key', value: `key ${this.restores}` })
    next.settled()
    this.store.tables = next
    this.journal = [...journal]
  }
}
