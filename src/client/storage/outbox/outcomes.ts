/**
 * Books the answer of a push.
 *
 * Promises:
 * - outbox, screen and 需处理 change in one transaction: a phone that dies in between sends the same numbers again and gets
 *   the stored outcomes, and booking them twice has one effect;
 * - only `accepted` and `merged` take an entry away as delivered; what is refused keeps its data in 需处理;
 * - edits made while the answer was on its way stay on the screen and in the queue.
 */
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import { clampHlc } from '../../../shared/sync/hlc.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import { ARRIVED_BEFORE, type Outcome, type PushAnswer } from '../../../shared/sync/protocol/push.ts'
import { moveToAttention } from './attention.ts'
import type { PhoneDb } from '../db.ts'
import { deferEntry, releaseHeld } from './deferral.ts'
import { accept, readable, type Acceptance, type Accepted, type StandingGround } from './acceptance.ts'
import { entriesOf, isOnTwoPhones, keyOf, queueOf, refreshRow, writeRows } from './entries.ts'
import { noteAccepted } from './accepted.ts'
import { keepCarried } from './between-phones/carried.ts'
import { readMeta, writeMeta } from '../meta.ts'
import type { OutboxEntry, PhoneRecord } from '../rows.ts'

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

/** What stands of the records of these entries; nothing for a type that this app does not know. */
async function groundsOf(db: PhoneDb, entries: readonly OutboxEntry[]): Promise<Map<string, StandingGround>> {
  const known = new Map(entries.filter((e) => definitionOf(e.type) !== undefined).map((e) => [keyOf(e), e]))
  const named = [...known.values()].map(({ type, id }) => ({ type, id }))
  const [bases, queue] = await Promise.all([
    db.base.bulkGet(named.map(({ type, id }): [string, string] => [type, id])),
    queueOf(db, named),
  ])
  const ground = (record: { type: string; id: string }, at: number): [string, StandingGround] => {
    const key = keyOf(record)
    return [key, { ...record, base: bases[at]?.record, entries: queue.get(key) ?? [] }]
  }
  return new Map(named.map(ground))
}

/** Inside the transaction: these are delivered, of any number of records, in the order of their numbers. */
async function bookAccepted(
  db: PhoneDb,
  acceptances: readonly Acceptance[],
  context: Booking,
): Promise<void> {
  const before = await groundsOf(
    db,
    acceptances.map(({ entry }) => entry),
  )
  const after = new Map<string, Accepted>()
  const rebased = new Map<number, OutboxEntry>()
  for (const acceptance of acceptances) {
    const key = keyOf(acceptance.entry)
    const ground = after.get(key) ?? before.get(key)
    if (ground === undefined) continue
    const next = accept(ground, acceptance, context, context.pulled.get(key))
    after.set(key, next)
    if (next.pulled !== undefined) context.pulled.set(key, next.pulled)
    if (next.isNeverPulled) context.neverPulled.add(key)
    if (next.rebased !== undefined) rebased.set(next.rebased.seq, next.rebased)
  }
  const gone = acceptances.map(({ entry }) => entry.seq)
  for (const seq of gone) rebased.delete(seq)
  await Promise.all([
    db.outbox.bulkDelete(gone),
    rebased.size > 0 && db.outbox.bulkPut([...rebased.values()]),
    writeRows(db, [...after.values()], context.personId),
  ])
  await keepCarried(db, acceptances, context.serverTime)
  const kept = [...after.values()].flatMap(({ type, id, keepsPulled, pulled }) =>
    keepsPulled && pulled !== undefined ? [{ type, id, scope: pulled.scope, record: pulled }] : [],
  )
  if (kept.length > 0) await db.base.bulkPut(kept)
}

/** The same fields by the same author stand there already: sent twice under two device ids, and no loss. */
function standsAlready(entry: OutboxEntry, standing: PhoneRecord | undefined, personId: string): boolean {
  if (standing === undefined || entry.op === 'delete' || entry.conflict === 'draft') return false
  const author = entry.signed?.person ?? personId
  return standing.author === author && canonicalJson(standing.fields) === canonicalJson(entry.fields)
}

/** Something else stands there: on top of this one, which another phone has brought? A first version can't be missing under it. */
function hasCome(entry: OutboxEntry, { code, detail }: Outcome): boolean {
  if (code !== 'stale-base') return false
  return detail === ARRIVED_BEFORE || (entry.baseRev === 0 && isOnTwoPhones(entry))
}

