/**
 * What this phone hands over of a meeting's roll: every mark that its person made, delivered or not, and what it carries itself;
 * and the meeting, where this phone can vouch for it: as it was made here, for a phone that has never heard of it, or as it was
 * changed here. What of the meeting does not go along is told.
 */
import { meeting, type Meeting } from '../../../../../shared/meetings/meeting.ts'
import { bundleText, CARRY_FORMAT, isEdit, type Carried } from '../../../../../shared/sync/carry.ts'
import { signContent, signFacts } from '../../../../storage/outbox/between-phones/hand-over.ts'
import type { Phone } from '../../../../storage/phone.ts'
import type { PhoneRecord } from '../../../../storage/rows.ts'
import { changedFields } from './behind.ts'

export type Made =
  | {
      type: 'made'
      text: string
      count: number
      waiting: number
      /** Made here, and not delivered: the other phone can't have it from anywhere else. */
      meetingWaits: boolean
      /** Changed here, and not delivered. */
      editWaits: boolean
      /** Files of such a meeting or change: they can't go along. */
      files: number
      left: LeftBehind
    }
  | { type: 'nothing'; left: LeftBehind }
  /** This device has no key yet that the endpoint knows, or its browser can't sign. */
  | { type: 'no-key' }

/** What waits on this phone and is not in what is handed over: it is delivered from here alone. */
export interface LeftBehind {
  /** Fields of the meeting itself, changed after an earlier hand-over or on what has changed since. */
  fields: string[]
  /** Votes, minutes and the like. */
  others: number
}

export type CarryPhone = Pick<Phone, 'db' | 'person' | 'deviceKeys' | 'now'>

export async function makeBundle(phone: CarryPhone, meetingId: string, title: string): Promise<Made> {
  const { db } = phone
  const rows = await db.rows('roll-mark').where('fields.meetingId').equals(meetingId).toArray()
  const row = await db.rows(meeting.type).get(meetingId)
  const facts = await signFacts(phone, 'roll-mark', rows)
  const content =
    row === undefined
      ? { record: undefined, staysBehind: false }
      : await signContent(phone, meeting.type, row)
  if (facts === null || content === null) return { type: 'no-key' }
  const { record, staysBehind } = content
  const fields = row !== undefined && staysBehind ? await fieldsBehind(phone, row, record) : []
  const left = { fields, others: await othersWaiting(phone, meetingId) }
  const isWaiting = record !== undefined && row?.pending === 1
  const edit = record !== undefined && isEdit(record) ? record : undefined
  if (facts.length === 0 && !isWaiting) return { type: 'nothing', left }
  const { id: personId, name } = phone.person
  const text = bundleText({
    format: CARRY_FORMAT,
    version: isWaiting && edit === undefined ? 2 : 1,
    meetingId,
    title,
    from: { personId, name },
    madeAt: phone.now(),
    ...(edit === undefined ? {} : { edit }),
    ...(record === undefined || edit !== undefined ? {} : { meeting: { ...record, baseRev: 0 } }),
    ...(fields.length === 0 ? {} : { behind: fields }),
    facts,
  })
  const handed = new Set(facts.map(({ id }) => id))
  const waiting = rows.filter(({ pending, id }) => pending === 1 && handed.has(id)).length
  return {
    type: 'made',
    text,
    count: facts.length,
    waiting,
    meetingWaits: isWaiting && edit === undefined,
    editWaits: edit !== undefined,
    files: isWaiting ? await newFiles(phone, record) : 0,
    left,
  }
}

/** What the person has changed since what goes along; where nothing does, since what the endpoint has. */
async function fieldsBehind(
  { db }: CarryPhone,
  row: PhoneRecord,
  record: Carried | undefined,
): Promise<string[]> {
  const before = record?.fields ?? (await db.base.get([meeting.type, row.id]))?.record.fields ?? {}
  return changedFields(before, row.fields)
}

/** How many files it names that the endpoint's version does not. */
async function newFiles({ db }: CarryPhone, { id, fields }: Carried): Promise<number> {
  const base = (await db.base.get([meeting.type, id]))?.record
  const filesOf = (of: unknown) => meeting.blobs?.(of as Meeting) ?? []
  const known = new Set(base === undefined ? [] : filesOf(base.fields))
  return filesOf(fields).filter((sha256) => !known.has(sha256)).length
}

async function othersWaiting({ db }: CarryPhone, meetingId: string): Promise<number> {
  const isOther = (type: string) => type !== 'roll-mark' && type !== meeting.type
  return await db.outbox.filter(({ type, fields }) => isOther(type) && fields.meetingId === meetingId).count()
}
