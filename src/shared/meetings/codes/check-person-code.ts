/**
 * May the code that an officer's phone has read be marked as 扫码?
 *
 * Guarantee: `good` only for a code that was signed for this person, by a key which this phone knows as theirs and which was
 * not stopped when it was made, at most ten minutes from the bureau's time, of somebody whom this roll expects. `hand` names
 * a person of the roll whose code proves less: the officer may let it count by what they see, and the mark says so. Whatever
 * was changed in a code, it is never `good`. The same code twice is harmless: one person is one.
 */
import { keyIdOf } from '../../org/device-key.ts'
import type { RosterLine } from '../roster.ts'
import type { ByHandReason } from './by-hand.ts'
import { outsideWindow } from './bureau-time.ts'
import { tagOf, textToCode, type Code, type Unreadable } from './text/code-text.ts'
import { keysByTag, wasStopped, type CheckSignature, type KeyFact } from './keys-at.ts'
import type { RollProof } from './roll-proof.ts'
import { personCodeStatement } from './statements.ts'

export interface KnownPerson {
  personId: string
  name: string
}

/** Of the roll's own unit, when the roster does not have them. Civil dates. */
export interface Away extends KnownPerson {
  from: string
  to: string | null
}

export interface CodeWorld {
  /** The bureau's time, as well as this phone knows it (UTC ms). */
  bureauNow: number
  /** The meeting's day. */
  date: string
  roster: readonly Pick<RosterLine, 'personId' | 'name'>[]
  /** 列席 who are known by id. */
  guestIds: ReadonlySet<string>
  /** Memberships of the roll's unit, also ended ones. */
  unitPeople: readonly Away[]
  /** Everyone whom this phone can name. */
  people: readonly KnownPerson[]
  /** All facts, stops too. */
  keys: readonly KeyFact[]
  verify: CheckSignature
}

export type RefusedReason =
  | Unreadable
  | 'sitting-code'
  | 'unknown-person'
  | 'bad-signature'
  | 'key-stopped'
  | 'left-unit'
  | 'not-yet-in-unit'
  | 'guest'
  | 'not-on-roster'

export type CodeAnswer =
  | { type: 'good'; person: KnownPerson; proof: RollProof }
  | {
      type: 'hand'
      reason: ByHandReason
      person: KnownPerson
      /** The signature holds, only its time does not. */
      proof: RollProof | null
      /** Outside of the window, see {@link outsideWindow}. */
      byMs: number
    }
  | { type: 'refused'; reason: RefusedReason; person?: KnownPerson; since?: string }

const refused = (reason: RefusedReason, person?: KnownPerson, since?: string): CodeAnswer => ({
  type: 'refused',
  reason,
  ...(person === undefined ? {} : { person }),
  ...(since === undefined ? {} : { since }),
})

/** undefined: expected by this roll. */
function whyNotExpected(person: KnownPerson, world: CodeWorld): CodeAnswer | undefined {
  const { personId } = person
  if (world.roster.some((line) => line.personId === personId)) return undefined
  if (world.guestIds.has(personId)) return refused('guest', person)
  const own = world.unitPeople.filter((membership) => membership.personId === personId)
  const holds = own.some(({ from, to }) => from <= world.date && (to === null || world.date < to))
  if (holds || own.length === 0) return refused('not-on-roster', person)
  const left = own
    .flatMap(({ to }) => (to !== null && to <= world.date ? [to] : []))
    .sort()
    .at(-1)
  if (left !== undefined) return refused('left-unit', person, left)
  return refused('not-yet-in-unit', person, own.map(({ from }) => from).sort()[0])
}

/** The first key under the tag that signed it; several only where a tag is shared by chance. */
async function signerOf(code: Code, keys: readonly KeyFact[], person: KnownPerson, verify: CheckSignature) {
  const statement = personCodeStatement(person.personId, code.step)
  for (const key of keys) {
    const isOwn = key.fields.personId === person.personId
    if (isOwn && (await verify(key.fields.publicKey, code.signature, statement))) return key
  }
  return undefined
}

/** @param text as it was read; @throws what `verify` throws */
export async function checkPersonCode(text: string, world: CodeWorld): Promise<CodeAnswer> {
  const code = textToCode(text)
  if (typeof code === 'string') return refused(code)
  if (code.kind !== 'person') return refused('sitting-code')
  const known = world.people.filter(({ personId }) => tagOf(personId) === code.subjectTag)
  const keys = keysByTag(world.keys, code.keyTag)
  for (const person of known) {
    const key = await signerOf(code, keys, person, world.verify)
    if (key === undefined) continue
    const unexpected = whyNotExpected(person, world)
    if (unexpected !== undefined) return unexpected
    if (wasStopped(key, world.keys, code.step)) return refused('key-stopped', person)
    const proof = { keyId: keyIdOf(key), step: code.step, signature: code.signature, claimId: null }
    const byMs = outsideWindow(code.step, world.bureauNow)
    if (byMs === 0) return { type: 'good', person, proof }
    return { type: 'hand', reason: byMs > 0 ? 'expired' : 'from-future', person, proof, byMs }
  }
  const [person, ...others] = known
  if (person === undefined || others.length > 0) return refused('unknown-person')
  const unexpected = whyNotExpected(person, world)
  if (unexpected !== undefined) return unexpected
  // A key that is here and did not sign it: changed, or made up.
  if (keys.length > 0) return refused('bad-signature', person)
  const byMs = outsideWindow(code.step, world.bureauNow)
  return { type: 'hand', reason: 'unknown-key', person, proof: null, byMs }
}
