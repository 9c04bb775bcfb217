/** Parts of a phone that no first screen needs: each call waits for the code, which comes once. */
import type { BlobStore } from '../../storage/files/blobs.ts'
import type { DeviceKeys } from '../../storage/keys/device-keys.ts'

export function laterBlobs(load: () => Promise<BlobStore>): BlobStore {
  const store = once(load)
  return {
    has: async (sha256) => (await store()).has(sha256),
    open: async (sha256) => (await store()).open(sha256),
    get: async (sha256) => (await store()).get(sha256),
    keep: async (sha256, options) => (await store()).keep(sha256, options),
    put: async (bytes, mime) => (await store()).put(bytes, mime),
    remove: async (sha256) => (await store()).remove(sha256),
    usage: async () => (await store()).usage(),
  }
}

export function laterKeys(load: () => Promise<DeviceKeys>): DeviceKeys {
  const keys = once(load)
  return {
    ensure: async () => (await keys()).ensure(),
    keyId: async () => (await keys()).keyId(),
    setKeyId: async (keyId) => (await keys()).setKeyId(keyId),
    sign: async (statement) => (await keys()).sign(statement),
  }
}

/** What failed to come is asked for again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let coming: Promise<T> | undefined
  return () =>
    (coming ??= load().catch((error: unknown) => {
      coming = undefined
      throw error
    }))
}
