/**
 * Office files are zip archives from outside. Guarantee: nothing is unpacked before the archive's own directory was
 * checked against the limits, no entry grows beyond the size it declares, and what the converters then read is a
 * clean archive of exactly the checked entries, so that two zip readers can't see two different files.
 * The directory is read here and not by the zip library, because the library shows neither flags nor offsets.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { refused, type Refusal } from '../problems.ts'

export interface ZipLimits {
  maxEntries: number
  maxUnpackedBytes: number
  /** Unpacked : packed, looked at only for entries above `ratioFloorBytes`: small XML compresses very well. */
  maxRatio: number
  ratioFloorBytes: number
}

export const officeLimits: ZipLimits = {
  maxEntries: 5_000,
  maxUnpackedBytes: 200 * 1024 * 1024,
  maxRatio: 200,
  ratioFloorBytes: 2 * 1024 * 1024,
}

export interface ZipEntry {
  name: string
  method: number
  packedBytes: number
  unpackedBytes: number
  crc: number
  encrypted: boolean
  headerOffset: number
}

export interface ZipListing {
  type: 'listing'
  entries: ZipEntry[]
}

export interface UnpackedZip {
  type: 'unpacked'
  files: Map<string, Uint8Array>
}

const damaged = () => refused('压缩结构已损坏或不完整。请从原处重新复制，或打开后另存一份再导入。')

/** The entries of a zip as its central directory lists them. Refused when the directory is missing or damaged. */
export function listZip(bytes: Uint8Array): ZipListing | Refusal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findDirectoryEnd(view)
  if (end === null) return damaged()
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  if (count === 0xffff || start === 0xffffffff) {
    return refused('压缩结构是超大格式（ZIP64）。请用 Word 或 WPS 打开后另存一份再导入。')
  }
  const entries: ZipEntry[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) return damaged()
    const nameBytes = view.getUint16(at + 28, true)
    entries.push(readDirectoryEntry(bytes, view, at, nameBytes))
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return at > end ? damaged() : { type: 'listing', entries }
}

/**
 * The listing of a zip that keeps the limits; nothing is unpacked. Refused, each with a sentence: too many entries,
 * too large unpacked, a suspicious ratio, a password, paths that point outside, names that occur twice, overlapping
 * entries, and an archive inside the archive (embedded office objects under `…/embeddings/` are allowed, never opened).
 */
export function checkZip(bytes: Uint8Array, limits: ZipLimits = officeLimits): ZipListing | Refusal {
  const listing = listZip(bytes)
  if (listing.type === 'refused') return listing
  const { entries } = listing
  if (entries.length > limits.maxEntries) {
    return refused(
      `压缩包里有 ${entries.length} 个条目，超过上限 ${limits.maxEntries}，未打开。请检查文件来源。`,
    )
  }
  const total = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0)
  if (total > limits.maxUnpackedBytes) {
    return refused(
      `解压后约 ${megabytes(total)} MB，超过上限 ${megabytes(limits.maxUnpackedBytes)} MB，未打开。请检查文件来源，或删去大图后另存。`,
    )
  }
  return checkNames(entries) ?? checkEntries(entries, limits) ?? checkRanges(bytes, entries) ?? listing
}

/**
 * Unpacks the checked entries whose name passes `wanted`. Refused as in checkZip, and when an entry does not hold
 * what the directory says (size or checksum).
 */
export function unpackZip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
  limits: ZipLimits = officeLimits,
): UnpackedZip | Refusal {
  const listing = checkZip(bytes, limits)
  if (listing.type === 'refused') return listing
  const files = new Map<string, Uint8Array>()
  for (const entry of listing.entries) {
    if (entry.name.endsWith('/') || isNestedArchiveName(entry.name) || !wanted(entry.name)) continue
    const content = unpackEntry(bytes, entry)
    if (content === null) return damaged()
    if (startsLikeZip(content) && !isEmbedding(entry.name)) return nestedArchive(entry.name)
    files.set(entry.name, content)
  }
  return { type: 'unpacked', files }
}

