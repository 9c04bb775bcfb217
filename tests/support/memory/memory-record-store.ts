/**
 * The endpoint's store in memory, for histories by the thousand. Keeps the contract of record-store.ts: transactions run one
 * after the other, commit wholly or not at all, savepoints undo what is within; a read sees one snapshot. It can be copied
 * cheaply (a prepared bureau, a backup), and it can break down at a commit, as an endpoint that is killed does.
 */
import type { RecordStore, TableRow, WriteTx } from '../../../src/server/store/record-store.ts'
import type { TableName } from '../../../src/server/store/sql/tables.ts'
import { TABLE_NAMES, TABLES } from '../../../src/server/store/sql/whole-store.ts'
import { createMemoryReadTx } from './memory-read-tx.ts'
import { createMemoryWriteTx } from './memory-write-tx.ts'

type Rows = Map<string, TableRow>

/** All tables; rows are replaced, never changed, so that copies share them. */
export class MemoryTables {
  readonly #tables: Map<TableName, Rows>
  #undo: { table: TableName; key: string; before: TableRow | undefined }[] = []

  constructor(tables?: Map<TableName, Rows>) {
    this.#tables = tables ?? new Map(TABLE_NAMES.map((name) => [name, new Map<string, TableRow>()]))
  }

  clone(): MemoryTables {
    return new MemoryTables(new Map([...this.#tables].map(([name, rows]) => [name, new Map(rows)])))
  }
  /** A list of its own: rows may be changed while it is gone through. */
  all<T = TableRow>(table: TableName): T[] {
    return [...this.#of(table).values()] as T[]
  }
  get<T = TableRow>(table: TableName, ...key: (string | number)[]): T | undefined {
    return this.#of(table).get(key.join('\u0000')) as T | undefined
  }
  put(table: TableName, row: object): void {
    const key = this.#keyOf(table, row as TableRow)
    this.#note(table, key)
    this.#of(table).set(key, row as TableRow)
  }
  insert(table: TableName, row: object): void {
    const key = this.#keyOf(table, row as TableRow)
    if (this.#of(table).has(key)) throw new Error(`UNIQUE constraint failed: ${table}`)
    this.put(table, row)
  }
  remove(table: TableName, row: object): void {
    const key = this.#keyOf(table, row as TableRow)
    this.#note(table, key)
    this.#of(table).delete(key)
  }
  /** A place to go back to. */
  mark(): number {
    return this.#undo.length
  }
  backTo(mark: number): void {
    for (const { table, key, before } of this.#undo.splice(mark).toReversed())
      if (before === undefined) this.#of(table).delete(key)
      else this.#of(table).set(key, before)
  }
  /** What was written since the last call, in order; it can no longer be undone. */
  settled(): { table: TableName; key: string }[] {
    const written = this.#undo
    this.#undo = []
    return written
  }
  sorted(table: TableName): TableRow[] {
    const keys = TABLES[table]
    const compare = (a: TableRow, b: TableRow) => {
      for (const key of keys) if (a[key] !== b[key]) return a[key]! < b[key]! ? -1 : 1
      return 0
    }
    return [...this.#of(table).values()].sort(compare)
  }

  #of(table: TableName): Rows {
    const rows = this.#tables.get(table)
    if (rows === undefined) throw new Error(`no such table: ${table}`)
    return rows
  }
  #keyOf(table: TableName, row: TableRow): string {
    return TABLES[table].map((column) => String(row[column])).join('\u0000')
  }
  #note(table: TableName, key: string): void {
    this.#undo.push({ table, key, before: this.#of(table).get(key) })
  }
}

/** A breakdown around the next commit of a write that changed something. */
export type CommitFault = 'killed-before-commit' | 'killed-after-commit' | 'locked'

export class MemoryRecordStore implements RecordStore {
  tables: MemoryTables
  fault: CommitFault | undefined
  /** Told of the rows of each write that was committed, in order. */
  onCommit: ((written: readonly { table: TableName; key: string }[]) => void) | undefined
  /** How often a commit broke down: whoever asked gets no answer. */
  breakdowns = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor(tables: MemoryTables = new MemoryTables()) {
    this.tables = tables
    if (tables.get('settings', 'epoch') === undefined) {
      tables.put('settings', { key: 'epoch', value: crypto.randomUUID() })
      tables.put('settings', { key: 'cursor-key', value: crypto.randomUUID() })
      tables.settled()
    }
  }

  write<T>(_scopes: readonly string[], body: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.#alone(() => this.#commit(() => body(createMemoryWriteTx(this.tables))))
  }
  read<T>(body: Parameters<RecordStore['read']>[0]): Promise<T> {
    return this.#alone(() => body(createMemoryReadTx(this.tables)) as Promise<T>)
  }
  readAll: RecordStore['readAll'] = (body) =>
    this.#alone(() => {
      const snapshot = this.tables.clone()
      return body({
        async *rows(table) {
          yield* snapshot.sorted(table)
        },
      })
    })
  replaceAll: RecordStore['replaceAll'] = (body) =>
    this.#alone(() =>
      this.#commit(() => {
        for (const table of TABLE_NAMES.toReversed())
          for (const row of this.tables.all(table)) this.tables.remove(table, row)
        const insert = (table: TableName, rows: readonly TableRow[]) => {
          for (const row of rows) this.tables.insert(table, row)
          return Promise.resolve()
        }
        return body({ insert }, createMemoryWriteTx(this.tables))
      }),
    )
  close(): Promise<void> {
    return this.#alone(() => Promise.resolve())
  }

  async #commit<T>(body: () => Promise<T>): Promise<T> {
    const before = this.tables.mark()
    try {
      const result = await body()
      const hasChanged = this.tables.mark() > before
      const fault = hasChanged ? this.fault : undefined
      if (hasChanged) this.fault = undefined
      if (fault !== undefined && fault !== 'locked') this.breakdowns += 1
      if (fault === 'locked') throw new Error('database is locked')
      if (fault === 'killed-before-commit') throw new Error('the endpoint was killed before the commit')
      const written = this.tables.settled()
      this.onCommit?.(written)
      if (fault === 'killed-after-commit') throw new EndpointKilled()
      return result
    } catch (problem) {
      if (!(problem instanceof EndpointKilled)) this.tables.backTo(before)
      throw problem
    }
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task)
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}

/** What was committed stays. */
class EndpointKilled extends Error {
  override name = 'EndpointKilled'
  constructor() {
    super('the endpoint was killed after the commit')
  }
}
