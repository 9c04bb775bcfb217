/** What a mark of the roll keeps of the code that was read, so that it can be checked later without either phone. */
import * as v from 'valibot'
import { Count, Id } from '../../fields.ts'

export const RollProof = v.object({
  /** The device-key record whose signature it is: the person's own, or of who showed the sitting's code. */
  keyId: Id,
  /** Of the bureau's time, see bureau-time.ts. */
  step: Count,
  /** ECDSA P-256, raw r‖s, base64url. */
  signature: v.pipe(v.string(), v.maxLength(100)),
  /** The roll-claim of the person who read the sitting's code; null for the person's own code. */
  claimId: v.optional(v.nullable(Id), null),
})
export type RollProof = v.InferOutput<typeof RollProof>
