/**
 * Single rows that the disk has damaged. Looked for when something broke that should not: a step of the sync, the opening, a
 * page that could not be drawn.
 *
 * Promises, to the person:
 * - a damaged row breaks nothing for longer than this: it is taken out, and all that the endpoint has is loaded anew beside
 *   what is sound;
 * - of an entry that cannot be sent any more, whatever can still be read goes to 需处理; the other entries go on;
 * - what comes from the endpoint a second time as it was is not loaded for ever: it is set aside in quarantine;
 * - nothing sound is touched.
 */
import type { WireRecord } from '../../../shared/sync/protocol/pull.ts'
import { definitionOf, definitions } from '../../../shared/sync/registry.ts'
import { sentenceOf } from '../outbox/attention.ts'
import type { PhoneDb } from '../db.ts'
import { isSoundBlob } from '../files/kept-file.ts'
import { entriesOf, refreshRow } from '../outbox/entries.ts'
import { readMeta, writeMeta } from '../meta.ts'
import {
  hasRowShape,
  isSoundAttention,
  isSoundBase,
  isSoundEntry,
  isSoundQuarantine,
  isSoundRow,
  readEach,
} from './read-sound.ts'
import { beginReload, scopesHeld } from '../pages/reload.ts'
import { guarded, troubleKindOf } from '../trouble.ts'
import type { AttentionItem, BlobRow, NewAttentionItem, PhoneRecord } from '../rows.ts'

export interface MendContext {
  now: number
  personId: string
}

/** What was taken out. */
export interface Mended {
  rows: number
  entries: number
  /** Bookkeeping that had to be forgotten. */
  isPlaceLost: boolean
}

interface Damaged {
  type: string
  id: string
  row: PhoneRecord | undefined
}

/** What could be read of a damaged write, in the shape of 需处理. */
function rescued(value: unknown, now: number): NewAttentionItem {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<string, unknown>>
  const text = (key: string, otherwise: string): string => {
    const found = raw[key]
    return typeof found === 'string' ? found : otherwise
  }
  const isFields = typeof raw.fields === 'object' && raw.fields !== null && !Array.isArray(raw.fields)
  const conflict = raw.conflict === 'draft' || raw.conflict === 'content' ? raw.conflict : 'fact'
  const number = (key: string, otherwise: number): number => {
    const found = raw[key]
    return typeof found === 'number' && Number.isFinite(found) ? found : otherwise
  }
  return {
    type: text('type', 'unknown'),
    id: text('id', 'unknown'),
    scope: text('scope', ''),
    op: raw.op === 'delete' ? 'delete' : 'put',
    schemaVersion: number('schemaVersion', 1),
    fields: isFields ? (raw.fields as AttentionItem['fields']) : {},
    baseRev: null,
    observedAt: number('observedAt', now),
    label: text('label', '读不出名称的一条'),
    savedAt: number('savedAt', now),
    conflict,
    code: 'damaged',
    sentence: sentenceOf('damaged'),
    refusedAt: now,
  }
}

/** @returns the records whose entries were taken out */
async function mendQueue(db: PhoneDb, now: number): Promise<{ type: string; id: string }[]> {
  const about: { type: string; id: string }[] = []
  for (const { key, row } of await readEach(db.outbox)) {
    if (isSoundEntry(row)) continue
    const item = rescued(row, now)
    about.push({ type: item.type, id: item.id })
    await db.attention.add(item)
    await db.outbox.delete(key)
  }
  for (const { key, row } of await readEach(db.attention)) {
    if (isSoundAttention(row)) continue
    await db.attention.delete(key)
    await db.attention.add(rescued(row, now))
  }
  return about
}

async function damagedRows(db: PhoneDb): Promise<Damaged[]> {
  const damaged: Damaged[] = []
  for (const definition of definitions) {
    const { type } = definition
    for (const { key, row } of await readEach(db.rows(type)))
      if (!isSoundRow(definition, row))
        damaged.push({ type, id: key, row: hasRowShape(row) ? row : undefined })
  }
  return damaged
}

const toWire = (type: string, row: PhoneRecord): WireRecord => ({
  type,
  id: row.id,
  scope: row.scope,
  rev: row.rev,
  schemaVersion: row.schemaVersion,
  deleted: false,
  fields: row.fields,
  author: row.author,
  observedAt: row.observedAt,
  receivedAt: row.receivedAt ?? 0,
})

/** @returns whether it has to be loaded anew */
async function mendRow(
  db: PhoneDb,
  { type, id, row }: Damaged,
  reloaded: Record<string, number>,
  personId: string,
): Promise<boolean> {
  const key = `${type}/${id}`
  if ((await entriesOf(db, type, id)).length > 0) {
    await refreshRow(db, type, id, personId, (await db.base.get([type, id]))?.record)
    // A draft's paths without what they rest on: nothing to show before the reload.
    const definition = definitionOf(type)
    const now = await db.rows(type).get(id)
    if (definition !== undefined && now !== undefined && !isSoundRow(definition, now))
      await db.rows(type).delete(id)
    // The entries say what they say; what they rest on comes with the reload, once.
    const isFirst = reloaded[key] !== -1
    reloaded[key] = -1
    return isFirst
  }
  await db.rows(type).delete(id)
  if (row === undefined || reloaded[key] !== row.rev) {
    if (row !== undefined) reloaded[key] = row.rev
    return true
  }
  // It came from the endpoint as it was: not the disk's fault, and nothing that this version can show.
  await db.quarantine.put({ type, id, scope: row.scope, record: toWire(type, row) })
  return false
}

