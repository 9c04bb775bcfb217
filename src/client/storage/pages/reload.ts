/**
 * A scope loaded anew beside its old rows: when it is complete, what it did not bring is removed. After a restore from a
 * backup everything is loaded anew, and what this phone's owner had delivered is offered again (offer-again.ts).
 *
 * Promises, after a restore:
 * - nothing is sent before everything was loaded: what waits is put on what stands now first;
 * - what waits in the queue keeps what it rested on, also where the endpoint has lost that;
 * - no edit rests on a revision of the old store: its numbers are given anew.
 */
import { backupMomentOf } from '../../../shared/sync/epoch.ts'
import { flatten } from '../../../shared/sync/flat-paths.ts'
import type { AnyDefinition } from '../../../shared/sync/define-record.ts'
import { definitionOf, definitions } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { blobsOfRows, removeUnnamedBlobs } from './drop.ts'
import { carriedAgain } from '../outbox/between-phones/carried.ts'
import { moveToAttention } from '../outbox/attention.ts'
import { entriesOf, isOnTwoPhones, keyOf, refreshRow } from '../outbox/entries.ts'
import { readMeta, writeMeta, type Reload } from '../meta.ts'
import { isMine, offeredOn, offerEntry, offersFirst, type Offer, type OfferContext } from './offer-again.ts'
import type { NewOutboxEntry, OutboxEntry, PhoneRecord } from '../rows.ts'

export { scopesHeld } from './offer-again.ts'

export interface ReloadContext {
  now: number
  personId: string
  /** Of the store that is being loaded. */
  epoch: string
}

const offering = ({ now, personId, epoch }: ReloadContext): OfferContext => ({
  now,
  personId,
  backupAt: backupMomentOf(epoch),
})

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

/** A restored store is being loaded: nothing is sent meanwhile. */
export const isRestoring = async (db: PhoneDb): Promise<boolean> =>
  (await readMeta(db, 'reload'))?.offerAgain === true

/** The store was restored. Inside a transaction that covers all but the types' tables. */
export async function beginRestored(db: PhoneDb, scopes: readonly string[], personId: string): Promise<void> {
  await db.meta.bulkDelete(['cursor', 'epoch', 'preparing'])
  await db.seen.clear()
  await beginReload(db, scopes, true)
  const known = new Set<string>()
  for (const entry of await db.outbox.orderBy('seq').toArray()) {
    const key = keyOf(entry)
    if (known.has(key)) continue
    known.add(key)
    const base = (await db.base.get([entry.type, entry.id]))?.record
    if (base !== undefined && entry.restedOn === undefined)
      await db.outbox.update(entry.seq, { restedOn: base })
  }
  // Revisions of the old store say nothing in the new one.
  await db.attention.toCollection().modify((item) => {
    if (item.standing !== undefined) item.standing = { ...item.standing, rev: 0 }
  })
  // They come again, but for what this person's newer app has written and the store has lost.
  await db.quarantine.filter(({ record }) => record.author !== personId).delete()
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
  if (row === undefined || row.pending === 1) return false
  const baseRev = offeredOn(definition, row, standing, offering(context))
  if (baseRev === undefined) return false
  await db.outbox.add(await offerEntry(db, { definition, row, standing }, baseRev, offering(context)))
  await refreshRow(db, definition.type, row.id, context.personId, standing)
  return true
}

/** A row with edits in the queue, whose base the endpoint no longer has. */
async function withoutBase(
  db: PhoneDb,
  definition: AnyDefinition,
  row: PhoneRecord,
  context: ReloadContext,
): Promise<void> {
  const base = (await db.base.get([definition.type, row.id]))?.record
  const kept = base === undefined ? undefined : { ...base, rev: 0, receivedAt: null }
  await refreshRow(db, definition.type, row.id, context.personId, kept)
}

/** What waits is put on what stands at the restored store. @returns what it rested on, where that has to be offered first */
async function standOn(
  db: PhoneDb,
  entry: OutboxEntry & { restedOn: PhoneRecord },
  standing: PhoneRecord | undefined,
  context: ReloadContext,
): Promise<NewOutboxEntry | undefined> {
  const { type, restedOn: row } = entry
  const definition = definitionOf(type)
  await db.outbox.update(entry.seq, { restedOn: undefined })
  // As it was first written and signed: the endpoint takes it, or has it.
  if (definition === undefined || (entry.baseRev === 0 && isOnTwoPhones(entry))) return undefined
  if (definition.conflict === 'content') {
    const isLater = standing !== undefined && (standing.receivedAt ?? 0) > (row.receivedAt ?? 0)
    // Written since by somebody else: the endpoint refuses what rests on nothing, and the person compares.
    // No longer what the other phone was handed.
    await db.outbox.update(entry.seq, { baseRev: isLater ? 0 : (standing?.rev ?? 0), handed: undefined })
    return undefined
  }
  if (definition.conflict !== 'draft' || entry.op === 'delete') return undefined
  if (!isMine(row, offering(context))) {
    // Somebody else's phone offers that version; until then the first edit brings all that the screen shows.
    const whole = { ...flatten(row.fields), ...entry.fields }
    if (standing === undefined) await db.outbox.update(entry.seq, { fields: whole })
    return undefined
  }
  if (standing !== undefined && offeredOn(definition, row, standing, offering(context)) === undefined)
    return undefined
  return await offerEntry(db, { definition, row, standing }, 0, offering(context))
}

