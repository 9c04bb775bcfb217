/** What Dexie tables hold, as one number, read a part at a time so that a hundred thousand rows fit. */
import type { Table } from 'dexie'
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'

export interface Row {
  id: string
  scope: string
  rev: number
  fields: object
}

const PAGE = 2000

export async function digestTables(
  tables: readonly (readonly [string, Table<Row, string>])[],
): Promise<Digest> {
  const digest = emptyDigest()
  for (const [type, table] of tables) {
    let after = ''
    for (;;) {
      const rows = await table.where(':id').above(after).limit(PAGE).toArray()
      for (const row of rows) addToDigest(digest, type, row)
      if (rows.length < PAGE) break
      after = rows.at(-1)!.id
    }
  }
  return digest
}
