/** Reads a table although single values of it cannot be read, and tells sound rows from damaged ones. */
import type { Table } from 'dexie'
import { parseFields, type AnyDefinition } from '../../../shared/sync/define-record.ts'
import { parseScope } from '../../../shared/sync/parse-scope.ts'
import type { AttentionItem, BaseRow, OutboxEntry, PhoneRecord, QuarantineRow } from '../rows.ts'

const SLICE = 200

export interface Found<Row, Key> {
  key: Key
  /** undefined: the browser cannot read the value. */
  row: Row | undefined
}

/** Every key of the table with its value, also where a value is lost. */
export async function readEach<Row, Key>(table: Table<Row, Key>): Promise<Found<Row, Key>[]> {
  const keys = await table.toCollection().primaryKeys()
  const found: Found<Row, Key>[] = []
  for (let at = 0; at < keys.length; at += SLICE) {
    const slice = keys.slice(at, at + SLICE)
    const rows = await readSlice(table, slice)
    slice.forEach((key, i) => found.push({ key, row: rows[i] }))
  }
  return found
}

async function readSlice<Row, Key>(table: Table<Row, Key>, keys: Key[]): Promise<(Row | undefined)[]> {
  try {
    return await table.bulkGet(keys)
  } catch (error) {
    if (keys.length === 1 && isUnreadable(error)) return [undefined]
    if (!isUnreadable(error)) throw error
  }
  const middle = Math.ceil(keys.length / 2)
  return [...(await readSlice(table, keys.slice(0, middle))), ...(await readSlice(table, keys.slice(middle)))]
}

const UNREADABLE = /^(DataError|NotReadableError|DataCloneError|UnknownError)$/

/** The value, not the database: another failure is not to be taken for damage. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const inner: unknown = Reflect.get(error, 'inner')
  return UNREADABLE.test(error.name) || (inner instanceof Error && UNREADABLE.test(inner.name))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScope = (value: unknown): boolean => typeof value === 'string' && parseScope(value) !== undefined
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)

/** The shape alone: what every part of the phone relies on. */
export function hasRowShape(row: unknown): row is PhoneRecord {
  if (!isObject(row) || !isObject(row.fields)) return false
  const { id, scope, rev, schemaVersion, pending, author, observedAt, receivedAt } = row
  return (
    typeof id === 'string' &&
    isScope(scope) &&
    [rev, schemaVersion, observedAt].every(isNumber) &&
    typeof author === 'string' &&
    (receivedAt === null || isNumber(receivedAt)) &&
    (pending === 0 || pending === 1)
  )
}

export const isSoundRow = (definition: AnyDefinition, row: unknown): row is PhoneRecord =>
  hasRowShape(row) && parseFields(definition, row.fields).ok

export const isSoundBase = (row: unknown): row is BaseRow =>
  isObject(row) && isScope(row.scope) && hasRowShape(row.record)

export const isSoundQuarantine = (row: unknown): row is QuarantineRow =>
  isObject(row) && isScope(row.scope) && isObject(row.record) && isObject(row.record.fields)

/** What is inside `fields` is judged by the endpoint; here only whether the queue can be worked through. */
export function isSoundEntry(row: unknown): row is OutboxEntry {
  if (!isObject(row) || !isObject(row.fields)) return false
  const { type, id, scope, op, hlc, schemaVersion, observedAt, savedAt, n, conflict } = row
  return (
    [type, id, hlc].every((value) => typeof value === 'string') &&
    isScope(scope) &&
    (op === 'put' || op === 'delete') &&
    (conflict === 'fact' || conflict === 'draft' || conflict === 'content') &&
    [schemaVersion, observedAt, savedAt].every(isNumber) &&
    (n === null || isNumber(n))
  )
}

export const isSoundAttention = (row: unknown): row is AttentionItem =>
  isObject(row) &&
  isObject(row.fields) &&
  [row.type, row.id, row.scope, row.label, row.sentence].every((value) => typeof value === 'string') &&
  isNumber(row.savedAt)
