/** What every BlobStore keeps its word on. Run on each implementation. */
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/server/store/blob-store.ts'

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (size: number, seed = 1) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 7 + seed) % 256)

export function runBlobStoreContract(name: string, open: () => Promise<BlobStore> | BlobStore): void {
  describe(`blob store: ${name}`, () => {
    let blobs: BlobStore
    beforeEach(async () => {
      blobs = await open()
    })
    const read = async (sha256: string, range?: { from: number; to: number }) => {
      const bytes = await blobs.read(sha256, range)
      return bytes === undefined ? undefined : [...bytes]
    }

    it('puts bytes under their hash, twice as once, also when they are none', async () => {
      for (const bytes of [bytesOf(1000), new Uint8Array(0)]) {
        const sha256 = sha256Of(bytes)
        expect(await Promise.all([blobs.put(bytes), blobs.put(bytes), blobs.put(bytes)])).toEqual([
          sha256,
          sha256,
          sha256,
        ])
        expect(await blobs.sizeBytes(sha256)).toBe(bytes.length)
        expect(await read(sha256)).toEqual([...bytes])
      }
    })

    it('receives parts, and shows nothing before the last one is checked', async () => {
      const bytes = bytesOf(300)
      const sha256 = sha256Of(bytes)
      expect(await blobs.append(sha256, 'phone', 0, bytes.subarray(0, 100))).toBe(100)
      expect(await blobs.append(sha256, 'phone', 100, bytes.subarray(100))).toBe(300)
      expect([await blobs.receivedBytes(sha256, 'phone'), await blobs.sizeBytes(sha256)]).toEqual([
        300,
        undefined,
      ])
      expect(await read(sha256)).toBeUndefined()
      expect(await blobs.finish(sha256, 'phone')).toBe('kept')
      expect(await read(sha256)).toEqual([...bytes])
      expect(await blobs.receivedBytes(sha256, 'phone')).toBe(0)
    })

    it('throws away what does not hash to its name, and takes it anew', async () => {
      const bytes = bytesOf(50)
      const sha256 = sha256Of(bytes)
      await blobs.append(sha256, 'phone', 0, bytesOf(50, 2))
      expect(await blobs.finish(sha256, 'phone')).toBe('hash-mismatch')
      expect([await blobs.receivedBytes(sha256, 'phone'), await blobs.sizeBytes(sha256)]).toEqual([
        0,
        undefined,
      ])
      await blobs.append(sha256, 'phone', 0, bytes)
      expect(await blobs.finish(sha256, 'phone')).toBe('kept')
    })

    it('begins anew when the first part comes again, shorter than what was there', async () => {
      const bytes = bytesOf(60)
      const sha256 = sha256Of(bytes)
      await blobs.append(sha256, 'phone', 0, bytesOf(90, 3))
      expect(await blobs.append(sha256, 'phone', 0, bytes)).toBe(60)
      expect(await blobs.finish(sha256, 'phone')).toBe('kept')
      expect(await blobs.sizeBytes(sha256)).toBe(60)
    })

    it('keeps the uploads of two apart, and takes the same blob from both', async () => {
      const bytes = bytesOf(80)
      const sha256 = sha256Of(bytes)
      await blobs.append(sha256, 'phone', 0, bytes.subarray(0, 40))
      await blobs.append(sha256, 'tablet', 0, bytesOf(80, 9))
      expect(await blobs.finish(sha256, 'tablet')).toBe('hash-mismatch')
      expect(await blobs.receivedBytes(sha256, 'phone')).toBe(40)
      await blobs.append(sha256, 'phone', 40, bytes.subarray(40))
      await blobs.append(sha256, 'tablet', 0, bytes)
      expect([await blobs.finish(sha256, 'phone'), await blobs.finish(sha256, 'tablet')]).toEqual([
        'kept',
        'kept',
      ])
      expect(await read(sha256)).toEqual([...bytes])
    })

    it('reads ranges, both ends included, and nothing of what it has not', async () => {
      const bytes = bytesOf(100)
      const sha256 = await blobs.put(bytes)
      expect(await read(sha256, { from: 0, to: 0 })).toEqual([bytes[0]])
      expect(await read(sha256, { from: 90, to: 99 })).toEqual([...bytes.subarray(90)])
      expect(await read('f'.repeat(64), { from: 0, to: 1 })).toBeUndefined()
    })
  })
}
