/**
 * An archive from outside, read entry by entry from wherever it lies: an archive of gigabytes needs no more memory than its
 * directory and one entry. Guarantee: whatever the bytes are, the answer is an entry or a sentence; no entry is unpacked beyond the
 * size that it declares, nor beyond what the reader allows. ZIP64 is understood. Source: PKWARE APPNOTE 6.3.10.
 */
export interface ZipSource {
  size: number
  /** UTF-8. */
  text(bytes: Uint8Array): string
  /** Bytes from..to (exclusive). */
  read(from: number, to: number): Promise<Uint8Array>
}

/** Raw deflate. @returns at most `most` bytes; null for damaged data or for more than that */
export type Inflate = (packed: Uint8Array, most: number) => Promise<Uint8Array | null> | Uint8Array | null

export interface ZipEntry {
  path: string
  packedBytes: number
  sizeBytes: number
  method: number
  offset: number
}

export type OpenedZip = { ok: true; entries: ZipEntry[] } | { ok: false; sentence: string }

const DAMAGED = '这个压缩包不完整，或者已损坏。请从原处重新复制，或者重新导出一份。'
const MOST_ENTRIES = 2_000_000
const MOST_DIRECTORY_BYTES = 512 * 1024 * 1024
/** The end of a zip without a comment is 22 bytes; with one, at most this. */
const END_BYTES = 22 + 0xffff
const FAR_END_BYTES = 56 + 20

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const far = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

export async function openZip(source: ZipSource): Promise<OpenedZip> {
  const place = await directoryPlace(source)
  if (place === null || place.count > MOST_ENTRIES || place.size > MOST_DIRECTORY_BYTES)
    return { ok: false, sentence: DAMAGED }
  if (place.offset + place.size > source.size) return { ok: false, sentence: DAMAGED }
  const bytes = await source.read(place.offset, place.offset + place.size)
  const view = viewOf(bytes)
  const entries: ZipEntry[] = []
  const seen = new Set<string>()
  for (let at = 0; entries.length < place.count;) {
    const line = directoryLine(source, bytes, view, at)
    if (line === null) return { ok: false, sentence: DAMAGED }
    if (seen.has(line.entry.path))
      return { ok: false, sentence: `压缩包里“${line.entry.path}”出现了两次，不是导出时的样子。` }
    seen.add(line.entry.path)
    entries.push(line.entry)
    at = line.end
  }
  return { ok: true, entries }
}

async function directoryPlace(source: ZipSource) {
  const from = Math.max(0, source.size - END_BYTES)
  const tail = await source.read(from, source.size)
  const view = viewOf(tail)
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue
    const place = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    }
    const is64 = place.count === 0xffff || place.size === 0xffffffff || place.offset === 0xffffffff
    return is64 ? await farPlace(source, from + at) : place
  }
  return null
}

async function farPlace(source: ZipSource, endAt: number) {
  if (endAt < 20) return null
  const locator = viewOf(await source.read(endAt - 20, endAt))
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== 0x07064b50) return null
  const at = far(locator, 8)
  if (at + FAR_END_BYTES > source.size) return null
  const view = viewOf(await source.read(at, at + 56))
  if (view.getUint32(0, true) !== 0x06064b50) return null
  return { count: far(view, 32), size: far(view, 40), offset: far(view, 48) }
}

function directoryLine(
  source: ZipSource,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): { entry: ZipEntry; end: number } | null {
  if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return null
  const nameBytes = view.getUint16(at + 28, true)
  const extraBytes = view.getUint16(at + 30, true)
  const end = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true)
  if (end > bytes.length) return null
  const entry = {
    path: source.text(bytes.subarray(at + 46, at + 46 + nameBytes)),
    method: view.getUint16(at + 10, true),
    packedBytes: view.getUint32(at + 20, true),
    sizeBytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  }
  return readFar(entry, view, at + 46 + nameBytes, extraBytes) ? { entry, end } : null
}

/** What doesn't fit into 32 bits stands in a field of its own, in this order. */
function readFar(entry: ZipEntry, view: DataView, from: number, bytes: number): boolean {
  const missing = (['sizeBytes', 'packedBytes', 'offset'] as const).filter((key) => entry[key] === 0xffffffff)
  if (missing.length === 0) return true
  for (let at = from; at + 4 <= from + bytes; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    const size = view.getUint16(at + 2, true)
    if (size < missing.length * 8 || at + 4 + size > from + bytes) return false
    for (const [n, key] of missing.entries()) entry[key] = far(view, at + 4 + n * 8)
    return true
  }
  return false
}

/** @returns the content; null when it is damaged, lies about its size, or is larger than `most` */
export async function readEntry(
  source: ZipSource,
  entry: ZipEntry,
  inflate: Inflate,
  most: number,
): Promise<Uint8Array | null> {
  const { offset, method, packedBytes, sizeBytes } = entry
  if (sizeBytes > most || packedBytes > most || offset + 30 > source.size) return null
  const head = viewOf(await source.read(offset, offset + 30))
  if (head.getUint32(0, true) !== 0x04034b50) return null
  const start = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true)
  if (start + packedBytes > source.size) return null
  const packed = await source.read(start, start + packedBytes)
  if (method !== 0 && method !== 8) return null
  const content = method === 0 ? packed : await inflate(packed, sizeBytes)
  return content?.length === sizeBytes ? content : null
}
