/**
 * A text as a round of QR codes, and back. The frames go round and round; the camera may come in anywhere.
 *
 * Promises: any order, any number of times; a frame of something else changes nothing; what comes out is what went in, or it
 * is said that it is not (a checksum over the whole).
 *
 *   WHR1:<first 8 hex of the SHA-256>:<place, from 1>:<how many>:<part, base45>
 */
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { fromBase45, toBase45 } from '../../../../../shared/meetings/codes/text/base45.ts'

const MARK = 'WHR1'
/** With the head some 600 signs: a code of 77 × 77 (version 15, M), which an old camera reads from a phone's screen. */
const PART_BYTES = 380
/** Some 7 MB of text at most: a bundle is below one. */
const MOST_FRAMES = 2000
const MOST_TEXT_BYTES = 4 * 1024 * 1024

const nameOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes)).slice(0, 8).toUpperCase()

export function toFrames(text: string): string[] {
  const bytes = deflateSync(strToU8(text), { level: 9 })
  const name = nameOf(bytes)
  const total = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  return Array.from({ length: total }, (_, at) => {
    const part = bytes.subarray(at * PART_BYTES, (at + 1) * PART_BYTES)
    return [MARK, name, at + 1, total, toBase45(part)].join(':')
  })
}

interface Frame {
  name: string
  place: number
  total: number
  part: Uint8Array
}

/** The last part may hold colons: they are signs of base45. */
const FRAME = new RegExp(`^${MARK}:([0-9A-F]{8}):([1-9]\\d{0,3}):([1-9]\\d{0,3}):(.*)$`)

function readFrame(text: string): Frame | undefined {
  const [, name = '', place, total, coded = ''] = FRAME.exec(text) ?? []
  const part = fromBase45(coded)
  const frame = { name, place: Number(place), total: Number(total), part: part ?? new Uint8Array() }
  const isOne = part !== undefined && name !== '' && frame.place <= frame.total && frame.total <= MOST_FRAMES
  return isOne ? frame : undefined
}

export type FrameAnswer =
  /** No frame of ours: another code was in sight. */
  | { type: 'foreign' }
  /** A frame of another round than the one begun. */
  | { type: 'other' }
  | { type: 'more'; have: number; total: number }
  | { type: 'whole'; text: string }
  /** All there, and the checksum says no: begun anew. */
  | { type: 'damaged' }

export interface Collector {
  add(text: string): FrameAnswer
  clear(): void
}

export function createCollector(): Collector {
  let first: Frame | undefined
  const parts = new Map<number, Uint8Array>()
  const clear = (): void => {
    first = undefined
    parts.clear()
  }
  return {
    clear,
    add(text) {
      const frame = readFrame(text)
      if (frame === undefined) return { type: 'foreign' }
      first ??= frame
      const { name, total } = first
      if (frame.name !== name || frame.total !== total) return { type: 'other' }
      parts.set(frame.place, frame.part)
      if (parts.size < total) return { type: 'more', have: parts.size, total }
      const whole = wholeText(parts, name)
      clear()
      return whole === undefined ? { type: 'damaged' } : { type: 'whole', text: whole }
    },
  }
}

function wholeText(parts: ReadonlyMap<number, Uint8Array>, name: string): string | undefined {
  const bytes = joined([...parts].sort(([a], [b]) => a - b).map(([, part]) => part))
  return nameOf(bytes) === name ? inflated(bytes) : undefined
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** In pieces: what swells beyond any roll is no roll. */
function inflated(bytes: Uint8Array): string | undefined {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    const stream = new Inflate((piece) => {
      size += piece.length
      if (size > MOST_TEXT_BYTES) throw new RangeError('too much')
      pieces.push(piece)
    })
    stream.push(bytes, true)
    return strFromU8(joined(pieces))
  } catch {
    // Damaged, or made to swell: either way nothing that a phone of ours has shown.
    return undefined
  }
}
