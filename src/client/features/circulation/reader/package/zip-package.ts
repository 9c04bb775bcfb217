/**
 * The files inside an OFD or a Word file (a zip), each unpacked only when it is asked for.
 *
 * Guaranteed: nothing outside the package is ever asked for; an entry gives at most the bytes that it declares, and those are
 * limited, so that a bomb ends with a sentence and not with a dead phone; of two entries with one name the first counts.
 */
import { Inflate } from 'fflate'

/** How a reader says it of its own kind of file. */
export interface Refusals {
  damaged(cause?: unknown): Error
  tooLarge(): Error
  encrypted(): Error
}

const MOST_ENTRIES = 10_000
const MOST_ENTRY_BYTES = 32 * 1024 * 1024
const MOST_WHOLE_BYTES = 256 * 1024 * 1024
/** Unpacked at once; deflate makes at most about a thousand times as much of it. */
const SLICE = 8192

const END = 0x06054b50
const END_BYTES = 22
const DIRECTORY = 0x02014b50
const DIRECTORY_BYTES = 46
const LOCAL_BYTES = 30
const MOST_COMMENT = 65_535
/** The flag that says of a name that it is UTF-8. */
const UTF_8 = 0x800

interface Entry {
  at: number
  packed: number
  size: number
  method: number
}

export interface ZipPackage {
  has(path: string): boolean
  /**
   * The part that a place means, seen from these folders in turn and then from the root: some writers name all from the root, or
   * name a folder twice. null for one that leads out; the first place where it is nowhere.
   */
  find(place: string, ...folders: string[]): string | null
  /** undefined when it is not there. @throws of its refusals */
  bytes(path: string): Uint8Array | undefined
}

function endOf(view: DataView, { damaged }: Refusals): number {
  const least = Math.max(0, view.byteLength - END_BYTES - MOST_COMMENT)
  for (let at = view.byteLength - END_BYTES; at >= least; at--)
    if (view.getUint32(at, true) === END) return at
  throw damaged()
}

/** Names as the container counts them: from the root, without `.` and `..`; null for one that leads out. */
export function plainPath(path: string, folder = ''): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\\\\|^\/\//i.test(path)) return null
  const parts = path.replaceAll('\\', '/').split('/')
  const whole = path.startsWith('/') || path.startsWith('\\') ? [] : folder.split('/')
  for (const part of parts) {
    if (part === '..' && whole.pop() === undefined) return null
    if (part !== '' && part !== '.' && part !== '..') whole.push(part)
  }
  return whole.filter((part) => part !== '').join('/')
}

/** UTF-8, and where it is not said to be that, also what Chinese desktops write: the same bytes can be both. */
function namesIn(bytes: Uint8Array, isUtf8: boolean): string[] {
  const name = new TextDecoder().decode(bytes)
  const isPlain = bytes.every((byte) => byte < 0x80)
  return isUtf8 || isPlain ? [name] : [name, new TextDecoder('gb18030').decode(bytes)]
}

function readDirectory(file: Uint8Array, refusals: Refusals): Map<string, Entry> {
  const { damaged, tooLarge, encrypted } = refusals
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const end = endOf(view, refusals)
  const count = view.getUint16(end + 10, true)
  if (count > MOST_ENTRIES) throw tooLarge()
  const entries = new Map<string, Entry>()
  let whole = 0
  for (let n = 0, at = view.getUint32(end + 16, true); n < count; n++) {
    if (view.getUint32(at, true) !== DIRECTORY) throw damaged()
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    )
    const flags = view.getUint16(at + 8, true)
    if ((flags & 1) === 1) throw encrypted()
    const nameAt = at + DIRECTORY_BYTES
    const names = namesIn(file.subarray(nameAt, nameAt + nameBytes!), (flags & UTF_8) !== 0)
    const entry = {
      at: view.getUint32(at + 42, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      method: view.getUint16(at + 10, true),
    }
    whole += entry.size
    if (entry.size > MOST_ENTRY_BYTES || whole > MOST_WHOLE_BYTES) throw tooLarge()
    for (const path of names.map((name) => plainPath(name)))
      if (path !== null && !entries.has(path)) entries.set(path, entry)
    at += DIRECTORY_BYTES + nameBytes! + extraBytes! + commentBytes!
  }
  return entries
}

function inflate(packed: Uint8Array, size: number, { damaged, tooLarge }: Refusals): Uint8Array {
  const out = new Uint8Array(size)
  let filled = 0
  const stream = new Inflate((chunk) => {
    // More than it declared: whoever wrote that meant harm.
    if (filled + chunk.length > size) throw tooLarge()
    out.set(chunk, filled)
    filled += chunk.length
  })
  for (let at = 0; at < packed.length; at += SLICE)
    stream.push(packed.subarray(at, at + SLICE), at + SLICE >= packed.length)
  if (filled !== size) throw damaged()
  return out
}

/** @throws of its refusals */
export function openZip(file: Uint8Array, refusals: Refusals): ZipPackage {
  const { damaged } = refusals
  let entries: Map<string, Entry>
  try {
    entries = readDirectory(file, refusals)
  } catch (error) {
    throw error instanceof RangeError ? damaged(error) : error
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const unpack = ({ at, packed, size, method }: Entry): Uint8Array => {
    const from = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
    const raw = file.subarray(from, from + packed)
    if (raw.length !== packed) throw damaged()
    if (method === 0) return raw
    if (method !== 8) throw damaged()
    return inflate(raw, size, refusals)
  }
  // Writers on desktops where case does not count were careless with it.
  const byLowerCase = new Map([...entries.keys()].reverse().map((path) => [path.toLowerCase(), path]))
  return {
    has: (path) => entries.has(path),
    find(place, ...folders) {
      if (place === '') return null
      const places = [...folders, ''].map((folder) => plainPath(place, folder))
      if (places.includes(null)) return null
      const all = places as string[]
      return (
        all.find((path) => entries.has(path)) ??
        all.map((path) => byLowerCase.get(path.toLowerCase())).find((path) => path !== undefined) ??
        all[0]!
      )
    },
    bytes(path) {
      const entry = entries.get(path)
      if (entry === undefined) return undefined
      try {
        return unpack(entry)
      } catch (error) {
        throw error instanceof Error && 'type' in error ? error : damaged(error)
      }
    },
  }
}
