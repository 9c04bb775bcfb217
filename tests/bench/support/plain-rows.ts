/** The rows of the measured types, out of a store, as plain values: for the peers to hold and for the check of equality. */
import type { ReadTx, RecordStore, StoredRecord } from '../../../src/server/store/record-store.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { addToDigest, emptyDigest, type Digest } from '../fill/digest.ts'

export const MEASURED_TYPES = ['lesson', 'shared-reflection'] as const

export interface PlainRow {
  type: string
  id: string
  scope: string
  rev: number
  schemaVersion: number
  fields: JsonObject
  author: string
  observedAt: number
  receivedAt: number
}

const PAGE = 2000

async function ofScope(tx: ReadTx, id: number, visit: (record: StoredRecord) => void): Promise<void> {
  let rev = 0
  for (;;) {
    const page = await tx.recordsAfter(id, rev, PAGE)
    for (const record of page) visit(record)
    if (page.length < PAGE) return
    rev = page.at(-1)!.rev
  }
}

/** @param scopes names; those that a phone reads, in the order of their ids */
export async function visitRows(
  store: RecordStore,
  scopes: readonly string[],
  visit: (record: StoredRecord, scope: string) => void,
): Promise<void> {
  await store.read(async (tx) => {
    const heads = await tx.scopeHeads(scopes)
    for (const head of heads.sort((a, b) => a.id - b.id))
      await ofScope(tx, head.id, (record) => {
        if (!record.deleted && MEASURED_TYPES.some((type) => type === record.type)) visit(record, head.name)
      })
  })
}

const SCOPES_OF_MEMBER = async (store: RecordStore): Promise<string[]> =>
  store.read(async (tx) => ['org', ...(await tx.scopesWithPrefix('unit:')).map((head) => head.name)])

export async function loadPlainRows(store: RecordStore): Promise<PlainRow[]> {
  const rows: PlainRow[] = []
  await visitRows(store, await SCOPES_OF_MEMBER(store), (record, scope) => {
    const { type, id, rev, schemaVersion, author, observedAt, receivedAt } = record
    const fields = JSON.parse(record.fields) as JsonObject
    rows.push({ type, id, scope, rev, schemaVersion, fields, author, observedAt, receivedAt })
  })
  return rows
}

export async function digestOf(store: RecordStore, scopes?: readonly string[]): Promise<Digest> {
  const digest = emptyDigest()
  await visitRows(store, scopes ?? (await SCOPES_OF_MEMBER(store)), (record, scope) =>
    addToDigest(digest, record.type, { ...record, scope }),
  )
  return digest
}
