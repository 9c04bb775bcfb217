/**
 * One gzip body out of pieces that were compressed apart, so that what many people get alike is compressed once.
 *
 * Deflate allows it: each piece ends with a full flush, at a byte and without looking back, and the pieces then stand one after
 * the other as one stream (RFC 1951, 3.2.3; the format around it is RFC 1952). One member, so that every browser reads it.
 */
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib'

export interface Segment {
  bytes: Buffer
  /** Raw deflate of `bytes`, fully flushed. */
  deflated: Buffer
}

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** An empty last block. */
const END_OF_STREAM = Buffer.from([3, 0])
const inPool = promisify<Buffer, object, Buffer>(deflateRaw)
/** Below this a trip through the thread pool costs more than it saves, and takes memory for each that waits. */
const SMALL_BYTES = 64 * 1024

/** @param level what is kept is worth more work than what is sent once */
export async function toSegment(bytes: Buffer, level: number): Promise<Segment> {
  const options = { level, finishFlush: constants.Z_FULL_FLUSH }
  const deflated = bytes.length < SMALL_BYTES ? deflateRawSync(bytes, options) : await inPool(bytes, options)
  return { bytes, deflated }
}

export function joinSegments(segments: readonly Segment[]): Buffer<ArrayBuffer> {
  let [checksum, size] = [0, 0]
  for (const { bytes } of segments) {
    checksum = crc32(bytes, checksum)
    size += bytes.length
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(checksum, 0)
  tail.writeUInt32LE(size % 2 ** 32, 4)
  return Buffer.concat([HEADER, ...segments.map((segment) => segment.deflated), END_OF_STREAM, tail])
}
