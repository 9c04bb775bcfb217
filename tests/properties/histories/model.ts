/**
 * The plain model beside a history: what each person wrote and was told to be saved, and what may rightly be gone. It knows
 * nothing of outboxes, cursors or revisions.
 */
import { canonicalJson } from '../../../src/shared/sync/canonical.ts'
import type { ConflictKind } from '../../../src/shared/sync/define-record.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import type { AttentionItem } from '../../../src/client/storage/rows.ts'
import type { MemoryDisk } from '../../support/memory/memory-disk.ts'
import type { SimPhone } from '../../support/memory/sim-phone.ts'
import type { HeldRecord, World } from '../../support/memory/world.ts'

export interface Written {
  order: number
  /** Of the disk it was written on; a wiped phone begins another life. */
  life: string
  person: string
  type: string
  id: string
  conflict: ConflictKind
  op: 'put' | 'edit' | 'remove'
  /** As the phone saved them; of a draft, the flat paths that were changed. */
  fields: JsonObject
  /** What the phone showed of this record when content was written over it. */
  over?: JsonObject
  /** 已存本机 was said. Otherwise it may be there or not. */
  told: boolean
  /** Why it need not be found any more. */
  excuse?: string
  /** Its entry was damaged on the disk: it cannot arrive as it was written. */
  spoiled?: true
}

export interface Sim {
  world: World
  phones: SimPhone[]
  lives: Map<SimPhone, string>
  written: Written[]
  /** Rows that decayed on a disk, as `life type/id`: nobody can tell them from good ones. */
  garbled: Set<string>
  /** Disks that were copied: two devices that look like one. */
  cloned: Set<string>
  /** Every content that ever stood at the endpoint, as `type:id:fields`. */
  everHeld: Set<string>
  /** The last version of each record at the endpoint, by `type/id`. */
  standing: Map<string, JsonObject>
  /** Phones' versions that took away what a newer version of the app had put there. */
  stripped: string[]
  /** What a person has sent again after a refusal, as `person type/id`. */
  retried: Set<string>
  /** What was found wrong while it went on. */
  found: string[]
}

/** What is wrong, one line each; empty when the law holds. */
export type Check = (sim: Sim) => string[]

export const lifeOf = (sim: Sim, phone: SimPhone): string => sim.lives.get(phone) ?? '?'
export const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)
export const heldKey = (type: string, id: string, fields: unknown): string =>
  `${type}:${id}:${canonicalJson(fields)}`
/** What a newer version of the app puts into records of a type, beside the fields that this one knows. */
export const NEWER_FIELDS: Readonly<Record<string, JsonObject>> = {
  meeting: { weather: '晴', later: { depth: [1, 2] } },
  note: { mood: '好' },
}
/** @returns those of them that are there */
export function newerFieldsIn(type: string, fields: JsonObject): JsonObject {
  const names = Object.keys(NEWER_FIELDS[type] ?? {})
  return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]!]))
}

/** @returns names of fields that are not there as they should be */
export const missingOf = (wanted: JsonObject, fields: JsonObject): string[] =>
  Object.keys(wanted).filter((name) => !same({ value: fields[name] ?? null }, { value: wanted[name] }))

export const isFact = (type: string): boolean => definitionOf(type)?.conflict === 'fact'

export function heldById(world: World): Map<string, HeldRecord> {
  return new Map(world.held().map((record) => [`${record.type}/${record.id}`, record]))
}

export function standsAt(record: HeldRecord | undefined, { person, fields, spoiled }: Written): boolean {
  if (record === undefined || record.deleted || record.author !== person) return false
  // What decayed on the disk before it was sent arrives as it lay there, if it is still a record.
  if (spoiled === true) return true
  return same(JSON.parse(record.fields), fields)
}

/**
 * A version was written at the endpoint. Content of a phone rests on what stood there, so what a newer version had put there is in
 * it. The bureau itself may take that away; after a restore a phone's own version, of before, may take the place of a later one.
 */
