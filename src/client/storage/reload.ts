/**
 * A scope loaded anew beside its old rows: when it is complete, what it did not bring is removed. After a restore from a
 * backup the phone is also the witness of what its owner had delivered: that is offered again, parents first.
 */
import { DAY_MS } from '../../shared/civil-time.ts'
import { canonicalJson } from '../../shared/sync/canonical.ts'
import type { AnyDefinition } from '../../shared/sync/define-record.ts'
import { flatten } from '../../shared/sync/flat-paths.ts'
import { formatHlc } from '../../shared/sync/hlc.ts'
import { definitions } from '../../shared/sync/registry.ts'
import type { PhoneDb } from './db.ts'
import { entriesOf, keyOf, refreshRow } from './entries.ts'
import { readMeta, writeMeta, type Reload } from './meta.ts'
import type { PhoneRecord } from './rows.ts'
import { takeHlc } from './writes.ts'

export const OFFER_AGAIN_MS = 30 * DAY_MS
/** Two phones of one person that offer the same fact again send the same bytes, and it stays one fact. */
const OFFERED_AGAIN_NODE = 'again'

export interface ReloadContext {
  now: number
  /** The endpoint's own time: a phone's wrong clock must not decide what it still offers. */
  serverTime: number
  personId: string
}

/** Every scope that has rows on this phone. */
export async function scopesHeld(db: PhoneDb): Promise<string[]> {
  const scopes = new Set<string>()
  for (const { type } of definitions)
    for (const scope of await db.rows(type).orderBy('scope').uniqueKeys()) scopes.add(String(scope))
  return [...scopes]
}

/** Inside a transaction that covers meta. */
export async function beginReload(
  db: PhoneDb,
  scopes: readonly string[],
  offerAgain: boolean,
): Promise<void> {
  if (scopes.length === 0) return
  const before = await readMeta(db, 'reload')
  const reload: Reload = {
    scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
    offerAgain: offerAgain || (before?.offerAgain ?? false),
  }
  await writeMeta(db, 'reload', reload)
}

function isMineAndRecent(row: PhoneRecord, context: ReloadContext): boolean {
  if (row.author !== context.personId || row.receivedAt === null) return false
  return row.receivedAt >= context.serverTime - OFFER_AGAIN_MS
}

interface Offer {
  definition: AnyDefinition
  row: PhoneRecord
  /** What the restored store holds. */
  standing: PhoneRecord | undefined
}

async function offer(
  db: PhoneDb,
  { definition, row, standing }: Offer,
  context: ReloadContext,
): Promise<void> {
  const isDraft = definition.conflict === 'draft'
  await db.outbox.add({
    type: definition.type,
    id: row.id,
    scope: row.scope,
    op: 'put',
    conflict: definition.conflict,
    schemaVersion: row.schemaVersion,
    fields: isDraft ? flatten(row.fields) : row.fields,
    baseRev: definition.conflict === 'content' ? (standing?.rev ?? 0) : 0,
    hlc: isDraft ? await takeHlc(db, context.now) : formatHlc(row.observedAt, 0, OFFERED_AGAIN_NODE),
    observedAt: row.observedAt,
    label: definition.label(row.fields),
    savedAt: context.now,
    n: null,
    hash: null,
    attempts: 0,
  })
  await refreshRow(db, definition.type, row.id, context.personId, standing)
}

/**
 * A restored, older version arrives for a row that its owner wrote later: the owner's is offered on top of it.
 * @returns whether it was; the row and its base are then written
 */
export async function offerOver(
  db: PhoneDb,
  definition: AnyDefinition,
  row: PhoneRecord | undefined,
  standing: PhoneRecord,
  context: ReloadContext,
): Promise<boolean> {
  if (row === undefined || row.pending === 1 || definition.conflict === 'fact') return false
  if (!isMineAndRecent(row, context) || (row.receivedAt ?? 0) < (standing.receivedAt ?? 0)) return false
  if (canonicalJson(row.fields) === canonicalJson(standing.fields)) return false
  await offer(db, { definition, row, standing }, context)
  return true
}

/** A row with edits in the queue, whose base the endpoint no longer has. */
async function withoutBase(
  db: PhoneDb,
  definition: AnyDefinition,
  row: PhoneRecord,
  offerAgain: boolean,
  context: ReloadContext,
): Promise<void> {
  const unsent = (await entriesOf(db, definition.type, row.id)).find((e) => e.n === null && e.op === 'put')
  if (offerAgain && unsent !== undefined && row.rev > 0) {
    if (definition.conflict === 'draft') await db.outbox.update(unsent.seq, { fields: flatten(row.fields) })
    else await db.outbox.update(unsent.seq, { baseRev: 0 })
  }
  const base = offerAgain ? undefined : (await db.base.get([definition.type, row.id]))?.record
  const kept = base === undefined || offerAgain ? undefined : { ...base, rev: 0, receivedAt: null }
  await refreshRow(db, definition.type, row.id, context.personId, kept)
}

/** Inside the transaction of the last page, over all tables. */
export async function finishReload(db: PhoneDb, context: ReloadContext): Promise<void> {
  const reload = await readMeta(db, 'reload')
  if (reload === undefined) return
  const seen = new Set((await db.seen.toArray()).map(keyOf))
  const offers: Offer[] = []
  for (const definition of definitions) {
    const { type } = definition
    const rows = await db.rows(type).where('scope').anyOf(reload.scopes).toArray()
    const unseen = rows.filter((row) => !seen.has(keyOf({ type, id: row.id })))
    const isOffered = (row: PhoneRecord) => reload.offerAgain && isMineAndRecent(row, context)
    for (const row of unseen.filter((r) => r.pending === 1))
      await withoutBase(db, definition, row, reload.offerAgain, context)
    const settled = unseen.filter((row) => row.pending === 0)
    for (const row of settled) if (isOffered(row)) offers.push({ definition, row, standing: undefined })
    await db.rows(type).bulkDelete(settled.filter((row) => !isOffered(row)).map((row) => row.id))
  }
  // What was accepted earlier is offered earlier: a parent always was.
  offers.sort(
    (a, b) => (a.row.receivedAt ?? 0) - (b.row.receivedAt ?? 0) || a.row.observedAt - b.row.observedAt,
  )
  for (const one of offers) await offer(db, one, context)
  await db.seen.clear()
  await db.meta.delete('reload')
}
