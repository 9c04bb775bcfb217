/**
 * Does the proof that a mark of the roll keeps hold? For whoever looks later, on a phone, at the endpoint or in an archive.
 *
 *   holds       the key of the person (or of who showed the sitting's code) signed it
 *   none        nothing to check: marked by tap, by voice, from paper, or by hand without a signature
 *   no-key      the key is not among those given
 *   not-theirs  the key is of somebody else
 *   stopped     the key was stopped before it signed
 *   broken      the signature does not hold
 *   no-claim    the person's own word that they read the sitting's code is not among those given
 *   other-claim what is under its id is of another person, sitting or code
 */
import { keyNamed } from '../../org/device-key.ts'
import type { RollMark } from '../roll-mark.ts'
import { wasStopped, type CheckSignature, type KeyFact } from './keys-at.ts'
import { claimStatement, type RollClaim } from './roll-claim.ts'
import { personCodeStatement, sittingCodeStatement } from './statements.ts'

/** Why a proof does not hold, in words. */
export const PROOF_FAILURE_WORDS = {
  'no-key': '缺少设备公钥',
  'not-theirs': '设备公钥是别人的',
  stopped: '签名时密钥已停用',
  broken: '签名核对不上',
  'no-claim': '缺少本人的扫码记录',
  'other-claim': '与本人的扫码记录不符',
} as const
export type ProofFailure = keyof typeof PROOF_FAILURE_WORDS
export type ProofStanding = 'holds' | 'none' | ProofFailure

interface ClaimFact {
  id: string
  author: string
  fields: RollClaim
}

type Proven = Pick<RollMark, 'personId' | 'sittingId' | 'proof'> &
  Partial<Pick<RollMark, 'unitId' | 'meetingId'>>

const isFor = (claim: RollClaim, mark: Proven): boolean =>
  claim.personId === mark.personId &&
  claim.sittingId === mark.sittingId &&
  (mark.meetingId === undefined || claim.meetingId === mark.meetingId) &&
  (mark.unitId === undefined || claim.unitId === mark.unitId)

/** undefined: the claim is what the mark says that it is, by the reader's own phone where that could sign. */
async function whyNotClaimed(
  { author, fields: claim }: ClaimFact,
  mark: Proven,
  keys: readonly KeyFact[],
  verify: CheckSignature,
): Promise<ProofFailure | undefined> {
  const { keyId, step, signature } = mark.proof ?? {}
  const isSameCode = claim.keyId === keyId && claim.step === step && claim.signature === signature
  if (author !== mark.personId || !isFor(claim, mark) || !isSameCode) return 'other-claim'
  const { readerKeyId, readerSignature } = claim
  if (readerKeyId === undefined && readerSignature === undefined) return undefined
  if (readerKeyId === undefined || readerSignature === undefined) return 'broken'
  const key = keyNamed(keys, readerKeyId)
  if (key === undefined) return 'no-key'
  if (key.fields.personId !== mark.personId) return 'not-theirs'
  return (await verify(key.fields.publicKey, readerSignature, claimStatement(claim))) ? undefined : 'broken'
}

/**
 * @param keys all facts, stops too
 * @param claims those that the proofs may name; absent where none are at hand (files of before they went along)
 */
export async function checkProof(
  mark: Proven,
  keys: readonly KeyFact[],
  verify: CheckSignature,
  claims?: readonly ClaimFact[],
): Promise<ProofStanding> {
  const proof = mark.proof ?? null
  if (proof === null) return 'none'
  const claimId = proof.claimId ?? null
  const claim = claims?.find(({ id }) => id === claimId)
  if (claimId !== null && claims !== undefined) {
    const failure = claim === undefined ? 'no-claim' : await whyNotClaimed(claim, mark, keys, verify)
    if (failure !== undefined) return failure
  }
  const key = keyNamed(keys, proof.keyId)
  if (key === undefined) return 'no-key'
  const owner = claimId === null ? mark.personId : claim?.fields.shownBy
  if (owner !== undefined && key.fields.personId !== owner) return 'not-theirs'
  const statement =
    claimId === null
      ? personCodeStatement(mark.personId, proof.step)
      : sittingCodeStatement(mark.sittingId, proof.step)
  if (!(await verify(key.fields.publicKey, proof.signature, statement))) return 'broken'
  return wasStopped(key, keys, proof.step) ? 'stopped' : 'holds'
}
