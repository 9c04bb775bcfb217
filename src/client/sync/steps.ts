/**
 * What the machine's steps do: each reads the queue or the cursor from the disk, makes one request, and books the answer in
 * one transaction. A step that is cut anywhere can be done again.
 */
import { DAY_MS } from '../../shared/civil-time.ts'
import type { ErrorCode } from '../../shared/sync/protocol/errors.ts'
import { ERRORS } from '../../shared/sync/protocol/errors.ts'
import { PROTOCOL_VERSION } from '../../shared/sync/protocol/protocol-version.ts'
import type { PullAnswer } from '../../shared/sync/protocol/pull.ts'
import { moveToAttention } from '../storage/outbox/attention.ts'
import { uploadScopeIn } from '../storage/ask-definition.ts'
import type { PhoneDb } from '../storage/db.ts'
import { deferEntry, releaseHeld } from '../storage/outbox/deferral.ts'
import { blobsNamedBy } from '../storage/outbox/entries.ts'
import type { DeviceKeys } from '../storage/keys/device-keys.ts'
import { DamagedFile, keptFile } from '../storage/files/kept-file.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import {
  holdEntry,
  nextReleaseMs,
  renumberAfter,
  renumberAll,
  takeBatch,
  uploadsNeeded,
} from '../storage/outbox/outbox.ts'
import { settle } from '../storage/outbox/outcomes.ts'
import { applyPage, pageToken } from '../storage/pages/pages.ts'
import { beginRestored, isRestoring, scopesHeld } from '../storage/pages/reload.ts'
import { isPastKeeping, pruneOld } from '../storage/upkeep/retention.ts'
import type { OutboxEntry } from '../storage/rows.ts'
import type { Effect, Failure, SentMutation, StepResult } from './machine/core.ts'
import type { PageRequest, Paging } from './paging.ts'
import type { Transport } from './line/transport.ts'

const UPLOAD_PAUSE_MS = 60_000

export interface StepParts {
  db: PhoneDb
  personId: string
  transport: Transport
  deviceKeys: DeviceKeys
  now: () => number
  /** 0 ≤ x < 1, for the back-off. */
  random: () => number
  pageLimit?: number
  /** Awaited before each booking: the person who writes goes first. */
  giveWay?: () => Promise<void>
  onContact?: (at: number) => void
  onDevice?: (device: { deviceId: string; keyId: string | null }) => void
}

export type Step = Exclude<Effect, { type: 'wait' }>

export function failed(
  parts: Pick<StepParts, 'random' | 'now'>,
  failure: Failure,
  mutations: readonly SentMutation[] = [],
): StepResult {
  const [first] = mutations
  const only = mutations.length === 1 && first !== undefined ? { n: first.n, hash: first.hash } : undefined
  const about = { sent: mutations.length, ...(only && { only }) }
  return { step: 'failed', failure, jitter: parts.random(), at: parts.now(), ...about }
}

async function deviceIdOf(db: PhoneDb): Promise<string> {
  const deviceId = await readMeta(db, 'deviceId')
  if (deviceId === undefined) throw new Error('the device is registered before anything is sent')
  return deviceId
}

/** What the next page is asked with. */
async function pageRequest(db: PhoneDb): Promise<PageRequest> {
  return await db.transaction('r', db.meta, async () => {
    const [token, deviceId] = await Promise.all([pageToken(db), deviceIdOf(db)])
    return { ...token, deviceId }
  })
}

/** A failed upload holds back only the entry that names the file. @returns a failure that stops the whole round */
async function bookUploadFailure(
  parts: StepParts,
  entry: OutboxEntry,
  sha256: string,
  failure: Failure,
): Promise<Failure | undefined> {
  const { db, personId } = parts
  const now = parts.now()
  const code = failure.kind === 'refused' ? failure.code : undefined
  const action = code === undefined ? undefined : ERRORS[code].action
  // Not about this file: nobody, somebody else, or an app that is too old is signed in on this profile.
  if (action === 'sign-in' || action === 'update-app' || action === 'renew-device') return failure
  /** Another tab may have delivered or edited it while this answer was on its way. */
  const ifItStands = (book: (standing: OutboxEntry) => Promise<void>): Promise<void> =>
    db.transaction('rw', db.tables, async () => {
      const standing = await db.outbox.get(entry.seq)
      if (standing?.n === entry.n && blobsNamedBy(standing).includes(sha256)) await book(standing)
    })
  if (action === 'show' && code !== undefined) {
    await ifItStands((standing) => moveToAttention(db, standing, { code, now, personId }))
  } else if (code === 'hash-mismatch') {
    const outcome = { n: 1, status: 'deferred' as const, code: 'missing-file', detail: sha256 }
    await ifItStands((standing) => deferEntry(db, standing, outcome, { now, personId }))
  } else await holdEntry(db, entry.seq, { blob: sha256 }, now + UPLOAD_PAUSE_MS)
  return undefined
}

