/** What a zip says of itself in its directory: asked before anything is unpacked. */
const DIRECTORY_END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
/** A comment may follow the end; longer ones than this no program writes. */
const MOST_COMMENT = 65_535
/** What an entry names as its size when it stands in a 64-bit field: no table needs one. */
const NOT_HERE = 0xffffffff

export interface ZipContents {
  names: string[]
  /** Of all files together; Infinity where it doesn't say. */
  unpackedBytes: number
}

/** null when it is no zip. */
export function zipContents(bytes: Uint8Array): ZipContents | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const least = Math.max(0, bytes.length - END_BYTES - MOST_COMMENT)
  let end = bytes.length - END_BYTES
  while (end >= least && view.getUint32(end, true) !== DIRECTORY_END) end--
  if (end < least) return null
  let at = view.getUint32(end + 16, true)
  const entries = view.getUint16(end + 10, true)
  const contents: ZipContents = { names: [], unpackedBytes: 0 }
  const decoder = new TextDecoder()
  for (let entry = 0; entry < entries; entry++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) return null
    const size = view.getUint32(at + 24, true)
    const nameBytes = view.getUint16(at + 28, true)
    contents.names.push(decoder.decode(bytes.subarray(at + 46, at + 46 + nameBytes)))
    contents.unpackedBytes += size === NOT_HERE ? Infinity : size
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return contents
}
