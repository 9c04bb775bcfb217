/**
 * Books the answer of a push.
 *
 * Promises:
 * - outbox, screen and 需处理 change in one transaction: a phone that dies in between sends the same numbers again and gets
 *   the stored outcomes, and booking them twice has one effect;
 * - only `accepted` and `merged` take an entry away as delivered; what is refused keeps its data in 需处理;
 * - edits made while the answer was on its way stay on the screen and in the queue.
 */
import { canonicalJson } from '../../shared/sync/canonical.ts'
import { clampHlc } from '../../shared/sync/hlc.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import type { WireRecord } from '../../shared/sync/protocol/pull.ts'
import type { Outcome, PushAnswer } from '../../shared/sync/protocol/push.ts'
import { moveToAttention } from './attention.ts'
import type { PhoneDb } from './db.ts'
import { deferEntry, releaseHeld } from './deferral.ts'
import { entriesOf, keyOf, refreshRow } from './entries.ts'
import { noteAccepted } from './accepted.ts'
import { readMeta, writeMeta } from './meta.ts'
import { screenRow, upgradedRow } from './overlay.ts'
import type { OutboxEntry, PhoneRecord } from './rows.ts'

export interface SettleContext {
  /** Phone's clock when the answer came. */
  now: number
  personId: string
}

interface Booking extends SettleContext {
  serverTime: number
  /** Keys of what stands at the endpoint by its own word, and no page is known to have brought. */
  neverPulled: Set<string>
}

/** The wire's record as a row; undefined when it is deleted or this app cannot read it. */
function readable(record: WireRecord | undefined): PhoneRecord | undefined {
  const definition = record === undefined ? undefined : definitionOf(record.type)
  if (record === undefined || definition === undefined || record.deleted) return undefined
  if (record.schemaVersion > definition.schemaVersion) return undefined
  return upgradedRow(record, definition)
}

/** What the endpoint holds after it took the entry. */
function versionAfter(
  base: PhoneRecord | undefined,
  entry: OutboxEntry,
  record: WireRecord | undefined,
  context: Booking,
): PhoneRecord | undefined {
  const told = readable(record)
  // A stored outcome may be older than what was pulled since.
  if (base !== undefined && told !== undefined && base.rev > told.rev) return base
  if (told !== undefined) return told
  if (entry.op === 'delete') return undefined
  // A fact that a page has brought already is what it is: sent again, it has no other revision.
  if (base !== undefined && entry.conflict === 'fact') return base
  const row = screenRow(base, [entry], context.personId)
  if (row === undefined) return undefined
  return { ...row, pending: 0, receivedAt: base?.receivedAt ?? context.serverTime, revUnknown: true }
}

/** Inside the transaction: the entry is delivered. */
async function bookAccepted(
  db: PhoneDb,
  entry: OutboxEntry,
  record: WireRecord | undefined,
  context: Booking,
): Promise<void> {
  const base = (await db.base.get([entry.type, entry.id]))?.record
  await db.outbox.delete(entry.seq)
  if (definitionOf(entry.type) === undefined) return
  if (entry.scopeDropped === true) {
    await refreshRow(db, entry.type, entry.id, context.personId, undefined)
    return
  }
  const version = versionAfter(base, entry, record, context)
  const later = (await entriesOf(db, entry.type, entry.id))[0]
  if (later?.baseRev === null && version?.revUnknown !== true) {
    // A deletion has a revision too: what is written after it rests on that.
    await db.outbox.update(later.seq, { baseRev: version?.rev ?? record?.rev ?? 0 })
  }
  await refreshRow(db, entry.type, entry.id, context.personId, version)
  if (version === undefined) return
  if (base === undefined) context.neverPulled.add(keyOf(entry))
  else if (version.revUnknown === true && later === undefined) {
    // The page that brought the base may have come after the acceptance, and then nothing newer comes.
    context.neverPulled.add(keyOf(entry))
    await db.base.put({ type: entry.type, id: entry.id, scope: base.scope, record: base })
  }
}

/** The same fields by the same author stand there already: sent twice under two device ids, and no loss. */
function standsAlready(entry: OutboxEntry, standing: PhoneRecord | undefined, personId: string): boolean {
  if (standing === undefined || entry.op === 'delete' || entry.conflict === 'draft') return false
  return standing.author === personId && canonicalJson(standing.fields) === canonicalJson(entry.fields)
}

