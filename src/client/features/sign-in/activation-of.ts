/** What the link of an activation card brings: a text to fill in, of a bounded length, and nothing more. */
import { CODE, STAFF_NO, type ActivationParts } from '../../../shared/org/activation-link.ts'

const MOST_CHARACTERS = 64

/** @param hash of an address, with its # or empty. Undefined: there are not both. */
export function activationOf(hash: string): ActivationParts | undefined {
  const given = new URLSearchParams(hash.replace(/^#/u, ''))
  const [staffNo, code] = [STAFF_NO, CODE].map((key) => given.get(key)?.trim() ?? '')
  if (!staffNo || !code || staffNo.length > MOST_CHARACTERS || code.length > MOST_CHARACTERS) return undefined
  return { staffNo, code }
}
