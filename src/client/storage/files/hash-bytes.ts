/** SHA-256 of bytes that are here whole, as 64 hex digits. */

/** The browser's digest where there is one: a file of 20 MB in plain JavaScript would hold up the thumb. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined) return (await import('../../../shared/sync/canonical.ts')).sha256Hex(bytes)
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A copy of exactly these bytes: a view may stand on a larger buffer. */
export const ownBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
