/** A store's tables as arrays that a test may alter, and a store with something of everything in its ledgers. */
import { removeRecord } from '../../../src/server/commands/put-record.ts'
import { eraseRecord } from '../../../src/server/commands/erase-record.ts'
import { EXPORTED_TABLES } from '../../../src/server/operator/export/export-file.ts'
import { appendRestoreEntries } from '../../../src/server/operator/restore/restore-entries.ts'
import { verifyTables } from '../../../src/server/operator/verify/verify-tables.ts'
import type { RecordStore, TableRow } from '../../../src/server/store/record-store.ts'
import type { TableName } from '../../../src/server/store/sql/tables.ts'
import { TABLE_NAMES, TABLES } from '../../../src/server/store/sql/whole-store.ts'
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import { branchId, MONDAY, personIdOf, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround } from '../../support/samples.ts'
import { queueOf } from '../attack.ts'

export type HeldTables = Record<(typeof EXPORTED_TABLES)[number], TableRow[]>

export async function tablesOf(store: RecordStore): Promise<HeldTables> {
  return store.readAll(async (reader) => {
    const held: HeldTables = { scopes: [], records: [], ledger: [], erasures: [] }
    for (const table of EXPORTED_TABLES)
      for await (const row of reader.rows(table)) held[table].push({ ...row })
    return held
  })
}

/** Rows come out in the order of their keys, as every reader gives them. */
export const verifyHeld = (held: HeldTables, at = MONDAY) =>
  verifyTables(
    {
      async *rows(table: TableName) {
        yield* [...held[table as keyof HeldTables]].sort((a, b) => {
          for (const key of TABLES[table]) if (a[key] !== b[key]) return a[key]! < b[key]! ? -1 : 1
          return 0
        })
      },
    },
    at,
  )

/** The same tables with one change, as somebody with the database in hand would make it. */
export function altered(held: HeldTables, change: (copy: HeldTables) => void): HeldTables {
  const copy = structuredClone(held)
  change(copy)
  return copy
}

/** Changes rows of a live store behind its back. */
export async function tamper(store: RecordStore, change: (tables: Record<TableName, TableRow[]>) => void) {
  const tables = Object.fromEntries(TABLE_NAMES.map((name) => [name, []])) as unknown as Record<
    TableName,
    TableRow[]
  >
  await store.readAll(async (reader) => {
    for (const name of TABLE_NAMES) for await (const row of reader.rows(name)) tables[name].push({ ...row })
  })
  change(tables)
  await store.replaceAll(async (writer) => {
    for (const name of TABLE_NAMES) await writer.insert(name, tables[name])
  })
}

export const first = branchId('第一支部')
export const member = personIdOf('1003')
export const meetingId = '01990000-0000-7000-8000-000000000004'

export const rollMark = (n: number, over: Record<string, string> = {}) => ({
  type: 'roll-mark',
  id: idFrom('mark', String(n)),
  fields: {
    unitId: first,
    meetingId,
    sittingId: `sitting-${n}`,
    personId: member,
    name: '王芳',
    state: 'present',
    method: 'tap',
    markedBy: personIdOf('1001'),
    ...over,
  },
})
export const ERASED = rollMark(2, { name: '不该再有的名字' })

/** Facts by push, content that was overwritten and deleted, a draft between them, one erasure and one restore. */
export async function layLedger(endpoint: TestEndpoint) {
  await layGround(endpoint)
  const officer = await queueOf(endpoint, '1001')
  for (const n of [1, 2, 3]) await officer.offer(n === 2 ? ERASED : rollMark(n))
  const column = idFrom('column', 'short-lived')
  for (const name of ['试用', '又改名']) await endpoint.put('column', column, { name, order: 9 })
  await endpoint.store.write([], (tx) => removeRecord(tx, 'column', column, endpoint.clock.now()))
  await endpoint.store.write([], (tx) =>
    eraseRecord(tx, {
      type: ERASED.type,
      id: ERASED.id,
      reason: '本人要求',
      author: 'operator',
      now: MONDAY,
    }),
  )
  await endpoint.store.write([], (tx) =>
    appendRestoreEntries(tx, {
      oldEpoch: 'old-epoch',
      oldHeads: new Map([['org', 'ab'.repeat(32)]]),
      now: MONDAY,
    }),
  )
  await officer.offer(rollMark(4))
  return { officer, column }
}
