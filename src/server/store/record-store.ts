/**
 * What the endpoint needs of a store, and nothing more. One SQL implementation stands behind it (sql-read.ts, sql-write.ts).
 *
 * Guarantees:
 *  - `write` runs alone with regard to its scopes, and commits wholly or not at all. Nothing but the store may be awaited in it.
 *  - No fact or content outside `private:` is written without its entry in the scope's ledger (shared/sync/ledger.ts).
 *  - `nextRevision` numbers a scope's writes without gaps in commit order, so a pull's cursor never passes an uncommitted row.
 *  - `read` sees one snapshot.
 */
import type { EntryKind, LedgerEntry, RecordSeal } from '../../shared/sync/ledger.ts'
import type { CoverageRow, DocumentSums } from '../../shared/circulation/coverage/coverage-figures.ts'
import type { TableName } from './sql/tables.ts'

export interface ScopeHead {
  /** Small integer, for cursors. */
  id: number
  name: string
  rev: number
  /** Of its ledger; null while that has no entry. */
  chain: string | null
}

/** A row as it lies in its table: column names to text, whole numbers and nulls. The same on both databases. */
export type TableRow = Record<string, string | number | null>

/** Everything there is, table by table, in one snapshot: for backups. */
export interface TableReader {
  /** In order of the primary key; never the whole table in memory. */
  rows(table: TableName): AsyncIterable<TableRow>
}

