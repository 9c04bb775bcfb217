/** Changes to what the demo has put into a store, by the same definitions that everything passes. */
import { putRecord } from '../../../src/server/commands/put-record.ts'
import type { WriteTx } from '../../../src/server/store/record-store.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'

export interface Row {
  id: string
  author: string
  fields: JsonObject
}

export async function rowsOf(tx: WriteTx, type: string): Promise<Row[]> {
  const rows = await tx.records({ types: [type] })
  return rows
    .filter(({ deleted }) => !deleted)
    .map(({ id, author, fields }) => ({ id, author, fields: JSON.parse(fields) as JsonObject }))
}

export const put = (tx: WriteTx, type: string, { id, author, fields }: Row, now: number) =>
  putRecord(tx, { type, id, author, fields, now })
