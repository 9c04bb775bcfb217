/** The floor: the same rows as ready-made JSON pages, each put by one bulkPut a table in a strict transaction, the same indexes. */
import { Dexie } from 'dexie'
import type { Digest } from '../fill/digest.ts'
import { digestTables, type Row } from './digest-tables.ts'
import { measured, type Measured } from './measure.ts'

const INDEXES = {
  lesson: 'id, scope, pending, fields.week, fields.issueId',
  'shared-reflection': 'id, scope, pending, fields.lessonId',
}

const db = new Dexie('floor', { chromeTransactionDurability: 'strict', cache: 'disabled' })
db.version(1).stores(INDEXES)

export async function open(): Promise<void> {
  await db.open()
}

async function page(index: number): Promise<Record<string, Row[]>> {
  const response = await fetch(`/floor/pages/${index}`)
  return (await response.json()) as Record<string, Row[]>
}

export function sync(): Promise<Measured<number>> {
  return measured(async (sample) => {
    for (let index = 0; ; index++) {
      const tables = await page(index)
      // The last answer is empty, as our own last round is.
      if (Object.keys(tables).length === 0) return index
      await db.transaction('rw', Object.keys(tables), async () => {
        for (const [type, rows] of Object.entries(tables)) await db.table(type).bulkPut(rows)
      })
      sample()
    }
  })
}

export const digest = (): Promise<Digest> =>
  digestTables(Object.keys(INDEXES).map((type) => [type, db.table<Row, string>(type)] as const))

/** The floor of a push: the rows in bodies of 200, one after the other. */
export function push(rows: object[]): Promise<Measured<void>> {
  return measured(async () => {
    for (let at = 0; at < rows.length; at += 200) {
      const response = await fetch('/plain/push', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rows.slice(at, at + 200)),
      })
      if (!response.ok) throw new Error(`plain push: ${response.status}`)
    }
  })
}
