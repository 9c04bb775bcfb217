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
  /** What a page brought last of the records that were accepted now. */
  pulled: Map<string, PhoneRecord>
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
  const key = keyOf(entry)
  if (base === undefined) context.neverPulled.add(key)
  else if (base.revUnknown !== true) context.pulled.set(key, base)
  const pulled = context.pulled.get(key)
  if (pulled === undefined || version.revUnknown !== true || later !== undefined) return
  // The page that brought it may have come after the acceptance, and then nothing newer comes.
  context.neverPulled.add(key)
  await db.base.put({ type: entry.type, id: entry.id, scope: pulled.scope, record: pulled })
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

/** So many records at a time: a batch of two hundred in one task would hold up the thumb. */
const SIDE_BY_SIDE = 50

const isPlain = (answer: PushAnswer): boolean =>
  answer.outcomes.every((o) => o.status === 'accepted' || o.status === 'merged')

/** Most batches are accepted whole: then only the tables of their types are locked, and screens go on reading the rest. */
function tablesFor(db: PhoneDb, answer: PushAnswer, sent: readonly OutboxEntry[]) {
  if (!isPlain(answer)) return db.tables
  const types = [...new Set(sent.map((entry) => entry.type))].filter((t) => definitionOf(t) !== undefined)
  return [...types.map((type) => db.rows(type)), db.base, db.outbox, db.attention, db.blobs, db.meta]
}

/**
 * In order. What was accepted touches its own record only, so that records go side by side: one after another each of the seven
 * questions about each of two hundred entries would wait for the browser's database process and back. A refusal takes others
 * along, and then nothing goes side by side.
 */
async function inTurns(
  answer: PushAnswer,
  sent: readonly OutboxEntry[],
  book: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const outcomes = [...answer.outcomes].sort((a, b) => a.n - b.n)
  const isSideBySide = isPlain(answer)
  const keyByN = new Map(sent.map((entry) => [entry.n, keyOf(entry)]))
  const turns = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    const key = isSideBySide ? (keyByN.get(outcome.n) ?? '') : ''
    const turn = turns.get(key)
    if (turn === undefined) turns.set(key, [outcome])
    else turn.push(outcome)
  }
  const take = async (turn: readonly Outcome[]) => {
    for (const outcome of turn) await book(outcome)
  }
  const all = [...turns.values()]
  for (let at = 0; at < all.length; at += SIDE_BY_SIDE)
    await Promise.all(all.slice(at, at + SIDE_BY_SIDE).map(take))
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
    const news = { neverPulled: new Set<string>(), pulled: new Map<string, PhoneRecord>() }
    const whole: Booking = { ...context, serverTime: answer.serverTime, ...news }
    let booked = 0
    await inTurns(answer, sent, async (outcome) => {
      const entry = await db.outbox.where('n').equals(outcome.n).first()
      // Booked before, or numbered anew since: this outcome is not about it.
      if (entry === undefined || sentBySeq.get(entry.seq)?.hash !== entry.hash) return
      await bookOne(db, entry, outcome, whole)
      booked += 1
      if (outcome.status === 'accepted' || outcome.status === 'merged') arrived.add(keyOf(entry))
    })
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
 * Inside a transaction that covers meta and outbox. The offset is kept beside the phone's clock and corrects no one's times. A
 * hybrid clock that had run ahead on a wrong wall clock is held back as the endpoint holds it back; not while something waits
 * that was written under it: the endpoint holds that back when it comes, later than now, and it would win over what is
 * written next.
 */
export async function noteContact(db: PhoneDb, serverTime: number, now: number): Promise<void> {
  const latest = Math.max(serverTime, (await readMeta(db, 'serverTimeSeen')) ?? 0)
  await writeMeta(db, 'lastContactAt', now)
  await writeMeta(db, 'serverOffset', serverTime - now)
  await writeMeta(db, 'serverTimeSeen', latest)
  const hlc = await readMeta(db, 'hlc')
  if (hlc === undefined) return
  const heldBack = clampHlc(hlc, latest)
  if (heldBack === hlc || (await db.outbox.count()) > 0) return
  await writeMeta(db, 'hlc', heldBack)
}
