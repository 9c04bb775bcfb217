/**
 * Carrying: what this phone can vouch for, signed so that another phone can deliver it, and what is taken from others into this
 * queue.
 *
 * Promises, to the author and to whoever carries:
 * - the author's own entries stay where they are: carried or not, both phones deliver the same bytes, and the endpoint keeps
 *   one record; what is edited after it was handed over is a later edit of it (writes.ts);
 * - what is taken in is row and entry in one transaction, all or nothing, and never over something that stands here;
 * - the author of a carried record is who signed it, on this phone too, and what was signed is never changed here.
 */
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import type { CarriedRecord } from '../../../shared/sync/carry.ts'
import { parseFields } from '../../../shared/sync/define-record.ts'
import { formatHlc } from '../../../shared/sync/hlc.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import { hashMutation, type MutationPayload } from '../../../shared/sync/protocol/push.ts'
import { definitionOf, type RecordType } from '../../../shared/sync/registry.ts'
import type { PhoneDb } from '../db.ts'
import type { Phone } from '../phone.ts'
import { OFFERED_AGAIN_NODE } from '../pages/offer-again.ts'
import type { NewOutboxEntry, OutboxEntry, PhoneRecord } from '../rows.ts'
import { guarded } from '../trouble.ts'
import { entriesOf, writeRows } from './entries.ts'
import { payloadOf } from './outbox.ts'

/** A fact that was delivered: its clock is gone from this phone, and a fact does not go by it. */
function deliveredPayload(type: string, row: PhoneRecord): MutationPayload {
  const { id, scope, schemaVersion, fields, observedAt } = row
  const hlc = formatHlc(observedAt, 0, OFFERED_AGAIN_NODE)
  return { type, id, scope, op: 'put', schemaVersion, fields, baseRev: 0, hlc, observedAt }
}

interface Handed {
  payload: MutationPayload
  signed: OutboxEntry['signed']
}

/** What this phone can vouch for: what its person wrote, delivered or not, and what it carries itself with its signature. */
function handed(
  phone: Pick<Phone, 'person'>,
  type: string,
  row: PhoneRecord,
  entry: OutboxEntry | undefined,
): Handed | undefined {
  if (entry !== undefined) return { payload: payloadOf(entry), signed: entry.signed }
  if (row.author !== phone.person.id || row.pending === 1) return undefined
  return { payload: deliveredPayload(type, row), signed: undefined }
}

/**
 * Facts as they can be handed on, each signed by its author's device.
 * @returns null when this device has no key, or none that the endpoint knows
 */
export async function signFacts(
  phone: Pick<Phone, 'db' | 'person' | 'deviceKeys'>,
  type: RecordType,
  rows: readonly PhoneRecord[],
): Promise<CarriedRecord[] | null> {
  const entries = await guarded(phone.db, () =>
    phone.db.outbox
      .where('[type+id]')
      .anyOf(rows.map(({ id }) => [type, id]))
      .toArray(),
  )
  const entryById = new Map(entries.map((entry) => [entry.id, entry]))
  const keyId = await phone.deviceKeys.keyId()
  const facts: CarriedRecord[] = []
  for (const row of rows) {
    const own = handed(phone, type, row, entryById.get(row.id))
    if (own === undefined) continue
    const signed = own.signed ?? (await signOne(phone, keyId, hashMutation(own.payload)))
    if (signed === null) return null
    facts.push({ ...own.payload, op: 'put', baseRev: 0, signed })
  }
  return facts
}

/** The first version of content that its author alone may have yet; undefined where this phone cannot vouch for it. */
async function creationOf(
  { db, person }: Pick<Phone, 'db' | 'person'>,
  type: RecordType,
  row: PhoneRecord,
): Promise<{ own: Handed; seq: number | undefined } | undefined> {
  const [first] = await entriesOf(db, type, row.id)
  // Its edit rests on a version that the endpoint has.
  if (first !== undefined && (first.op === 'delete' || first.baseRev !== 0)) return undefined
  const own = handed({ person }, type, row, first)
  return own === undefined ? undefined : { own, seq: first?.seq }
}

/** How often the person may write it anew while it is being signed. */
const TRIES = 3

/**
 * Content as its author first wrote it, as it can be handed on. From then on that is fixed in this queue too: both phones deliver
 * the same.
 * @returns undefined where this phone cannot vouch for it; null when this device has no key that the endpoint knows
 */
