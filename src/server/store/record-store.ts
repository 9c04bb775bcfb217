/**
 * What the endpoint needs of a store, and nothing more. One SQL implementation stands behind it (sql-read.ts, sql-write.ts).
 *
 * Guarantees:
 *  - `write` runs alone with regard to its scopes, and commits wholly or not at all. Nothing but the store may be awaited in it.
 *  - `nextRevision` numbers a scope's writes without gaps in commit order, so a pull's cursor never passes an uncommitted row.
 *  - `read` sees one snapshot.
 */

export interface ScopeHead {
  /** Small integer, for cursors. */
  id: number
  name: string
  rev: number
}

export interface StoredRecord {
  type: string
  id: string
  scopeId: number
  rev: number
  schemaVersion: number
  deleted: boolean
  /** JSON text as it goes into answers. */
  fields: string
  author: string
  observedAt: number
  receivedAt: number
  /** Hash of the mutation that wrote a fact; null for others. */
  hash: string | null
  /** Drafts: JSON of clocks by flat path. */
  clocks: string | null
  /** Drafts: JSON array of texts that lost, newest first. */
  history: string | null
  person: string | null
  subject: string | null
}

export interface Device {
  id: string
  personId: string
  name: string
  lastMutation: number
  keyId: string | null
  createdAt: number
  revokedAt: number | null
}

export interface StoredOutcome {
  n: number
  hash: string
  /** JSON of the outcome as it was answered. */
  outcome: string
}

export interface Account {
  personId: string
  staffNo: string
  name: string
  /** PHC-like argon2id string; null until activated. */
  passwordHash: string | null
  closed: boolean
}

export interface ActivationCode {
  codeHash: string
  staffNo: string
  expiresAt: number
  usedAt: number | null
}

export interface Session {
  tokenHash: string
  personId: string
  deviceId: string
  createdAt: number
  expiresAt: number
}

export interface BlobEntry {
  sha256: string
  sizeBytes: number
  mime: string
  complete: boolean
}

export interface RecordQuery {
  types: readonly string[]
  person?: string
  persons?: readonly string[]
  subject?: string
  scopes?: readonly string[]
  includeDeleted?: boolean
}

export interface ReadTx {
  epoch(): Promise<string>
  setting(key: string): Promise<string | undefined>
  scopeHeads(names: readonly string[]): Promise<ScopeHead[]>
  scopeHeadsById(ids: readonly number[]): Promise<ScopeHead[]>
  /** Names of scopes that begin so, for access that follows a pattern (`file:<unit>:`). */
  scopesWithPrefix(prefix: string): Promise<ScopeHead[]>
  record(type: string, id: string): Promise<(StoredRecord & { scope: string }) | undefined>
  records(query: RecordQuery): Promise<(StoredRecord & { scope: string })[]>
  recordsAfter(scopeId: number, rev: number, limit: number): Promise<StoredRecord[]>
  device(id: string): Promise<Device | undefined>
  devicesOf(personId: string): Promise<Device[]>
  outcome(deviceId: string, n: number): Promise<StoredOutcome | undefined>
  account(by: { staffNo: string } | { personId: string }): Promise<Account | undefined>
  accounts(): Promise<Account[]>
  session(tokenHash: string): Promise<Session | undefined>
  activationCode(codeHash: string): Promise<ActivationCode | undefined>
  throttle(key: string): Promise<{ failures: number; until: number } | undefined>
  blob(sha256: string): Promise<BlobEntry | undefined>
  blobScopes(sha256: string): Promise<string[]>
  commandOutcome(id: string): Promise<{ hash: string; outcome: string } | undefined>
}

export interface WriteTx extends ReadTx {
  setSetting(key: string, value: string): Promise<void>
  /** Creates the scope when it is new, takes its row lock and returns the next revision. */
  nextRevision(scope: string): Promise<{ scopeId: number; rev: number }>
  putRecord(record: StoredRecord): Promise<void>
  putDevice(device: Device): Promise<void>
  putOutcome(deviceId: string, outcome: StoredOutcome): Promise<void>
  putAccount(account: Account): Promise<void>
  putSession(session: Session): Promise<void>
  deleteSession(tokenHash: string): Promise<void>
  deleteSessionsOf(personId: string, deviceId?: string): Promise<void>
  putActivationCode(code: ActivationCode): Promise<void>
  voidActivationCodes(staffNo: string): Promise<void>
  putThrottle(key: string, failures: number, until: number): Promise<void>
  putBlob(blob: BlobEntry): Promise<void>
  putBlobScope(sha256: string, scope: string): Promise<void>
  removeBlobScope(sha256: string, scope: string): Promise<void>
  putCommandOutcome(id: string, personId: string, hash: string, outcome: string): Promise<void>
  /** Runs `body` in a savepoint: when it throws, its writes are undone and the transaction goes on. */
  savepoint<T>(body: () => Promise<T>): Promise<T>
}

export interface RecordStore {
  /** @param scopes locked first, in sorted order. */
  write<T>(scopes: readonly string[], body: (tx: WriteTx) => Promise<T>): Promise<T>
  read<T>(body: (tx: ReadTx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The store cannot be opened or used; the message is for the person who started the endpoint. */
export class StoreTrouble extends Error {
  override name = 'StoreTrouble'
}
