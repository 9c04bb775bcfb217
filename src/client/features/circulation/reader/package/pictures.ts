/**
 * Pictures inside a file of somebody else, for the browser to decode. By their bytes, never by their names; only kinds that cannot carry script;
 * none that would take more memory than a phone has.
 */
const MOST_PIXELS = 40_000_000

interface Sniffed {
  mime: string
  pixels: number | null
}

const starts = (bytes: Uint8Array, ...with_: number[]): boolean =>
  with_.every((byte, at) => bytes[at] === byte)

/** Height times width from the first frame header; null where there is none. */
function jpegPixels(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return view.getUint16(at + 5) * view.getUint16(at + 7)
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return null
}

export function sniffPicture(bytes: Uint8Array): Sniffed | null {
  if (bytes.length < 30) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47))
    return { mime: 'image/png', pixels: view.getUint32(16) * view.getUint32(20) }
  if (starts(bytes, 0xff, 0xd8, 0xff)) return { mime: 'image/jpeg', pixels: jpegPixels(bytes) }
  if (starts(bytes, 0x47, 0x49, 0x46, 0x38))
    return { mime: 'image/gif', pixels: view.getUint16(6, true) * view.getUint16(8, true) }
  if (starts(bytes, 0x42, 0x4d))
    return { mime: 'image/bmp', pixels: Math.abs(view.getInt32(18, true) * view.getInt32(22, true)) }
  return null
}

/** undefined for what is not shown. */
export function pictureOf(bytes: Uint8Array): Blob | undefined {
  const sniffed = sniffPicture(bytes)
  if (sniffed === null || sniffed.pixels === null || sniffed.pixels > MOST_PIXELS) return undefined
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: sniffed.mime })
}

/** undefined for what is not shown. */
export async function decodePicture(bytes: Uint8Array): Promise<ImageBitmap | undefined> {
  const picture = pictureOf(bytes)
  if (picture === undefined) return undefined
  try {
    return await createImageBitmap(picture)
  } catch {
    return undefined
  }
}

export async function isDecoded(picture: Blob, options?: ImageBitmapOptions): Promise<boolean> {
  try {
    ;(await createImageBitmap(picture, options)).close()
    return true
  } catch {
    return false
  }
}
