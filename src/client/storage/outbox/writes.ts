/**
 * The three writes of the record store, each one transaction over the record's table, base, outbox and meta. Everything is
 * asked at once and everything is written at once: whoever writes while the phone loads waits for two answers of the browser's
 * database, not for eight.
 */
import { uuidv7 } from 'uuidv7'
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import { parseFields, type AnyDefinition } from '../../../shared/sync/define-record.ts'
import { flatten } from '../../../shared/sync/flat-paths.ts'
import { nextHlc } from '../../../shared/sync/hlc.ts'
import { wellFormed, type JsonObject, type JsonValue } from '../../../shared/sync/json.ts'
import { definitionOf } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import { entriesOf, isOnTwoPhones, writeRows } from './entries.ts'
import { readMeta, writeMeta } from '../meta.ts'
import { applyChanges, toFlatChanges } from './overlay.ts'
import type { NewOutboxEntry, OutboxEntry, PhoneRecord } from '../rows.ts'
import { InvalidFields } from '../trouble.ts'

export { writeTogether } from './together.ts'

export interface WriteContext {
  db: PhoneDb
  personId: string
  now: number
}

export const newId = (): string => uuidv7()

/** The node of clocks that were made before the device was registered. */
const UNREGISTERED_NODE = 'new'

/**
 * The next hybrid clock of this phone, kept on the disk. It runs on the endpoint's time as far as that is known, so that a
 * phone set to another year neither wins nor loses for ever. Inside a transaction that covers meta.
 */
export async function takeHlc(db: PhoneDb, now: number): Promise<string> {
  const hlc = await readNextHlc(db, now)
  await writeMeta(db, 'hlc', hlc)
  return hlc
}

/** The clock that the caller writes to meta, in the same transaction, when it is used. */
async function readNextHlc(db: PhoneDb, now: number): Promise<string> {
  const [last, offset, deviceId] = await Promise.all([
    readMeta(db, 'hlc'),
    readMeta(db, 'serverOffset'),
    readMeta(db, 'deviceId'),
  ])
  return nextHlc(last, now + (offset ?? 0), deviceId ?? UNREGISTERED_NODE)
}

function knownDefinition(type: string): AnyDefinition {
  const definition = definitionOf(type)
  if (definition === undefined) throw new InvalidFields('', `没有这种记录：${type}`)
  return definition
}

function parsed(definition: AnyDefinition, raw: unknown): JsonObject {
  const result = parseFields(definition, wellFormed(raw as JsonValue))
  if (!result.ok) throw new InvalidFields(result.path, result.message)
  return result.fields as JsonObject
}

const sameFields = (a: JsonObject, b: JsonObject): boolean => canonicalJson(a) === canonicalJson(b)

/** One transaction over what a write touches. */
function writing({ db }: WriteContext, type: string, work: () => Promise<boolean>): Promise<boolean> {
  return db.transaction('rw', [db.rows(type), db.base, db.outbox, db.meta], work)
}

/** Everything that a write asks of the disk. */
interface Standing {
  type: string
  id: string
  row: PhoneRecord | undefined
  /** The endpoint's version. */
  base: PhoneRecord | undefined
  entries: OutboxEntry[]
  /** The clock of this write, if it writes anything. */
  hlc: string
  isRestoring: boolean
}

async function standingOf({ db, now }: WriteContext, type: string, id: string): Promise<Standing> {
  const [row, baseRow, entries, hlc, reload] = await Promise.all([
    db.rows(type).get(id),
    db.base.get([type, id]),
    entriesOf(db, type, id),
    readNextHlc(db, now),
    readMeta(db, 'reload'),
  ])
  const base = entries.length === 0 ? row : baseRow?.record
  return { type, id, row, base, entries, hlc, isRestoring: reload?.offerAgain === true }
}

/** What a write does to the record's part of the queue. */
interface QueueChange {
  added?: NewOutboxEntry
  edited?: OutboxEntry
  removed?: readonly OutboxEntry[]
}

