/**
 * Carrying: what other phones have signed is taken into this queue, to be delivered for them (hand-over.ts is the other side).
 *
 * Promises, to the author and to whoever carries:
 * - what is taken in is row and entry in one transaction, all or nothing, and never over something that stands here: an edit is
 *   left with its author where this phone holds words of its own, or newer ones of the endpoint;
 * - the author of a carried record is who signed it, on this phone too, and what was signed is never changed here.
 */
import { canonicalJson } from '../../../../shared/sync/canonical.ts'
import { isEdit, type Carried, type CarriedEdit } from '../../../../shared/sync/carry.ts'
import { parseFields } from '../../../../shared/sync/define-record.ts'
import type { JsonObject } from '../../../../shared/sync/json.ts'
import { hashMutation } from '../../../../shared/sync/protocol/push.ts'
import { definitionOf } from '../../../../shared/sync/registry.ts'
import type { PhoneDb } from '../../db.ts'
import type { Phone } from '../../phone.ts'
import type { NewOutboxEntry, PhoneRecord } from '../../rows.ts'
import { guarded } from '../../trouble.ts'
import { entriesOf, keyOf, queueOf, writeRows } from '../entries.ts'
import { payloadOf } from '../outbox.ts'

/** What the author's device has signed of it. */
export const signedTextOf = (record: Carried): string => hashMutation(record)

export interface CarriedIn {
  /** Ids. */
  added: string[]
  /** Stood here already, or waits in 需处理 from an earlier time. */
  known: number
  /** An edit that stays with its author: something else of that record stands here, that was written without knowing of it. */
  left: number
}

/** A fact's id that stands here with other words: somebody made it up. Nothing is taken then. */
export class CarriedConflict extends Error {}

/** What becomes of one record here. */
type Place = { is: 'fresh'; base: PhoneRecord | undefined } | { is: 'known' } | { is: 'left' }

/**
 * Takes checked records into the queue of this phone, in their order. @throws CarriedConflict, StorageTrouble
 * @param labelOf a line that stays readable in the queue
 */
export async function carryIn(
  { db, person, now }: Pick<Phone, 'db' | 'person' | 'now'>,
  records: readonly Carried[],
  labelOf: (record: Carried) => string,
): Promise<CarriedIn> {
  const types = [...new Set(records.map(({ type }) => type))]
  const tables = [...types.map((type) => db.rows(type)), db.base, db.outbox, db.attention]
  return await guarded(db, () =>
    db.transaction('rw', tables, async () => {
      const fresh: { record: Carried; base: PhoneRecord | undefined }[] = []
      const others = { known: 0, left: 0 }
      for (const record of records) {
        const place = await placeOf(db, record)
        if (place.is === 'fresh') fresh.push({ record, base: place.base })
        else others[place.is] += 1
      }
      await db.outbox.bulkAdd(fresh.map(({ record }) => toEntry(record, labelOf(record), now())))
      const named = fresh.map(({ record: { type, id }, base }) => ({ type, id, base }))
      const queue = await queueOf(db, named)
      const grounds = named.map((one) => ({ ...one, entries: queue.get(keyOf(one)) ?? [] }))
      await writeRows(db, grounds, person.id)
      return { added: named.map(({ id }) => id), ...others }
    }),
  )
}

async function placeOf(db: PhoneDb, record: Carried): Promise<Place> {
  if (isEdit(record)) return await placeOfEdit(db, record)
  const { type, id, fields } = record
  const row = await db.rows(type).get(id)
  if (row === undefined) {
    const isRefused = (await db.attention.where('[type+id]').equals([type, id]).count()) > 0
    return isRefused ? { is: 'known' } : { is: 'fresh', base: undefined }
  }
  const isFact = definitionOf(type)?.conflict === 'fact'
  if (isFact && wordsOf(type, row.fields) !== wordsOf(type, fields))
    throw new CarriedConflict(`${type} ${id}`)
  return { is: 'known' }
}

async function placeOfEdit(db: PhoneDb, edit: CarriedEdit): Promise<Place> {
  const { type, id, signed } = edit
  const [row, baseRow, waiting, refused] = await Promise.all([
    db.rows(type).get(id),
    db.base.get([type, id]),
    entriesOf(db, type, id),
    db.attention.where('[type+id]').equals([type, id]).toArray(),
  ])
  const hash = signedTextOf(edit)
  const isThis = waiting.some((entry) => hashMutation(payloadOf(entry)) === hash)
  if (isThis || refused.some(({ carried }) => carried?.hlc === edit.hlc)) return { is: 'known' }
  const base = waiting.length === 0 ? row : baseRow?.record
  const stands = base?.author === signed.person && wordsOf(type, base.fields) === wordsOf(type, edit.fields)
  if (stands) return { is: 'known' }
  // Its first version, carried here before it was delivered from elsewhere, is no word against it.
  const isAlone = waiting.every((entry) => entry.signed !== undefined && entry.baseRev === 0)
  const isSeen = base === undefined || (base.rev <= edit.baseRev && base.revUnknown !== true)
  return isAlone && isSeen ? { is: 'fresh', base } : { is: 'left' }
}

/** As this app reads them: what an older app wrote lacks the fields that came since. */
function wordsOf(type: string, fields: JsonObject): string {
  const definition = definitionOf(type)
  const parsed = definition === undefined ? undefined : parseFields(definition, fields)
  return canonicalJson(parsed?.ok === true ? parsed.fields : fields)
}

function toEntry(record: Carried, label: string, now: number): NewOutboxEntry {
  const { signed, ...payload } = record
  const conflict = definitionOf(payload.type)?.conflict ?? 'fact'
  return { ...payload, signed, label, savedAt: now, conflict, n: null, hash: null, attempts: 0 }
}