/** Keys that are read as numbers, words or lists; a value of another kind was damaged. */
const KINDS = {
  cursor: 'string',
  epoch: 'string',
  deviceId: 'string',
  hlc: 'string',
  nextN: 'number',
  lastContactAt: 'number',
  serverOffset: 'number',
  serverTimeSeen: 'number',
  settled: 'number',
  prunedAt: 'number',
  preparing: 'object',
  reload: 'object',
  marks: 'object',
  rewritten: 'object',
  left: 'object',
  schemas: 'object',
  reloaded: 'object',
  accepted: 'object',
} as const

/** @returns whether something was forgotten */
async function mendMeta(db: PhoneDb): Promise<boolean> {
  let isLost = false
  for (const { key, row } of await readEach(db.meta)) {
    const kind = Object.hasOwn(KINDS, key) ? KINDS[key as keyof typeof KINDS] : undefined
    // Only the cursor may be null.
    const isKind = typeof row?.value === kind && row?.value !== null
    if (row !== undefined && (kind === undefined || isKind || (key === 'cursor' && row.value === null)))
      continue
    await db.meta.delete(key)
    isLost = true
  }
  return isLost
}

async function mendBases(db: PhoneDb): Promise<{ type: string; id: string }[]> {
  const gone: { type: string; id: string }[] = []
  for (const { key, row } of await readEach(db.base)) {
    if (isSoundBase(row)) continue
    await db.base.delete(key)
    gone.push({ type: key[0], id: key[1] })
  }
  return gone
}

async function hasPieces(db: PhoneDb, { sha256, sums = [] }: BlobRow): Promise<boolean> {
  if (sums.length === 0) return true
  return (await db.pieces.where('sha256').equals(sha256).count()) >= sums.length
}

async function mendKept(db: PhoneDb): Promise<boolean> {
  let isMissing = false
  for (const { key, row } of await readEach(db.quarantine)) {
    if (isSoundQuarantine(row)) continue
    await db.quarantine.delete(key)
    isMissing = true
  }
  // A file whose bytes are lost is fetched again when somebody opens it. Damage inside a piece is noticed by who reads it.
  for (const { key, row } of await readEach(db.blobs))
    if (row === undefined || !isSoundBlob(row) || !(await hasPieces(db, row))) await db.blobs.delete(key)
  return isMissing
}

/** Everything is asked for anew and laid beside what is here; see reload.ts. */
async function loadAnew(db: PhoneDb): Promise<void> {
  await db.meta.bulkDelete(['cursor'])
  await db.seen.clear()
  await beginReload(db, await scopesHeld(db), false)
}

/** One transaction: a phone that dies in between has mended nothing, and does it again. */
export async function mend(db: PhoneDb, { now, personId }: MendContext): Promise<Mended> {
  return await db.transaction('rw', db.tables, async () => {
    const isPlaceLost = await mendMeta(db)
    const entries = await mendQueue(db, now)
    const bases = await mendBases(db)
    const isQuarantineLost = await mendKept(db)
    const reloaded = { ...(await readMeta(db, 'reloaded')) }
    const rows = await damagedRows(db)
    let isMissing = isPlaceLost || isQuarantineLost || bases.length > 0
    for (const damaged of rows) isMissing = (await mendRow(db, damaged, reloaded, personId)) || isMissing
    for (const { type, id } of entries)
      await refreshRow(db, type, id, personId, (await db.base.get([type, id]))?.record)
    await writeMeta(db, 'reloaded', reloaded)
    if (isMissing || entries.length > 0) await loadAnew(db)
    return { rows: rows.length + bases.length, entries: entries.length, isPlaceLost }
  })
}

/** Having found nothing, it does not look through everything again before so long. */
const LOOK_AGAIN_MS = 10 * 60_000

export interface Mender {
  /** @returns whether something was damaged @throws StorageTrouble */
  look(): Promise<boolean>
  /** After something broke; never fails, since what broke first is what is told. */
  lookAfter(trouble: Error): Promise<boolean>
}

export function createMender(db: PhoneDb, personId: string, now: () => number): Mender {
  let foundNothingAt = -Infinity
  const look = async (): Promise<boolean> => {
    const { rows, entries, isPlaceLost } = await guarded(db, () => mend(db, { now: now(), personId }))
    const isDamaged = rows + entries > 0 || isPlaceLost
    foundNothingAt = isDamaged ? -Infinity : now()
    return isDamaged
  }
  return {
    look,
    async lookAfter(trouble) {
      const kind = troubleKindOf(trouble)
      const isRecent = Math.abs(now() - foundNothingAt) < LOOK_AGAIN_MS
      if (isRecent || (kind !== 'other' && kind !== 'damaged')) return false
      return await look().catch(() => false)
    },
  }
}
