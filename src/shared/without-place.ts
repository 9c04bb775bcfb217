/**
 * A photo that says neither where nor with what it was taken.
 *
 * Guaranteed: of a JPEG, Exif, XMP, IPTC, comments and further pictures behind the first are left out; how it is to be turned
 * stays; the picture itself is not touched, byte for byte. Anything else, also a JPEG whose parts cannot be read, comes back as
 * it is.
 * Source of the layout: ITU-T T.81 annex B, CIPA DC-008 (Exif 2.32) 4.5 and 4.6.2.
 */
const SOI = 0xd8
const EOI = 0xd9
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP13 = 0xed
const COMMENT = 0xfe
const SCAN = 0xda
const ORIENTATION = 0x0112
const SHORT = 3
/** `Exif` and two zeros, before the TIFF header. */
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0]
/** `MPF` and a zero: where pictures behind this one lie. */
const MPF = [0x4d, 0x50, 0x46, 0]

interface Segment {
  marker: number
  /** Of its marker, and of the next one. */
  from: number
  to: number
}

const startsWith = (bytes: Uint8Array, at: number, head: readonly number[]): boolean =>
  head.every((byte, n) => bytes[at + n] === byte)

/** Up to the first scan; null when it is no JPEG or breaks off. */
function segmentsOf(bytes: Uint8Array): { before: Segment[]; scanAt: number } | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null
  const before: Segment[] = []
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    if (marker === SCAN) return { before, scanAt: at }
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    const to = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!
    if (to < at + 4 || to > bytes.length) return null
    before.push({ marker, from: at, to })
    at = to
  }
  return null
}

/** 1 to 8; 1 (as it is) where it isn't told. */
function orientationIn(bytes: Uint8Array, { from, to }: Segment): number {
  const tiff = from + 4 + EXIF.length
  if (!startsWith(bytes, from + 4, EXIF) || tiff + 8 > to) return 1
  const view = new DataView(bytes.buffer, bytes.byteOffset + tiff, to - tiff)
  const isLittle = view.getUint16(0) === 0x4949
  const first = view.getUint32(4, isLittle)
  if (first + 2 > view.byteLength) return 1
  const entries = view.getUint16(first, isLittle)
  for (let n = 0; n < entries; n++) {
    const entry = first + 2 + n * 12
    if (entry + 12 > view.byteLength) return 1
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** An Exif segment with one entry. */
function turned(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1]
  const entry = [ORIENTATION >> 8, ORIENTATION & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0]
  const body = [...EXIF, ...tiff, ...entry, 0, 0, 0, 0]
  return Uint8Array.from([0xff, APP1, 0, body.length + 2, ...body])
}

/** Where the picture ends: behind its last scan, before whatever was appended; its end where no end is marked. */
function endOf(bytes: Uint8Array, scanAt: number): number {
  let at = scanAt
  while (at + 4 <= bytes.length) {
    // Over the head of a scan, or of a table between two scans.
    at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!
    // What stands for itself in a scan: a stuffed byte, a restart, a fill byte.
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1]!))) at += 1
    if (bytes[at + 1] === EOI) return at + 2
  }
  return bytes.length
}
const isMarker = (byte: number): boolean => byte !== 0 && byte !== 0xff && !(byte >= 0xd0 && byte <= 0xd7)

export function withoutPlace(file: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(file)
  const read = segmentsOf(bytes)
  if (read === null) return file
  const isLeftOut = ({ marker, from }: Segment): boolean =>
    marker === APP1 ||
    marker === APP13 ||
    marker === COMMENT ||
    (marker === APP2 && startsWith(bytes, from + 4, MPF))
  const exif = read.before.find(({ marker, from }) => marker === APP1 && startsWith(bytes, from + 4, EXIF))
  const end = endOf(bytes, read.scanAt)
  if (!read.before.some(isLeftOut) && end === bytes.length) return file
  const orientation = exif === undefined ? 1 : orientationIn(bytes, exif)
  const kept = read.before.filter((segment) => !isLeftOut(segment))
  // JFIF wants to stand first.
  const jfif = kept.filter(({ marker }) => marker === APP0)
  const rest = kept.filter(({ marker }) => marker !== APP0)
  const cut = ({ from, to }: Segment) => bytes.subarray(from, to)
  const parts = [
    bytes.subarray(0, 2),
    ...jfif.map(cut),
    ...(orientation === 1 ? [] : [turned(orientation)]),
    ...rest.map(cut),
    bytes.subarray(read.scanAt, end),
  ]
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}
