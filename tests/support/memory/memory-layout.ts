/** How a table's rows are keyed and indexed, read from Dexie's schema text, and where a value lies in a row. */
import type { Key, Row } from './memory-disk.ts'

export interface TableLayout {
  /** One path, or several for a compound key. */
  primary: readonly string[]
  isCompound: boolean
  isGenerated: boolean
  indexes: ReadonlyMap<string, readonly string[]>
}

const pathsOf = (text: string): string[] => (text.startsWith('[') ? text.slice(1, -1).split('+') : [text])

export function parseTable(schema: string): TableLayout {
  const [primary = '', ...indexes] = schema.split(',').map((part) => part.trim())
  for (const part of [primary, ...indexes])
    if (/[*&]/.test(part)) throw new Error(`an index of a kind that is not known here: ${part}`)
  const isGenerated = primary.startsWith('++')
  const name = isGenerated ? primary.slice(2) : primary
  return {
    primary: pathsOf(name),
    isCompound: name.startsWith('['),
    isGenerated,
    indexes: new Map([name, ...indexes].map((index) => [index, pathsOf(index)])),
  }
}

export function valueAt(row: Row, path: string): unknown {
  let at: unknown = row
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at
}

export const asKey = (value: unknown): Key | undefined =>
  typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value)) ? value : undefined

/** undefined: the row is not in this index (null and booleans are no keys). */
export function indexKey(row: Row, paths: readonly string[]): Key | undefined {
  if (paths.length === 1) return asKey(valueAt(row, paths[0]!))
  const keys = paths.map((path) => asKey(valueAt(row, path)))
  return keys.some((key) => key === undefined) ? undefined : (keys as Key[])
}

export function withChanges(row: Row, changes: Record<string, unknown>): Row {
  const next: Record<string, unknown> = { ...row }
  for (const [name, value] of Object.entries(changes)) {
    if (name.includes('.')) throw new Error('changes by path are not known here')
    if (value === undefined) delete next[name]
    else next[name] = value
  }
  return next
}
