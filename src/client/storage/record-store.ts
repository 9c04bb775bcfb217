/**
 * The one way in which a screen writes.
 *
 * Promises, to the person who writes:
 * - the record and its outbox entry are written in one transaction: there is never one without the other;
 * - when the call resolves, both are on the disk (`strict`), and everything that will be sent is fixed: fields, scope, base
 *   revision, device time; nothing is taken from "now" later;
 * - fields that the definition refuses are told before anything is written.
 */
import type { FieldsByType, RecordType } from '../../shared/sync/registry.ts'
import type { PhoneDb } from './db.ts'
import type { PhoneRecord } from './rows.ts'
import { guarded, StorageTrouble } from './trouble.ts'
import type * as Writes from './outbox/writes.ts'

/** The schema fills in what has a default; what is missing without one is refused with its path. */
export type NewFields<T extends RecordType> = Partial<FieldsByType[T]>
/** Flat paths (`answers/<id>/score`), nested parts, or both. */
export type DraftChanges = Readonly<Record<string, unknown>>

export interface PutOptions {
  /** A fixed id (see the type's `…Id` function), or the id of the content to replace. */
  id?: string
  /** When it was seen or done (UTC ms, this phone's clock); now unless told. */
  observedAt?: number
}

export interface RecordStoreParts {
  db: PhoneDb
  personId: string
  /** The phone's clock; never corrected. */
  now: () => number
  /** UUIDv7 unless told. */
  newId?: () => string
  /** Called after each write that the disk has taken. */
  onWrite: () => void
  /** Runs each write: sync gives way to it meanwhile. */
  writing?: (work: () => Promise<boolean>) => Promise<boolean>
}

export interface RecordStore {
  /**
   * A new fact or content; with the id of existing content, its replacement, resting on the revision that stands here.
   * @returns the id
   * @throws InvalidFields, StorageTrouble
   */
  put<T extends RecordType>(type: T, fields: NewFields<T>, options?: PutOptions): Promise<string>
  /**
   * Changes some fields of a draft; the same values again write nothing.
   * @param options.create fields of the record if it does not exist yet
   * @throws InvalidFields, StorageTrouble
   */
  edit<T extends RecordType>(
    type: T,
    id: string,
    changes: DraftChanges,
    options?: { create?: NewFields<T> },
  ): Promise<void>
  /** Takes a draft or content away. @throws InvalidFields for a fact: it is corrected by a new one. */
  remove(type: RecordType, id: string): Promise<void>
  get<T extends RecordType>(type: T, id: string): Promise<PhoneRecord<FieldsByType[T]> | undefined>
  table<T extends RecordType>(type: T): ReturnType<typeof PhoneDb.prototype.records<T>>
  /**
   * Several writes as one transaction: all are kept or none, and the screen follows once.
   * @param types whose records are written
   * @throws what a write throws, what `work` throws
   */
  together<T>(types: readonly RecordType[], work: () => Promise<T>): Promise<T>
  /** Gets what a write needs, so that the first one does not wait for it. @throws StorageTrouble */
  prepare(): Promise<void>
}

/** Once it is here nothing is waited for: a transaction would end meanwhile. */
let writesHere: typeof Writes | undefined

/**
 * What a write needs (the definitions, the checks, the clock) is not what the first screen needs: it comes right after it, see
 * {@link RecordStore.prepare}. @throws StorageTrouble where it has not come yet and cannot be had
 */
async function loadWrites(): Promise<typeof Writes> {
  try {
    writesHere = await import('./outbox/writes.ts')
    return writesHere
  } catch (error) {
    throw new StorageTrouble('part-missing', error)
  }
}

export function createRecordStore(parts: RecordStoreParts): RecordStore {
  const { db, writing = (work) => work() } = parts
  const write = async (
    work: (writes: typeof Writes, context: Writes.WriteContext) => Promise<boolean>,
  ): Promise<void> => {
    const context: Writes.WriteContext = { db, personId: parts.personId, now: parts.now() }
    const writes = writesHere ?? (await loadWrites())
    if (await writing(() => guarded(db, () => work(writes, context)))) parts.onWrite()
  }
  return {
    async put(type, fields, options = {}) {
      // Made before the transaction: a repeated attempt after a lost connection is the same write.
      const id = options.id ?? parts.newId?.() ?? (writesHere ?? (await loadWrites())).newId()
      await write(({ putRecord }, context) =>
        putRecord(context, type, id, fields, options.observedAt ?? context.now),
      )
      return id
    },
    edit: (type, id, changes, options = {}) =>
      write(({ editDraft }, context) => editDraft(context, type, id, changes, options.create)),
    remove: (type, id) => write(({ removeRecord }, context) => removeRecord(context, type, id)),
    get: (type, id) => guarded(db, () => db.records(type).get(id)),
    table: (type) => db.records(type),
    async together(types, work) {
      return await (await loadWrites()).writeTogether(db, types, work)
    },
    prepare: async () => void (await loadWrites()),
  }
}
