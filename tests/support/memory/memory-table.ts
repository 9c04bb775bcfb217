/** One table of the in-memory database, and a selection of its rows, as Dexie's Table, WhereClause and Collection. */
import { compareKeys, keep, keyText, type Key, type Row } from './memory-disk.ts'
import { asKey, indexKey, valueAt, withChanges, type TableLayout } from './memory-layout.ts'
import type { MemoryPhoneDb, Transaction } from './memory-phone-db.ts'

interface Entry {
  key: Key
  row: Row
}

const changed = (row: Row): Record<string, unknown> => structuredClone(row) as Record<string, unknown>

export class MemoryTable {
  readonly name: string
  readonly layout: TableLayout
  readonly #db: MemoryPhoneDb

  constructor(db: MemoryPhoneDb, name: string, layout: TableLayout) {
    this.#db = db
    this.name = name
    this.layout = layout
  }

  read<T>(work: (entries: Entry[]) => T): Promise<T> {
    return this.#db.act(this.name, false, () =>
      work([...this.#rows.values()].sort((a, b) => compareKeys(a.key, b.key))),
    )
  }
  write<T>(work: (entries: Entry[], transaction: Transaction) => T): Promise<T> {
    return this.#db.act(this.name, true, (transaction) =>
      work(
        [...this.#rows.values()].sort((a, b) => compareKeys(a.key, b.key)),
        transaction,
      ),
    )
  }

  get(key: Key): Promise<Row | undefined> {
    return this.#db.act(this.name, false, () => this.#rows.get(keyText(key))?.row)
  }
  bulkGet(keys: readonly Key[]): Promise<(Row | undefined)[]> {
    return this.#db.act(this.name, false, () => keys.map((key) => this.#rows.get(keyText(key))?.row))
  }
  put(row: Row): Promise<Key> {
    return this.#db.act(this.name, true, (transaction) => this.set(transaction, row))
  }
  add(row: Row): Promise<Key> {
    return this.#db.act(this.name, true, (transaction) => this.#setNew(transaction, row))
  }
  /** @returns the last key */
  bulkPut(rows: readonly Row[]): Promise<Key | undefined> {
    return this.#db.act(this.name, true, (transaction) => {
      let last: Key | undefined
      for (const row of rows) last = this.set(transaction, row)
      return last
    })
  }
  bulkAdd(rows: readonly Row[]): Promise<Key | undefined> {
    return this.#db.act(this.name, true, (transaction) => {
      let last: Key | undefined
      for (const row of rows) last = this.#setNew(transaction, row)
      return last
    })
  }
  update(key: Key, changes: Record<string, unknown>): Promise<number> {
    return this.#db.act(this.name, true, (transaction) => {
      const before = this.#rows.get(keyText(key))?.row
      if (before === undefined) return 0
      this.set(transaction, withChanges(before, changes))
      return 1
    })
  }
  delete(key: Key): Promise<void> {
    return this.#db.act(this.name, true, (transaction) => this.unset(transaction, key))
  }
  bulkDelete(keys: readonly Key[]): Promise<void> {
    return this.#db.act(this.name, true, (transaction) => {
      for (const key of keys) this.unset(transaction, key)
    })
  }
  clear(): Promise<void> {
    return this.write((entries, transaction) => {
      for (const { key } of entries) this.unset(transaction, key)
    })
  }

  toCollection(): MemoryCollection {
    return new MemoryCollection(this, (entries) => entries)
  }
  count(): Promise<number> {
    return this.toCollection().count()
  }
  toArray(): Promise<Row[]> {
    return this.toCollection().toArray()
  }
  each(visit: (row: Row) => void): Promise<void> {
    return this.toCollection().each(visit)
  }
  filter(holds: (row: Row) => boolean): MemoryCollection {
    return this.toCollection().and(holds)
  }
  limit(count: number): MemoryCollection {
    return this.toCollection().limit(count)
  }
  orderBy(index: string): MemoryCollection {
    return this.#byIndex(index, () => true)
  }
  where(index: string): MemoryWhere
  where(equal: Record<string, Key>): MemoryCollection
  where(asked: string | Record<string, Key>): MemoryWhere | MemoryCollection {
    if (typeof asked === 'string') return new MemoryWhere((holds) => this.#byIndex(asked, holds))
    const wanted = Object.entries(asked)
    return this.filter((row) => wanted.every(([path, value]) => valueAt(row, path) === value))
  }

  set(transaction: Transaction, given: Row): Key {
    const { state } = this
    let row = given
    let key = this.#keyOf(row)
    if (!transaction.generators.has(this.name)) transaction.generators.set(this.name, state.nextKey)
    if (key === undefined) {
      if (!this.layout.isGenerated)
        throw Object.assign(new Error('no valid key in the row'), { name: 'DataError' })
      key = state.nextKey
      row = { ...row, [this.layout.primary[0]!]: key }
    }
    if (this.layout.isGenerated && typeof key === 'number' && key >= state.nextKey) state.nextKey = key + 1
    this.#db.strike()
    const after = keep(row)
    transaction.changes.push({ table: this.name, key, before: this.#rows.get(keyText(key))?.row, after })
    this.#rows.set(keyText(key), { key, row: after })
    return key
  }

  #setNew(transaction: Transaction, row: Row): Key {
    const key = this.#keyOf(row)
    if (key !== undefined && this.#rows.has(keyText(key)))
      throw Object.assign(new Error('Key already exists in the object store'), { name: 'ConstraintError' })
    return this.set(transaction, row)
  }

  unset(transaction: Transaction, key: Key): void {
    const before = this.#rows.get(keyText(key))?.row
    if (before === undefined) return
    this.#db.strike()
    transaction.changes.push({ table: this.name, key, before, after: undefined })
    this.#rows.delete(keyText(key))
  }

  get state() {
    return this.#db.disk.state(this.name)
  }
  get #rows() {
    return this.state.rows
  }
  #keyOf(row: Row): Key | undefined {
    return indexKey(row, this.layout.primary)
  }

  #byIndex(index: string, holds: (key: Key) => boolean): MemoryCollection {
    const paths = this.layout.indexes.get(index)
    if (paths === undefined)
      throw Object.assign(new Error(`KeyPath ${index} on ${this.name} is not indexed`), {
        name: 'SchemaError',
      })
    const select = (entries: Entry[]) =>
      entries
        .flatMap((entry) => {
          const by = indexKey(entry.row, paths)
          return by === undefined || !holds(by) ? [] : [{ ...entry, by }]
        })
        .sort((a, b) => compareKeys(a.by, b.by) || compareKeys(a.key, b.key))
    return new MemoryCollection(this, select)
  }
}

