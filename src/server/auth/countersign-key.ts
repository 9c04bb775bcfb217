/**
 * The endpoint's own signing key (ECDSA P-256): made when it is first needed, kept in the store so that every process signs
 * with the same one and a restored store goes on with it; its public half is an `endpoint-key` record that everybody holds.
 */
import { webcrypto } from 'node:crypto'
import { endpointKeyId } from '../../shared/org/endpoint-key.ts'
import { putRecord } from '../commands/put-record.ts'
import type { RecordStore } from '../store/record-store.ts'
import { CURVE } from './signatures.ts'

const SETTING = 'countersign-key'
/** As author of what no person wrote. */
export const ENDPOINT_AUTHOR = 'endpoint'

export interface CountersignKey {
  keyId: string
  /** @returns raw r‖s, base64url */
  sign(statement: string): Promise<string>
}

interface StoredKey {
  keyId: string
  privateKey: webcrypto.JsonWebKey
}

export async function countersignKey(store: RecordStore, now: number): Promise<CountersignKey> {
  const stored = (await store.read((tx) => tx.setting(SETTING))) ?? (await makeKey(store, now))
  const { keyId, privateKey } = JSON.parse(stored) as StoredKey
  return {
    keyId,
    async sign(statement) {
      const key = await webcrypto.subtle.importKey('jwk', privateKey, CURVE, false, ['sign'])
      const bytes = await webcrypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        key,
        Buffer.from(statement),
      )
      return Buffer.from(bytes).toString('base64url')
    },
  }
}

/** @returns the key as it is kept: another process may have been first */
async function makeKey(store: RecordStore, now: number): Promise<string> {
  const pair = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const raw = await webcrypto.subtle.exportKey('raw', pair.publicKey)
  const publicKey = Buffer.from(raw).toString('base64url')
  const keyId = endpointKeyId(publicKey)
  const privateKey = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
  const made = JSON.stringify({ keyId, privateKey } satisfies StoredKey)
  return await store.write([], async (tx) => {
    const standing = await tx.setting(SETTING)
    if (standing !== undefined) return standing
    await tx.setSetting(SETTING, made)
    await putRecord(tx, {
      type: 'endpoint-key',
      id: keyId,
      fields: { publicKey, madeAt: now },
      author: ENDPOINT_AUTHOR,
      now,
    })
    return made
  })
}
