/**
 * Books a page of a pull.
 *
 * Promises:
 * - rows and cursor are written in one transaction: a phone that dies in between asks for the same page again;
 * - a page that was asked for before something else moved on is not applied: the cursor never goes backward in an epoch;
 * - pending edits of this phone stay on top of what the page brings;
 * - what this app cannot read is kept in quarantine, not dropped.
 */
import { upgradeFields, type AnyDefinition } from '../../shared/sync/define-record.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import type { PullAnswer, WireRecord } from '../../shared/sync/protocol/pull.ts'
import type { PhoneDb } from './db.ts'
import { releaseHeld } from './deferral.ts'
import { blobsOfRows, dropScope, removeUnnamedBlobs } from './drop.ts'
import { entriesOf, keyOf, refreshRow } from './entries.ts'
import { readMeta, writeMeta } from './meta.ts'
import { noteContact } from './outcomes.ts'
import { wireToRow } from './overlay.ts'
import { beginReload, finishReload, offerOver } from './reload.ts'
import type { PhoneRecord } from './rows.ts'

/** So many rows are handed to the database in one task of the page: the thumb is not held up. */
const SLICE = 250

export interface PageContext {
  now: number
  personId: string
}

/** What the page was asked with. */
export interface PageToken {
  cursor: string | null
  settled: number
}

export async function pageToken(db: PhoneDb): Promise<PageToken> {
  return db.transaction('r', db.meta, async () => ({
    cursor: (await readMeta(db, 'cursor')) ?? null,
    settled: (await readMeta(db, 'settled')) ?? 0,
  }))
}

interface Sorted {
  /** By type; only what this app can read. */
  known: Map<string, WireRecord[]>
  unknown: WireRecord[]
}

function canRead(record: WireRecord): boolean {
  const definition = definitionOf(record.type)
  return definition !== undefined && record.schemaVersion <= definition.schemaVersion
}

function sortRecords(records: readonly WireRecord[]): Sorted {
  const sorted: Sorted = { known: new Map(), unknown: [] }
  for (const record of records) {
    // A deletion needs no reading: it takes away whatever stands.
    if (!canRead(record) && !(record.deleted && definitionOf(record.type) !== undefined)) {
      sorted.unknown.push(record)
      continue
    }
    const list = sorted.known.get(record.type)
    if (list === undefined) sorted.known.set(record.type, [record])
    else list.push(record)
  }
  return sorted
}

async function bookQuarantine(db: PhoneDb, { known, unknown }: Sorted): Promise<void> {
  const gone = unknown.filter((record) => record.deleted)
  const kept = unknown.filter((record) => !record.deleted)
  await db.quarantine.bulkPut(
    kept.map((record) => ({ type: record.type, id: record.id, scope: record.scope, record })),
  )
  if ((await db.quarantine.count()) === 0) return
  const readable = [...known.values()].flat()
  await db.quarantine.bulkDelete([...gone, ...readable].map((r): [string, string] => [r.type, r.id]))
}

interface RowsContext extends PageContext {
  serverTime: number
  pendingKeys: ReadonlySet<string>
  offerAgain: boolean
}

/** A row with edits in the queue: the page gives the base, the edits stay on top. */
async function bookUnderEdits(
  db: PhoneDb,
  type: string,
  id: string,
  base: PhoneRecord | undefined,
  context: PageContext,
): Promise<void> {
  const entries = await entriesOf(db, type, id)
  const first = entries[0]
  if (first?.baseRev === null && base !== undefined) await db.outbox.update(first.seq, { baseRev: base.rev })
  await refreshRow(db, type, id, context.personId, base)
}

async function bookType(
  db: PhoneDb,
  definition: AnyDefinition,
  records: readonly WireRecord[],
  context: RowsContext,
): Promise<string[]> {
  const { type } = definition
  const table = db.rows(type)
  const needsOld = definition.blobs !== undefined || context.offerAgain
  const before = needsOld ? await table.bulkGet(records.map((record) => record.id)) : []
  const deletions: string[] = []
  const puts: PhoneRecord[] = []
  for (const [index, record] of records.entries()) {
    const row = record.deleted
      ? undefined
      : wireToRow(record, upgradeFields(definition, record.fields, record.schemaVersion))
    if (context.pendingKeys.has(keyOf(record))) await bookUnderEdits(db, type, record.id, row, context)
    else if (row === undefined) deletions.push(record.id)
    else if (!context.offerAgain || !(await offerOver(db, definition, before[index], row, context)))
      puts.push(row)
  }
  await table.bulkDelete(deletions)
  for (let at = 0; at < puts.length; at += SLICE) await table.bulkPut(puts.slice(at, at + SLICE))
  return blobsOfRows(type, before)
}

