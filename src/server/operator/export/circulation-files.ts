/** A file on the disk, to be checked: read piece by piece, unpacked within what it declares. */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import type { Inflate, ZipSource } from '../../../shared/circulation/bundle/read-zip.ts'

const inflating = promisify(inflateRaw) as (
  packed: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Uint8Array>

export const inflateWithin: Inflate = async (packed, most) => {
  try {
    return await inflating(packed, { maxOutputLength: Math.max(1, most) })
  } catch (problem) {
    // Damaged, or more than it declares: zlib's own codes.
    if (problem instanceof Error && 'code' in problem) return null
    throw problem
  }
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export interface OpenedFile extends ZipSource {
  isZip: boolean
  whole(): Promise<Uint8Array>
  close(): Promise<void>
}

/** undefined where there is no such file, or it may not be read. */
export async function openToCheck(path: string): Promise<OpenedFile | undefined> {
  let handle: FileHandle
  try {
    handle = await open(path)
  } catch (problem) {
    const code = (problem as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR') return undefined
    throw problem
  }
  const stats = await handle.stat()
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from)
    return buffer.subarray(0, bytesRead)
  }
  if (!stats.isFile()) {
    await handle.close()
    return undefined
  }
  const start = await read(0, Math.min(2, stats.size))
  return {
    size: stats.size,
    isZip: start[0] === 0x50 && start[1] === 0x4b,
    read,
    text: (bytes) => Buffer.from(bytes).toString('utf8'),
    whole: () => read(0, stats.size),
    close: () => handle.close(),
  }
}
