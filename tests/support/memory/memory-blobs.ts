/** Files of the endpoint in memory: the contract of blob-store.ts on maps. */
import { createHash } from 'node:crypto'
import type { BlobStore } from '../../../src/server/store/blob-store.ts'

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function createMemoryBlobs(): BlobStore {
  const whole = new Map<string, Uint8Array>()
  const parts = new Map<string, Uint8Array>()
  return {
    append: (sha256, by, offset, bytes) => {
      const before = parts.get(`${sha256} ${by}`) ?? new Uint8Array()
      const next = new Uint8Array(offset + bytes.length)
      next.set(before.subarray(0, offset))
      next.set(bytes, offset)
      parts.set(`${sha256} ${by}`, next)
      return Promise.resolve(next.length)
    },
    receivedBytes: (sha256, by) => Promise.resolve(parts.get(`${sha256} ${by}`)?.length ?? 0),
    finish: (sha256, by) => {
      const bytes = parts.get(`${sha256} ${by}`) ?? new Uint8Array()
      parts.delete(`${sha256} ${by}`)
      if (sha256Of(bytes) !== sha256) return Promise.resolve('hash-mismatch')
      whole.set(sha256, bytes)
      return Promise.resolve('kept')
    },
    put: (bytes) => {
      const sha256 = sha256Of(bytes)
      whole.set(sha256, Uint8Array.from(bytes))
      return Promise.resolve(sha256)
    },
    remove: (sha256) => {
      whole.delete(sha256)
      return Promise.resolve()
    },
    read: (sha256, range) => {
      const bytes = whole.get(sha256)
      return Promise.resolve(range === undefined ? bytes : bytes?.slice(range.from, range.to + 1))
    },
    sizeBytes: (sha256) => Promise.resolve(whole.get(sha256)?.length),
  }
}
