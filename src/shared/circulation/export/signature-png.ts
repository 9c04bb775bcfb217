/**
 * A handwritten signature as a PNG, for spreadsheets: drawn and encoded here, so that phone and endpoint make the same picture and
 * neither needs a canvas. Sixteen greys; not compressed, because the workbook around it is, unless the caller has something faster.
 */
import type { Signature } from '../signing/sign-off.ts'

type Drawn = Extract<Signature, { kind: 'drawn' }>

export interface Picture {
  png: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

/** As wide as a line of the pad, in units of its box. */
const LINE = 10
const MARGIN = 24
/** Of the 16 greys. */
const WHITE = 15
/** The pad makes at most 6,000 characters; whatever else was sent must not keep anybody waiting. */
const MOST_NUMBERS = 10_000

/** The rows of a picture as a zlib stream (RFC 1950). */
export type PackRows = (rows: Uint8Array) => Uint8Array

/** @returns the written part in at most that many pixels; null for what no pad makes: too long, or outside its box */
export function signaturePng(
  drawn: Drawn,
  most: { width: number; height: number },
  pack: PackRows = stored,
): Picture | null {
  const box = writtenBox(drawn)
  if (box === null) return null
  const scale = Math.min(most.width / box.width, most.height / box.height)
  const width = Math.max(1, Math.round(box.width * scale))
  const height = Math.max(1, Math.round(box.height * scale))
  const dark = new Uint8Array(width * height)
  const radius = Math.max(1, (LINE / 2) * scale)
  for (const stroke of drawn.strokes) {
    let [x, y] = [(stroke[0]! - box.left) * scale, (stroke[1]! - box.top) * scale]
    for (let at = 0; at + 1 < stroke.length; at += 2) {
      const toX = (stroke[at]! - box.left) * scale
      const toY = (stroke[at + 1]! - box.top) * scale
      darken({ dark, width, height }, [x, y, toX, toY], radius)
      ;[x, y] = [toX, toY]
    }
  }
  return { png: encode({ dark, width, height }, pack), width, height }
}

function writtenBox({ width, height, strokes }: Drawn) {
  if (strokes.reduce((sum, stroke) => sum + stroke.length, 0) > MOST_NUMBERS) return null
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (const stroke of strokes) {
    if (stroke.length < 2 || stroke.length % 2 !== 0) return null
    for (let at = 0; at < stroke.length; at += 2) {
      const [x, y] = [stroke[at]!, stroke[at + 1]!]
      if (x < 0 || y < 0 || x > width || y > height) return null
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  return {
    left: left - MARGIN,
    top: top - MARGIN,
    width: right - left + 2 * MARGIN,
    height: bottom - top + 2 * MARGIN,
  }
}

interface Raster {
  dark: Uint8Array
  width: number
  height: number
}

/** A line with round ends: each pixel as dark as it is near. Of each row only what can be near is looked at. */
function darken(
  { dark, width, height }: Raster,
  line: [number, number, number, number],
  radius: number,
): void {
  const [x0, y0, x1, y1] = line
  const [dx, dy] = [x1 - x0, y1 - y0]
  const lengthSquared = dx * dx + dy * dy
  const reach = radius + 1
  // Most pixels that are looked at are wholly dark or wholly white: only the edge needs a root.
  const [blackWithin, whiteFrom] = [Math.max(0, radius - 0.5) ** 2, (radius + 0.5) ** 2]
  const slope = Math.abs(dy) < 1 ? 0 : dx / dy
  const half = Math.abs(dy) < 1 ? Infinity : (reach * Math.sqrt(lengthSquared)) / Math.abs(dy)
  const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach))
  for (let y = Math.max(0, Math.floor(Math.min(y0, y1) - reach)); y <= bottom; y++) {
    const middle = x0 + (y - y0) * slope
    const right = Math.min(width - 1, Math.ceil(Math.min(Math.max(x0, x1) + reach, middle + half)))
    for (
      let x = Math.max(0, Math.floor(Math.max(Math.min(x0, x1) - reach, middle - half)));
      x <= right;
      x++
    ) {
      const at = y * width + x
      if (dark[at] === WHITE) continue
      const along = lengthSquared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / lengthSquared
      const held = along < 0 ? 0 : along > 1 ? 1 : along
      const [awayX, awayY] = [x - x0 - held * dx, y - y0 - held * dy]
      const awaySquared = awayX * awayX + awayY * awayY
      if (awaySquared >= whiteFrom) continue
      const grey =
        awaySquared <= blackWithin
          ? WHITE
          : Math.round(Math.min(1, radius + 0.5 - Math.sqrt(awaySquared)) * WHITE)
      if (grey > dark[at]!) dark[at] = grey
    }
  }
}

/** PNG, greyscale of 4 bits; white lets the lines of the cell through. Source: RFC 2083. */
function encode({ dark, width, height }: Raster, pack: PackRows): Uint8Array<ArrayBuffer> {
  const rowBytes = Math.ceil(width / 2)
  const raw = new Uint8Array((rowBytes + 1) * height).fill(0xff)
  for (let y = 0; y < height; y++) {
    raw[y * (rowBytes + 1)] = 0
    for (let x = 0; x < width; x++) {
      const at = y * (rowBytes + 1) + 1 + (x >> 1)
      const grey = WHITE - dark[y * width + x]!
      raw[at] = x % 2 === 0 ? (grey << 4) | (raw[at]! & 0xf) : (raw[at]! & 0xf0) | grey
    }
  }
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head[8] = 4
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    ...chunk('IHDR', head),
    ...chunk('tRNS', Uint8Array.of(0, WHITE)),
    ...chunk('IDAT', pack(raw)),
    ...chunk('IEND', new Uint8Array(0)),
  ])
}

const MOST_IN_BLOCK = 0xffff
/** So many bytes of an Adler-32 can be summed before the sums leave 32 bits. */
const MOST_SUMMED = 5552

/** In stored blocks. Source: RFC 1950, RFC 1951. */
function stored(raw: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let at = 0; at < raw.length; at += MOST_IN_BLOCK) {
    const part = raw.subarray(at, at + MOST_IN_BLOCK)
    const head = new DataView(new ArrayBuffer(5))
    head.setUint8(0, at + MOST_IN_BLOCK >= raw.length ? 1 : 0)
    head.setUint16(1, part.length, true)
    head.setUint16(3, ~part.length & 0xffff, true)
    parts.push(new Uint8Array(head.buffer), part)
  }
  let [a, b] = [1, 0]
  for (let from = 0; from < raw.length; from += MOST_SUMMED) {
    const to = Math.min(raw.length, from + MOST_SUMMED)
    for (let at = from; at < to; at++) {
      a += raw[at]!
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return joined([...parts, bytesOf((b << 16) | a)])
}

function chunk(name: string, data: Uint8Array): Uint8Array[] {
  const named = joined([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), data])
  return [bytesOf(data.length), named, bytesOf(crc32(named))]
}

function bytesOf(number: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, number >>> 0)
  return new Uint8Array(view.buffer)
}

/** By byte: the eight steps of a CRC-32 at once. */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) crc = CRC_OF_BYTE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