async function standAll(
  db: PhoneDb,
  seen: ReadonlySet<string>,
  context: ReloadContext,
): Promise<NewOutboxEntry[]> {
  const offers: NewOutboxEntry[] = []
  for (const entry of await db.outbox.filter(({ restedOn }) => restedOn !== undefined).toArray()) {
    const { type, id, restedOn } = entry
    if (restedOn === undefined) continue
    const isThere = seen.has(keyOf(entry))
    const standing = isThere ? (await db.base.get([type, id]))?.record : undefined
    const offer = await standOn(db, { ...entry, restedOn }, standing, context)
    if (offer !== undefined) offers.push(offer)
  }
  return offers
}

/**
 * An edit that is carried for somebody rests on a revision of the old store, and is signed so. Its author's phone offers it by
 * itself; what this person has written on top of it rests on what it rested on.
 */
async function setCarriedEditsAside(db: PhoneDb, { now, personId }: ReloadContext): Promise<void> {
  for (const entry of await db.outbox
    .filter(({ signed, baseRev }) => signed !== undefined && baseRev !== 0)
    .toArray()) {
    for (const later of await entriesOf(db, entry.type, entry.id))
      if (later.baseRev === null) await db.outbox.update(later.seq, { baseRev: 0, restedOn: entry.restedOn })
    await moveToAttention(db, entry, { code: 'stale-base', now, personId })
  }
  await db.attention.toCollection().modify((item) => {
    if (item.carried !== undefined) item.baseRev = 0
  })
}

/** Inside the transaction of the last page, over all tables. */
export async function finishReload(db: PhoneDb, context: ReloadContext): Promise<void> {
  const reload = await readMeta(db, 'reload')
  if (reload === undefined) return
  const seen = new Set((await db.seen.toCollection().primaryKeys()).map(([type, id]) => keyOf({ type, id })))
  const lost: Offer[] = []
  const removedBlobs: string[] = []
  const unfounded: { type: string; id: string }[] = []
  for (const definition of definitions) {
    const { type } = definition
    // By key: the rows themselves, a hundred thousand perhaps, are wanted only where one is missing.
    const ids = await db.rows(type).where('scope').anyOf(reload.scopes).primaryKeys()
    const missing = ids.filter((id) => !seen.has(keyOf({ type, id })))
    const found = missing.length === 0 ? [] : await db.rows(type).bulkGet(missing)
    const unseen = found.filter((row) => row !== undefined)
    for (const row of unseen.filter((r) => r.pending === 1))
      if (reload.offerAgain) unfounded.push({ type, id: row.id })
      else await withoutBase(db, definition, row, context)
    const settled = unseen.filter((row) => row.pending === 0)
    const isOffered = (row: PhoneRecord) => reload.offerAgain && isMine(row, offering(context))
    for (const row of settled.filter(isOffered)) lost.push({ definition, row, standing: undefined })
    const removed = settled.filter((row) => !isOffered(row))
    removedBlobs.push(...blobsOfRows(type, removed))
    await db.rows(type).bulkDelete(removed.map((row) => row.id))
  }
  await forgetRemoved(db, reload.scopes, seen, context)
  if (reload.offerAgain) await offerLost(db, { lost, seen, unfounded }, context)
  await removeUnnamedBlobs(db, removedBlobs)
  await db.seen.clear()
  await db.meta.delete('reload')
}

/** What is being removed here has no row; where the endpoint no longer has it, there is nothing to come back to either. */
async function forgetRemoved(
  db: PhoneDb,
  scopes: readonly string[],
  seen: ReadonlySet<string>,
  { personId }: ReloadContext,
): Promise<void> {
  for (const base of await db.base.where('scope').anyOf(scopes).toArray()) {
    if (seen.has(keyOf(base)) || definitionOf(base.type) === undefined) continue
    if ((await db.rows(base.type).get(base.id)) === undefined)
      await refreshRow(db, base.type, base.id, personId, undefined)
  }
}

interface Lost {
  lost: readonly Offer[]
  seen: ReadonlySet<string>
  /** Rows with edits whose base the endpoint no longer has. */
  unfounded: readonly { type: string; id: string }[]
}

async function offerLost(
  db: PhoneDb,
  { lost, seen, unfounded }: Lost,
  context: ReloadContext,
): Promise<void> {
  await setCarriedEditsAside(db, context)
  const offers = [...(await standAll(db, seen, context)), ...(await carriedAgain(db, seen, context.now))]
  for (const one of lost) offers.push(await offerEntry(db, one, 0, offering(context)))
  await offersFirst(db, offers)
  const touched = new Map([...unfounded, ...offers].map((one) => [keyOf(one), one]))
  for (const { type, id } of touched.values()) {
    const base = seen.has(keyOf({ type, id })) ? (await db.base.get([type, id]))?.record : undefined
    await refreshRow(db, type, id, context.personId, base)
  }
}
