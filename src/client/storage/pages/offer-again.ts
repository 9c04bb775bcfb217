/**
 * After a restore from a backup the phone is the witness of what its owner had delivered: that is offered again.
 *
 * Promises, to whoever wrote it:
 * - what the restored store has lost comes back, however long ago it was delivered, parents first and once;
 * - what stands there and is later stays: a draft's paths are offered under the clock of their own time, content that somebody
 *   has changed meanwhile is refused by the endpoint and goes to 需处理 for the person to compare, and so does a fact whose id
 *   another one has taken;
 * - what the backup had anyway is not offered.
 */
import { DAY_MS } from '../../../shared/civil-time.ts'
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import type { AnyDefinition } from '../../../shared/sync/define-record.ts'
import { flatten } from '../../../shared/sync/flat-paths.ts'
import { CLOCK_LEAD_MS, formatHlc } from '../../../shared/sync/hlc.ts'
import { definitions } from '../../../shared/sync/registry.ts'
import { parseScope } from '../../../shared/sync/parse-scope.ts'
import { blobsIn, labelOf, parentsIn } from '../ask-definition.ts'
import type { PhoneDb } from '../db.ts'
import { keyOf } from '../outbox/entries.ts'
import type { NewOutboxEntry, OutboxEntry, PhoneRecord } from '../rows.ts'
import { takeHlc } from '../outbox/writes.ts'

/** Two phones of one person that offer the same fact again send the same bytes, and it stays one fact. */
export const OFFERED_AGAIN_NODE = 'again'
/** The machine that took the backup and the one that received the row may disagree by so much. */
const CLOCKS_APART_MS = 60_000
const MAX_COUNTER = 36 ** 4 - 1

export interface OfferContext {
  now: number
  personId: string
  /** When the backup was taken (endpoint's clock); undefined when the endpoint does not tell. */
  backupAt: number | undefined
}

export interface Offer {
  definition: AnyDefinition
  row: PhoneRecord
  /** What the restored store holds. */
  standing: PhoneRecord | undefined
}

export const isMine = (row: PhoneRecord, { personId }: OfferContext): boolean =>
  row.author === personId && row.receivedAt !== null

/** Received so late that the backup may not have it. Private rows keep the day only. */
function mayBeLost({ scope, receivedAt }: PhoneRecord, { backupAt }: OfferContext): boolean {
  const latest = (receivedAt ?? 0) + (parseScope(scope)?.kind === 'private' ? DAY_MS : 0)
  return backupAt === undefined || latest > backupAt - CLOCKS_APART_MS
}

/** As far as revisions tell: they are those of the old store as long as nobody has written since the restore. */
const isAfter = (row: PhoneRecord, standing: PhoneRecord): boolean =>
  row.revUnknown === true ? row.rev >= standing.rev : row.rev > standing.rev

/**
 * Another version stands at the restored store: is this one to be offered?
 * @returns the revision that content is offered on; 0 where somebody has written since, so that the endpoint refuses it
 */
export function offeredOn(
  definition: AnyDefinition,
  row: PhoneRecord,
  standing: PhoneRecord,
  context: OfferContext,
): number | undefined {
  if (!isMine(row, context)) return undefined
  if (canonicalJson(row.fields) === canonicalJson(standing.fields)) return undefined
  if (!mayBeLost(row, context)) return undefined
  // A fact: its place was taken by another one of the same id, from another phone. The endpoint refuses it, and the person is
  // told and still has the words.
  if (definition.conflict !== 'content') return 0
  if ((row.receivedAt ?? 0) >= (standing.receivedAt ?? 0)) return standing.rev
  // Later than ours. Of the backup itself: ours is an earlier version of it. Otherwise somebody has written since.
  if (context.backupAt === undefined) return undefined
  if ((standing.receivedAt ?? 0) <= context.backupAt) return undefined
  if (standing.author !== context.personId) return 0
  return row.observedAt > standing.observedAt ? standing.rev : undefined
}

/**
 * The clock of a draft that is offered again: later than everything in the backup if the phone's version is, and never later
 * than what was written after the restore.
 */
