/**
 * The disk of one browser profile, in memory: tables that several tabs share, and the faults of a phone's storage.
 *
 * Keeps IndexedDB's word: a transaction is there whole or not at all; transactions run one after the other (one of the
 * orders that IndexedDB allows); what was read cannot be changed by accident; keys sort as IndexedDB sorts them.
 */

export type Key = number | string | Key[]
export type Row = Readonly<Record<string, unknown>>

/** What strikes at the k-th write or commit from now; a commit counts as one. */
export interface DiskFault {
  kind: 'killed' | 'killed-after-commit' | 'quota' | 'lost-connection'
  /** 0 = the next one. */
  after: number
}

export interface Change {
  table: string
  key: Key
  before: Row | undefined
  after: Row | undefined
}

export interface MemoryTableState {
  rows: Map<string, { key: Key; row: Row }>
  nextKey: number
}

/** One string for one key; only for looking up. */
export const keyText = (key: Key): string => (typeof key === 'string' ? `s${key}` : JSON.stringify(key))

const rank = (key: Key): number => (typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2)

/** IndexedDB's order: numbers, texts by code unit, arrays element by element. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (!Array.isArray(a) || !Array.isArray(b)) return (a as number) - (b as number)
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareKeys(a[at]!, b[at]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** A frozen copy of plain data, as the structured clone algorithm would make one. */
export function keep<T>(value: T): T {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw Object.assign(new Error('could not be cloned'), { name: 'DataCloneError' })
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(keep)) as T
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) copy[name] = keep(item)
  return Object.freeze(copy) as T
}

export class MemoryDisk {
  readonly tables = new Map<string, MemoryTableState>()
  fault: DiskFault | undefined
  /** Faults that really struck. */
  readonly struck = new Set<DiskFault['kind']>()
  /** Told of what each committed transaction changed. */
  onCommit: ((changes: readonly Change[]) => void) | undefined
  /** Every operation counts, so that a loop without end is found. */
  operations = 0
  #tail: Promise<unknown> = Promise.resolve()

  constructor(tableNames: Iterable<string>) {
    for (const name of tableNames) this.tables.set(name, { rows: new Map(), nextKey: 1 })
  }

  /** The same bytes on another phone. Rows are never changed in place, so they are shared. */
  clone(): MemoryDisk {
    const copy = new MemoryDisk([])
    for (const [name, { rows, nextKey }] of this.tables)
      copy.tables.set(name, { rows: new Map(rows), nextKey })
    return copy
  }

  /** Runs after whatever is under way. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task)
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  /** By primary key; for checks that stand outside of any tab. */
  rows<T = Row>(table: string): T[] {
    return [...this.state(table).rows.values()]
      .sort((a, b) => compareKeys(a.key, b.key))
      .map(({ row }) => row as T)
  }

  size(table: string): number {
    return this.state(table).rows.size
  }

  row(table: string, key: Key): Row | undefined {
    return this.state(table).rows.get(keyText(key))?.row
  }

  /** As decay would: past every transaction. */
  overwrite(table: string, key: Key, row: Row): void {
    this.state(table).rows.set(keyText(key), { key, row: keep(row) })
  }

  state(table: string): MemoryTableState {
    const state = this.tables.get(table)
    if (state === undefined) throw new Error(`no such table: ${table}`)
    return state
  }
}