async function pendingKeys(db: PhoneDb): Promise<Set<string>> {
  const keys = await db.outbox.orderBy('[type+id]').uniqueKeys()
  return new Set(keys.map((key) => (key as unknown as [string, string]).join('/')))
}

/** Inside the transaction. @returns files that replaced rows named before */
async function bookRecords(
  db: PhoneDb,
  sorted: Sorted,
  context: PageContext & { serverTime: number },
): Promise<string[]> {
  const reload = await readMeta(db, 'reload')
  const rowsContext: RowsContext = {
    ...context,
    pendingKeys: await pendingKeys(db),
    offerAgain: reload?.offerAgain ?? false,
  }
  const formerBlobs: string[] = []
  for (const [type, records] of sorted.known) {
    const definition = definitionOf(type)
    if (definition === undefined) continue
    formerBlobs.push(...(await bookType(db, definition, records, rowsContext)))
    if (reload !== undefined) await db.seen.bulkPut(records.map(({ id }) => ({ type, id })))
  }
  await bookQuarantine(db, sorted)
  await releaseHeld(db, new Set([...sorted.known.values()].flat().map(keyOf)))
  return formerBlobs
}

async function bookCursor(db: PhoneDb, page: PullAnswer, now: number): Promise<void> {
  await writeMeta(db, 'cursor', page.cursor)
  await writeMeta(db, 'epoch', page.epoch)
  if ((await readMeta(db, 'nextN')) === undefined) await writeMeta(db, 'nextN', page.lastMutation + 1)
  const before = (await readMeta(db, 'preparing')) ?? []
  const preparing = page.more ? [...new Set([...before, ...page.scopes.add])] : []
  if (before.length !== preparing.length) await writeMeta(db, 'preparing', preparing)
  await noteContact(db, page.serverTime, now)
}

/** An ordinary page locks only the tables of its types; drops, reloads and files that lost their name need all. */
async function tablesFor(db: PhoneDb, page: PullAnswer, sorted: Sorted) {
  const reloading = page.scopes.reset.length > 0 || (await readMeta(db, 'reload')) !== undefined
  const withBlobs = [...sorted.known.keys()].some((type) => definitionOf(type)?.blobs !== undefined)
  if (reloading || withBlobs || page.scopes.drop.length > 0) return db.tables
  const types = [...sorted.known.keys()].map((type) => db.rows(type))
  return [...types, db.base, db.outbox, db.quarantine, db.meta]
}

/**
 * @returns `stale` when the phone has moved on since the page was asked for: ask again; `epoch-changed` when the store was
 *   restored from a backup: nothing is written, the device is registered anew first
 */
export async function applyPage(
  db: PhoneDb,
  page: PullAnswer,
  token: PageToken,
  context: PageContext,
): Promise<'applied' | 'stale' | 'epoch-changed'> {
  const sorted = sortRecords(page.records)
  return await db.transaction('rw', await tablesFor(db, page, sorted), async () => {
    const now = await pageToken(db)
    if (now.cursor !== token.cursor || now.settled !== token.settled) return 'stale'
    const epoch = await readMeta(db, 'epoch')
    if (epoch !== undefined && epoch !== page.epoch) return 'epoch-changed'
    for (const scope of page.scopes.drop) await dropScope(db, scope, context)
    await beginReload(db, page.scopes.reset, false)
    const withTime = { ...context, serverTime: page.serverTime }
    const formerBlobs = await bookRecords(db, sorted, withTime)
    if (!page.more) await finishReload(db, withTime)
    await removeUnnamedBlobs(db, new Set(formerBlobs))
    await bookCursor(db, page, context.now)
    return 'applied'
  })
}
