/**
 * A stand-in for the phone's Dexie database over a {@link MemoryDisk}: the part of Dexie that src/client/storage and
 * src/client/sync use, without timers, so that thousands of histories run in a minute. Whatever Dexie does for the same
 * calls this does as well (memory-phone-db.test.ts compares them on random operations); calls that it does not know do not
 * compile or throw.
 *
 * One object is one tab: it can be killed, can lose its connection, and its transactions are told apart from those of
 * calls beside them by the asynchronous context, as Dexie does it by zones.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { layout, type PhoneDb } from '../../../src/client/storage/db.ts'
import { parseTable } from './memory-layout.ts'
import { MemoryTable } from './memory-table.ts'
import { keyText, MemoryDisk, type Change } from './memory-disk.ts'

export interface Transaction {
  tables: ReadonlySet<string>
  isWriting: boolean
  changes: Change[]
  /** Key generators as they were, to go back to. */
  generators: Map<string, number>
  isOver: boolean
}

const MAX_OPERATIONS = 2_000_000
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

/** Read once: thousands of phones are opened. */
const LAYOUT = Object.entries(layout()).map(([name, schema]) => [name, parseTable(schema)] as const)
export const newDisk = (): MemoryDisk => new MemoryDisk(LAYOUT.map(([name]) => name))

export class MemoryPhoneDb {
  readonly disk: MemoryDisk
  readonly tables: MemoryTable[]
  isOver = false
  #isOpen = true
  readonly #byName = new Map<string, MemoryTable>()
  readonly #current = new AsyncLocalStorage<Transaction>()

  constructor(disk: MemoryDisk) {
    this.disk = disk
    for (const [name, parsed] of LAYOUT) this.#byName.set(name, new MemoryTable(this, name, parsed))
    this.tables = [...this.#byName.values()]
    for (const name of this.#byName.keys()) Object.defineProperty(this, name, { value: this.table(name) })
  }

  table(name: string): MemoryTable {
    const table = this.#byName.get(name)
    if (table === undefined) throw named('InvalidTableError', `Table ${name} does not exist`)
    return table
  }
  records(type: string): MemoryTable {
    return this.table(type)
  }
  rows(type: string): MemoryTable {
    return this.table(type)
  }

  open(): Promise<this> {
    if (this.isOver) return Promise.reject(named('DatabaseClosedError', 'closed for good'))
    this.#isOpen = true
    return Promise.resolve(this)
  }
  close(): void {
    this.#isOpen = false
  }
  closeForGood(): void {
    this.isOver = true
    this.close()
  }

  transaction<T>(mode: 'r' | 'rw', ...rest: unknown[]): Promise<T> {
    const body = rest.pop() as () => Promise<T>
    const names = new Set(
      rest.flat().map((table) => (typeof table === 'string' ? table : (table as MemoryTable).name)),
    )
    const outer = this.#running()
    if (outer === undefined) return this.disk.alone(() => this.#run(mode === 'rw', names, body))
    for (const name of names)
      if (!outer.tables.has(name))
        return Promise.reject(named('SubTransactionError', `${name} is not in the outer transaction`))
    if (mode === 'rw' && !outer.isWriting)
      return Promise.reject(named('SubTransactionError', 'the outer transaction only reads'))
    return Promise.resolve().then(body)
  }

  /** One operation of a table: inside the transaction under way, or as a transaction of its own. */
  async act<T>(table: string, isWrite: boolean, work: (transaction: Transaction) => T): Promise<T> {
    const transaction = this.#running()
    if (transaction === undefined)
      return await this.disk.alone(() =>
        this.#run(isWrite, new Set([table]), (own) => Promise.resolve(work(own))),
      )
    this.#check()
    if (!transaction.tables.has(table)) throw named('NotFoundError', `Table ${table} not part of transaction`)
    if (isWrite && !transaction.isWriting) throw named('ReadOnlyError', 'Transaction is readonly')
    return work(transaction)
  }

  /** Before each row that is written. */
  strike(): void {
    const { fault } = this.disk
    if (fault === undefined || fault.kind === 'killed-after-commit') return
    if (fault.after > 0) {
      fault.after -= 1
      return
    }
    this.disk.fault = undefined
    this.disk.struck.add(fault.kind)
    if (fault.kind === 'quota') throw named('QuotaExceededError', 'The disk is full')
    if (fault.kind === 'killed') this.closeForGood()
    else this.#isOpen = false
    throw named('InvalidStateError', 'Connection to Indexed Database server lost')
  }

  #running(): Transaction | undefined {
    const transaction = this.#current.getStore()
    return transaction === undefined || transaction.isOver ? undefined : transaction
  }

  #check(): void {
    this.disk.operations += 1
    if (this.disk.operations > MAX_OPERATIONS) throw new Error('storage is asked without end')
    if (!this.#isOpen) throw named('DatabaseClosedError', 'Connection to Indexed Database server lost')
  }

  async #run<T>(
    isWriting: boolean,
    tables: ReadonlySet<string>,
    body: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    this.#check()
    const transaction: Transaction = { tables, isWriting, changes: [], generators: new Map(), isOver: false }
    try {
      const result = await this.#current.run(transaction, () => body(transaction))
      this.#check()
      if (isWriting && transaction.changes.length > 0) this.strike()
      this.#commit(transaction)
      return result
    } catch (problem) {
      if (!transaction.isOver) this.#undo(transaction)
      throw problem
    } finally {
      transaction.isOver = true
    }
  }

  #commit(transaction: Transaction): void {
    transaction.isOver = true
    if (transaction.changes.length === 0) return
    this.disk.onCommit?.(transaction.changes)
    const { fault } = this.disk
    if (fault?.kind !== 'killed-after-commit') return
    if (fault.after > 0) fault.after -= 1
    else {
      this.disk.fault = undefined
      this.disk.struck.add(fault.kind)
      this.closeForGood()
      throw named('DatabaseClosedError', 'the tab was killed')
    }
  }

  #undo({ changes, generators }: Transaction): void {
    for (const { table, key, before } of changes.toReversed()) {
      const { rows } = this.disk.state(table)
      if (before === undefined) rows.delete(keyText(key))
      else rows.set(keyText(key), { key, row: before })
    }
    for (const [table, nextKey] of generators) this.disk.state(table).nextKey = nextKey
  }
}

/** The stand-in as the client's code knows its database. */
export const asPhoneDb = (db: MemoryPhoneDb): PhoneDb => db as unknown as PhoneDb
