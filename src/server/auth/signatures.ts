/** ECDSA P-256 over SHA-256, as the phones' WebCrypto makes it: raw point and raw r‖s, base64url. */
import { webcrypto } from 'node:crypto'

export const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** False for a signature that doesn't hold, and for a key or signature that isn't one. */
export async function signatureHolds(
  publicKey: string,
  signature: string,
  statement: string,
): Promise<boolean> {
  const rawKey = Buffer.from(publicKey, 'base64url')
  const rawSignature = Buffer.from(signature, 'base64url')
  if (rawKey.length !== 65 || rawSignature.length !== 64) return false
  try {
    const key = await webcrypto.subtle.importKey('raw', rawKey, CURVE, false, ['verify'])
    return await webcrypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      rawSignature,
      Buffer.from(statement),
    )
  } catch (problem) {
    if (problem instanceof DOMException) return false
    throw problem
  }
}
