/**
 * The endpoint's own signing key (ECDSA P-256): made when it is first needed, kept in the store so that every process signs
 * with the same one and a restored store goes on with it; its public half is an `endpoint-key` record that everybody holds.
 */
import { webcrypto } from 'node:crypto'
import { endpointKeyId } from '../../shared/org/endpoint-key.ts'
import { writeRecord } from '../commands/write-record.ts'
import type { RecordStore, WriteTx } from '../store/record-store.ts'
import { CURVE } from './signatures.ts'

const SETTING = 'countersign-key'
/** As author of what no person wrote. */
export const ENDPOINT_AUTHOR = 'endpoint'

export interface CountersignKey {
  keyId: string
  /** Raw point, base64url. */
  publicKey: string
  /** @returns raw r‖s, base64url */
  sign(statement: string): Promise<string>
}

export interface StoredKey {
  keyId: string
  privateKey: webcrypto.JsonWebKey
}

export async function countersignKey(store: RecordStore, now: number): Promise<CountersignKey> {
  const stored = await store.read((tx) => tx.setting(SETTING))
  if (stored !== undefined) return asKey(JSON.parse(stored) as StoredKey)
  const made = await makeKey()
  return asKey(await store.write([], (tx) => keepKey(tx, made, now)))
}

export const asKey = ({ keyId, privateKey }: StoredKey): CountersignKey => ({
  keyId,
  publicKey: publicHalf(privateKey),
  async sign(statement) {
    const key = await webcrypto.subtle.importKey('jwk', privateKey, CURVE, false, ['sign'])
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const bytes = await webcrypto.subtle.sign(algorithm, key, Buffer.from(statement))
    return Buffer.from(bytes).toString('base64url')
  },
})

/** A private JWK holds both coordinates of its public point. */
const publicHalf = ({ x, y }: webcrypto.JsonWebKey): string =>
  Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]).toString(
    'base64url',
  )

/** Not kept anywhere yet. */
export async function makeKey(): Promise<StoredKey> {
  const pair = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const privateKey = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
  return { keyId: endpointKeyId(publicHalf(privateKey)), privateKey }
}

/** @returns the key as it is kept: another process may have been first */
export async function keepKey(tx: WriteTx, made: StoredKey, now: number): Promise<StoredKey> {
  const standing = await tx.setting(SETTING)
  if (standing !== undefined) return JSON.parse(standing) as StoredKey
  await tx.setSetting(SETTING, JSON.stringify(made))
  await writeRecord(tx, {
    type: 'endpoint-key',
    id: made.keyId,
    fields: { publicKey: publicHalf(made.privateKey), madeAt: now },
    author: ENDPOINT_AUTHOR,
    now,
  })
  return made
}