export async function signCreation(
  phone: Pick<Phone, 'db' | 'person' | 'deviceKeys'>,
  type: RecordType,
  row: PhoneRecord,
): Promise<CarriedRecord | null | undefined> {
  const { db } = phone
  const keyId = await phone.deviceKeys.keyId()
  for (let tried = 0; tried < TRIES; tried++) {
    const found = await guarded(db, () => creationOf(phone, type, row))
    if (found === undefined) return undefined
    const { payload, signed: before } = found.own
    const hash = hashMutation(payload)
    const signed = before ?? (await signOne(phone, keyId, hash))
    if (signed === null) return null
    const { seq } = found
    if (seq === undefined || before !== undefined || (await fixHanded(db, seq, hash)))
      return { ...payload, op: 'put', baseRev: 0, signed }
  }
  return undefined
}

/** @returns false when it was written anew, or settled, since it was read */
async function fixHanded(db: PhoneDb, seq: number, hash: string): Promise<boolean> {
  return await guarded(db, () =>
    db.transaction('rw', db.outbox, async () => {
      const entry = await db.outbox.get(seq)
      if (entry === undefined || hashMutation(payloadOf(entry)) !== hash) return false
      await db.outbox.update(seq, { handed: true })
      return true
    }),
  )
}

async function signOne(
  { person, deviceKeys }: Pick<Phone, 'person' | 'deviceKeys'>,
  keyId: string | null,
  hash: string,
): Promise<CarriedRecord['signed'] | null> {
  const signature = keyId === null ? null : await deviceKeys.sign(hash)
  return keyId === null || signature === null ? null : { person: person.id, key: keyId, signature }
}

/** What the author's device has signed of it. */
export const signedTextOf = (record: CarriedRecord): string => hashMutation(record)

export interface CarriedIn {
  /** Ids. */
  added: string[]
  /** Stood here already, or waits in 需处理 from an earlier time. */
  known: number
}

/** A fact's id that stands here with other words: somebody made it up. Nothing is taken then. */
export class CarriedConflict extends Error {}

/**
 * Takes checked records into the queue of this phone, in their order. @throws CarriedConflict, StorageTrouble
 * @param labelOf a line that stays readable in the queue
 */
export async function carryIn(
  { db, person, now }: Pick<Phone, 'db' | 'person' | 'now'>,
  records: readonly CarriedRecord[],
  labelOf: (record: CarriedRecord) => string,
): Promise<CarriedIn> {
  const types = [...new Set(records.map(({ type }) => type))]
  const tables = [...types.map((type) => db.rows(type)), db.base, db.outbox, db.attention]
  return await guarded(db, () =>
    db.transaction('rw', tables, async () => {
      const fresh: CarriedRecord[] = []
      for (const record of records) if (!(await standsHere(db, record))) fresh.push(record)
      const entries = fresh.map((record): NewOutboxEntry => toEntry(record, labelOf(record), now()))
      await db.outbox.bulkAdd(entries)
      const grounds = entries.map((entry) => ({
        type: entry.type,
        id: entry.id,
        base: undefined,
        entries: [entry],
      }))
      await writeRows(db, grounds, person.id)
      return { added: fresh.map(({ id }) => id), known: records.length - fresh.length }
    }),
  )
}

async function standsHere(db: PhoneDb, { type, id, fields }: CarriedRecord): Promise<boolean> {
  const row = await db.rows(type).get(id)
  if (row === undefined) return (await db.attention.where('[type+id]').equals([type, id]).count()) > 0
  const isFact = definitionOf(type)?.conflict === 'fact'
  if (isFact && wordsOf(type, row.fields) !== wordsOf(type, fields))
    throw new CarriedConflict(`${type} ${id}`)
  return true
}

/** As this app reads them: what an older app wrote lacks the fields that came since. */
function wordsOf(type: string, fields: JsonObject): string {
  const definition = definitionOf(type)
  const parsed = definition === undefined ? undefined : parseFields(definition, fields)
  return canonicalJson(parsed?.ok === true ? parsed.fields : fields)
}

function toEntry(record: CarriedRecord, label: string, now: number): NewOutboxEntry {
  const { signed, ...payload } = record
  const conflict = definitionOf(payload.type)?.conflict ?? 'fact'
  return { ...payload, signed, label, savedAt: now, conflict, n: null, hash: null, attempts: 0 }
}
