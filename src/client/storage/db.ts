/**
 * The phone's database: one for each person and browser profile.
 *
 * Promises, to whoever writes on this phone:
 * - what one transaction writes is there whole or not at all, and is on the disk when the write resolves (`strict`);
 * - another person on the same profile opens another database and sees nothing of this one;
 * - a database that was wiped under the running app, or that a newer version of the app has taken over, is not gone on with:
 *   whoever writes is told, and nothing is written beside it;
 * - a new record type needs no change here: its table comes from the registry.
 */
import { Dexie, type PromiseExtended, type Table } from 'dexie'
import type { FieldsByType, RecordType } from '../../shared/sync/registry.ts'
import { RECORD_INDEXES } from './layout.precomputed.ts'
import { readsNoted } from './upkeep/follow.ts'
import { follow, letGo } from './upkeep/let-go.ts'
import type {
  AttentionItem,
  BaseRow,
  BlobRow,
  CarriedRow,
  KeyRow,
  MetaRow,
  NewAttentionItem,
  NewOutboxEntry,
  OutboxEntry,
  PhoneRecord,
  PieceRow,
  QuarantineRow,
  SeenRow,
} from './rows.ts'

/**
 * History of the layout:
 *   1  first version
 *   2  countersignatures and the endpoint's keys
 *   3  reminders; what one signed for another; which of several sign-offs counts; who exported a year;
 *      pieces of a file that comes down
 *   4  shifts; plans of a year; who has read the code of a sitting; votes, drafts and proposals of minutes, what was sent back, corrections;
 *      a whole file may lie in pieces
 * A type or an index that the registry gains needs a new number: Dexie then adds the table and keeps the rest.
 *   5  what this phone delivered for others
 */
export const DATABASE_VERSION = 5
/** Dexie counts in tens on the disk. */
export const NATIVE_STEP = 10

/** `left`: the person left; `deleted`: by another tab; `outdated`: a newer version took over; `wiped`: by the browser. */
export type Over = 'left' | 'deleted' | 'outdated' | 'wiped'

export interface DatabaseOptions {
  /** Tests and journeys give each phone a factory of its own. */
  indexedDB?: IDBFactory
  IDBKeyRange?: typeof IDBKeyRange
  /** Another tab keeps the older layout open; the opening goes on by itself once that is closed. */
  onBlocked?: () => void
  /** Another connection of this window has it open: made anew now means wiped. */
  hasLived?: true
}

const SYSTEM_TABLES = {
  base: '[type+id], scope',
  outbox: '++seq, [type+id], scope, n',
  attention: '++attentionId, [type+id], scope',
  quarantine: '[type+id], scope',
  meta: 'key',
  blobs: 'sha256, upload',
  pieces: '[sha256+at], sha256',
  keys: 'name',
  seen: '[type+id]',
  carried: '[type+id], scope',
}

/** The tables of this version with their indexes; also laid out in memory by the property tests. */
export function layout(): Record<string, string> {
  const tables: Record<string, string> = { ...SYSTEM_TABLES }
  for (const [type, indexes] of Object.entries(RECORD_INDEXES))
    tables[type] = ['id, scope, pending', ...indexes.map((path) => `fields.${path}`)].join(', ')
  return tables
}

export class PhoneDb extends Dexie {
  /** True after {@link closeForGood}, or when it ended by itself. */
  isOver = false
  /** Why. */
  over: Over | null = null
  /** Told once, when it ended under the running app. */
  whenOver: (over: Over) => void = () => undefined
  #hasLived = false
  declare base: Table<BaseRow, [string, string]>
  declare outbox: Table<OutboxEntry, number, NewOutboxEntry>
  declare attention: Table<AttentionItem, number, NewAttentionItem>
  declare quarantine: Table<QuarantineRow, [string, string]>
  declare meta: Table<MetaRow, string>
  declare blobs: Table<BlobRow, string>
  declare pieces: Table<PieceRow, [string, number]>
  declare keys: Table<KeyRow, string>
  declare seen: Table<SeenRow, [string, string]>
  declare carried: Table<CarriedRow, [string, string]>

  constructor(name: string, options: DatabaseOptions = {}) {
    super(name, {
      ...(options.indexedDB === undefined ? {} : { indexedDB: options.indexedDB }),
      ...(options.IDBKeyRange === undefined ? {} : { IDBKeyRange: options.IDBKeyRange }),
      chromeTransactionDurability: 'strict',
      // With the cache a read could show a write that the disk then refuses.
      cache: 'disabled',
    })
    this.#hasLived = options.hasLived === true
    this.version(DATABASE_VERSION)
      .stores(layout())
      .upgrade(({ idbtrans }) => follow(idbtrans))
    this.use(letGo)
    this.use(readsNoted)
    // Another tab deletes it, or needs the layout for a newer version: this one lets go, and does not make it anew.
    this.on('versionchange', (event) => this.end(event.newVersion === null ? 'deleted' : 'outdated'))
    this.on('blocked', () => options.onBlocked?.())
    this.on('ready', () => this.#begin(), true)
    // Made anew although it was open before: the browser has wiped it. An empty one in its place would say 已存本机 and have
    // forgotten everything else.
    this.on('populate', ({ idbtrans }) => {
      follow(idbtrans)
      if (!this.#hasLived) return
      this.end('wiped')
      throw new Dexie.DatabaseClosedError('wiped under the running app')
    })
  }

  /** It was read by another connection of this window: made anew now means wiped. */
  noteLived(): void {
    this.#hasLived = true
  }

  #begin(): void {
    this.#hasLived = true
    // Dexie opens a layout that is newer than the one it was given; rows of it are not for this version to write.
    if (Math.floor(this.backendDB().version / NATIVE_STEP) <= DATABASE_VERSION) return
    this.end('outdated')
    throw new Dexie.VersionError('the database is of a newer version of the app')
  }

  /** Also for another connection of this window, which has met the end first. */
  end(over: Over): void {
    if (this.isOver) return
    this.over = over
    this.isOver = true
    this.close()
    this.whenOver(over)
  }

  override open(): PromiseExtended<Dexie> {
    if (this.isOver) return Dexie.Promise.reject(new Dexie.DatabaseClosedError('closed for good'))
    return super.open()
  }

  /** Dexie itself closes at a version change, ready to open again. */
  override close(options?: { disableAutoOpen: boolean }): void {
    super.close(this.isOver ? { disableAutoOpen: true } : options)
  }

  /** The person left: what is still under way fails instead of opening, or making anew, a database that was deleted. */
  closeForGood(): void {
    this.over ??= 'left'
    this.isOver = true
    this.close()
  }

  /** The table of a record type, typed. */
  records<T extends RecordType>(type: T): Table<PhoneRecord<FieldsByType[T]>, string> {
    return this.table(type)
  }

  /** The table of a type whose name came over the wire. Only for names that the registry knows. */
  rows(type: string): Table<PhoneRecord, string> {
    return this.table(type)
  }
}

export const phoneDatabaseName = (personId: string): string => `wh-${personId}`

/** Opens, or makes, the database of one person. It opens by itself at the first use. */
export function openPhoneDatabase(personId: string, options: DatabaseOptions = {}): PhoneDb {
  return new PhoneDb(phoneDatabaseName(personId), options)
}