const isTransient = (failure: Failure): boolean =>
  failure.kind !== 'refused' || (ERRORS[failure.code].action === 'retry' && failure.code !== 'hash-mismatch')

/** undefined where it is not here any more, or lies here damaged: the endpoint then says what it misses. */
async function fileToUpload(
  db: PhoneDb,
  sha256: string,
): Promise<{ bytes: ArrayBuffer; mime: string } | undefined> {
  const row = await db.blobs.get(sha256)
  if (row === undefined) return undefined
  if (row.bytes !== undefined) return { bytes: row.bytes, mime: row.mime }
  const file = await keptFile(db, row)
    .whole()
    .catch((error: unknown) => {
      if (error instanceof DamagedFile) return undefined
      throw error
    })
  return file && { bytes: await file.arrayBuffer(), mime: row.mime }
}

/** Files first: a record that names one would be put off without it. */
async function uploadFiles(parts: StepParts): Promise<Failure | undefined> {
  const { db, transport } = parts
  const heldNow = new Set<number>()
  const sent = new Set<string>()
  const deviceId = await deviceIdOf(db)
  let isLineBad = false
  for (const { entry, sha256 } of await uploadsNeeded(db, parts.now())) {
    // One file did not get through: the others wait with it, and what needs no file goes on at once.
    if (isLineBad && !heldNow.has(entry.seq)) {
      heldNow.add(entry.seq)
      await holdEntry(db, entry.seq, { blob: sha256 }, parts.now() + UPLOAD_PAUSE_MS)
    }
    const scope = uploadScopeIn(entry.type, entry.fields, entry.scope)
    if (heldNow.has(entry.seq) || sent.has(`${sha256} ${scope}`)) continue
    const file = await fileToUpload(db, sha256)
    if (file === undefined) continue
    const { bytes, mime } = file
    const answer = await transport.upload({ sha256, bytes, mime, scope, deviceId })
    if (answer.ok) {
      sent.add(`${sha256} ${scope}`)
      await db.transaction('rw', db.blobs, db.outbox, async () => {
        await db.blobs.update(sha256, { upload: 0 })
        await releaseHeld(db, new Set([sha256]))
      })
      continue
    }
    // Where the line carries nothing at all, nothing is held back: the file goes as soon as there is one again.
    const line = answer.failure.kind === 'offline' ? await probe(parts) : undefined
    if (line?.step === 'failed') return line.failure
    heldNow.add(entry.seq)
    isLineBad = isTransient(answer.failure)
    const stop = await bookUploadFailure(parts, entry, sha256, answer.failure)
    if (stop !== undefined) return stop
  }
  return undefined
}

async function push(parts: StepParts, limit: number): Promise<StepResult> {
  const { db, personId } = parts
  if (await isRestoring(db)) return { step: 'push', sent: 0, settled: 0 }
  if ((await readMeta(db, 'nextN')) === undefined) {
    const counted = await recount(parts)
    if (counted.step === 'failed') return counted
  }
  const stop = await uploadFiles(parts)
  if (stop !== undefined) return failed(parts, stop)
  const batch = await takeBatch(db, { limit, now: parts.now(), personId })
  if (batch.mutations.length === 0) return { step: 'push', sent: 0, settled: 0 }
  const answer = await parts.transport.push({
    protocol: PROTOCOL_VERSION,
    deviceId: batch.deviceId,
    epoch: (await readMeta(db, 'epoch')) ?? '',
    sentAt: parts.now(),
    mutations: batch.mutations,
  })
  if (!answer.ok) return failed(parts, answer.failure, batch.mutations)
  const now = parts.now()
  await parts.giveWay?.()
  const settled = await settle(db, answer.value, batch.entries, { now, personId })
  parts.onContact?.(now)
  return { step: 'push', sent: batch.mutations.length, settled, jitter: parts.random() }
}

/** A push of nothing: everything that a push needs of the endpoint, but the mutations. */
async function probe(parts: StepParts): Promise<StepResult> {
  const { db, transport } = parts
  const answer = await transport.push({
    protocol: PROTOCOL_VERSION,
    deviceId: await deviceIdOf(db),
    epoch: (await readMeta(db, 'epoch')) ?? '',
    sentAt: parts.now(),
    mutations: [],
  })
  return answer.ok ? { step: 'probe' } : failed(parts, answer.failure)
}

export async function askPage(parts: StepParts, { cursor, deviceId }: PageRequest, limit: number) {
  return await parts.transport.pull({ protocol: PROTOCOL_VERSION, deviceId, cursor, limit })
}

