/**
 * Which claims (roll-claim) an officer's phone turns into marks.
 *
 * Guarantee: by itself only those that rest on a code shown by an officer of the unit, reached the endpoint while that code
 * held, and are of people of whom the roll says nothing yet, not even something that was taken back. The rest is for a person
 * to decide: nobody is marked against what an officer has said.
 */
import { keyNamed } from '../../org/device-key.ts'
import type { RollLine } from '../roll.ts'
import { STEP_MS, WINDOW_MS } from './bureau-time.ts'
import { wasStopped, type CheckSignature, type KeyFact } from './keys-at.ts'
import type { RollClaim } from './roll-claim.ts'
import type { RollProof } from './roll-proof.ts'
import { sittingCodeStatement } from './statements.ts'

export interface StoredClaim {
  id: string
  fields: RollClaim
  /** By the endpoint's clock; null on the phone where it was made, until it arrived. */
  receivedAt: number | null
}

export interface ClaimLine {
  person: { personId: string; name: string }
  proof: RollProof
  line: RollLine
}

export interface SortedClaims {
  /** To be marked at once. */
  prompt: ClaimLine[]
  /** Arrived after the code had ended: perhaps from a phone without network, perhaps from elsewhere. */
  late: ClaimLine[]
  /** The roll says something else of them. */
  differing: ClaimLine[]
  /** Marked as there, by their claim. */
  done: number
}

export interface ClaimWorld {
  lines: readonly RollLine[]
  keys: readonly KeyFact[]
  isOfficer: (personId: string) => boolean
  verify: CheckSignature
}

async function standsOn(claim: StoredClaim, { keys, isOfficer, verify }: ClaimWorld): Promise<boolean> {
  const { fields: f } = claim
  const key = keyNamed(keys, f.keyId)
  if (key === undefined || key.fields.personId !== f.shownBy || !isOfficer(f.shownBy)) return false
  if (wasStopped(key, keys, f.step)) return false
  return await verify(key.fields.publicKey, f.signature, sittingCodeStatement(f.sittingId, f.step))
}

/** @param claims of one sitting; the first of each person counts */
export async function sortClaims(claims: readonly StoredClaim[], world: ClaimWorld): Promise<SortedClaims> {
  const sorted: SortedClaims = { prompt: [], late: [], differing: [], done: 0 }
  const seen = new Set<string>()
  const inOrder = [...claims].sort((a, b) => a.fields.step - b.fields.step || (a.id < b.id ? -1 : 1))
  for (const claim of inOrder) {
    const { fields: f } = claim
    const line = world.lines.find(({ personId }) => personId === f.personId)
    if (line === undefined || claim.receivedAt === null || seen.has(f.personId)) continue
    const isHere = line.state === 'present' || line.state === 'late'
    if (isHere && !line.contradiction) {
      // Nothing to decide, so nothing to check: what each tap costs does not grow with who has come.
      if (line.heads.some(({ fields }) => fields.proof?.claimId === claim.id)) sorted.done++
      seen.add(f.personId)
      continue
    }
    if (!(await standsOn(claim, world))) continue
    seen.add(f.personId)
    const proof = { keyId: f.keyId, step: f.step, signature: f.signature, claimId: claim.id }
    const told = { person: { personId: f.personId, name: line.name }, proof, line }
    if (line.heads.length > 0) sorted.differing.push(told)
    else if (claim.receivedAt > (f.step + 1) * STEP_MS + WINDOW_MS) sorted.late.push(told)
    else sorted.prompt.push(told)
  }
  return sorted
}
