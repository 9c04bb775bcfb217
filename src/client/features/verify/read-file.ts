/** A chosen file, to be checked on the phone: read piece by piece, unpacked within what it declares. */
import { Inflate as Inflating } from 'fflate'
import type { Inflate, ZipSource } from '../../../shared/circulation/bundle/read-zip.ts'
import { hashBytes } from '../../storage/files/hash-bytes.ts'

/** Small pieces: what one of them unpacks to stays small, whatever the archive claims. */
const PIECE = 16 * 1024

export const inflateWithin: Inflate = (packed, most) => {
  const content = new Uint8Array(most)
  let length = 0
  const inflating = new Inflating((part) => {
    if (length + part.length <= most) content.set(part, length)
    length += part.length
  })
  try {
    for (let at = 0; at < packed.length; at += PIECE) {
      inflating.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length)
      if (length > most) return null
    }
  } catch (problem) {
    // Damaged: fflate's own codes.
    if (problem instanceof Error && 'code' in problem) return null
    throw problem
  }
  return content.subarray(0, length)
}

export const hashOf = hashBytes

export const sourceOf = (file: File): ZipSource => ({
  size: file.size,
  text: (bytes) => new TextDecoder().decode(bytes),
  read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
})

export async function isZip(file: File): Promise<boolean> {
  const [first, second] = await sourceOf(file).read(0, 2)
  return first === 0x50 && second === 0x4b
}
