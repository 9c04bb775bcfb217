/**
 * PNG and JPEG from outside, by their bytes and without opening them.
 *
 * Guarantee: what is told as a picture is whole to its end and has a size that a phone can hold: a small file may say of itself
 * that it is 60,000 × 60,000, and whoever decodes it runs out of memory.
 */
export interface Picture {
  kind: 'png' | 'jpeg'
  width: number
  height: number
}

/** A page scanned at 600 dpi has 35 million; decoded, 60 million take 240 MB. */
export const MOST_PIXELS = 60_000_000

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const PNG_HEADER = 0x49484452
const PNG_DATA = 0x49444154
const PNG_END = 0x49454e44

/** @returns null: neither PNG nor JPEG; 'damaged': begins like one, but is cut off or broken */
export function readPicture(bytes: Uint8Array): Picture | 'damaged' | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (PNG.every((byte, at) => bytes[at] === byte)) return readPng(view) ?? 'damaged'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes, view) ?? 'damaged'
  return null
}

/** What is wrong with it and what to do; undefined when it may come in. */
export function pictureTrouble(picture: Picture | 'damaged'): string | undefined {
  if (picture === 'damaged') return '图片已损坏或不完整。请从原处重新复制，或重新导出后再选。'
  const { width, height } = picture
  if (width * height <= MOST_PIXELS) return undefined
  return `图片有 ${width} × ${height} 像素，超过 ${MOST_PIXELS / 10_000} 万像素，手机打不开。请缩小后再选。`
}

/** Chunks of length, kind, content, checksum, from the header to the end mark. */
function readPng(view: DataView): Picture | undefined {
  let size: Picture | undefined
  let hasData = false
  for (let at = PNG.length; at + 12 <= view.byteLength;) {
    const length = view.getUint32(at)
    const kind = view.getUint32(at + 4)
    if (at + 12 + length > view.byteLength) return undefined
    if (kind === PNG_HEADER && length >= 8)
      size ??= { kind: 'png', width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    hasData ||= kind === PNG_DATA
    if (kind === PNG_END) return hasData && isSize(size) ? size : undefined
    at += 12 + length
  }
  return undefined
}

/** Segments up to the picture's data; the end mark must come after it: a preview inside the first segments has one of its own. */
function readJpeg(bytes: Uint8Array, view: DataView): Picture | undefined {
  let size: Picture | undefined
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = view.getUint16(at + 2)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && at + 9 <= bytes.length)
      size ??= { kind: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    if (marker === 0xda) return isSize(size) && hasEnd(bytes, at) ? size : undefined
    at += 2 + Math.max(2, length)
  }
  return undefined
}

const isSize = (size: Picture | undefined): boolean => size !== undefined && size.width > 0 && size.height > 0

function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at--)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true
  return false
}
