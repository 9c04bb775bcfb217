/**
 * The phone's database: one for each person and browser profile.
 *
 * Promises, to whoever writes on this phone:
 * - what one transaction writes is there whole or not at all, and is on the disk when the write resolves (`strict`);
 * - another person on the same profile opens another database and sees nothing of this one;
 * - a new record type needs no change here: its table comes from the registry.
 */
import { Dexie, type PromiseExtended, type Table } from 'dexie'
import { definitions, type FieldsByType, type RecordType } from '../../shared/sync/registry.ts'
import type {
  AttentionItem,
  BaseRow,
  BlobRow,
  KeyRow,
  MetaRow,
  NewAttentionItem,
  NewOutboxEntry,
  OutboxEntry,
  PhoneRecord,
  QuarantineRow,
  SeenRow,
} from './rows.ts'

/**
 * History of the layout:
 *   1  first version
 * A type or an index that the registry gains needs a new number: Dexie then adds the table and keeps the rest.
 */
export const DATABASE_VERSION = 1

export interface DatabaseOptions {
  /** Tests and journeys give each phone a factory of its own. */
  indexedDB?: IDBFactory
  IDBKeyRange?: typeof IDBKeyRange
}

const SYSTEM_TABLES = {
  base: '[type+id], scope',
  outbox: '++seq, [type+id], scope, n',
  attention: '++attentionId, [type+id], scope',
  quarantine: '[type+id], scope',
  meta: 'key',
  blobs: 'sha256, upload',
  keys: 'name',
  seen: '[type+id]',
}

function layout(): Record<string, string> {
  const tables: Record<string, string> = { ...SYSTEM_TABLES }
  for (const definition of definitions) {
    const fieldIndexes = definition.indexes.map((path) => `fields.${path}`)
    tables[definition.type] = ['id', 'scope', 'pending', ...fieldIndexes].join(', ')
  }
  return tables
}

export class PhoneDb extends Dexie {
  /** True after {@link closeForGood}. */
  isOver = false
  declare base: Table<BaseRow, [string, string]>
  declare outbox: Table<OutboxEntry, number, NewOutboxEntry>
  declare attention: Table<AttentionItem, number, NewAttentionItem>
  declare quarantine: Table<QuarantineRow, [string, string]>
  declare meta: Table<MetaRow, string>
  declare blobs: Table<BlobRow, string>
  declare keys: Table<KeyRow, string>
  declare seen: Table<SeenRow, [string, string]>

  constructor(name: string, options: DatabaseOptions = {}) {
    super(name, {
      ...(options.indexedDB === undefined ? {} : { indexedDB: options.indexedDB }),
      ...(options.IDBKeyRange === undefined ? {} : { IDBKeyRange: options.IDBKeyRange }),
      chromeTransactionDurability: 'strict',
      // With the cache a read could show a write that the disk then refuses.
      cache: 'disabled',
    })
    this.version(DATABASE_VERSION).stores(layout())
    // Another tab deletes it: this one must not make it anew.
    this.on('versionchange', (event) => {
      if (event.newVersion === null) this.closeForGood()
    })
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

/** True when this profile already holds a database of the person. */
export async function hasPhoneDatabase(personId: string, options: DatabaseOptions = {}): Promise<boolean> {
  const probe = new Dexie(phoneDatabaseName(personId), { ...options, autoOpen: false })
  try {
    await probe.open()
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchDatabaseError') return false
    throw error
  } finally {
    probe.close()
  }
}

/** Deletes all of one person's data on this profile. The caller has made sure that nothing waits in it. */
export async function deletePhoneDatabase(personId: string, options: DatabaseOptions = {}): Promise<void> {
  const db = new Dexie(phoneDatabaseName(personId), { ...options, autoOpen: false })
  await db.delete()
}