export class MemoryWhere {
  readonly #select: (holds: (key: Key) => boolean) => MemoryCollection
  constructor(select: (holds: (key: Key) => boolean) => MemoryCollection) {
    this.#select = select
  }
  equals(wanted: Key): MemoryCollection {
    return this.#select((key) => compareKeys(key, wanted) === 0)
  }
  anyOf(wanted: readonly Key[]): MemoryCollection {
    const texts = new Set(wanted.map(keyText))
    return this.#select((key) => texts.has(keyText(key)))
  }
  above(limit: Key): MemoryCollection {
    return this.#select((key) => compareKeys(key, limit) > 0)
  }
  startsWith(prefix: string): MemoryCollection {
    return this.#select((key) => typeof key === 'string' && key.startsWith(prefix))
  }
}

type Selected = Entry & { by?: Key }

/** Chained calls make new selections here; Dexie's change the one: nobody in src keeps one to chain it twice. */
export class MemoryCollection {
  readonly #table: MemoryTable
  readonly #select: (entries: Entry[]) => Selected[]

  constructor(table: MemoryTable, select: (entries: Entry[]) => Selected[]) {
    this.#table = table
    this.#select = select
  }

  and(holds: (row: Row) => boolean): MemoryCollection {
    return new MemoryCollection(this.#table, (entries) =>
      this.#select(entries).filter(({ row }) => holds(row)),
    )
  }
  filter(holds: (row: Row) => boolean): MemoryCollection {
    return this.and(holds)
  }
  limit(count: number): MemoryCollection {
    return new MemoryCollection(this.#table, (entries) => this.#select(entries).slice(0, count))
  }

  toArray(): Promise<Row[]> {
    return this.#table.read((entries) => this.#select(entries).map(({ row }) => row))
  }
  async sortBy(path: string): Promise<Row[]> {
    const rows = await this.toArray()
    const keyed = rows.map((row) => ({ row, by: asKey(valueAt(row, path)) ?? '' }))
    return keyed.sort((a, b) => compareKeys(a.by, b.by)).map(({ row }) => row)
  }
  async first(): Promise<Row | undefined> {
    return (await this.toArray())[0]
  }
  async count(): Promise<number> {
    return (await this.toArray()).length
  }
  async each(visit: (row: Row) => void): Promise<void> {
    for (const row of await this.toArray()) visit(row)
  }
  primaryKeys(): Promise<Key[]> {
    return this.#table.read((entries) => this.#select(entries).map(({ key }) => key))
  }
  keys(): Promise<Key[]> {
    return this.#table.read((entries) => this.#select(entries).map(({ key, by }) => by ?? key))
  }
  async uniqueKeys(): Promise<Key[]> {
    return [...new Map((await this.keys()).map((key) => [keyText(key), key])).values()]
  }
  delete(): Promise<number> {
    return this.#table.write((entries, transaction) => {
      const selected = this.#select(entries)
      for (const { key } of selected) this.#table.unset(transaction, key)
      return selected.length
    })
  }
  modify(change: Record<string, unknown> | ((row: Record<string, unknown>) => void)): Promise<number> {
    return this.#table.write((entries, transaction) => {
      const selected = this.#select(entries)
      for (const { row } of selected) {
        if (typeof change !== 'function') {
          this.#table.set(transaction, withChanges(row, change))
          continue
        }
        const copy = changed(row)
        change(copy)
        this.#table.set(transaction, copy)
      }
      return selected.length
    })
  }
}
