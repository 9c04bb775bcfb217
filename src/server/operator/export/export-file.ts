/**
 * An export: NDJSON, plain, for archives and for whoever wants to check the ledger elsewhere. Scopes with their heads, records,
 * ledger and erasures; no accounts, no sessions, no files. First line: what it is; last line: how many rows it has, so that
 * one that was cut off is told from one that is whole.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { TableReader, TableRow } from '../../store/record-store.ts'
import type { TableName } from '../../store/sql/tables.ts'

export const EXPORTED_TABLES = ['scopes', 'records', 'ledger', 'erasures'] as const satisfies TableName[]
const FORMAT = 'window-hall-export'

/** Cannot be read as an export; the message is for the operator. */
export class ExportTrouble extends Error {
  override name = 'ExportTrouble'
}

/** @param scope only this one, by its name */
export async function* exportLines(
  tables: TableReader,
  { at, scope }: { at: number; scope?: string | undefined },
): AsyncIterable<string> {
  yield JSON.stringify({ format: FORMAT, version: 1, at, scope: scope ?? null })
  let scopeId: unknown
  let rows = 0
  for (const table of EXPORTED_TABLES) {
    for await (const row of tables.rows(table)) {
      if (table === 'scopes' && row.name === scope) scopeId = row.id
      if (scope !== undefined && !belongs(table, row, scope, scopeId)) continue
      rows++
      yield JSON.stringify({ table, row })
    }
  }
  yield JSON.stringify({ end: true, rows })
}

function belongs(table: TableName, row: TableRow, scope: string, scopeId: unknown): boolean {
  if (table === 'scopes') return row.name === scope
  return table === 'erasures' ? row.scope === scope : row.scope_id === scopeId
}

interface Line {
  format?: string
  at?: number
  table?: string
  row?: TableRow
  end?: boolean
  rows?: number
}

/** The tables of an export, or undefined for a file that isn't one. @throws ExportTrouble */
export async function openExport(path: string): Promise<{ reader: TableReader; at: number } | undefined> {
  for await (const line of linesOf(path)) {
    if (line?.format !== FORMAT) return undefined
    return { at: line.at ?? 0, reader: { rows: (table) => rowsOf(path, table) } }
  }
  return undefined
}

async function* rowsOf(path: string, table: TableName): AsyncIterable<TableRow> {
  let rows = 0
  for await (const line of linesOf(path)) {
    if (line === undefined) throw new ExportTrouble(`导出文件有一行读不懂（第 ${rows + 2} 行）。`)
    if (line.end === true) {
      if (line.rows !== rows)
        throw new ExportTrouble(`导出文件不完整：应有 ${line.rows} 行，只有 ${rows} 行。`)
      return
    }
    if (line.row === undefined) continue
    rows++
    if (line.table === table) yield line.row
  }
  throw new ExportTrouble('导出文件不完整：没有结尾。')
}

/** undefined for what isn't JSON. */
async function* linesOf(path: string): AsyncIterable<Line | undefined> {
  const input = createReadStream(path, 'utf8')
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) yield parsed(text)
  } finally {
    input.destroy()
  }
}

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Line) : undefined
  } catch (problem) {
    if (problem instanceof SyntaxError) return undefined
    throw problem
  }
}
