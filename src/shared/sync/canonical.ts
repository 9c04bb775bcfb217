/**
 * One byte sequence for one value: what is hashed and signed on the phone is hashed and verified on the endpoint.
 * Canonical JSON after RFC 8785; SHA-256 synchronously, because it is needed inside IndexedDB transactions, which do not
 * survive an awaited digest, and on plain-HTTP test phones, which have no WebCrypto.
 */
import canonicalize from 'canonicalize'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** @throws when the value has something that JSON cannot hold (NaN, undefined at the root, a cycle). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('value has no canonical JSON')
  return text
}

/** Lower-case hex, 64 digits. */
export function sha256Hex(input: string | Uint8Array): string {
  return bytesToHex(sha256(typeof input === 'string' ? utf8ToBytes(input) : input))
}

/** A UUID (version 8) made from words: the same draft on two phones of one person is one record. */
export function idFrom(...words: string[]): string {
  const hex = sha256Hex(words.join('\u001f'))
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
