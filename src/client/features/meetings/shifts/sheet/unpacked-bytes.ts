/** How large a zip says it becomes, from its directory: asked before anything is unpacked. */
const DIRECTORY_END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
/** A comment may follow the end; longer ones than this no program writes. */
const MOST_COMMENT = 65_535
/** What an entry names as its size when it stands in a 64-bit field: no roster needs one. */
const NOT_HERE = 0xffffffff

/** Bytes of all files in it together; Infinity where it doesn't say; null when it is no zip. */
export function unpackedBytes(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const least = Math.max(0, bytes.length - END_BYTES - MOST_COMMENT)
  let end = bytes.length - END_BYTES
  while (end >= least && view.getUint32(end, true) !== DIRECTORY_END) end--
  if (end < least) return null
  let at = view.getUint32(end + 16, true)
  const entries = view.getUint16(end + 10, true)
  let total = 0
  for (let entry = 0; entry < entries; entry++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) return null
    const size = view.getUint32(at + 24, true)
    if (size === NOT_HERE) return Infinity
    total += size
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return total
}
