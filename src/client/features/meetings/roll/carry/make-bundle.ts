/** What this phone hands over of a meeting's roll: every mark that its person made, delivered or not, and what it carries itself. */
import { bundleText, CARRY_FORMAT, CARRY_VERSION } from '../../../../../shared/sync/carry.ts'
import { signFacts } from '../../../../storage/outbox/carry.ts'
import type { Phone } from '../../../../storage/phone.ts'

export type Made =
  | { type: 'made'; text: string; count: number; waiting: number }
  | { type: 'nothing' }
  /** This device has no key yet that the endpoint knows, or its browser can't sign. */
  | { type: 'no-key' }

export type CarryPhone = Pick<Phone, 'db' | 'person' | 'deviceKeys' | 'now'>

export async function makeBundle(phone: CarryPhone, meetingId: string, title: string): Promise<Made> {
  const rows = await phone.db.rows('roll-mark').where('fields.meetingId').equals(meetingId).toArray()
  const facts = await signFacts(phone, 'roll-mark', rows)
  if (facts === null) return { type: 'no-key' }
  if (facts.length === 0) return { type: 'nothing' }
  const { id: personId, name } = phone.person
  const text = bundleText({
    format: CARRY_FORMAT,
    version: CARRY_VERSION,
    meetingId,
    title,
    from: { personId, name },
    madeAt: phone.now(),
    facts,
  })
  const handed = new Set(facts.map(({ id }) => id))
  const waiting = rows.filter((row) => row.pending === 1 && handed.has(row.id)).length
  return { type: 'made', text, count: facts.length, waiting }
}
