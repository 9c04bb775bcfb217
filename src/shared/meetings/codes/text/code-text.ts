/**
 * The text of a code, small enough for an easily read picture (version 5 of 40, 37 × 37 modules).
 *
 *   WH1  base45 of  kind (1 byte)  tag of whom it is about (5)  tag of the key (5)  step (4)  signature (64)
 *
 * Tags find, they prove nothing: the signature is over the whole ids (statements.ts). One text for one content: each
 * character counts, so a changed one is either no code or another one, whose signature does not hold.
 */
import { sha256Hex } from '../../../sync/canonical.ts'
import { fromBase45, toBase45 } from './base45.ts'

/** person: who shows it; sitting: the sitting at whose door it is shown. */
export type CodeKind = 'person' | 'sitting'

export interface Code {
  kind: CodeKind
  /** Of the person's or the sitting's id. */
  subjectTag: string
  /** Of the public key. */
  keyTag: string
  step: number
  /** Raw r‖s, base64url. */
  signature: string
}

/** What cannot be read, and why. A newer app may write WH2. */
export type Unreadable = 'not-ours' | 'newer-app' | 'damaged'

const PREFIX = 'WH1'
const KINDS: readonly CodeKind[] = ['person', 'sitting']
const TAG_BYTES = 5
const SIGNATURE_BYTES = 64
const SIZE = 1 + TAG_BYTES * 2 + 4 + SIGNATURE_BYTES

/** Ten hex digits of an id's or a key's hash. */
export const tagOf = (id: string): string => sha256Hex(id).slice(0, TAG_BYTES * 2)

const fromHex = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16))
const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function fromBase64Url(text: string): number[] {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(6, '0')).join('')
  return (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2))
}
function toBase64Url(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,6}/g) ?? []).map((six) => LETTERS.charAt(parseInt(six.padEnd(6, '0'), 2))).join('')
}

/** @throws RangeError for a signature that is none, or a step beyond all time */
export function codeToText(code: Code): string {
  const signature = fromBase64Url(code.signature)
  if (signature.length !== SIGNATURE_BYTES || code.step > 0xffffffff) throw new RangeError('no code')
  const step = [24, 16, 8, 0].map((shift) => (code.step >>> shift) & 0xff)
  const kind = KINDS.indexOf(code.kind) + 1
  const bytes = [kind, ...fromHex(code.subjectTag), ...fromHex(code.keyTag), ...step, ...signature]
  return PREFIX + toBase45(Uint8Array.from(bytes))
}

export function textToCode(text: string): Code | Unreadable {
  if (!text.startsWith(PREFIX)) return /^WH\d/.test(text) ? 'newer-app' : 'not-ours'
  const bytes = fromBase45(text.slice(PREFIX.length))
  const kind = KINDS[(bytes?.[0] ?? 0) - 1]
  if (bytes?.length !== SIZE || kind === undefined) return 'damaged'
  const part = (from: number, length: number): Uint8Array => bytes.slice(from, from + length)
  const stepAt = 1 + TAG_BYTES * 2
  return {
    kind,
    subjectTag: toHex(part(1, TAG_BYTES)),
    keyTag: toHex(part(1 + TAG_BYTES, TAG_BYTES)),
    step: parseInt(toHex(part(stepAt, 4)), 16),
    signature: toBase64Url(part(stepAt + 4, SIGNATURE_BYTES)),
  }
}
