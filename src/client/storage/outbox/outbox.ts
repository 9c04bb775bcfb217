/**
 * The outbox: every write of this phone that the endpoint has not settled.
 *
 * Promises, to the person who wrote:
 * - an entry leaves only by an outcome (accepted, merged) or moves to 需处理 with its data; nothing is skipped;
 * - an entry that was numbered is never changed, so the endpoint can recognise it when it comes twice;
 * - at most one batch is in flight; it is sent again with the same numbers until its outcomes are known.
 */
import {
  hashMutation,
  MAX_MUTATIONS,
  MAX_PUSH_BYTES,
  type Mutation,
  type MutationPayload,
} from '../../../shared/sync/protocol/push.ts'
import { moveToAttention } from './attention.ts'
import type { PhoneDb } from '../db.ts'
import { LONGEST_PAUSE_MS } from './deferral.ts'
import { blobsNamedBy, keyOf, requiredParents } from './entries.ts'
import { readMeta, writeMeta } from '../meta.ts'
import { isSoundEntry } from '../upkeep/read-sound.ts'
import type { NewOutboxEntry, OutboxEntry } from '../rows.ts'
import { StorageTrouble } from '../trouble.ts'

const KEY_TYPE = 'device-key'
/** Room for the request around the mutations, and for characters that take more bytes than counted. */
const ENVELOPE_BYTES = 2 * 1024

export function payloadOf(entry: NewOutboxEntry): MutationPayload {
  const { type, id, scope, op, schemaVersion, fields, hlc, observedAt } = entry
  return { type, id, scope, op, schemaVersion, fields, baseRev: entry.baseRev ?? 0, hlc, observedAt }
}

function toMutation(entry: OutboxEntry): Mutation {
  if (entry.n === null || entry.hash === null) throw new Error('an entry is numbered before it is sent')
  const { n, hash, signed } = entry
  return { n, ...payloadOf(entry), hash, ...(signed === undefined ? {} : { signed }) }
}

const byteLength = (mutation: unknown): number => new TextEncoder().encode(JSON.stringify(mutation)).length

function isHeld({ heldUntil }: OutboxEntry, now: number): boolean {
  // Further ahead than any pause: the clock was wrong when it was set, and is right now.
  return heldUntil !== undefined && heldUntil > now && heldUntil - now <= LONGEST_PAUSE_MS
}

/**
 * Which unnumbered entries may go now, in order. An entry that has to wait holds back what rests on it: later edits of the
 * same record, and records whose parent it is; never the rest.
 */
export function sendable(entries: readonly OutboxEntry[], now: number): OutboxEntry[] {
  const waiting = new Set<string>()
  const ready: OutboxEntry[] = []
  for (const entry of entries) {
    const blocked =
      isHeld(entry, now) ||
      entry.baseRev === null ||
      waiting.has(keyOf(entry)) ||
      requiredParents(entry).some((parent) => waiting.has(parent))
    if (blocked) waiting.add(keyOf(entry))
    else ready.push(entry)
  }
  return ready
}

/** @throws StorageTrouble for an entry that the disk has damaged: it is looked for and set aside (mend.ts) */
function sound(entry: OutboxEntry): OutboxEntry {
  if (!isSoundEntry(entry)) throw new StorageTrouble('damaged', undefined)
  return entry
}

export interface Batch {
  /** Under whose numbers; a device may be renewed by another tab at any moment. */
  deviceId: string
  entries: OutboxEntry[]
  mutations: Mutation[]
}

interface Numbered {
  batch: OutboxEntry[]
  /** More than one request can carry, each by itself. */
  tooLarge: OutboxEntry[]
}

/**
 * Inside a transaction: gives numbers to what may go, within the limits of one request. Nothing is awaited between the
 * entries: a transaction outlives only so many promises that are not the database's own.
 */
async function numberNext(db: PhoneDb, limit: number, now: number): Promise<Numbered> {
  let n = (await readMeta(db, 'nextN')) ?? 1
  const batch: OutboxEntry[] = []
  const tooLarge: OutboxEntry[] = []
  let bytes = ENVELOPE_BYTES
  for (const entry of sendable((await db.outbox.orderBy('seq').toArray()).map(sound), now)) {
    if (batch.length >= limit) break
    const numbered = { ...entry, n, hash: hashMutation(payloadOf(entry)) }
    const size = byteLength(toMutation(numbered)) + 1
    if (size > MAX_PUSH_BYTES - ENVELOPE_BYTES) {
      tooLarge.push(entry)
      continue
    }
    bytes += size
    if (bytes > MAX_PUSH_BYTES) break
    // The endpoint checks signatures with the keys that it has before the batch: a key goes ahead of what it signed.
    if (batch.at(-1)?.type === KEY_TYPE && entry.type !== KEY_TYPE) break
    batch.push(numbered)
    n += 1
  }
  await db.outbox.bulkPut(batch)
  await writeMeta(db, 'nextN', n)
  return { batch, tooLarge }
}

