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

/** An entry is a file of at most some 50 MB, so that its own sizes always fit. */
function localHeader({ path, crc, method, packed, size, at }: Written): Buffer {
  const name = Buffer.from(path, 'utf8')
  const [time, date] = dosTime(at)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(UTF8_NAMES, 6)
  head.writeUInt16LE(method, 8)
  head.writeUInt16LE(time, 10)
  head.writeUInt16LE(date, 12)
  head.writeUInt32LE(crc, 14)
  head.writeUInt32LE(packed, 18)
  head.writeUInt32LE(size, 22)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, name])
}

function directoryLine({ path, crc, method, packed, size, at, offset }: Written): Buffer {
  const name = Buffer.from(path, 'utf8')
  const [time, date] = dosTime(at)
  const isFar = offset >= MOST_32
  const extra = Buffer.alloc(isFar ? 12 : 0)
  if (isFar) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(offset), 4)
  }
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE(isFar ? 45 : 20, 4)
  head.writeUInt16LE(isFar ? 45 : 20, 6)
  head.writeUInt16LE(UTF8_NAMES, 8)
  head.writeUInt16LE(method, 10)
  head.writeUInt16LE(time, 12)
  head.writeUInt16LE(date, 14)
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(packed, 20)
  head.writeUInt32LE(size, 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(extra.length, 30)
  head.writeUInt32LE(isFar ? MOST_32 : offset, 42)
  return Buffer.concat([head, name, extra])
}

function directoryEnd({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const is64 = count >= MOST_16 || offset >= MOST_32 || size >= MOST_32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(is64 ? MOST_16 : count, 8)
  end.writeUInt16LE(is64 ? MOST_16 : count, 10)
  end.writeUInt32LE(is64 ? MOST_32 : size, 12)
  end.writeUInt32LE(is64 ? MOST_32 : offset, 16)
  if (!is64) return end
  const far = Buffer.alloc(56 + 20)
  far.writeUInt32LE(0x06064b50, 0)
  far.writeBigUInt64LE(44n, 4)
  far.writeUInt16LE(45, 12)
  far.writeUInt16LE(45, 14)
  far.writeBigUInt64LE(BigInt(count), 24)
  far.writeBigUInt64LE(BigInt(count), 32)
  far.writeBigUInt64LE(BigInt(size), 40)
  far.writeBigUInt64LE(BigInt(offset), 48)
  far.writeUInt32LE(0x07064b50, 56)
  far.writeBigUInt64LE(BigInt(offset + size), 64)
  far.writeUInt32LE(1, 72)
  return Buffer.concat([far, end])
}
