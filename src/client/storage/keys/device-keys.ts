/**
 * This device's signing key: ECDSA P-256, made here, not extractable, one for each person and profile. The private half
 * never leaves the database; where the browser has no WebCrypto there is no key, and sign-offs go without a signature.
 */
import type { PhoneDb } from '../db.ts'
import type { KeyRow } from '../rows.ts'

export interface DeviceKeys {
  /** The key pair, made at the first call. null without WebCrypto. */
  ensure(): Promise<{ publicKey: string } | null>
  /** Record id of the public key at the endpoint, from the session's answer; null before. */
  keyId(): Promise<string | null>
  setKeyId(keyId: string | null): Promise<void>
  /** ECDSA P-256 over SHA-256 of the text, raw r‖s, base64url; null without a key. */
  sign(statement: string): Promise<string | null>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

function toBase64Url(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Plain HTTP has no `subtle`; so does a very old browser. */
function subtleOf(crypto: Crypto | undefined): SubtleCrypto | undefined {
  return crypto?.subtle
}

export interface NewKeyPair {
  publicKey: string
  privateKey: CryptoKey
}

/** A fresh pair that is not stored yet: at the first sign-in the person is known only from the answer. */
export async function newKeyPair(crypto: Crypto | undefined = globalThis.crypto): Promise<NewKeyPair | null> {
  const subtle = subtleOf(crypto)
  if (subtle === undefined) return null
  const pair = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  return {
    publicKey: toBase64Url(await subtle.exportKey('raw', pair.publicKey)),
    privateKey: pair.privateKey,
  }
}

/** Stores a pair as the device's own, unless one is there already. */
export async function adoptKeyPair(db: PhoneDb, pair: NewKeyPair, keyId: string | null): Promise<void> {
  await db.transaction('rw', db.keys, async () => {
    if ((await db.keys.get('device')) !== undefined) return
    await db.keys.add({ name: 'device', ...pair, keyId })
  })
}

export function createDeviceKeys(parts: { db: PhoneDb; crypto?: Crypto }): DeviceKeys {
  const { db } = parts
  const crypto = parts.crypto ?? globalThis.crypto
  const stored = (): Promise<KeyRow | undefined> => db.keys.get('device')

  async function ensure(): Promise<KeyRow | null> {
    const before = await stored()
    if (before !== undefined) return before
    const pair = await newKeyPair(crypto)
    if (pair === null) return null
    await adoptKeyPair(db, pair, null)
    return (await stored()) ?? null
  }

  return {
    async ensure() {
      const key = await ensure()
      return key === null ? null : { publicKey: key.publicKey }
    },
    keyId: async () => (await stored())?.keyId ?? null,
    async setKeyId(keyId) {
      await db.keys.update('device', { keyId })
    },
    async sign(statement) {
      const subtle = subtleOf(crypto)
      const key = await stored()
      if (subtle === undefined || key === undefined) return null
      const bytes = new TextEncoder().encode(statement)
      return toBase64Url(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, bytes))
    },
  }
}