/** A plain, uncompressed zip of the given files, for converters that take only whole archives. */
export function repackZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files), { level: 0 })
}

function findDirectoryEnd(view: DataView): number | null {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff)
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at
  }
  return null
}

function readDirectoryEntry(bytes: Uint8Array, view: DataView, at: number, nameBytes: number): ZipEntry {
  return {
    name: new TextDecoder('utf-8').decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
    method: view.getUint16(at + 10, true),
    packedBytes: view.getUint32(at + 20, true),
    unpackedBytes: view.getUint32(at + 24, true),
    crc: view.getUint32(at + 16, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    headerOffset: view.getUint32(at + 42, true),
  }
}

function checkNames(entries: ZipEntry[]): Refusal | null {
  const seen = new Set<string>()
  for (const { name } of entries) {
    const outside = name.startsWith('/') || name.includes('\\') || /^[a-z]:/i.test(name)
    if (outside || name.split('/').includes('..') || /\p{Cc}/u.test(name)) {
      return refused(`压缩包里有指向外部的路径“${name}”，未打开。请检查文件来源。`)
    }
    if (seen.has(name)) return refused(`压缩包里“${name}”出现了两次，未打开。请打开后另存一份再导入。`)
    seen.add(name)
  }
  return null
}

function checkEntries(entries: ZipEntry[], limits: ZipLimits): Refusal | null {
  for (const entry of entries) {
    if (entry.encrypted) return refused('文件设有打开密码，无法读取。请去掉密码后再导入。')
    if (entry.method !== 0 && entry.method !== 8) {
      return refused('压缩方法不常见，无法读取。请用 Word 或 WPS 打开后另存一份再导入。')
    }
    const ratio = entry.unpackedBytes / Math.max(1, entry.packedBytes)
    if (entry.unpackedBytes > limits.ratioFloorBytes && ratio > limits.maxRatio) {
      return refused(
        `压缩包里“${entry.name}”的压缩比异常（约 ${Math.round(ratio)} 倍），未打开。请检查文件来源。`,
      )
    }
    if (isNestedArchiveName(entry.name) && !isEmbedding(entry.name)) return nestedArchive(entry.name)
  }
  return null
}

function checkRanges(bytes: Uint8Array, entries: ZipEntry[]): Refusal | null {
  let previousEnd = 0
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const start = dataOffset(bytes, entry)
    if (start === null || entry.headerOffset < previousEnd) return damaged()
    previousEnd = start + entry.packedBytes
    if (previousEnd > bytes.byteLength) return damaged()
  }
  return null
}

function dataOffset(bytes: Uint8Array, entry: ZipEntry): number | null {
  const at = entry.headerOffset
  if (at + 30 > bytes.byteLength) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(at, true) !== 0x04034b50) return null
  return at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
}

function unpackEntry(bytes: Uint8Array, entry: ZipEntry): Uint8Array | null {
  const start = dataOffset(bytes, entry)
  if (start === null) return null
  const packed = bytes.subarray(start, start + entry.packedBytes)
  const content = entry.method === 0 ? packed.slice() : inflateWithin(packed, entry.unpackedBytes)
  if (content === null || content.byteLength !== entry.unpackedBytes) return null
  return crc32(content) === entry.crc ? content : null
}

/** zlib stops at the declared size: an entry that lies about it costs no memory. */
function inflateWithin(packed: Uint8Array, maxBytes: number): Uint8Array | null {
  try {
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) }))
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

const isNestedArchiveName = (name: string) =>
  /\.(zip|rar|7z|gz|tar|jar|docx|docm|xlsx|xlsm|pptx|ofd|epub)$/i.test(name)
const isEmbedding = (name: string) => /(^|\/)embeddings\//.test(name)
const startsLikeZip = (content: Uint8Array) =>
  content[0] === 0x50 && content[1] === 0x4b && content[2] === 3 && content[3] === 4
const nestedArchive = (name: string) =>
  refused(`压缩包里还有压缩包“${name}”，未打开。请取出里面的文件单独导入。`)
const megabytes = (size: number) => Math.ceil(size / (1024 * 1024))
