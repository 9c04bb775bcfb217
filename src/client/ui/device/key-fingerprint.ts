import { sha256Hex } from '../../../shared/sync/canonical.ts'

const SHOWN_DIGITS = 24

/** A public key (base64url) as groups of four that two people can compare by eye. */
export function fingerprintOf(publicKey: string): string {
  const binary = atob(publicKey.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
  const digits = sha256Hex(bytes).slice(0, SHOWN_DIGITS).toUpperCase()
  return digits.match(/.{4}/g)?.join(' ') ?? digits
}

/** The first two groups, as they stand in a list. */
export const shortFingerprint = (publicKey: string): string => fingerprintOf(publicKey).slice(0, 9)
