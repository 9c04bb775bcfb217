/**
 * May a member who has read the code of a sitting say so (roll-claim)?
 *
 * Guarantee: `good` only for a code that an officer of the meeting's unit signed for a sitting which this phone knows, at most
 * ten minutes from the bureau's time.
 */
import { keyIdOf } from '../../org/device-key.ts'
import { outsideWindow } from './bureau-time.ts'
import { tagOf, textToCode, type Unreadable } from './text/code-text.ts'
import { keysByTag, wasStopped, type CheckSignature, type KeyFact } from './keys-at.ts'
import { sittingCodeStatement } from './statements.ts'

export interface KnownSitting {
  meetingId: string
  unitId: string
  sittingId: string
  title: string
  cancelled: boolean
}

export interface SittingCodeWorld {
  bureauNow: number
  sittings: readonly KnownSitting[]
  keys: readonly KeyFact[]
  isOfficer: (personId: string, unitId: string) => boolean
  /** Is the reader expected at this meeting? */
  isExpected: (meetingId: string) => boolean
  verify: CheckSignature
}

export type SittingRefusal =
  | Unreadable
  | 'person-code'
  | 'unknown-sitting'
  | 'unknown-officer'
  | 'bad-signature'
  | 'key-stopped'
  | 'no-officer'
  | 'cancelled'
  | 'not-expected'
  | 'expired'
  | 'from-future'

export type SittingCodeAnswer =
  | { type: 'good'; sitting: KnownSitting; shownBy: string; keyId: string; step: number; signature: string }
  | { type: 'refused'; reason: SittingRefusal; sitting?: KnownSitting; byMs?: number }

const refused = (
  reason: SittingRefusal,
  more: { sitting?: KnownSitting; byMs?: number } = {},
): SittingCodeAnswer => ({ type: 'refused', reason, ...more })

export async function checkSittingCode(text: string, world: SittingCodeWorld): Promise<SittingCodeAnswer> {
  const code = textToCode(text)
  if (typeof code === 'string') return refused(code)
  if (code.kind !== 'sitting') return refused('person-code')
  const known = world.sittings.filter(({ sittingId }) => tagOf(sittingId) === code.subjectTag)
  if (known.length === 0) return refused('unknown-sitting')
  const keys = keysByTag(world.keys, code.keyTag)
  if (keys.length === 0) return refused('unknown-officer', { sitting: known[0]! })
  for (const sitting of known) {
    for (const key of keys) {
      const statement = sittingCodeStatement(sitting.sittingId, code.step)
      if (!(await world.verify(key.fields.publicKey, code.signature, statement))) continue
      if (wasStopped(key, world.keys, code.step)) return refused('key-stopped', { sitting })
      const shownBy = key.fields.personId
      if (!world.isOfficer(shownBy, sitting.unitId)) return refused('no-officer', { sitting })
      if (sitting.cancelled) return refused('cancelled', { sitting })
      if (!world.isExpected(sitting.meetingId)) return refused('not-expected', { sitting })
      const byMs = outsideWindow(code.step, world.bureauNow)
      if (byMs !== 0) return refused(byMs > 0 ? 'expired' : 'from-future', { sitting, byMs: Math.abs(byMs) })
      const { step, signature } = code
      return { type: 'good', sitting, shownBy, keyId: keyIdOf(key), step, signature }
    }
  }
  return refused('bad-signature', { sitting: known[0]! })
}
