/**
 * What this phone can vouch for, signed so that another phone can deliver it.
 *
 * Promises, to the author: the own entries stay where they are. Handed over or not, both phones deliver the same bytes, and the
 * endpoint keeps one record. Every hand-over brings all facts that were written before it, corrections among them.
 *
 * Of content only what rests on a revision of the endpoint goes along. A second edit rests on the first one, and that has no
 * revision before it is delivered: the signature would either name none, and the carrier could lay it over words that its
 * author never saw, or the old one, and be refused once the first has come. To carry a chain, a mutation would have to name the
 * hash of the one before it, which is another protocol. So a second edit is delivered by its author's phone, and both screens
 * say so (`staysBehind`).
 */
import type { Carried, CarriedRecord } from '../../../../shared/sync/carry.ts'
import { formatHlc } from '../../../../shared/sync/hlc.ts'
import { hashMutation, type MutationPayload } from '../../../../shared/sync/protocol/push.ts'
import type { RecordType } from '../../../../shared/sync/registry.ts'
import type { PhoneDb } from '../../db.ts'
import { OFFERED_AGAIN_NODE } from '../../pages/offer-again.ts'
import type { Phone } from '../../phone.ts'
import type { OutboxEntry, PhoneRecord } from '../../rows.ts'
import { guarded } from '../../trouble.ts'
import { entriesOf, isOnTwoPhones } from '../entries.ts'
import { payloadOf } from '../outbox.ts'

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

interface Vouched {
  own: Handed | undefined
  /** Of the entry that is handed over; none where the row was delivered. */
  seq: number | undefined
  /** Something that this person has written of it is not in what is handed over. */
  staysBehind: boolean
}

/** May the other phone deliver it as it stands in the queue? */
async function isDeliverable(db: PhoneDb, entry: OutboxEntry): Promise<boolean> {
  if (entry.op === 'delete' || entry.baseRev === null) return false
  // On two phones already, as it was signed.
  if (isOnTwoPhones(entry)) return true
  const base = (await db.base.get([entry.type, entry.id]))?.record
  // An edit of what has changed since: its author compares, and nobody else can.
  return base === undefined ? entry.baseRev === 0 : entry.baseRev === base.rev && base.revUnknown !== true
}

/** What comes first of content in the queue, or what was delivered. */
async function vouchedOf(
  { db, person }: Pick<Phone, 'db' | 'person'>,
  type: RecordType,
  row: PhoneRecord,
): Promise<Vouched> {
  const entries = await entriesOf(db, type, row.id)
  const [first] = entries
  const isGiven = first === undefined || (await isDeliverable(db, first))
  const staysBehind = entries.some((entry) => entry.signed === undefined && !(isGiven && entry === first))
  return { own: isGiven ? handed({ person }, type, row, first) : undefined, seq: first?.seq, staysBehind }
}

/** How often the person may write it anew while it is being signed. */
const TRIES = 3

export interface HandedContent {
  /** None where this phone cannot vouch for it. */
  record: Carried | undefined
  staysBehind: boolean
}

/**
 * Content as its author first wrote it, or an edit of what the endpoint has, as it can be handed on. From then on that is fixed
 * in this queue too: both phones deliver the same.
 * @returns null when this device has no key that the endpoint knows
 */
export async function signContent(
  phone: Pick<Phone, 'db' | 'person' | 'deviceKeys'>,
  type: RecordType,
  row: PhoneRecord,
): Promise<HandedContent | null> {
  const { db } = phone
  const keyId = await phone.deviceKeys.keyId()
  for (let tried = 0; tried < TRIES; tried++) {
    const { own, seq, staysBehind } = await guarded(db, () => vouchedOf(phone, type, row))
    if (own === undefined) return { record: undefined, staysBehind }
    const { payload, signed: before } = own
    const hash = hashMutation(payload)
    const signed = before ?? (await signOne(phone, keyId, hash))
    if (signed === null) return null
    if (seq === undefined || before !== undefined || (await fixHanded(db, seq, hash)))
      return { record: { ...payload, op: 'put', signed }, staysBehind }
  }
  return { record: undefined, staysBehind: true }
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
