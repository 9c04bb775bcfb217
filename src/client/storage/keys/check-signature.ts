/** ECDSA P-256 over SHA-256 by the browser: raw point and raw r‖s, base64url, as endpoint and phones make them. */
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

/** Plain HTTP and very old browsers have none: nothing can be checked there. */
export const canCheck = (): boolean => globalThis.crypto?.subtle !== undefined

/** False for a signature that doesn't hold, and for a key or signature that isn't one. */
export async function checkSignature(
  publicKey: string,
  signature: string,
  statement: string,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64Url(publicKey), CURVE, false, ['verify'])
    return await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      fromBase64Url(signature),
      new TextEncoder().encode(statement),
    )
  } catch (problem) {
    if (problem instanceof DOMException) return false
    throw problem
  }
}