/** Fills an emptied store: for restoring. */
export interface TableWriter {
  insert(table: TableName, rows: readonly TableRow[]): Promise<void>
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

export interface RecordRef {
  type: string
  id: string
}

/** What the ledger says of a revision, where it isn't what the record itself says. */
export interface EntryDetails {
  /** Made before the lock, over this very record. Without it the store makes one. */
  seal?: RecordSeal | undefined
  /** `put` or `delete` otherwise, as the record is. */
  kind?: EntryKind
  /** Who did it, if that isn't the record's author. */
  author?: string
}

/** What was erased by rule: it is refused for ever. */
export interface Erasure extends RecordRef {
  scope: string
  at: number
  /** In the operator's words; never content. */
  reason: string
}

/** How many of each were removed. */
export interface Pruned {
  tombstones: number
  sessions: number
  throttles: number
  activationCodes: number
  commandOutcomes: number
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

/** A meeting, and whether somebody has come to it (shared/meetings/year/attended.ts). */
export interface MeetingOfYear {
  id: string
  /** JSON. */
  fields: string
  attended: boolean
}

export interface RecordQuery {
  types: readonly string[]
  person?: string
  persons?: readonly string[]
  subject?: string
  subjects?: readonly string[]
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
  /** The ledger's chain at a revision: of the last entry up to it. Null when there is none. */
  chainAt(scopeId: number, rev: number): Promise<string | null>
  /** The first entry of a record in its scope's ledger above a revision: what took the place of what stood then. */
  ledgerEntryAfter(scope: string, rev: number, ref: RecordRef): Promise<LedgerEntry | undefined>
  /** The scope in whose ledger a record has entries, also when its row is gone. Reads the whole ledger: for rare acts. */
  ledgerScopeOf(ref: RecordRef): Promise<string | undefined>
  /** Those that were erased by rule, as `type:id`. */
  erasedAmong(refs: readonly RecordRef[]): Promise<ReadonlySet<string>>
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
  /** How far the branches of these documents have come. */
  coverageOfDocuments(documentIds: readonly string[]): Promise<CoverageRow[]>
  /** All documents on their way, each as one line of sums. @param today civil date @param unitId of this branch only */
  coverageByDocument(today: string, unitId?: string): Promise<DocumentSums[]>
  /** Of all units, by their ids. One question, whatever their number. */
  meetingsOfYear(year: number): Promise<MeetingOfYear[]>
}

export interface WriteTx extends ReadTx {
  /** The device, its row locked until the end of the transaction: two requests of one device never overlap. */
  lockedDevice(id: string): Promise<Device | undefined>
  setSetting(key: string, value: string): Promise<void>
  /** Creates the scope when it is new, takes its row lock and returns the next revision. */
  nextRevision(scope: string): Promise<{ scopeId: number; rev: number }>
  /**
   * Writes the row and, for facts and content outside `private:`, its ledger entry. A record never moves to another scope.
   * @throws ConcurrentWrite when the id stands under another scope
   */
  putRecord(record: StoredRecord, entry?: EntryDetails): Promise<void>
  /** Reads these in one question, for the calls of `record` that follow in this transaction. */
  foresee(refs: readonly RecordRef[]): Promise<void>
  /** An entry without a record's row: a restore. Takes the scope's next revision. */
  appendEntry(scope: string, entry: Omit<LedgerEntry, 'scope' | 'rev' | 'chain'>): Promise<void>
  /** Takes what could prove erased content away: salts, and outcomes that hold the record or are found by its hash. */
  forgetContent(record: StoredRecord): Promise<void>
  putErasure(erasure: Erasure): Promise<void>
  /** Removes what nobody needs any more. @param before tombstones and command outcomes older than this (UTC ms) */
  prune(before: number, now: number): Promise<Pruned>
  putDevice(device: Device): Promise<void>
  putOutcome(deviceId: string, ...outcomes: StoredOutcome[]): Promise<void>
  deleteOutcomesBefore(deviceId: string, n: number): Promise<void>
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
  putCommandOutcome(id: string, personId: string, hash: string, outcome: string, at: number): Promise<void>
  /** Runs `body` in a savepoint: when it throws, its writes are undone and the transaction goes on. */
  savepoint<T>(body: () => Promise<T>): Promise<T>
}

export interface RecordStore {
  /**
   * @param scopes locked first, in sorted order; the body writes records of no other scope. Empty: the body runs alone, no
   *   other write beside it, in whatever process.
   * @param body may run more than once (a deadlock, a serialization failure): it keeps no state of its own from run to run
   */
  write<T>(scopes: readonly string[], body: (tx: WriteTx) => Promise<T>): Promise<T>
  read<T>(body: (tx: ReadTx) => Promise<T>): Promise<T>
  /** All tables in one snapshot, while others go on writing. */
  readAll<T>(body: (tables: TableReader) => Promise<T>): Promise<T>
  /**
   * Empties every table and lets the body fill them, in one transaction and alone; nothing changes when it throws.
   * @param body `tx` is for afterwards: what is to be written into the store as it then stands
   */
  replaceAll<T>(body: (tables: TableWriter, tx: WriteTx) => Promise<T>): Promise<T>
  /**
   * What was deleted is no longer in the database's files either. Absent where only the database itself decides when
   * (PostgreSQL). @returns false when somebody was reading all the while: ask again later
   */
  scrub?(): Promise<boolean>
  close(): Promise<void>
}

/** The store cannot be opened or used; the message is for the person who started the endpoint. */
export class StoreTrouble extends Error {
  override name = 'StoreTrouble'
}

/**
 * The database is away for a while, or has no room now: ask again later. Nothing was changed, unless its answer was lost on the
 * way: then the same numbers are sent again, and what was done is done once.
 */
export class StoreAway extends Error {
  override name = 'StoreAway'
  /** `away`: nobody answers. `busy`: it answers, and has too much to do. */
  readonly reason: 'away' | 'busy'
  constructor(message: string, options: ErrorOptions & { reason?: 'away' | 'busy' } = {}) {
    super(message, options)
    this.reason = options.reason ?? 'away'
  }
}

/**
 * A value that a column cannot hold: a NUL in text, a number beyond the column's, a text too long for its index. A RangeError,
 * because it is the writer's mistake and not the store's: a push refuses the mutation, everything else answers 400.
 */
export class UnstorableValue extends RangeError {
  override name = 'UnstorableValue'
}

/** Somebody else wrote the same id under another scope meanwhile. A store that has several writers runs the body again. */
export class ConcurrentWrite extends Error {
  override name = 'ConcurrentWrite'
}
