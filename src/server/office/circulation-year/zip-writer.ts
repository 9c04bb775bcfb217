/**
 * A zip that is written while it is made. Guarantee: at no time more than one entry is in memory, so that a year of documents costs
 * no more than its largest file; sizes and checksums stand before each entry, which every reader understands; beyond 4 GB or
 * 65,535 entries it goes on as ZIP64. Written here because fflate's streaming zip has no ZIP64. Source: PKWARE APPNOTE 6.3.10.
 */
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

export interface ZipContent {
  /** With `/` between folders. */
  path: string
  bytes: Uint8Array
  /** UTC ms; on the wall clock of China. */
  at: number
  /** Already packed (PDF, xlsx, pictures): packing again costs time and gains nothing. */
  isPacked?: boolean
}

const MOST_32 = 0xffffffff
const MOST_16 = 0xffff
const UTF8_NAMES = 0x0800
const CHINA_OFFSET_MS = 8 * 3_600_000
const deflate = promisify(deflateRaw) as (bytes: Uint8Array) => Promise<Uint8Array>

interface Written {
  /** As text: a few bytes of a Buffer can hold back the whole slab that they were cut from. */
  path: string
  crc: number
  method: number
  packed: number
  size: number
  at: number
  offset: number
}

/** @param at where the first entry begins; only tests begin elsewhere */
export async function* zipOf(
  contents: AsyncIterable<ZipContent>,
  at = 0,
): AsyncGenerator<Uint8Array, void, undefined> {
  const written: Written[] = []
  let offset = at
  for await (const { path, bytes, at: time, isPacked } of contents) {
    const packed = isPacked === true ? bytes : await deflate(bytes)
    const method = isPacked === true ? 0 : 8
    const entry = {
      path,
      crc: crc32(bytes),
      method,
      packed: packed.length,
      size: bytes.length,
      at: time,
      offset,
    }
    const head = localHeader(entry)
    yield head
    yield packed
    offset += head.length + packed.length
    written.push(entry)
  }
  let size = 0
  for (const entry of written) {
    const line = directoryLine(entry)
    size += line.length
    yield line
  }
  yield directoryEnd({ count: written.length, size, offset })
}

/** Two halves as the zip has them: time, then date. Before 1980 there is none. */
function dosTime(ms: number): [time: number, date: number] {
  const d = new Date(Math.max(ms, Date.UTC(1980, 0, 1)) + CHINA_OFFSET_MS)
  return [
    (d.getUTCHours() << 11) | (d.getUTCMinutes() << 5) | (d.getUTCSeconds() >> 1),
    ((d.getUTCFullYear() - 1980) << 9) | ((d.getUTCMonth() + 1) << 5) | d.getUTCDate(),
  ]
}

type Width = 2 | 4 | 8
/** Little-endian numbers one behind the other, as every part of a zip is laid out. */
function layOut(fields: readonly (readonly [Width, number])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) bytes.writeUInt16LE(value, at)
    else if (width === 4) bytes.writeUInt32LE(value, at)
    else bytes.writeBigUInt64LE(BigInt(value), at)
    at += width
  }
  return bytes
}

/** What a reader must understand: 2.0 for deflate, 4.5 for ZIP64. */
const VERSION = 20
const VERSION_64 = 45

/** What stands in front of an entry and again in the directory. An entry is a file of at most some 50 MB: its own sizes always fit. */
function aboutEntry({ crc, method, packed, size, at }: Written, version: number, nameLength: number) {
  const [time, date] = dosTime(at)
  return [
    [2, version],
    [2, UTF8_NAMES],
    [2, method],
    [2, time],
    [2, date],
    [4, crc],
    [4, packed],
    [4, size],
    [2, nameLength],
  ] as const
}

function localHeader(entry: Written): Buffer {
  const name = Buffer.from(entry.path, 'utf8')
  const extraLength = [2, 0] as const
  return Buffer.concat([
    layOut([[4, 0x04034b50], ...aboutEntry(entry, VERSION, name.length), extraLength]),
    name,
  ])
}

function directoryLine(entry: Written): Buffer {
  const name = Buffer.from(entry.path, 'utf8')
  const isFar = entry.offset >= MOST_32
  const version = isFar ? VERSION_64 : VERSION
  /** Kind 1, 8 bytes: where it begins. */
  const extra = isFar
    ? layOut([
        [2, 1],
        [2, 8],
        [8, entry.offset],
      ])
    : Buffer.alloc(0)
  const head = layOut([
    [4, 0x02014b50],
    [2, version],
    ...aboutEntry(entry, version, name.length),
    [2, extra.length],
    // No comment, first disk, no attributes.
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, isFar ? MOST_32 : entry.offset],
  ])
  return Buffer.concat([head, name, extra])
}

function directoryEnd({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const is64 = count >= MOST_16 || offset >= MOST_32 || size >= MOST_32
  const end = layOut([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, is64 ? MOST_16 : count],
    [2, is64 ? MOST_16 : count],
    [4, is64 ? MOST_32 : size],
    [4, is64 ? MOST_32 : offset],
    [2, 0],
  ])
  if (!is64) return end
  const far = layOut([
    [4, 0x06064b50],
    // Of what follows in this record.
    [8, 44],
    [2, VERSION_64],
    [2, VERSION_64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  ])
  const whereFar = layOut([
    [4, 0x07064b50],
    [4, 0],
    [8, offset + size],
    [4, 1],
  ])
  return Buffer.concat([far, whereFar, end])
}
