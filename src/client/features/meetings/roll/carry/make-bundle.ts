/**
 * What this phone hands over of a meeting's roll: every mark that its person made, delivered or not, and what it carries itself;
 * and the meeting, where this phone can vouch for it, for a phone that has never heard of it.
 */
import { meeting } from '../../../../../shared/meetings/meeting.ts'
import { bundleText, CARRY_FORMAT } from '../../../../../shared/sync/carry.ts'
import { signCreation, signFacts } from '../../../../storage/outbox/carry.ts'
import type { Phone } from '../../../../storage/phone.ts'

export type Made =
  | {
      type: 'made'
      text: string
      count: number
      waiting: number
      /** Made here, and not delivered: the other phone can't have it from anywhere else. */
      meetingWaits: boolean
      /** Files of such a meeting: they can't go along. */
      files: number
    }
  | { type: 'nothing' }
  /** This device has no key yet that the endpoint knows, or its browser can't sign. */
  | { type: 'no-key' }

export type CarryPhone = Pick<Phone, 'db' | 'person' | 'deviceKeys' | 'now'>

export async function makeBundle(phone: CarryPhone, meetingId: string, title: string): Promise<Made> {
  const { db } = phone
  const rows = await db.rows('roll-mark').where('fields.meetingId').equals(meetingId).toArray()
  const row = await db.rows(meeting.type).get(meetingId)
  const facts = await signFacts(phone, 'roll-mark', rows)
  const creation = row === undefined ? undefined : await signCreation(phone, meeting.type, row)
  if (facts === null || creation === null) return { type: 'no-key' }
  const meetingWaits = creation !== undefined && row?.pending === 1
  if (facts.length === 0 && !meetingWaits) return { type: 'nothing' }
  const { id: personId, name } = phone.person
  const text = bundleText({
    format: CARRY_FORMAT,
    version: meetingWaits ? 2 : 1,
    meetingId,
    title,
    from: { personId, name },
    madeAt: phone.now(),
    ...(creation === undefined ? {} : { meeting: creation }),
    facts,
  })
  const handed = new Set(facts.map(({ id }) => id))
  const waiting = rows.filter(({ pending, id }) => pending === 1 && handed.has(id)).length
  const files = meetingWaits ? (meeting.blobs?.(creation.fields as never) ?? []).length : 0
  return { type: 'made', text, count: facts.length, waiting, meetingWaits, files }
}