async function bookRejected(
  db: PhoneDb,
  entry: OutboxEntry,
  outcome: Outcome,
  context: Booking,
): Promise<void> {
  const { type, id } = entry
  if (outcome.code === 'erased' && entry.offeredAgain !== undefined) {
    // Erased by rule since it was delivered: nobody has written anything now, and the copy goes.
    await db.outbox.delete(entry.seq)
    await refreshRow(db, type, id, context.personId, undefined)
    return
  }
  const told = readable(outcome.record)
  const base = (await db.base.get([type, id]))?.record
  if (told !== undefined && (base === undefined || told.rev >= base.rev) && entry.scopeDropped !== true) {
    if (base === undefined) context.neverPulled.add(keyOf(entry))
    await db.base.put({ type, id, scope: told.scope, record: told })
  }
  const isRepeat = outcome.code === 'id-conflict' || outcome.code === 'stale-base'
  if (isRepeat && standsAlready(entry, told ?? base, context.personId)) {
    await bookAccepted(db, entry, outcome.record, context)
    return
  }
  const { now, personId } = context
  await moveToAttention(db, entry, {
    code: outcome.code ?? 'internal',
    now,
    personId,
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
    ...(outcome.record === undefined ? {} : { standing: outcome.record }),
  })
}

async function bookOne(db: PhoneDb, entry: OutboxEntry, outcome: Outcome, context: Booking): Promise<void> {
  if (outcome.status === 'rejected') await bookRejected(db, entry, outcome, context)
  else if (outcome.status === 'deferred') await deferEntry(db, entry, outcome, context)
  else await bookAccepted(db, entry, outcome.record, context)
}

/** Most batches are accepted whole: then only the tables of their types are locked, and screens go on reading the rest. */
function tablesFor(db: PhoneDb, answer: PushAnswer, sent: readonly OutboxEntry[]) {
  const plain = answer.outcomes.every((o) => o.status === 'accepted' || o.status === 'merged')
  if (!plain) return db.tables
  const types = [...new Set(sent.map((entry) => entry.type))].filter((t) => definitionOf(t) !== undefined)
  return [...types.map((type) => db.rows(type)), db.base, db.outbox, db.attention, db.blobs, db.meta]
}

/**
 * @param sent the entries of the request, as they were numbered
 * @returns how many left the queue or were moved
 */
export async function settle(
  db: PhoneDb,
  answer: PushAnswer,
  sent: readonly OutboxEntry[],
  context: SettleContext,
): Promise<number> {
  const sentBySeq = new Map(sent.map((entry) => [entry.seq, entry]))
  return await db.transaction('rw', tablesFor(db, answer, sent), async () => {
    const arrived = new Set<string>()
    const whole: Booking = { ...context, serverTime: answer.serverTime, neverPulled: new Set() }
    let booked = 0
    for (const outcome of [...answer.outcomes].sort((a, b) => a.n - b.n)) {
      const entry = await db.outbox.where('n').equals(outcome.n).first()
      // Booked before, or numbered anew since: this outcome is not about it.
      if (entry === undefined || sentBySeq.get(entry.seq)?.hash !== entry.hash) continue
      await bookOne(db, entry, outcome, whole)
      booked += 1
      if (outcome.status === 'accepted' || outcome.status === 'merged') arrived.add(keyOf(entry))
    }
    await renumberWithoutOutcome(db, answer, sent)
    await noteAccepted(db, whole.neverPulled)
    await releaseHeld(db, arrived)
    await noteContact(db, answer.serverTime, context.now)
    await writeMeta(db, 'settled', ((await readMeta(db, 'settled')) ?? 0) + 1)
    return booked
  })
}

/** Counted by the endpoint, but its outcome is gone: sent again under a new number, which every kind of record bears. */
async function renumberWithoutOutcome(
  db: PhoneDb,
  answer: PushAnswer,
  sent: readonly OutboxEntry[],
): Promise<void> {
  const told = new Set(answer.outcomes.map((outcome) => outcome.n))
  const untold = sent.filter((e) => e.n !== null && e.n <= answer.lastMutation && !told.has(e.n))
  for (const { seq } of untold) {
    const entry = await db.outbox.get(seq)
    if (entry !== undefined && entry.n !== null) await db.outbox.update(seq, { n: null, hash: null })
  }
}

/**
 * Inside a transaction that covers meta. The offset is kept beside the phone's clock and corrects no one's times. A hybrid
 * clock that had run ahead on a wrong wall clock is held back as the endpoint holds it back.
 */
export async function noteContact(db: PhoneDb, serverTime: number, now: number): Promise<void> {
  await writeMeta(db, 'lastContactAt', now)
  await writeMeta(db, 'serverOffset', serverTime - now)
  const hlc = await readMeta(db, 'hlc')
  if (hlc !== undefined && clampHlc(hlc, serverTime) !== hlc)
    await writeMeta(db, 'hlc', clampHlc(hlc, serverTime))
}
