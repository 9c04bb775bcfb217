/**
 * A phone's disk: an IndexedDB of its own that a test can fill up, cut off or lose in the middle of a transaction, and copy.
 * What a transaction did not commit is gone, as on a phone whose tab is killed.
 */
import { Dexie } from 'dexie'
import {
  forceCloseDatabase,
  type IDBDatabase as FakeDatabase,
  IDBFactory,
  IDBObjectStore as FakeStore,
} from 'fake-indexeddb'

/**
 * quota-at-request   the write itself fails
 * quota-at-commit    every write succeeds, and then the transaction does not
 * connection-lost    the browser closes the connection in the middle (an iPhone that was in the background)
 * tab-killed         the transaction is aborted and nobody is there to notice
 */
export type DiskFault = 'quota-at-request' | 'quota-at-commit' | 'connection-lost' | 'tab-killed'

export interface PlannedDiskFault {
  fault: DiskFault
  /** The how manieth write from now, from 1. */
  at: number
}

export interface Disk {
  indexedDB: IDBFactory
  /** Writes (put, add, delete, clear) since it was made. */
  writes(): number
  plan(fault: PlannedDiskFault | undefined): void
  /** The planned fault has come. */
  isSpent(): boolean
  /** Told when a write meets `tab-killed`, after its transaction was aborted. */
  onKilled: () => void
  /** What was not committed on this connection is gone. */
  abortAll(connection: IDBDatabase): void
  /** Another disk with the same content, as when a profile is copied to a second phone. Close the database before. */
  copy(): Promise<Disk>
}

/* oxlint-disable no-underscore-dangle -- the parts of fake-indexeddb that it does not type are named so */
/** The parts of fake-indexeddb that it does not type. */
interface RawTransaction {
  _state: string
  _abort(errorName: string | null): void
  _markFinished(): void
  _requests: { operation: () => unknown }[]
  db: IDBDatabase
}
interface RawDatabase {
  transactions: RawTransaction[]
}
interface RawFactory {
  _databases: Map<string, RawDatabase>
}
const rawOf = (connection: IDBDatabase): RawDatabase =>
  (connection as unknown as { _rawDatabase: RawDatabase })._rawDatabase

type Hook = (transaction: RawTransaction, write: () => IDBRequest) => IDBRequest
const hooks = new Map<RawFactory, Hook>()

const hooksByDatabase = new WeakMap<RawDatabase, Hook>()

function hookOf(connection: IDBDatabase): Hook | undefined {
  const raw = rawOf(connection)
  const known = hooksByDatabase.get(raw)
  if (known !== undefined) return known
  for (const [factory, hook] of hooks)
    if (factory._databases.get(connection.name) === raw) {
      hooksByDatabase.set(raw, hook)
      return hook
    }
  return undefined
}

/** Once for the process: every write passes by the disk that it belongs to. */
function watchWrites(): void {
  const prototype = FakeStore.prototype as unknown as Record<string, (...words: unknown[]) => IDBRequest>
  for (const name of ['put', 'add', 'delete', 'clear']) {
    const plain = prototype[name]!
    prototype[name] = function (this: IDBObjectStore, ...words: unknown[]) {
      const hook = hookOf(this.transaction.db)
      const write = () => plain.apply(this, words)
      return hook === undefined ? write() : hook(this.transaction as unknown as RawTransaction, write)
    }
  }
}
watchWrites()

const QUOTA = 'QuotaExceededError'

function failAtRequest(transaction: RawTransaction, write: () => IDBRequest): IDBRequest {
  const request = write()
  transaction._requests.at(-1)!.operation = () => {
    throw new DOMException('the disk is full', QUOTA)
  }
  return request
}

function failAtCommit(transaction: RawTransaction, write: () => IDBRequest): IDBRequest {
  const finish = transaction._markFinished.bind(transaction)
  transaction._markFinished = () => {
    transaction._markFinished = finish
    transaction._abort(QUOTA)
  }
  return write()
}

function abortAll(connection: IDBDatabase): void {
  for (const transaction of rawOf(connection).transactions)
    if (transaction.db === connection && transaction._state !== 'finished') transaction._abort('AbortError')
}

/** The connection is closed by the browser, and every later use of it says so. */
export function loseConnection(connection: IDBDatabase): void {
  abortAll(connection)
  forceCloseDatabase(connection as unknown as typeof FakeDatabase)
}

export function createDisk(indexedDB: IDBFactory = new IDBFactory()): Disk {
  let count = 0
  let planned: PlannedDiskFault | undefined
  const strike = (fault: DiskFault, transaction: RawTransaction, write: () => IDBRequest): IDBRequest => {
    if (fault === 'quota-at-request') return failAtRequest(transaction, write)
    if (fault === 'quota-at-commit') return failAtCommit(transaction, write)
    if (fault === 'connection-lost') loseConnection(transaction.db)
    else {
      abortAll(transaction.db)
      disk.onKilled()
    }
    // Throws what a browser throws there: the transaction is over.
    return write()
  }
  const disk: Disk = {
    indexedDB,
    writes: () => count,
    plan(fault) {
      planned = fault === undefined ? undefined : { ...fault, at: count + fault.at }
    },
    isSpent: () => planned === undefined,
    onKilled: () => undefined,
    abortAll,
    copy: () => copyOf(indexedDB),
  }
  hooks.set(indexedDB as unknown as RawFactory, (transaction, write) => {
    count += 1
    if (planned === undefined || count < planned.at) return write()
    const { fault } = planned
    planned = undefined
    return strike(fault, transaction, write)
  })
  return disk
}

/** Forget the disks of a history: there are hundreds in one process. */
export function forgetDisk(disk: Disk): void {
  hooks.delete(disk.indexedDB as unknown as RawFactory)
}

async function copyOf(from: IDBFactory): Promise<Disk> {
  const to = createDisk()
  for (const { name, version } of await from.databases()) {
    if (name === undefined) continue
    const source = await new Dexie(name, { indexedDB: from, autoOpen: false }).open()
    const target = new Dexie(name, { indexedDB: to.indexedDB })
    const schema = Object.fromEntries(
      source.tables.map((table) => [
        table.name,
        [table.schema.primKey, ...table.schema.indexes].map((index) => index.src).join(', '),
      ]),
    )
    // Dexie's version numbers are ten times smaller than the database's.
    target.version((version ?? 10) / 10).stores(schema)
    for (const table of source.tables) await target.table(table.name).bulkPut(await table.toArray())
    source.close()
    target.close()
  }
  return to
}