async function clockOf(db: PhoneDb, { row, standing }: Offer, context: OfferContext): Promise<string> {
  const { backupAt, now } = context
  if (standing !== undefined && !isAfter(row, standing))
    return formatHlc(row.receivedAt ?? 0, 0, OFFERED_AGAIN_NODE)
  if (backupAt === undefined) return await takeHlc(db, now)
  const ms = Math.max(row.receivedAt ?? 0, backupAt + CLOCK_LEAD_MS + 1)
  return formatHlc(ms, Math.min(row.rev, MAX_COUNTER), OFFERED_AGAIN_NODE)
}

/** Inside a transaction that covers meta and blobs. */
export async function offerEntry(
  db: PhoneDb,
  { definition, row, standing }: Offer,
  baseRev: number,
  context: OfferContext,
): Promise<NewOutboxEntry> {
  const isDraft = definition.conflict === 'draft'
  // The restored store may not have the bytes: they go before the record, like those of a new one.
  if (standing === undefined && !isDraft)
    for (const sha256 of blobsIn(definition.type, row.fields)) await db.blobs.update(sha256, { upload: 1 })
  return {
    type: definition.type,
    id: row.id,
    scope: row.scope,
    op: 'put',
    conflict: definition.conflict,
    schemaVersion: row.schemaVersion,
    fields: isDraft ? flatten(row.fields) : row.fields,
    baseRev: definition.conflict === 'content' ? baseRev : 0,
    hlc: isDraft
      ? await clockOf(db, { definition, row, standing }, context)
      : formatHlc(row.observedAt, 0, OFFERED_AGAIN_NODE),
    observedAt: row.observedAt,
    label: labelOf(definition, row.fields),
    savedAt: context.now,
    n: null,
    hash: null,
    attempts: 0,
    offeredAgain: row.receivedAt ?? 0,
  }
}

/** What access goes by comes first, and keys before what was signed with them. */
const FIRST = ['unit', 'person', 'membership', 'role', 'device-key']
const rankOf = (type: string): number => {
  const at = FIRST.indexOf(type)
  return at === -1 ? FIRST.length : at
}

/** Parents before children; otherwise as they had been accepted. */
export function inOrder<Entry extends NewOutboxEntry>(entries: readonly Entry[]): Entry[] {
  const sorted = [...entries].sort(
    (a, b) =>
      rankOf(a.type) - rankOf(b.type) ||
      (a.offeredAgain ?? 0) - (b.offeredAgain ?? 0) ||
      a.observedAt - b.observedAt,
  )
  const byKey = new Map<string, Entry[]>()
  for (const entry of sorted) byKey.set(keyOf(entry), [...(byKey.get(keyOf(entry)) ?? []), entry])
  const placed = new Set<string>()
  const ordered: Entry[] = []
  const place = (key: string): void => {
    const own = byKey.get(key)
    if (own === undefined || placed.has(key)) return
    placed.add(key)
    for (const { type, fields } of own) for (const parent of parentsIn(type, fields)) place(keyOf(parent))
    ordered.push(...own)
  }
  for (const key of byKey.keys()) place(key)
  return ordered
}

function withoutPlace(entry: NewOutboxEntry | OutboxEntry): NewOutboxEntry {
  if (!('seq' in entry)) return entry
  const { seq: _place, ...rest } = entry
  return rest
}

/** The queue anew: what is offered again goes before what was waiting, which may rest on it. Nothing is numbered now. */
export async function offersFirst(db: PhoneDb, offers: readonly NewOutboxEntry[]): Promise<void> {
  const waiting = await db.outbox.orderBy('seq').toArray()
  const offered = [...waiting.filter((entry) => entry.offeredAgain !== undefined), ...offers]
  if (offered.length === 0) return
  const others = waiting.filter((entry) => entry.offeredAgain === undefined)
  const queue = [...inOrder(offered), ...others].map(withoutPlace)
  await db.outbox.clear()
  await db.outbox.bulkAdd(queue)
}

/** Every scope that has rows on this phone, or had the only one until it was removed here. */
export async function scopesHeld(db: PhoneDb): Promise<string[]> {
  // Not uniqueKeys(), which WebKitGTK refuses over an empty store.
  const scopes = new Set((await db.base.orderBy('scope').keys()).map(String))
  for (const { type } of definitions)
    for (const scope of await db.rows(type).orderBy('scope').keys()) scopes.add(String(scope))
  return [...scopes]
}
