/**
 * Where electronic seals are printed, and their picture. The picture only: nothing here looks whether a seal holds, and the
 * line above the pages says so.
 */
import { sniffPicture } from '../../package/pictures.ts'
import { damaged, OFD_REFUSALS } from './unreadable-ofd.ts'
import { attribute, childOf, childrenOf, parseXml, textIn } from '../../package/xml.ts'
import { rectIn, type Rect } from './values.ts'
import type { ZipPackage } from '../../package/zip-package.ts'

export interface SealOnPage {
  pageId: string
  boundary: Rect
  /** Of the boundary, in its own millimetres: a seal across the edges of pages shows a part on each. */
  clip: Rect | undefined
  /** PNG, JPEG, or an OFD of one page; null when none was found. */
  picture: Uint8Array | null
}

const MOST_SEALS = 200
const MOST_DEPTH = 16
const OCTETS = 0x04
const isConstructed = (tag: number): boolean => (tag & 0x20) !== 0

/** The first picture among the octet strings of a seal (GB/T 38540: DER). */
export function pictureInDer(bytes: Uint8Array, from = 0, to = bytes.length, depth = 0): Uint8Array | null {
  if (depth >= MOST_DEPTH) return null
  for (let at = from; at + 2 <= to;) {
    const tag = bytes[at]!
    let length = bytes[at + 1]!
    at += 2
    if (length > 0x80) {
      const count = length - 0x80
      if (count > 4) return null
      length = 0
      for (let n = 0; n < count; n++) length = length * 256 + (bytes[at++] ?? 0)
    }
    const end = Math.min(to, at + length)
    if (isConstructed(tag)) {
      const inside = pictureInDer(bytes, at, end, depth + 1)
      if (inside !== null) return inside
    } else if (tag === OCTETS) {
      const content = bytes.subarray(at, end)
      const isZip = content[0] === 0x50 && content[1] === 0x4b && content[2] === 3 && content[3] === 4
      if (isZip || sniffPicture(content) !== null) return content
    }
    at = end
  }
  return null
}

function sealsOf(zip: ZipPackage, path: string): SealOnPage[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const bytes = zip.bytes(path)
  if (bytes === undefined) throw damaged()
  const root = parseXml(bytes, OFD_REFUSALS)
  const info = childOf(root, 'SignedInfo')
  const files = [textIn(childOf(info, 'Seal', 'BaseLoc')), textIn(childOf(root, 'SignedValue'))]
  let picture: Uint8Array | null = null
  for (const name of files) {
    const at = zip.find(name, folder)
    const seal = at === null ? undefined : zip.bytes(at)
    if (seal !== undefined) picture ??= pictureInDer(seal)
  }
  return childrenOf(info, 'StampAnnot').flatMap((stamp) => {
    const boundary = rectIn(attribute(stamp, 'Boundary'))
    const pageId = attribute(stamp, 'PageRef') ?? ''
    const clip = rectIn(attribute(stamp, 'Clip'))
    return boundary === undefined ? [] : [{ pageId, boundary, clip, picture }]
  })
}

/** @param signatures where the list of them is; '' for a file without @throws UnreadableOfd */
export function readSeals(zip: ZipPackage, signatures: string): SealOnPage[] {
  if (signatures === '') return []
  const path = zip.find(signatures)
  const bytes = path === null ? undefined : zip.bytes(path)
  if (path === null || bytes === undefined) throw damaged()
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return childrenOf(parseXml(bytes, OFD_REFUSALS), 'Signature')
    .slice(0, MOST_SEALS)
    .flatMap((signature) => {
      const at = zip.find(attribute(signature, 'BaseLoc') ?? '', folder)
      return at === null ? [] : sealsOf(zip, at)
    })
}