/** An edit that waits for it was made on what it says; where that was edited meanwhile, the person compares. */
async function restOnSeen(db: PhoneDb, entry: OutboxEntry, standing: PhoneRecord): Promise<void> {
  if (canonicalJson(standing.fields) === canonicalJson(entry.fields)) return
  for (const later of await entriesOf(db, entry.type, entry.id))
    if (later.baseRev === null) await db.outbox.update(later.seq, { baseRev: 0 })
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
    await db.carried.delete([type, id])
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
  const isUnderIt = told !== undefined && hasCome(entry, outcome)
  if (isUnderIt) await restOnSeen(db, entry, told)
  if (isUnderIt || (isRepeat && standsAlready(entry, told ?? base, context.personId))) {
    await bookAccepted(db, [{ entry, record: outcome.record }], context)
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
  else await bookAccepted(db, [{ entry, record: outcome.record }], context)
}

const isTaken = ({ status }: Outcome): boolean => status === 'accepted' || status === 'merged'

/** Most batches are accepted whole: then only the tables of their types are locked, and screens go on reading the rest. */
function tablesFor(db: PhoneDb, isPlain: boolean, sent: readonly OutboxEntry[]) {
  if (!isPlain) return db.tables
  const types = [...new Set(sent.map((entry) => entry.type))].filter((t) => definitionOf(t) !== undefined)
  const { base, outbox, attention, blobs, meta, carried } = db
  return [...types.map((type) => db.rows(type)), base, outbox, attention, blobs, meta, carried]
}

const isAsSent = (entry: OutboxEntry, sent: OutboxEntry | undefined): boolean =>
  entry.n === sent?.n && entry.hash === sent.hash

type IsMeant = (entry: OutboxEntry | undefined) => entry is OutboxEntry

/** What was accepted touches its own record only: the whole batch is asked for and written at once. */
async function bookPlain(
  db: PhoneDb,
  outcomes: readonly Outcome[],
  sent: readonly OutboxEntry[],
  isMeant: IsMeant,
  context: Booking,
): Promise<OutboxEntry[]> {
  const standing = await db.outbox.bulkGet(sent.map(({ seq }) => seq))
  const byN = new Map(standing.filter(isMeant).map((entry) => [entry.n, entry]))
  const acceptances = outcomes.flatMap(({ n, record }) => {
    const entry = byN.get(n)
    return entry === undefined ? [] : [{ entry, record }]
  })
  await bookAccepted(db, acceptances, context)
  return acceptances.map(({ entry }) => entry)
}

/** A refusal takes others along: one after another. */
async function bookInTurns(
  db: PhoneDb,
  outcomes: readonly Outcome[],
  isMeant: IsMeant,
  context: Booking,
): Promise<OutboxEntry[]> {
  const booked: OutboxEntry[] = []
  for (const outcome of outcomes) {
    const entry = await db.outbox.where('n').equals(outcome.n).first()
    if (!isMeant(entry)) continue
    await bookOne(db, entry, outcome, context)
    booked.push(entry)
  }
  return booked
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
  const bySeq = new Map(sent.map((entry) => [entry.seq, entry]))
  // Booked before, or numbered anew since, as for another device: the outcome is not about it.
  const isMeant: IsMeant = (entry): entry is OutboxEntry =>
    entry !== undefined && isAsSent(entry, bySeq.get(entry.seq))
  const outcomes = [...answer.outcomes].sort((a, b) => a.n - b.n)
  const taken = new Set(outcomes.filter(isTaken).map(({ n }) => n))
  const isPlain = outcomes.every(isTaken)
  return await db.transaction('rw', tablesFor(db, isPlain, sent), async () => {
    const news = { neverPulled: new Set<string>(), pulled: new Map<string, PhoneRecord>() }
    const whole: Booking = { ...context, serverTime: answer.serverTime, ...news }
    const booked = isPlain
      ? await bookPlain(db, outcomes, sent, isMeant, whole)
      : await bookInTurns(db, outcomes, isMeant, whole)
    const arrived = new Set(booked.filter(({ n }) => n !== null && taken.has(n)).map(keyOf))
    await renumberWithoutOutcome(db, answer, sent)
    await noteAccepted(db, whole.neverPulled)
    await releaseHeld(db, arrived)
    await noteContact(db, answer.serverTime, context.now)
    await writeMeta(db, 'settled', ((await readMeta(db, 'settled')) ?? 0) + 1)
    return booked.length
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
  for (const asSent of untold) {
    const entry = await db.outbox.get(asSent.seq)
    if (entry !== undefined && isAsSent(entry, asSent))
      await db.outbox.update(entry.seq, { n: null, hash: null })
  }
}

/**
 * Inside a transaction that covers meta and outbox. The offset is kept beside the phone's clock and corrects no one's times. A
 * hybrid clock that had run ahead on a wrong wall clock is held back as the endpoint holds it back; not while something waits
 * that was written under it: the endpoint holds that back when it comes, later than now, and it would win over what is
 * written next.
 */
export async function noteContact(db: PhoneDb, serverTime: number, now: number): Promise<void> {
  const [seen, hlc] = await Promise.all([readMeta(db, 'serverTimeSeen'), readMeta(db, 'hlc')])
  const latest = Math.max(serverTime, seen ?? 0)
  await Promise.all([
    writeMeta(db, 'lastContactAt', now),
    writeMeta(db, 'serverOffset', serverTime - now),
    latest !== seen && writeMeta(db, 'serverTimeSeen', latest),
  ])
  if (hlc === undefined) return
  const heldBack = clampHlc(hlc, latest)
  if (heldBack === hlc || (await db.outbox.count()) > 0) return
  await writeMeta(db, 'hlc', heldBack)
}
