/**
 * Blobs in a folder, by the first two digits of their hash. A file under its own name is whole: uploads in work end in `.part`.
 *
 * Guarantees: what was said to be kept survives a power cut, name and bytes (the file is flushed, then its folder).
 */
import { createHash, randomUUID } from 'node:crypto'
import { statSync, unlinkSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SweepableBlobs, SweptBlobs } from './blob-store.ts'

const isMissing = (problem: unknown) => (problem as NodeJS.ErrnoException).code === 'ENOENT'

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (problem) {
    if (isMissing(problem)) return undefined
    throw problem
  }
}

async function flush(path: string, flags: string): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Its new names are on the disk. Windows has no such thing, and keeps names by itself. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await flush(path, 'r')
}

export function createFolderBlobs(folder: string): SweepableBlobs {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)
  const partOf = (sha256: string, by: string) => `${pathOf(sha256)}.${by}.part`
  const makeRoom = async (sha256: string) => {
    const made = await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true })
    if (made !== undefined) await flushFolder(dirname(made))
  }

  const keep = async (from: string, sha256: string) => {
    await flush(from, 'r+')
    await rename(from, pathOf(sha256))
    await flushFolder(dirname(pathOf(sha256)))
  }

  return {
    append: async (sha256, by, offset, bytes) => {
      await makeRoom(sha256)
      const file = await open(partOf(sha256, by), offset === 0 ? 'w' : 'r+')
      try {
        // A disk that is nearly full takes a part, says how much, and refuses only the next one.
        for (let done = 0; done < bytes.length;)
          done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
        return offset + bytes.length
      } finally {
        await file.close()
      }
    },
    receivedBytes: async (sha256, by) => (await sizeOf(partOf(sha256, by))) ?? 0,
    finish: async (sha256, by) => {
      const part = partOf(sha256, by)
      const bytes = await readFile(part)
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
        await rm(part, { force: true })
        return 'hash-mismatch'
      }
      await keep(part, sha256)
      return 'kept'
    },
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if (await touch(pathOf(sha256), bytes.length)) return sha256
      await makeRoom(sha256)
      const part = partOf(sha256, randomUUID())
      await writeFile(part, bytes)
      await keep(part, sha256)
      return sha256
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    read: async (sha256, range) => {
      const size = await sizeOf(pathOf(sha256))
      if (size === undefined) return undefined
      if (range === undefined) return readFile(pathOf(sha256))
      const file = await open(pathOf(sha256), 'r')
      try {
        const buffer = new Uint8Array(range.to - range.from + 1)
        const { bytesRead } = await file.read(buffer, 0, buffer.length, range.from)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    sizeBytes: (sha256) => sizeOf(pathOf(sha256)),
    sweep: (before, named) => sweep(folder, before, named),
  }
}

/** @returns whether the file is there already, whole; a sweep leaves it alone from now on */
async function touch(path: string, sizeBytes: number): Promise<boolean> {
  if ((await sizeOf(path)) !== sizeBytes) return false
  try {
    const now = new Date()
    await utimes(path, now, now)
    return true
  } catch (problem) {
    if (isMissing(problem)) return false
    throw problem
  }
}

async function sweep(
  folder: string,
  before: number,
  named: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<SweptBlobs> {
  const swept = { uploads: 0, blobs: 0 }
  for (const inner of await namesIn(folder)) {
    const names = (await namesIn(join(folder, inner))).filter((name) => name.startsWith(inner))
    const old = names.filter((name) => isOlder(join(folder, inner, name), before))
    const wholes = old.filter((name) => /^[0-9a-f]{64}$/.test(name))
    const kept = wholes.length === 0 ? new Set() : await named(wholes)
    for (const name of old) {
      const path = join(folder, inner, name)
      const isUpload = name.endsWith('.part')
      if (!isUpload && (!wholes.includes(name) || kept.has(name))) continue
      // Looked at once more, with nothing of this process in between: it may have been put again meanwhile.
      if (!isOlder(path, before)) continue
      unlinkSync(path)
      swept[isUpload ? 'uploads' : 'blobs'] += 1
    }
  }
  return swept
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw problem
  }
}

function isOlder(path: string, before: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.isFile() && found.mtimeMs < before
}
