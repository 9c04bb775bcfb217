/** Blobs in a folder, by the first two digits of their hash. A file under its own name is whole: uploads in work end in `.part`. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from './blob-store.ts'

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw problem
  }
}

export function createFolderBlobs(folder: string): BlobStore {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)
  const partOf = (sha256: string, by: string) => `${pathOf(sha256)}.${by}.part`
  const makeRoom = (sha256: string) => mkdir(join(folder, sha256.slice(0, 2)), { recursive: true })

  const keep = async (from: string, sha256: string) => {
    const file = await open(from, 'r+')
    await file.sync()
    await file.close()
    await rename(from, pathOf(sha256))
  }

  return {
    append: async (sha256, by, offset, bytes) => {
      await makeRoom(sha256)
      const file = await open(partOf(sha256, by), offset === 0 ? 'w' : 'r+')
      try {
        await file.write(bytes, 0, bytes.length, offset)
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
      if ((await sizeOf(pathOf(sha256))) === bytes.length) return sha256
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
  }
}
