/**
 * Books a page of a pull.
 *
 * Promises:
 * - rows and cursor are written in one transaction: a phone that dies in between asks for the same page again;
 * - a page that was asked for before something else moved on is not applied: the cursor never goes backward in an epoch;
 * - pending edits of this phone stay on top of what the page brings;
 * - what this app cannot read is kept in quarantine, not dropped.
 */
import type { AnyDefinition } from '../../../shared/sync/define-record.ts'
import { definitionOf, definitions } from '../../../shared/sync/registry.ts'
import type { PullAnswer, WireRecord } from '../../../shared/sync/protocol/pull.ts'
import { acceptedTypes, confirmAccepted } from '../outbox/accepted.ts'
import type { PhoneDb } from '../db.ts'
import { releaseHeld } from '../outbox/deferral.ts'
import { blobsOfRows, dropScope, removeUnnamedBlobs } from './drop.ts'
import { entriesOf, keyOf, refreshRow } from '../outbox/entries.ts'
import { bookMarks } from './marks.ts'
import { noteLeft } from './left-scopes.ts'
import { readMeta, writeMeta } from '../meta.ts'
import { noteContact } from '../outbox/outcomes.ts'
import { upgradedRow } from '../outbox/overlay.ts'
import { beginReload, finishReload, offerOver } from './reload.ts'
import type { PhoneRecord } from '../rows.ts'

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
  return db.transaction('r', db.meta, async () => {
    const [cursor, settled] = await Promise.all([readMeta(db, 'cursor'), readMeta(db, 'settled')])
    return { cursor: cursor ?? null, settled: settled ?? 0 }
  })
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

/** A newer version has written it: what was readable is no longer what stands. Edits of this phone stay on the screen. */
async function takeUnreadableAway(
  db: PhoneDb,
  unreadable: readonly WireRecord[],
  context: RowsContext,
): Promise<void> {
  for (const { type, id } of unreadable) {
    if (definitionOf(type) === undefined) continue
    if (!context.pendingKeys.has(keyOf({ type, id }))) {
      await db.rows(type).delete(id)
      continue
    }
    await bookUnderEdits(db, type, id, undefined, context)
    const [first] = await entriesOf(db, type, id)
    // It cannot rest on what it does not know: the endpoint says so, and the person compares after the update.
    if (first?.baseRev === null) await db.outbox.update(first.seq, { baseRev: 0 })
  }
}

async function bookQuarantine(db: PhoneDb, { known, unknown }: Sorted, context: RowsContext): Promise<void> {
  const gone = unknown.filter((record) => record.deleted)
  const kept = unknown.filter((record) => !record.deleted)
  if (kept.length > 0) {
    await db.quarantine.bulkPut(
      kept.map((record) => ({ type: record.type, id: record.id, scope: record.scope, record })),
    )
    await takeUnreadableAway(db, kept, context)
  }
  if ((await db.quarantine.count()) === 0) return
  const readable = [...known.values()].flat()
  await db.quarantine.bulkDelete([...gone, ...readable].map((r): [string, string] => [r.type, r.id]))
}

interface RowsContext extends PageContext {
  serverTime: number
  epoch: string
  pendingKeys: ReadonlySet<string>
  offerAgain: boolean
  /** Files lie on this phone: whoever replaces a row that names one may be the last to name it. */
  holdsFiles: boolean
}

/** The next slice is handed over while the one before is written, so that the browser's database never waits for this page. */
async function putInSlices<Row>(
  table: { bulkPut(rows: readonly Row[]): PromiseLike<unknown> },
  rows: readonly Row[],
): Promise<void> {
  let before: PromiseLike<unknown> | undefined
  for (let at = 0; at < rows.length; at += SLICE) {
    const now = table.bulkPut(rows.slice(at, at + SLICE))
    // When the one before fails, the transaction fails with it, and nobody waits for this one any more.
    now.then(undefined, () => undefined)
    await before
    before = now
  }
  await before
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
  // Reading the old rows costs as much as a third of writing the new ones: only where something hangs on them.
  const needsOld = (definition.blobs !== undefined && context.holdsFiles) || context.offerAgain
  const before = needsOld ? await table.bulkGet(records.map((record) => record.id)) : []
  const deletions: string[] = []
  const puts: PhoneRecord[] = []
  for (const [index, record] of records.entries()) {
    const row = record.deleted ? undefined : upgradedRow(record, definition)
    if (context.pendingKeys.has(keyOf(record))) await bookUnderEdits(db, type, record.id, row, context)
    else if (row === undefined) deletions.push(record.id)
    else if (!context.offerAgain || !(await offerOver(db, definition, before[index], row, context)))
      puts.push(row)
  }
  if (deletions.length > 0) {
    await table.bulkDelete(deletions)
    await db.carried.bulkDelete(deletions.map((id): [string, string] => [type, id]))
  }
  await putInSlices(table, puts)
  return blobsOfRows(type, before)
}