export function noteVersion(
  sim: Sim,
  { type, id, author, fields }: { type: string; id: string; author: string; fields: string },
): void {
  const key = `${type}/${id}`
  const before = sim.standing.get(key)
  const after = JSON.parse(fields) as JsonObject
  sim.standing.set(key, after)
  if (before === undefined || author === 'endpoint' || sim.world.restores > 0) return
  if (definitionOf(type)?.conflict !== 'content') return
  // Refused once, and sent again over what stands: the person has seen both and has chosen.
  if (sim.retried.has(`${author} ${key}`)) return
  const lost = missingOf(newerFieldsIn(type, before), after)
  if (lost.length > 0) sim.stripped.push(`${key} of ${author} took away ${lost.join(' and ')}`)
}

/** Refused writes of a person, on all of their phones. */
export function attentionOf(sim: Sim, person: string): AttentionItem[] {
  return sim.phones
    .filter((phone) => phone.person === person)
    .flatMap((phone) => phone.disk.rows<AttentionItem>('attention'))
}

/** Does this phone still have the fact, so that it can offer it again? */
function isHeldBy(disk: MemoryDisk, { type, id, person, fields }: Written): boolean {
  const row = disk.row(type, id)
  if (row?.author === person && same(row.fields, fields)) return true
  const entries = disk.rows<{ type: string; id: string; fields: unknown }>('outbox')
  return entries.some((entry) => entry.type === type && entry.id === id && same(entry.fields, fields))
}

/** Only what an author's phone still holds comes back after a restore. Called when the older store has taken the place. */
export function noteRestore(sim: Sim, before: ReadonlyMap<string, HeldRecord>): void {
  const after = heldById(sim.world)
  for (const one of sim.written) {
    const record = before.get(`${one.type}/${one.id}`)
    if (!standsAt(record, one) || standsAt(after.get(`${one.type}/${one.id}`), one)) continue
    const witnesses = sim.phones.filter((phone) => phone.person === one.person && isHeldBy(phone.disk, one))
    const isGarbled = witnesses.every((phone) =>
      sim.garbled.has(`${lifeOf(sim, phone)} ${one.type}/${one.id}`),
    )
    if (witnesses.length === 0 || isGarbled) one.excuse = 'restored, and no phone of the author holds it'
    else restoredAt.set(one, record?.receivedAt ?? 0)
  }
}

/** When the endpoint had received what a restore took away. */
const restoredAt = new WeakMap<Written, number>()
const MONTH_MS = 30.44 * 86_400_000
/**
 * Phones offer back however long ago it was received. One thing alone may take the last copy first: a type's `keepOnPhone`, by the
 * endpoint's clock when the phone hears of the restore, which is at rest at the latest.
 */
export function isPastKeeping(sim: Sim, one: Written): boolean {
  const received = restoredAt.get(one)
  const months = definitionOf(one.type)?.keepOnPhone ?? 'always'
  return received !== undefined && months !== 'always' && sim.world.at - received > months * MONTH_MS
}

/** The last witness of what a restore took away has decayed. */
export function noteDecay(sim: Sim, phone: SimPhone, type: string, id: string): void {
  const record = heldById(sim.world).get(`${type}/${id}`)
  for (const one of sim.written) {
    const isIt = one.type === type && one.id === id && one.person === phone.person
    if (isIt && !standsAt(record, one)) one.excuse = 'restored, and what the author’s phone holds has decayed'
  }
}

/** A phone's disk is gone: what only stood there is lost with it, and nobody can help that. */
export function noteWipe(sim: Sim, phone: SimPhone): void {
  const life = lifeOf(sim, phone)
  const held = heldById(sim.world)
  for (const one of sim.written) {
    if (one.person !== phone.person) continue
    const elsewhere = sim.phones.some((p) => p !== phone && p.person === one.person && isHeldBy(p.disk, one))
    const isOnlyHere = one.life === life || !elsewhere
    if (isOnlyHere && !elsewhere && !standsAt(held.get(`${one.type}/${one.id}`), one))
      one.excuse = 'the phone was wiped'
  }
}