async function pull(parts: StepParts, paging: Paging): Promise<StepResult> {
  const { db, personId } = parts
  const { deviceId, ...token } = await pageRequest(db)
  const answer = await paging.ask({ ...token, deviceId })
  if (!answer.ok) return failed(parts, answer.failure)
  const page = answer.value
  const now = parts.now()
  await parts.giveWay?.()
  const began = parts.now()
  const isMoving = page.cursor !== token.cursor
  const released = !page.more && (await isRestoring(db))
  // The next page comes over the line while this one goes to the disk.
  if (page.more && isMoving) paging.askAhead({ cursor: page.cursor, settled: token.settled, deviceId })
  const booked = await applyPage(db, page, token, { now, personId })
  if (booked !== 'applied') paging.forget()
  if (booked === 'epoch-changed') return failed(parts, { kind: 'refused', code: 'epoch-changed' })
  paging.noteBooked(page.records.length, parts.now() - began)
  parts.onContact?.(now)
  // "More" without moving on would go round for ever.
  if (page.more && !isMoving) return failed(parts, { kind: 'offline' })
  await pruneDaily(db, page)
  const { add, drop, reset } = page.scopes
  const news = page.records.length + add.length + drop.length + reset.length > 0
  const isStale = booked === 'stale'
  const dueMs = page.more ? undefined : await nextReleaseMs(db, parts.now())
  const about = { more: page.more, stale: isStale, news, released: released && !isStale }
  return { step: 'pull', ...about, ...(dueMs !== undefined && { dueMs }), jitter: parts.random() }
}

/** Before the first look at everything only what came is looked at: a phone that has just been filled holds nothing old. */
async function pruneDaily(db: PhoneDb, page: PullAnswer): Promise<void> {
  const { serverTime } = page
  const hasOld = page.records.some((record) => isPastKeeping(record.type, record, serverTime))
  if (page.more && !hasOld) return
  const known = await readMeta(db, 'prunedAt')
  const before = known ?? (hasOld ? 0 : serverTime)
  if (known === undefined) await writeMeta(db, 'prunedAt', before)
  if (page.more || serverTime - before < DAY_MS) return
  await pruneOld(db, serverTime)
  await writeMeta(db, 'prunedAt', serverTime)
}

async function recount(parts: StepParts): Promise<StepResult> {
  const asked = await pageRequest(parts.db)
  const answer = await askPage(parts, asked, 1)
  if (!answer.ok) return failed(parts, answer.failure)
  const { epoch, lastMutation } = answer.value
  const isSameStore = await parts.db.transaction('rw', parts.db.outbox, parts.db.meta, async () => {
    // Before the first push: a phone that has pushed and not yet pulled must notice that the store was restored meanwhile.
    const known = await readMeta(parts.db, 'epoch')
    if (known === undefined) await writeMeta(parts.db, 'epoch', epoch)
    // Renewed meanwhile by another tab: this is the count of a device that nothing is numbered for any more.
    if ((await deviceIdOf(parts.db)) === asked.deviceId) await renumberAfter(parts.db, lastMutation)
    return known === undefined || known === epoch
  })
  return isSameStore ? { step: 'recount' } : failed(parts, { kind: 'refused', code: 'epoch-changed' })
}

async function renew(parts: StepParts, restored: boolean): Promise<StepResult> {
  const { db, personId, deviceKeys } = parts
  const key = await deviceKeys.ensure()
  const answer = await parts.transport.renewDevice(personId, key?.publicKey)
  if (!answer.ok) return failed(parts, answer.failure)
  const { deviceId, keyId, person } = answer.value
  // Somebody else is signed in on this profile: this queue is not sent under another name.
  if (person.id !== personId) return failed(parts, { kind: 'refused', code: 'not-signed-in' })
  const scopes = restored ? await scopesHeld(db) : []
  const { outbox, meta, seen, keys, base, attention, quarantine } = db
  await db.transaction('rw', [outbox, meta, seen, keys, base, attention, quarantine], async () => {
    // Of a restored store the new epoch is not known yet: the counter is asked for, and it comes along.
    await renumberAll(db, deviceId, restored ? undefined : 1)
    await deviceKeys.setKeyId(keyId)
    if (restored) await beginRestored(db, scopes, personId)
  })
  parts.onDevice?.({ deviceId, keyId })
  return { step: 'renew' }
}

async function setAside(parts: StepParts, code: ErrorCode, only: SentMutation): Promise<StepResult> {
  const { db, personId } = parts
  const now = parts.now()
  await db.transaction('rw', db.tables, async () => {
    const blamed = await db.outbox.where('n').equals(only.n).first()
    if (blamed?.hash === only.hash) await moveToAttention(db, blamed, { code, now, personId })
  })
  return { step: 'set-aside' }
}

export async function runStep(parts: StepParts, step: Step, paging: Paging): Promise<StepResult> {
  // A push moves on what a page rests on, and may take its time.
  if (step.type !== 'pull') paging.forget()
  switch (step.type) {
    case 'push':
      return await push(parts, step.limit)
    case 'pull':
      return await pull(parts, paging)
    case 'probe':
      return await probe(parts)
    case 'recount':
      return await recount(parts)
    case 'renew':
      return await renew(parts, step.restored)
    case 'set-aside':
      return await setAside(parts, step.code, step.only)
  }
}