/** The queue, the clock and the row, in one go. */
async function book({ db, personId }: WriteContext, standing: Standing, change: QueueChange): Promise<void> {
  const { type, id, base, hlc } = standing
  const { added, edited, removed = [] } = change
  const gone = new Set(removed.map(({ seq }) => seq))
  const kept = standing.entries.filter(({ seq }) => !gone.has(seq))
  const queued = kept.map((entry) => (entry.seq === edited?.seq ? edited : entry))
  const entries = added === undefined ? queued : [...queued, added]
  await Promise.all([
    gone.size > 0 && db.outbox.bulkDelete([...gone]),
    edited !== undefined && db.outbox.put(edited),
    added !== undefined && db.outbox.add(added),
    (edited ?? added) !== undefined && writeMeta(db, 'hlc', hlc),
    writeRows(db, [{ type, id, base, entries }], personId),
  ])
}

type EntryParts = Pick<OutboxEntry, 'scope' | 'op' | 'fields' | 'baseRev' | 'label'>

function newEntry(
  definition: AnyDefinition,
  standing: Standing,
  parts: EntryParts,
  { observedAt, savedAt }: { observedAt: number; savedAt: number },
): NewOutboxEntry {
  const { type, id, hlc } = standing
  return {
    type,
    id,
    ...parts,
    ...foundation(standing),
    schemaVersion: definition.schemaVersion,
    hlc,
    observedAt,
    savedAt,
    conflict: definition.conflict,
    n: null,
    hash: null,
    attempts: 0,
  }
}

/** In flight, or on another phone too: what is written now comes after it, and never into it. */
const isFixed = (entry: OutboxEntry): boolean => entry.n !== null || isOnTwoPhones(entry)

/** The revision that a new content entry rests on; null while that is still in the air. */
function baseRevFor({ base, entries }: Standing): number | null {
  if (entries.some(isFixed)) return null
  return base?.revUnknown === true ? null : (base?.rev ?? 0)
}

/** A restored store is being loaded: the row may be one of the old store, and reload.ts has to know what the edit rested on. */
function foundation({ base, entries, isRestoring }: Standing): { restedOn?: PhoneRecord } {
  return isRestoring && base !== undefined && entries.length === 0 ? { restedOn: base } : {}
}

/** @returns false when nothing had to be written */
export async function putRecord(
  context: WriteContext,
  type: string,
  id: string,
  given: unknown,
  observedAt: number,
): Promise<boolean> {
  const definition = knownDefinition(type)
  if (definition.conflict === 'draft') throw new InvalidFields('', '草稿类记录用 edit 保存')
  const fields = parsed(definition, given)
  const scope = definition.scopeOf(fields)
  return await writing(context, type, async () => {
    const standing = await standingOf(context, type, id)
    const { row, hlc } = standing
    if (row !== undefined && sameFields(row.fields, fields)) return false
    if (row !== undefined && definition.conflict === 'fact')
      throw new InvalidFields('id', '这件事已经记过，不能改；请另记一条更正。')
    if (row !== undefined && row.scope !== scope) throw new InvalidFields('scope', '记录不能换到别的单位。')
    const label = definition.label(fields)
    const times = { observedAt, savedAt: context.now }
    const unsent = standing.entries.findLast((entry) => !isFixed(entry) && entry.op === 'put')
    if (unsent !== undefined) {
      const { schemaVersion } = definition
      await book(context, standing, { edited: { ...unsent, ...times, fields, hlc, label, schemaVersion } })
    } else {
      const parts = { scope, op: 'put' as const, fields, baseRev: baseRevFor(standing), label }
      await book(context, standing, { added: newEntry(definition, standing, parts, times) })
    }
    return true
  })
}