/**
 * The batch to send now: the one in flight if its outcomes are unknown, otherwise the next one, numbered on the disk before
 * it is returned. Empty when nothing may go.
 */
export async function takeBatch(
  db: PhoneDb,
  options: { limit?: number; now: number; personId: string },
): Promise<Batch> {
  const limit = Math.min(options.limit ?? MAX_MUTATIONS, MAX_MUTATIONS)
  const { now, personId } = options
  const { batch, tooLarge, deviceId } = await db.transaction('rw', db.outbox, db.meta, async () => {
    const device = (await readMeta(db, 'deviceId')) ?? ''
    const inFlight = await db.outbox.orderBy('n').limit(limit).toArray()
    const numbered: Numbered =
      inFlight.length > 0 ? { batch: inFlight.map(sound), tooLarge: [] } : await numberNext(db, limit, now)
    return { ...numbered, deviceId: device }
  })
  for (const { seq } of tooLarge) {
    await db.transaction('rw', db.tables, async () => {
      const entry = await db.outbox.get(seq)
      // Edited since, it may fit now.
      if (entry === undefined || byteLength(payloadOf(entry)) <= MAX_PUSH_BYTES - 2 * ENVELOPE_BYTES) return
      await moveToAttention(db, entry, { code: 'body-too-large', now, personId })
    })
  }
  return { deviceId, entries: batch, mutations: batch.map(toMutation) }
}

/** Entries that would go next and name a file which this phone made and has not uploaded. */
export async function uploadsNeeded(
  db: PhoneDb,
  now: number,
): Promise<{ entry: OutboxEntry; sha256: string }[]> {
  const waitingUploads = new Set(await db.blobs.where('upload').equals(1).primaryKeys())
  if (waitingUploads.size === 0) return []
  const all = await db.outbox.orderBy('seq').toArray()
  const ready = sendable(all, now)
  return ready.flatMap((entry) =>
    blobsNamedBy(entry)
      .filter((sha256) => waitingUploads.has(sha256))
      .map((sha256) => ({ entry, sha256 })),
  )
}

/**
 * The endpoint misses a number below ours: what it never got (above its counter) is numbered anew. What it may have got
 * keeps its number, so that the stored outcome comes back.
 */
export async function renumberAfter(db: PhoneDb, lastMutation: number): Promise<void> {
  await db.transaction('rw', db.outbox, db.meta, async () => {
    await db.outbox.where('n').above(lastMutation).modify({ n: null, hash: null })
    await writeMeta(db, 'nextN', lastMutation + 1)
  })
}

/**
 * Another device id: nothing keeps a number of the old one.
 * @param nextN 1 for a new id; undefined when its counter has to be asked for
 */
export async function renumberAll(db: PhoneDb, deviceId: string, nextN: number | undefined): Promise<void> {
  await db.transaction('rw', db.outbox, db.meta, async () => {
    await db.outbox.where('n').above(0).modify({ n: null, hash: null })
    await writeMeta(db, 'deviceId', deviceId)
    if (nextN === undefined) await db.meta.delete('nextN')
    else await writeMeta(db, 'nextN', nextN)
  })
}

/** Milliseconds until the first of what is held back may go; undefined where nothing is. */
export async function nextReleaseMs(db: PhoneDb, now: number): Promise<number | undefined> {
  const held = (await db.outbox.toArray()).filter((entry) => isHeld(entry, now))
  return held.length === 0 ? undefined : Math.min(...held.map(({ heldUntil = now }) => heldUntil)) - now
}

/** Holds one entry back until a moment, with the reason. */
export async function holdEntry(
  db: PhoneDb,
  seq: number,
  heldFor: NonNullable<OutboxEntry['heldFor']>,
  until: number,
): Promise<void> {
  await db.outbox.update(seq, { heldFor, heldUntil: until })
}