async function pendingKeys(db: PhoneDb): Promise<Set<string>> {
  // Not uniqueKeys(): WebKitGTK fails on a cursor of unique keys over an empty store, and then no page could be booked at all.
  const keys = await db.outbox.orderBy('[type+id]').keys()
  return new Set(keys.map((key) => (key as unknown as [string, string]).join('/')))
}

/** Inside the transaction. @returns files that replaced rows named before */
async function bookRecords(
  db: PhoneDb,
  sorted: Sorted,
  context: PageContext & { serverTime: number; epoch: string; holdsFiles: boolean },
): Promise<string[]> {
  const [reload, pending] = await Promise.all([readMeta(db, 'reload'), pendingKeys(db)])
  const rowsContext: RowsContext = {
    ...context,
    pendingKeys: pending,
    offerAgain: reload?.offerAgain ?? false,
  }
  const formerBlobs: string[] = []
  for (const [type, records] of sorted.known) {
    const definition = definitionOf(type)
    if (definition === undefined) continue
    const [former] = await Promise.all([
      bookType(db, definition, records, rowsContext),
      reload !== undefined &&
        putInSlices(
          db.seen,
          records.map(({ id }) => ({ type, id })),
        ),
    ])
    formerBlobs.push(...former)
  }
  if (reload !== undefined) await db.seen.bulkPut(sorted.unknown.map(({ type, id }) => ({ type, id })))
  await bookQuarantine(db, sorted, rowsContext)
  await releaseHeld(db, new Set([...sorted.known.values()].flat().map(keyOf)))
  return formerBlobs
}

async function bookCursor(db: PhoneDb, page: PullAnswer, now: number): Promise<void> {
  const [nextN, held] = await Promise.all([readMeta(db, 'nextN'), readMeta(db, 'preparing')])
  const before = held ?? []
  const preparing = page.more ? [...new Set([...before, ...page.scopes.add])] : []
  // All at once: one after another each would wait for the browser's database process and back.
  await Promise.all([
    writeMeta(db, 'cursor', page.cursor),
    writeMeta(db, 'epoch', page.epoch),
    nextN === undefined && writeMeta(db, 'nextN', page.lastMutation + 1),
    before.length !== preparing.length && writeMeta(db, 'preparing', preparing),
    noteContact(db, page.serverTime, now),
  ])
}

const TYPES_WITH_FILES = definitions.filter(({ blobs }) => blobs !== undefined).map(({ type }) => type)

/**
 * An ordinary page locks only the tables of its types, so that the screen goes on reading the others; drops and reloads need
 * all; where files lie on the phone, also whatever may name one.
 */
async function tablesFor(db: PhoneDb, page: PullAnswer, sorted: Sorted) {
  const withFiles = TYPES_WITH_FILES.some((type) => sorted.known.has(type))
  const [reload, accepted, files] = await Promise.all([
    readMeta(db, 'reload'),
    acceptedTypes(db),
    withFiles ? db.blobs.count() : 0,
  ])
  const isReloading = page.scopes.reset.length > 0 || reload !== undefined
  if (isReloading || page.scopes.drop.length > 0) return { tables: db.tables, withFiles, mayHoldFiles: true }
  const unreadable = sorted.unknown.map(({ type }) => type).filter((type) => definitionOf(type) !== undefined)
  const types = new Set([...sorted.known.keys(), ...unreadable, ...accepted])
  if (files > 0) for (const type of TYPES_WITH_FILES) types.add(type)
  const rows = [...types].map((type) => db.rows(type))
  const ours = [...rows, db.base, db.outbox, db.quarantine, db.meta, db.carried]
  const tables = withFiles ? [...ours, db.blobs, db.pieces, db.attention] : ours
  return { tables, withFiles, mayHoldFiles: files > 0 }
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
  const { tables, withFiles, mayHoldFiles } = await tablesFor(db, page, sorted)
  return await db.transaction('rw', tables, async () => {
    const [now, epoch, files] = await Promise.all([
      pageToken(db),
      readMeta(db, 'epoch'),
      withFiles ? db.blobs.count() : 0,
    ])
    if (now.cursor !== token.cursor || now.settled !== token.settled) return 'stale'
    // The first file came between the look and the lock: next time what may name it is locked too.
    if (files > 0 && !mayHoldFiles) return 'stale'
    if (epoch !== undefined && epoch !== page.epoch) return 'epoch-changed'
    const left: string[] = []
    for (const scope of page.scopes.drop) if ((await dropScope(db, scope, context)) > 0) left.push(scope)
    await noteLeft(db, left, page.scopes.add)
    await beginReload(db, page.scopes.reset, false)
    const withTime = { ...context, serverTime: page.serverTime, epoch: page.epoch, holdsFiles: files > 0 }
    const formerBlobs = await bookRecords(db, sorted, withTime)
    if (!page.more) await finishReload(db, withTime)
    await removeUnnamedBlobs(db, new Set(formerBlobs))
    await Promise.all([
      confirmAccepted(db, page),
      bookMarks(db, page, token.cursor === null),
      bookCursor(db, page, context.now),
    ])
    return 'applied'
  })
}
