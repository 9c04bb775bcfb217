/**
 * Does the proof that a mark of the roll keeps hold? For whoever looks later, on a phone, at the endpoint or in an archive.
 *
 *   holds      the key of the person (or of who showed the sitting's code) signed it
 *   none       nothing to check: marked by tap, by voice, from paper, or by hand without a signature
 *   no-key     the key is not among those given
 *   not-theirs the key is of somebody else
 *   stopped    the key was stopped before it signed
 *   broken     the signature does not hold
 */
import type { RollMark } from '../roll-mark.ts'
import { wasStopped, type CheckSignature, type KeyFact } from './keys-at.ts'
import { personCodeStatement, sittingCodeStatement } from './statements.ts'

export type ProofStanding = 'holds' | 'none' | 'no-key' | 'not-theirs' | 'stopped' | 'broken'

/**
 * @param keys all facts, stops too
 * @param shownBy who showed the code, by the claim that the proof names; unknown where the claim is not at hand
 */
export async function checkProof(
  mark: Pick<RollMark, 'personId' | 'sittingId' | 'proof'>,
  keys: readonly KeyFact[],
  verify: CheckSignature,
  shownBy?: string,
): Promise<ProofStanding> {
  const proof = mark.proof ?? null
  if (proof === null) return 'none'
  const key = keys.find(({ id }) => id === proof.keyId)
  if (key === undefined) return 'no-key'
  const isClaim = (proof.claimId ?? null) !== null
  const owner = isClaim ? shownBy : mark.personId
  if (owner !== undefined && key.fields.personId !== owner) return 'not-theirs'
  const statement = isClaim
    ? sittingCodeStatement(mark.sittingId, proof.step)
    : personCodeStatement(mark.personId, proof.step)
  if (!(await verify(key.fields.publicKey, proof.signature, statement))) return 'broken'
  return wasStopped(key, keys, proof.step) ? 'stopped' : 'holds'
}