function changedPaths(before: JsonObject, after: JsonObject, asked: JsonObject): JsonObject {
  const flatBefore = flatten(before)
  const flatAfter = flatten(after)
  const changes: JsonObject = {}
  for (const [path, value] of Object.entries(asked)) {
    // As the definition reads it (trimmed, rounded); an opened object is sent as it was given.
    const next = flatAfter[path] ?? value
    if (canonicalJson([flatBefore[path] ?? null]) !== canonicalJson([next])) changes[path] = next
  }
  return changes
}

function mergedFields(current: JsonObject, flat: JsonObject): JsonObject {
  try {
    return applyChanges(current, flat)
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidFields('', error.message)
    throw error
  }
}

function flatChanges(changes: Readonly<Record<string, unknown>>): JsonObject {
  try {
    return toFlatChanges(changes)
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidFields('', error.message)
    throw error
  }
}

/** @returns false when nothing changed */
export async function editDraft(
  context: WriteContext,
  type: string,
  id: string,
  changes: Readonly<Record<string, unknown>>,
  create: unknown,
): Promise<boolean> {
  const definition = knownDefinition(type)
  if (definition.conflict !== 'draft') throw new InvalidFields('', '只有草稿类记录可以逐项修改')
  const asked = flatChanges(changes)
  return await writing(context, type, async () => {
    const standing = await standingOf(context, type, id)
    const before = standing.row?.fields ?? {}
    if (standing.row === undefined && create === undefined) throw new InvalidFields('', '这份草稿还不存在。')
    const start = standing.row === undefined ? structuredClone(create as JsonObject) : before
    const after = parsed(definition, mergedFields(start, asked))
    const isNew = standing.row === undefined
    // A new draft sends what was written and nothing of the schema's defaults: another phone may have made the same draft
    // earlier, and a default with a fresh clock would overwrite what was written there.
    const changed = isNew ? { ...flatten(start), ...asked } : changedPaths(before, after, asked)
    if (Object.keys(changed).length === 0) return false
    const scope = definition.scopeOf(after)
    if (!isNew && standing.row?.scope !== scope) throw new InvalidFields('scope', '记录不能换到别的单位。')
    const edit = { scope, fields: changed, label: definition.label(after) }
    await book(context, standing, draftChange(definition, standing, edit, context.now))
    return true
  })
}

function draftChange(
  definition: AnyDefinition,
  standing: Standing,
  edit: Pick<OutboxEntry, 'scope' | 'fields' | 'label'>,
  now: number,
): QueueChange {
  const times = { observedAt: now, savedAt: now }
  const last = standing.entries.at(-1)
  // What is offered again has a clock of its own time: a fresh one would carry its old paths over newer ones.
  const isOwn = last?.offeredAgain === undefined
  if (last !== undefined && last.n === null && last.op === 'put' && isOwn) {
    const { schemaVersion } = definition
    const fields = { ...last.fields, ...edit.fields }
    return { edited: { ...last, ...times, fields, hlc: standing.hlc, label: edit.label, schemaVersion } }
  }
  return { added: newEntry(definition, standing, { ...edit, op: 'put', baseRev: 0 }, times) }
}

/** @returns false when there was nothing to take away */
export async function removeRecord(context: WriteContext, type: string, id: string): Promise<boolean> {
  const definition = knownDefinition(type)
  if (definition.conflict === 'fact') throw new InvalidFields('', '已记的事不能删除；请另记一条更正。')
  return await writing(context, type, async () => {
    const standing = await standingOf(context, type, id)
    const { row, base, entries } = standing
    if (row === undefined) return false
    const removed = entries.filter((entry) => !isFixed(entry))
    const knownElsewhere = base !== undefined || entries.length > removed.length
    if (!knownElsewhere) {
      await book(context, standing, { removed })
      return true
    }
    const baseRev = definition.conflict === 'content' ? baseRevFor(standing) : 0
    const label = `删除 · ${definition.label(row.fields)}`
    const parts = { scope: row.scope, op: 'delete' as const, fields: {}, baseRev, label }
    const times = { observedAt: context.now, savedAt: context.now }
    await book(context, standing, { removed, added: newEntry(definition, standing, parts, times) })
    return true
  })
}
