/** TrueType and OpenType files as their tables (ISO/IEC 14496-22), read and written. Nothing in them is looked at here. */
export type Tables = Map<string, Uint8Array>

const DIRECTORY_AT = 12
const ENTRY_BYTES = 16
const MOST_TABLES = 200
const FLAVOURS = new Set([0x00010000, 0x4f54544f, 0x74727565])

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** undefined for what is no such file. @throws RangeError where it breaks off */
export function readTables(file: Uint8Array): Tables | undefined {
  if (file.length < DIRECTORY_AT) return undefined
  const view = viewOf(file)
  const count = view.getUint16(4)
  if (!FLAVOURS.has(view.getUint32(0)) || count > MOST_TABLES) return undefined
  const tables: Tables = new Map()
  for (let n = 0, at = DIRECTORY_AT; n < count; n++, at += ENTRY_BYTES) {
    const [from, size] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (from + size > file.length) throw new RangeError('a table breaks off')
    const tag = String.fromCharCode(...file.subarray(at, at + 4))
    tables.set(tag, file.subarray(from, from + size))
  }
  return tables
}

/** Without checksums, which browsers make anew. */
export function writeTables(tables: Tables): Uint8Array<ArrayBuffer> {
  const all = [...tables].sort(([a], [b]) => (a < b ? -1 : 1))
  const padded = (size: number): number => (size + 3) & ~3
  const start = DIRECTORY_AT + all.length * ENTRY_BYTES
  const file = new Uint8Array(all.reduce((sum, [, table]) => sum + padded(table.length), start))
  const view = viewOf(file)
  view.setUint32(0, tables.has('CFF ') ? 0x4f54544f : 0x00010000)
  view.setUint16(4, all.length)
  const power = Math.floor(Math.log2(all.length))
  view.setUint16(6, 16 * 2 ** power)
  view.setUint16(8, power)
  view.setUint16(10, 16 * (all.length - 2 ** power))
  let at = start
  for (const [n, [tag, table]] of all.entries()) {
    const entry = DIRECTORY_AT + n * ENTRY_BYTES
    for (let letter = 0; letter < 4; letter++) file[entry + letter] = tag.charCodeAt(letter)
    view.setUint32(entry + 8, at)
    view.setUint32(entry + 12, table.length)
    file.set(table, at)
    at += padded(table.length)
  }
  return file
}
